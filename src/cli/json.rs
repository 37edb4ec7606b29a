//! JSON written straight into a buffer: no tree, no formatting machinery, since a stream of answers is long.

use serde::Serialize;

use crate::units::{Band, Bytes};

/// A buffer that JSON is appended to.
#[derive(Debug)]
pub(super) struct Json<'a>(pub &'a mut Vec<u8>);

impl Json<'_> {
    /// Punctuation and keys, as they stand.
    pub(super) fn raw(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    /// A whole number.
    pub(super) fn number(&mut self, number: u64) {
        let mut digits = [0; 20];
        let mut at = digits.len();
        let mut rest = number;
        loop {
            at -= 1;
            let digit = (rest % 10) as u8;
            digits[at] = b'0' + digit;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.0.extend_from_slice(&digits[at..]);
    }

    /// `key` and a number of bytes, `null` where it cannot be known. The key comes with its punctuation.
    pub(super) fn bytes(&mut self, key: &str, bytes: Option<Bytes>) {
        self.raw(key);
        match bytes {
            Some(Bytes(number)) => self.number(number),
            None => self.raw("null"),
        }
    }

    /// `key` and a band, `null` where there is none. The key comes with its punctuation.
    pub(super) fn band(&mut self, key: &str, band: Option<Band<f64>>) {
        self.raw(key);
        let Some(band) = band else { return self.raw("null") };
        for (name, figure) in [("{\"low\":", band.low), (",\"expected\":", band.expected), (",\"high\":", band.high)] {
            self.raw(name);
            self.figure(figure);
        }
        self.raw("}");
    }

    /// A figure that is not known to more than four digits, such as a speed; `null` where it is not finite.
    pub(super) fn figure(&mut self, figure: f64) {
        let decimals = match figure {
            figure if !(0.001..1e15).contains(&figure) => return self.value(&figure),
            figure if figure >= 1000.0 => 0,
            figure if figure >= 100.0 => 1,
            figure if figure >= 10.0 => 2,
            figure if figure >= 1.0 => 3,
            _ => 6,
        };
        let scale = 10_u64.pow(decimals);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive and below 10^15")]
        let scaled = (figure * scale as f64).round() as u64;
        self.number(scaled / scale);
        let mut rest = scaled % scale;
        if rest > 0 {
            self.raw(".");
            let mut place = scale / 10;
            while rest > 0 {
                self.number(rest / place);
                rest %= place;
                place /= 10;
            }
        }
    }

    /// Any plain value: text, a float (`null` where it is not finite), a flag, an option.
    pub(super) fn value(&mut self, value: &(impl Serialize + ?Sized)) {
        let before = self.0.len();
        if serde_json::to_writer(&mut *self.0, value).is_err() {
            // A buffer takes everything, so only a value without a JSON form ends here.
            self.0.truncate(before);
            self.raw("null");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_four_digits() {
        let written = |figure: f64| {
            let mut text = Vec::new();
            Json(&mut text).figure(figure);
            String::from_utf8(text).unwrap()
        };
        let cases = [
            (72.794, "72.79"),
            (5.0, "5"),
            (123_456.7, "123457"),
            (0.012_345_6, "0.012346"),
            (9.9999, "10"),
            (10.05, "10.05"),
            (0.0, "0.0"),
        ];
        for (figure, text) in cases {
            assert_eq!(written(figure), text);
        }
        assert_eq!(written(f64::NAN), "null");
    }
}
