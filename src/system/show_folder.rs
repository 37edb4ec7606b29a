//! Shows a folder in the file manager.

use std::path::Path;
use std::process::{Command, Stdio};
use std::{fs, thread};

use super::storage::reason;
use crate::text::{Locale, foreign_path};

const OPENER: &str = if cfg!(target_os = "windows") {
    "explorer"
} else if cfg!(target_os = "macos") {
    "open"
} else {
    "xdg-open"
};

/// Shows `folder`, creating it where it is missing.
///
/// # Errors
/// One line: the folder cannot be created, or the system has no file manager to start.
pub(crate) fn show_folder(folder: &Path) -> Result<(), String> {
    let failed =
        |error: std::io::Error| format!("cannot show {}: {}", foreign_path(folder), reason(&error, Locale::En));
    fs::create_dir_all(folder).map_err(failed)?;
    let mut opener = Command::new(OPENER);
    opener.arg(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut started = opener.spawn().map_err(|error| {
        format!("cannot start {OPENER} ({}); open {} yourself", reason(&error, Locale::En), foreign_path(folder))
    })?;
    // Waited for elsewhere, so that it leaves nothing behind in the process table.
    drop(thread::Builder::new().name("show folder".to_owned()).spawn(move || started.wait()));
    Ok(())
}
