//! Copies of unsaved work, so that it survives the end of the program, however it ends.
//!
//! Each running program has one copy beside a lock of its own, which opens when the program is gone.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::folders::Folders;
use super::seen::Seen;
use super::storage::{self, StorageError};
use super::system_fault::SystemFault;
use super::window_lock::{self, WindowLock};

/// The largest copy that is read, in bytes: a plan file, and the marks of a text within a text.
const MAX_BYTES: usize = 16 << 20;
const COPY: &str = "ron";
const BROKEN: &str = "broken";

/// Unsaved work as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCopy {
    /// The file that it belongs to; `None` where it was never saved, or under a path that is no Unicode.
    pub file: Option<PathBuf>,
    /// That file as it was last read or written.
    pub seen: Option<Seen>,
    /// When the copy was made.
    pub made: SystemTime,
    /// The document.
    pub text: String,
}

/// Where this program keeps its copy. The copy stays when this goes, its lock opens.
#[derive(Debug)]
pub struct RecoveryPlace {
    folder: PathBuf,
    /// Taken with the first copy: most windows never need one.
    own: Option<WindowLock>,
}

impl RecoveryPlace {
    /// In the user's folder.
    pub fn of(folders: &Folders) -> Self {
        Self { folder: folders.recovery(), own: None }
    }

    /// Keeps `copy` in place of the one before: whole or not at all.
    pub fn keep(&mut self, copy: &RecoveryCopy) -> Result<(), StorageError> {
        if self.own.is_none() {
            self.own =
                Some(WindowLock::take(&self.folder).map_err(|error| StorageError::unwritten(&self.folder, error))?);
        }
        let Some(own) = &self.own else { return Ok(()) };
        let unwritable = |_error| StorageError::unwritten(&self.folder, SystemFault::UNWRITABLE);
        let text = ron::to_string(copy).map_err(unwritable)?;
        storage::write(&own.beside(COPY), &text)
    }

    /// Removes the copy: there is nothing unsaved any more.
    pub fn clear(&mut self) {
        if let Some(own) = self.own.take() {
            remove(&own.beside(COPY));
        }
    }
}

/// Removes a copy, then its lock: a lock alone is worth nothing.
fn remove(copy: &Path) {
    drop(fs::remove_file(copy));
    drop(fs::remove_file(copy.with_extension(window_lock::EXTENSION)));
}

/// A copy whose program is gone. It stays on the disk until it is settled; meanwhile no other program takes it.
#[derive(Debug)]
pub struct LeftCopy {
    /// What was kept.
    pub copy: RecoveryCopy,
    path: PathBuf,
    _lock: File,
}

impl LeftCopy {
    /// Removes it: what it held is kept elsewhere, or not wanted.
    pub fn settle(self) {
        remove(&self.path);
    }

    /// Puts it aside, where it is not offered again; where it lies then.
    pub fn set_aside(self) -> PathBuf {
        set_aside(&self.path)
    }
}

/// What programs that ended abruptly have left.
#[derive(Debug, Default)]
pub struct Left {
    /// What can be read, the newest first.
    pub copies: Vec<LeftCopy>,
    /// What cannot be, where it lies now.
    pub broken: Vec<PathBuf>,
    /// Some belong to programs that run, or that end just now: a program that was killed while it wrote keeps its lock until
    /// the disk has answered.
    pub held: bool,
}

/// Looks for what programs that are gone have left.
pub fn left(folders: &Folders) -> Left {
    let mut left = Left::default();
    for entry in fs::read_dir(folders.recovery()).into_iter().flatten().flatten() {
        let path = entry.path();
        let is = |extension: &str| path.extension().is_some_and(|found| found == extension);
        if is(window_lock::EXTENSION) && !path.with_extension(COPY).exists() {
            if window_lock::take_over(&path).is_some() {
                drop(fs::remove_file(&path));
            }
        } else if is(COPY) {
            let Some(lock) = window_lock::take_over(&path.with_extension(window_lock::EXTENSION)) else {
                left.held = true;
                continue;
            };
            let bytes = match storage::read(&path, MAX_BYTES) {
                Ok(bytes) => bytes,
                // Another program took it just now.
                Err(StorageError::NotFound(_)) => continue,
                Err(_) => Vec::new(),
            };
            match ron::de::from_bytes(&bytes) {
                Ok(copy) => left.copies.push(LeftCopy { copy, path, _lock: lock }),
                Err(_) => left.broken.push(set_aside(&path)),
            }
        }
    }
    left.copies.sort_by_key(|left| std::cmp::Reverse(left.copy.made));
    left
}

/// Gives a copy another ending.
fn set_aside(path: &Path) -> PathBuf {
    let aside = path.with_extension(BROKEN);
    let renamed = fs::rename(path, &aside);
    drop(fs::remove_file(path.with_extension(window_lock::EXTENSION)));
    if renamed.is_ok() { aside } else { path.to_owned() }
}
