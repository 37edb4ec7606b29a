//! A lock that a running window holds under a name of its own. The system opens it when the program is gone, however it
//! ends: unlike a process number, a lock is never given to another.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::storage;

/// How the names of locks end.
pub(super) const EXTENSION: &str = "lock";

/// A lock that is held as long as this lives. Its file stays until [`WindowLock::remove`].
#[derive(Debug)]
pub(super) struct WindowLock {
    path: PathBuf,
    /// Held, never read.
    _held: File,
}

impl WindowLock {
    /// Takes a lock under a new name in `folder`, which is made where it is missing. It is taken before it gets its name, so
    /// that a named lock which is open belongs to nobody.
    pub(super) fn take(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let file = storage::temporary(folder)?;
        file.as_file().try_lock()?;
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let path = folder.join(format!("{}-{}.{EXTENSION}", std::process::id(), since.as_nanos()));
        let held = file.persist(&path).map_err(|error| error.error)?;
        Ok(Self { path, _held: held })
    }

    /// The file beside it with another ending.
    pub(super) fn beside(&self, extension: &str) -> PathBuf {
        self.path.with_extension(extension)
    }

    /// Opens it and removes its file.
    pub(super) fn remove(self) {
        drop(fs::remove_file(&self.path));
    }
}

/// The lock of this name, where no program holds it. One that is missing was taken away, and is held by nobody.
pub(super) fn take_over(path: &Path) -> Option<File> {
    let lock = File::options().read(true).write(true).create(true).truncate(false).open(path).ok()?;
    lock.try_lock().ok().map(|()| lock)
}
