//! Shows a folder in the file manager.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, thread};

use super::system_fault::SystemFault;
use crate::text::{Fault, Key, Phrase, Placeholder, foreign_path};

const OPENER: &str = if cfg!(target_os = "windows") {
    "explorer"
} else if cfg!(target_os = "macos") {
    "open"
} else {
    "xdg-open"
};

/// Why a folder is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ShowFault {
    /// It cannot be created.
    Folder(PathBuf, SystemFault),
    /// The system has no file manager to start.
    Opener(PathBuf, SystemFault),
}

impl Fault for ShowFault {
    fn phrase(&self) -> Phrase {
        let (key, path, cause) = match self {
            Self::Folder(path, cause) => (Key::FolderNotShown, path, cause),
            Self::Opener(path, cause) => (Key::FolderNoOpener, path, cause),
        };
        Phrase::new(key)
            .with(Placeholder::Name, foreign_path(path))
            .with(Placeholder::Other, OPENER)
            .with_phrase(Placeholder::Value, cause.phrase())
    }
}

/// Shows `folder`, creating it where it is missing.
pub(crate) fn show_folder(folder: &Path) -> Result<(), ShowFault> {
    fs::create_dir_all(folder).map_err(|error| ShowFault::Folder(folder.to_owned(), error.into()))?;
    let mut opener = Command::new(OPENER);
    opener.arg(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut started = opener.spawn().map_err(|error| ShowFault::Opener(folder.to_owned(), error.into()))?;
    // Waited for elsewhere, so that it leaves nothing behind in the process table.
    drop(thread::Builder::new().name("show folder".to_owned()).spawn(move || started.wait()));
    Ok(())
}
