//! Deflate with a bound on what comes out, which holds while it comes.

use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Decompress, FlushDecompress, Status};

/// The most that a text unpacks to, in bytes.
pub(super) const MAX_INFLATED: usize = 1 << 20;

/// How many times its packed length a text may have at most: more is no plan but a trap.
const MAX_RATIO: usize = 100;

/// So many bytes are unpacked at once.
const STEP: usize = 16 << 10;

/// Why bytes were not unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InflateFault {
    /// They are not what this packs.
    Damaged,
    /// More than is allowed would come out.
    TooMuch,
}

/// The most bytes that so many may unpack to.
fn most(packed: usize) -> usize {
    packed.saturating_mul(MAX_RATIO).min(MAX_INFLATED)
}

/// Packs a text; one that repeats itself too often for [`inflate`] is stored as it is.
pub(super) fn deflate(text: &[u8]) -> Vec<u8> {
    let packed = deflate_at(text, Compression::best());
    if text.len() > most(packed.len()) { deflate_at(text, Compression::none()) } else { packed }
}

fn deflate_at(text: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), level);
    // A `Vec` takes everything.
    let _ = encoder.write_all(text);
    encoder.finish().unwrap_or_default()
}

/// Unpacks; no more memory is taken than may come out.
pub(super) fn inflate(packed: &[u8]) -> Result<Vec<u8>, InflateFault> {
    let most = most(packed.len());
    let mut text = Vec::new();
    let mut inflater = Decompress::new(false);
    let (mut rest, mut done) = (packed, false);
    while !done {
        text.reserve(STEP);
        let before = (inflater.total_in(), inflater.total_out());
        let status = inflater.decompress_vec(rest, &mut text, FlushDecompress::None);
        if text.len() > most {
            return Err(InflateFault::TooMuch);
        }
        let read = usize::try_from(inflater.total_in() - before.0).unwrap_or(usize::MAX);
        rest = rest.get(read..).ok_or(InflateFault::Damaged)?;
        done = status.map_err(|_error| InflateFault::Damaged)? == Status::StreamEnd;
        if !done && before == (inflater.total_in(), inflater.total_out()) {
            // Cut off: nothing more comes.
            return Err(InflateFault::Damaged);
        }
    }
    // Bytes behind the end were never packed by us.
    if rest.is_empty() { Ok(text) } else { Err(InflateFault::Damaged) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        for text in [String::new(), "a".to_owned(), "abc(".repeat(9), "a".repeat(50_000), "a".repeat(MAX_INFLATED)] {
            assert_eq!(inflate(&deflate(text.as_bytes())), Ok(text.into_bytes()));
        }
    }

    #[test]
    fn traps_are_refused_before_they_unfold() {
        let bomb = deflate_at(&vec![b' '; 64 << 20], Compression::best());
        assert_eq!(inflate(&bomb), Err(InflateFault::TooMuch));
        let repeated = deflate_at(&vec![b' '; 200_000], Compression::best());
        assert_eq!(inflate(&repeated), Err(InflateFault::TooMuch), "{} bytes", repeated.len());
        assert_eq!(inflate(&[]), Err(InflateFault::Damaged));
        let mut longer = deflate(b"abc");
        longer.push(0);
        assert_eq!(inflate(&longer), Err(InflateFault::Damaged));
    }
}
