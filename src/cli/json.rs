//! JSON as the contract spells it: figures in four digits, lists with one entry a line.

use std::io;

use serde::{Serialize, Serializer};
use serde_json::ser::Formatter;

use crate::units::Band;

/// Appends a value, or nothing where it has no JSON form: a buffer itself takes everything.
pub(super) fn append(out: &mut Vec<u8>, value: &impl Serialize) {
    let before = out.len();
    if serde_json::to_writer(&mut *out, value).is_err() {
        out.truncate(before);
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
            figure if figure >= 1000.0 => 1.0,
            figure if figure >= 100.0 => 10.0,
            figure if figure >= 10.0 => 100.0,
            figure if figure >= 1.0 => 1000.0,
            _ => 1e6,
        };
        let rounded = (self.0 * scale).round() / scale;
        if rounded.fract() == 0.0 {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive and below 10^15")]
            return serializer.serialize_u64(rounded as u64);
        }
        serializer.serialize_f64(rounded)
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
    fn a_list_has_one_entry_a_line() {
        let written = |entries: &[[u8; 2]]| String::from_utf8(list(entries.iter())).unwrap();
        assert_eq!(written(&[[1, 2], [3, 4]]), "[\n[1,2],\n[3,4]\n]\n");
        assert_eq!(written(&[]), "[\n]\n");
    }
}
