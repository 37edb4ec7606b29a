//! The files that were opened or saved last.

use std::path::{Path, PathBuf};

use super::folders::Folders;
use super::storage::{self, StorageError};
use super::system_fault::SystemFault;

/// How many files are remembered.
pub const MOST: usize = 10;

/// A list of so many paths would have.
const MAX_BYTES: usize = 1 << 20;

/// The files that were opened or saved last, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecentFiles(Vec<PathBuf>);

impl RecentFiles {
    /// Reads the list. It is a convenience: where it cannot be read, it is empty.
    pub fn load(folders: &Folders) -> Self {
        let text =
            storage::read(&folders.recent_files(), MAX_BYTES).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let mut paths: Vec<PathBuf> = text.and_then(|text| ron::from_str(&text).ok()).unwrap_or_default();
        paths.truncate(MOST);
        Self(paths)
    }

    /// Writes the list, creating its folder where needed. Paths that are no Unicode are left out.
    pub fn save(&self, folders: &Folders) -> Result<(), StorageError> {
        let file = folders.recent_files();
        let paths: Vec<&str> = self.0.iter().filter_map(|path| path.to_str()).collect();
        let text = ron::ser::to_string_pretty(&paths, ron::ser::PrettyConfig::new().new_line("\n"))
            .map_err(|_error| StorageError::unwritten(&file, SystemFault::UNWRITABLE))?;
        storage::write_in_new_folder(&file, &text)
    }

    /// Puts `path` first; relative paths are taken from the current folder.
    pub fn add(&mut self, path: &Path) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        self.forget(&path);
        self.0.insert(0, path);
        self.0.truncate(MOST);
    }

    /// Takes `path` off the list, because it is gone.
    pub fn forget(&mut self, path: &Path) {
        self.0.retain(|other| other != path);
    }

    /// Empties the list.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Newest first.
    pub fn paths(&self) -> &[PathBuf] {
        &self.0
    }
}
