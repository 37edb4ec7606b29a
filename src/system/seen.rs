//! A file as it was read or written, so that what another program writes to it is noticed.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::storage;

/// The largest file that is looked into; the length alone tells larger ones apart.
const MAX_BYTES: usize = 16 << 20;

/// A file as it was read or written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    bytes: u64,
    modified: Option<SystemTime>,
    hash: u64,
}

impl Seen {
    /// A file that holds these bytes.
    pub fn of(path: &Path, bytes: &[u8]) -> Self {
        let mut hasher = DefaultHasher::new();
        hasher.write(bytes);
        let modified = fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
        Self { bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX), modified, hash: hasher.finish() }
    }

    /// The file as it is now; `None` where it is gone.
    pub fn now(path: &Path) -> Option<Self> {
        match storage::read(path, MAX_BYTES) {
            Ok(bytes) => Some(Self::of(path, &bytes)),
            Err(_) => fs::metadata(path).ok().map(|metadata| Self {
                bytes: metadata.len(),
                modified: metadata.modified().ok(),
                hash: 0,
            }),
        }
    }

    /// Whether the file may be another one: asks for its length and time only.
    pub fn is_touched(&self, path: &Path) -> bool {
        let other = |metadata: fs::Metadata| metadata.len() != self.bytes || metadata.modified().ok() != self.modified;
        fs::metadata(path).is_ok_and(other)
    }

    /// Whether the file holds something else now. One that is gone holds nothing that could be lost.
    pub fn is_changed(&self, path: &Path) -> bool {
        Self::now(path).is_some_and(|now| !self.holds_the_same(&now))
    }

    /// Whether both hold the same bytes.
    pub fn holds_the_same(&self, other: &Self) -> bool {
        (self.bytes, self.hash) == (other.bytes, other.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_text_of_the_same_length_and_time_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.ron");
        fs::write(&path, "old").unwrap();
        let seen = Seen::of(&path, b"old");
        assert!(!seen.is_touched(&path) && !seen.is_changed(&path));
        let time = fs::metadata(&path).unwrap().modified().unwrap();
        fs::write(&path, "new").unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        assert!(seen.is_changed(&path), "by what it holds");
        fs::write(&path, "old").unwrap();
        assert!(!seen.is_changed(&path), "written anew, but the same");
        fs::remove_file(&path).unwrap();
        assert!(!seen.is_changed(&path) && !seen.is_touched(&path), "gone");
    }
}
