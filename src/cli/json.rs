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
            self.value(&figure);
        }
        self.raw("}");
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
