//! How far something has come that is read beside the window, and whether anybody still waits for it.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

/// Shared by the thread that reads and the window that waits.
#[derive(Debug, Default)]
pub struct ReadProgress {
    files: AtomicU32,
    of_files: AtomicU32,
    bytes: AtomicU64,
    of_bytes: AtomicU64,
    stopped: AtomicBool,
}

/// So much of so much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadSoFar {
    /// The file that is being read, from 1, of several.
    Files {
        /// Which.
        at: u32,
        /// Of how many.
        of: u32,
    },
    /// Bytes of one file.
    Bytes {
        /// So many are read.
        done: u64,
        /// Of how many that are read of it, which may be more once they are.
        of: u64,
    },
}

impl ReadProgress {
    /// Begins to read so many files.
    pub fn begin_files(&self, of: usize) {
        self.files.store(0, Ordering::Relaxed);
        self.of_files.store(u32::try_from(of).unwrap_or(u32::MAX), Ordering::Relaxed);
    }

    /// Goes on with the next of them.
    pub fn next_file(&self) {
        self.files.fetch_add(1, Ordering::Relaxed);
    }

    /// So many bytes of the present file are read.
    pub fn read(&self, done: u64, of: u64) {
        self.of_bytes.store(of, Ordering::Relaxed);
        self.bytes.store(done, Ordering::Relaxed);
    }

    /// How far it has come; `None` = nothing is known yet.
    pub fn so_far(&self) -> Option<ReadSoFar> {
        let of = self.of_files.load(Ordering::Relaxed);
        if of > 1 {
            return Some(ReadSoFar::Files { at: self.files.load(Ordering::Relaxed).clamp(1, of), of });
        }
        let of = self.of_bytes.load(Ordering::Relaxed);
        (of > 0).then(|| ReadSoFar::Bytes { done: self.bytes.load(Ordering::Relaxed).min(of), of })
    }

    /// Nobody waits any more: the thread ends as soon as it looks.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Whether nobody waits any more.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_files_count_by_files_and_one_by_its_bytes() {
        let progress = ReadProgress::default();
        assert_eq!(progress.so_far(), None);
        progress.begin_files(1);
        progress.next_file();
        progress.read(3, 12);
        assert_eq!(progress.so_far(), Some(ReadSoFar::Bytes { done: 3, of: 12 }));
        progress.begin_files(3);
        assert_eq!(progress.so_far(), Some(ReadSoFar::Files { at: 1, of: 3 }));
        (0..5).for_each(|_| progress.next_file());
        assert_eq!(progress.so_far(), Some(ReadSoFar::Files { at: 3, of: 3 }));
    }
}
