//! Which files windows have open: each window notes its own beside a lock, so that others can say so before they save.

use std::fs;
use std::path::{Path, PathBuf};

use super::folders::Folders;
use super::storage;
use super::window_lock::{self, WindowLock};

/// The longest path that a note is read of, in bytes.
const MAX_BYTES: usize = 64 << 10;
const NOTE: &str = "path";

/// What this window has open. The note goes with it; where the program is killed, its lock opens and the next window that
/// looks removes the note.
#[derive(Debug)]
pub struct OpenNote {
    folder: PathBuf,
    /// Taken with the first file: most windows never have one.
    lock: Option<WindowLock>,
}

impl OpenNote {
    /// In the user's folder.
    pub fn of(folders: &Folders) -> Self {
        Self { folder: folders.open_files(), lock: None }
    }

    /// Notes that this window has `file` open, and none where there is none. Where it cannot be noted other windows do not
    /// know: they still notice when it is written.
    pub fn set(&mut self, file: Option<&Path>) {
        let Some(file) = file.and_then(identity) else {
            self.withdraw();
            return;
        };
        if self.lock.is_none() {
            self.lock = WindowLock::take(&self.folder).ok();
        }
        if let Some(lock) = &self.lock {
            drop(storage::write(&lock.beside(NOTE), &file));
        }
    }

    /// Whether another window has `file` open. What programs that are gone have left is removed on the way.
    pub fn is_open_elsewhere(&self, file: &Path) -> bool {
        let Some(file) = identity(file) else { return false };
        let own = self.lock.as_ref().map(|lock| lock.beside(NOTE));
        let mut found = false;
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            // The lock comes first and goes last: of one alone nobody knows the file.
            let lock = entry.path();
            let note = lock.with_extension(NOTE);
            if lock.extension().is_none_or(|ending| ending != window_lock::EXTENSION) || own.as_ref() == Some(&note) {
                continue;
            }
            if window_lock::take_over(&lock).is_some() {
                drop(fs::remove_file(&note));
                drop(fs::remove_file(&lock));
            } else {
                found |= storage::read(&note, MAX_BYTES).is_ok_and(|noted| noted == file.as_bytes());
            }
        }
        found
    }

    fn withdraw(&mut self) {
        if let Some(lock) = self.lock.take() {
            drop(fs::remove_file(lock.beside(NOTE)));
            lock.remove();
        }
    }
}

impl Drop for OpenNote {
    fn drop(&mut self) {
        self.withdraw();
    }
}

/// One name for a file, whatever links and folders it was reached by; none where it is no text.
fn identity(file: &Path) -> Option<String> {
    let path = fs::canonicalize(file).or_else(|_missing| std::path::absolute(file)).ok()?;
    path.to_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_on_one_file_know_of_each_other_until_one_goes() {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders::at(home.path().join("config"));
        let (file, other) = (home.path().join("plan.ron"), home.path().join("other.ron"));
        fs::write(&file, "").unwrap();
        let (mut one, mut two) = (OpenNote::of(&folders), OpenNote::of(&folders));
        one.set(Some(&file));
        assert!(!one.is_open_elsewhere(&file), "its own is not elsewhere");
        assert!(two.is_open_elsewhere(&home.path().join("config/../plan.ron")), "by whatever way");
        two.set(Some(&file));
        assert!(one.is_open_elsewhere(&file) && two.is_open_elsewhere(&file));
        two.set(Some(&other));
        assert!(!one.is_open_elsewhere(&file) && one.is_open_elsewhere(&other));
        drop(two);
        assert!(!one.is_open_elsewhere(&other));
        one.set(None);
        assert_eq!(fs::read_dir(folders.open_files()).unwrap().count(), 0, "nothing is left");
    }

    #[test]
    fn what_a_killed_program_left_is_removed() {
        let home = tempfile::tempdir().unwrap();
        let folders = Folders::at(home.path().join("config"));
        let file = home.path().join("plan.ron");
        fs::create_dir_all(folders.open_files()).unwrap();
        let left = folders.open_files().join("1-2.path");
        fs::write(&left, file.to_str().unwrap()).unwrap();
        fs::write(left.with_extension("lock"), "").unwrap();
        assert!(!OpenNote::of(&folders).is_open_elsewhere(&file), "its lock is open");
        assert_eq!(fs::read_dir(folders.open_files()).unwrap().count(), 0);
    }
}
