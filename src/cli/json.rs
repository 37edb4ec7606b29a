//! JSON as the contract spells it: figures in four digits, lists with one entry a line.

use std::io;

use serde::{Serialize, Serializer};
use serde_json::ser::{CompactFormatter, Formatter};

use crate::units::Band;

/// Appends a value, or nothing where it has no JSON form: a buffer itself takes everything.
pub(super) fn append(out: &mut Vec<u8>, value: &impl Serialize) {
    let before = out.len();
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, ShortFigures);
    if value.serialize(&mut serializer).is_err() {
        out.truncate(before);
    }
}

/// Writes a figure of at most six decimals as the whole number of millionths that it is: most figures of an answer are
/// so short, and searching for the shortest digits of each took a tenth of the time of a stream.
struct ShortFigures;

impl Formatter for ShortFigures {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, figure: f64) -> io::Result<()> {
        // Fifteen digits at most, which no other number of as many stands for; and none with an exponent.
        if !(0.001..1e9).contains(&figure) {
            return CompactFormatter.write_f64(writer, figure);
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive and below 10^15")]
        let millionths = (figure * 1e6 + 0.5) as u64;
        if millionths as f64 / 1e6 != figure {
            return CompactFormatter.write_f64(writer, figure);
        }
        self.write_u64(writer, millionths / 1_000_000)?;
        let mut decimals = *b".000000";
        let (mut rest, mut length) = (millionths % 1_000_000, decimals.len());
        for digit in decimals[1..].iter_mut().rev() {
            *digit += (rest % 10) as u8;
            rest /= 10;
        }
        while length > 2 && decimals[length - 1] == b'0' {
            length -= 1;
        }
        writer.write_all(&decimals[..length])
    }
}

/// One value and a line end.
pub(super) fn line(value: &impl Serialize) -> Vec<u8> {
    let mut out = Vec::new();
    append(&mut out, value);
    out.push(b'\n');
    out
}

/// One entry a line, so that a list can be read and compared by eye too.
pub(super) fn list<T: Serialize>(entries: impl Iterator<Item = T>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, EntryPerLine { depth: 0 });
    if serializer.collect_seq(entries).is_err() {
        out.clear();
    }
    out.push(b'\n');
    out
}

/// Breaks the line before each entry of the outermost list, and before its end.
struct EntryPerLine {
    depth: u32,
}

impl Formatter for EntryPerLine {
    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        writer.write_all(b"[")
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        if self.depth == 1 { writer.write_all(b"\n") } else { Ok(()) }
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let end: &[u8] = if self.depth == 1 { b"\n]" } else { b"]" };
        self.depth -= 1;
        writer.write_all(end)
    }
}

/// A figure that is not known to more than four digits, such as a speed; `null` where it is not finite.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rounded(pub f64);

impl Serialize for Rounded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let scale = match self.0 {
            figure if !(0.001..1e15).contains(&figure) => return serializer.serialize_f64(figure),
            figure if figure >= 1000.0 => 1,
            figure if figure >= 100.0 => 10,
            figure if figure >= 10.0 => 100,
            figure if figure >= 1.0 => 1000,
            _ => 1_000_000,
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive and below 10^15")]
        let scaled = (self.0 * scale as f64 + 0.5) as u64;
        if scaled.is_multiple_of(scale) {
            return serializer.serialize_u64(scaled / scale);
        }
        serializer.serialize_f64(scaled as f64 / scale as f64)
    }
}

/// A band of such figures.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct RoundedBand {
    low: Rounded,
    expected: Rounded,
    high: Rounded,
}

impl From<Band<f64>> for RoundedBand {
    fn from(band: Band<f64>) -> Self {
        let Band { low, expected, high } = band.map(Rounded);
        Self { low, expected, high }
    }
}

/// An entry of data whose keys stand in alphabetic order.
pub(super) fn sorted<T: Serialize, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serde_json::to_value(value).map_err(serde::ser::Error::custom)?.serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_four_digits() {
        let cases = [
            (72.794, "72.79"),
            (5.0, "5"),
            (123_456.7, "123457"),
            (0.012_345_6, "0.012346"),
            (9.9999, "10"),
            (10.05, "10.05"),
            (0.0, "0.0"),
            (f64::NAN, "null"),
        ];
        for (figure, text) in cases {
            assert_eq!(serde_json::to_string(&Rounded(figure)).unwrap(), text);
        }
    }

    #[test]
    fn figures_are_written_as_everywhere() {
        let written = |figure: f64| {
            let mut out = Vec::new();
            append(&mut out, &figure);
            String::from_utf8(out).unwrap()
        };
        let mut figures = vec![0.0, 8.0, 0.9, 1e-3, 1e9, 1e300, 0.1 + 0.2, -1.5, 999_999_999.999_999, f64::NAN];
        let mut state = 1_u64;
        for decimals in 0..100_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let digits = (state >> 24) as f64;
            figures.push(digits / 10_f64.powi(decimals % 14));
            figures.push(f64::from_bits(digits.to_bits() + 1) / 10_f64.powi(decimals % 14));
        }
        for figure in figures {
            assert_eq!(written(figure), serde_json::to_string(&figure).unwrap());
        }
    }

    #[test]
    fn a_list_has_one_entry_a_line() {
        let written = |entries: &[[u8; 2]]| String::from_utf8(list(entries.iter())).unwrap();
        assert_eq!(written(&[[1, 2], [3, 4]]), "[\n[1,2],\n[3,4]\n]\n");
        assert_eq!(written(&[]), "[\n]\n");
    }
}
