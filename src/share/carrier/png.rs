//! The text in a PNG: an `iTXt` chunk called `rigplan` before the end. The picture itself is never unpacked.

use ::png::text_metadata::{EncodableTextChunk as _, ITXtChunk};

use super::link::{MAX_TEXT, SCHEME, from_link};
use super::{CarrierError, Without};
use crate::plan::Document;

/// How every PNG begins.
pub const SIGNATURE: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// Length and name before the bytes of a chunk, checksum behind.
const BEFORE: usize = 8;
const BEHIND: usize = 4;

/// The picture with this text in it, in the place of an earlier one.
///
/// # Errors
/// [`CarrierError::BrokenPicture`] for what is no whole PNG.
pub fn put_in(picture: &[u8], link: &str) -> Result<Vec<u8>, CarrierError> {
    let mut out = SIGNATURE.to_vec();
    for chunk in Chunks::of(picture)? {
        let chunk = chunk?;
        if chunk.name == *b"IEND" {
            ITXtChunk::new(SCHEME, link).encode(&mut out).map_err(|_error| CarrierError::BrokenPicture)?;
        }
        if chunk.text().is_none() {
            out.extend_from_slice(chunk.whole);
        }
    }
    Ok(out)
}

/// The document in a picture.
///
/// # Errors
/// [`CarrierError::Without`] for a picture without a plan; else as [`from_link`].
pub fn read(picture: &[u8]) -> Result<Document, CarrierError> {
    for chunk in Chunks::of(picture)? {
        if let Some(text) = chunk?.text() {
            if text.len() > MAX_TEXT {
                return Err(CarrierError::TooLong { kib: MAX_TEXT >> 10 });
            }
            return from_link(str::from_utf8(text).map_err(|_error| CarrierError::Changed)?);
        }
    }
    Err(CarrierError::Without(Without::Picture))
}

/// One chunk of a picture.
struct Chunk<'a> {
    name: [u8; 4],
    bytes: &'a [u8],
    /// With length, name and checksum.
    whole: &'a [u8],
}

impl<'a> Chunk<'a> {
    /// Our text, where the chunk holds it; programs that rewrite pictures may have made the plain kind of it.
    fn text(&self) -> Option<&'a [u8]> {
        let rest = self.bytes.strip_prefix(SCHEME.as_bytes())?.strip_prefix(b"\0")?;
        match &self.name {
            b"tEXt" => Some(rest),
            // Not compressed; then a language and the keyword in that language, each to its zero.
            b"iTXt" => rest.strip_prefix(b"\0\0")?.splitn(3, |&byte| byte == 0).nth(2),
            _ => None,
        }
    }
}

/// The chunks of a picture up to its end.
struct Chunks<'a> {
    rest: Option<&'a [u8]>,
}

impl<'a> Chunks<'a> {
    fn of(picture: &'a [u8]) -> Result<Self, CarrierError> {
        let rest = picture.strip_prefix(&SIGNATURE).ok_or(CarrierError::BrokenPicture)?;
        Ok(Self { rest: Some(rest) })
    }

    /// The chunk at the beginning, and what follows it.
    fn cut(rest: &'a [u8]) -> Option<(Chunk<'a>, &'a [u8])> {
        let length = usize::try_from(u32::from_be_bytes(*rest.first_chunk()?)).ok()?;
        let (whole, rest) = rest.split_at_checked(length.checked_add(BEFORE + BEHIND)?)?;
        let name = *whole.get(4..)?.first_chunk()?;
        let bytes = whole.get(BEFORE..BEFORE + length)?;
        Some((Chunk { name, bytes, whole }, rest))
    }
}

impl<'a> Iterator for Chunks<'a> {
    type Item = Result<Chunk<'a>, CarrierError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Some((chunk, rest)) = Self::cut(self.rest.take()?) else {
            return Some(Err(CarrierError::BrokenPicture));
        };
        self.rest = (chunk.name != *b"IEND").then_some(rest);
        Some(Ok(chunk))
    }
}
