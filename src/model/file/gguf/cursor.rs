//! Reading little-endian values from untrusted bytes.

use crate::model::file::{Damage, ModelFileError};

/// A place in bytes that are read from front to back.
#[derive(Debug)]
pub(super) struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    /// At the first of them.
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// How many bytes are left.
    pub(super) const fn left(&self) -> usize {
        self.0.len()
    }

    /// The next `count` bytes.
    pub(super) fn bytes(&mut self, count: u64) -> Result<&'a [u8], ModelFileError> {
        let split = usize::try_from(count).ok().and_then(|count| self.0.split_at_checked(count));
        let (taken, rest) = split.ok_or(ModelFileError::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    /// A whole number of up to eight bytes.
    pub(super) fn unsigned(&mut self, size: u64) -> Result<u64, ModelFileError> {
        let bytes = self.bytes(size)?;
        Ok(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// A whole number of four bytes.
    pub(super) fn u32(&mut self) -> Result<u32, ModelFileError> {
        let mut four = [0; 4];
        four.copy_from_slice(self.bytes(4)?);
        Ok(u32::from_le_bytes(four))
    }

    /// A whole number of eight bytes.
    pub(super) fn u64(&mut self) -> Result<u64, ModelFileError> {
        self.unsigned(8)
    }

    /// A text with its length in front. One longer than `most` is not a file cut off but a damaged one.
    pub(super) fn text(&mut self, most: u64) -> Result<&'a str, ModelFileError> {
        let length = self.u64()?;
        if length > most {
            return Err(ModelFileError::Damaged(Damage::NameLength(length)));
        }
        str::from_utf8(self.bytes(length)?).map_err(|_error| ModelFileError::Damaged(Damage::NoText))
    }
}
