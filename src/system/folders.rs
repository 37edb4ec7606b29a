//! Where the program keeps what is the user's: settings, recent files, tables merged over the catalog, unsaved work.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::storage::{self, reason};
use crate::catalog::TableFile;
use crate::text::{Locale, foreign_path};

/// The largest overlay file that is read, in bytes.
const MAX_OVERLAY_BYTES: usize = 16 << 20;
/// The most overlay files that are read.
const MAX_OVERLAY_FILES: usize = 1000;

/// The folders of one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    config: PathBuf,
    state: PathBuf,
}

/// Where the user keeps documents: the folder of that name, else the home, else where the program was started.
pub fn documents() -> PathBuf {
    let user = directories::UserDirs::new();
    let known = user.map(|dirs| dirs.document_dir().unwrap_or_else(|| dirs.home_dir()).to_owned());
    known.or_else(|| std::env::current_dir().ok()).unwrap_or_default()
}

/// A path as it was typed, `~` standing for the user's home.
pub fn from_home(typed: &str, home: Option<&Path>) -> PathBuf {
    let below = if typed == "~" { Some("") } else { typed.strip_prefix("~/") };
    match (below, home) {
        (Some(below), Some(home)) => home.join(below.trim_start_matches('/')),
        _ => PathBuf::from(typed),
    }
}

impl Folders {
    /// The current user's: `~/.config/rigplan` and `~/.local/state/rigplan` on Linux, their like elsewhere; `None` where
    /// the user has no home.
    pub fn of_user() -> Option<Self> {
        let dirs = directories::ProjectDirs::from("", "", "rigplan")?;
        let state = dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir());
        Some(Self { config: dirs.config_dir().to_owned(), state: state.to_owned() })
    }

    /// Under a folder of the caller's choice.
    pub fn at(config: PathBuf) -> Self {
        Self { state: config.join("state"), config }
    }

    /// What the user prefers.
    pub fn settings(&self) -> PathBuf {
        self.config.join("settings.ron")
    }

    /// What was shown last, and how.
    pub fn views(&self) -> PathBuf {
        self.state.join("views.ron")
    }

    /// Copies of unsaved work.
    pub fn recovery(&self) -> PathBuf {
        self.state.join("recovery")
    }

    /// Every folder that the program writes into.
    pub fn all(&self) -> [PathBuf; 4] {
        [self.config.clone(), self.overlay(), self.state.clone(), self.recovery()]
    }

    /// The list of recent files.
    pub fn recent_files(&self) -> PathBuf {
        self.config.join("recent.ron")
    }

    /// Tables that are merged over the catalog: the same names and format as `data/`.
    pub fn overlay(&self) -> PathBuf {
        self.config.join("data")
    }

    /// Prices of the user's own: one of the overlay's tables.
    pub fn own_prices(&self) -> PathBuf {
        self.overlay().join("own_prices.ron")
    }

    /// Speeds that were measured: one of the overlay's tables.
    pub fn measured(&self) -> PathBuf {
        self.overlay().join("measured.ron")
    }
}

/// The user's own tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overlay {
    /// Sorted by name.
    pub files: Vec<TableFile>,
    /// One line for each file that could not be read; the others are used all the same.
    pub problems: Vec<String>,
}

/// Reads every `*.ron` in `folder` and in its direct subfolders. A missing folder is an empty overlay.
pub fn read_overlay(folder: &Path) -> Overlay {
    let mut overlay = Overlay::default();
    let mut found = Vec::new();
    list(folder, "", &mut found, &mut overlay.problems);
    found.sort();
    if found.len() > MAX_OVERLAY_FILES {
        overlay.problems.push(format!("{}: only the first {MAX_OVERLAY_FILES} files are used", foreign_path(folder)));
        found.truncate(MAX_OVERLAY_FILES);
    }
    for (name, path) in found {
        match storage::read(&path, MAX_OVERLAY_BYTES) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => overlay.files.push(TableFile { name, text }),
                Err(_) => {
                    overlay.problems.push(format!("{} is not a text file; remove or mend it", foreign_path(&path)));
                }
            },
            Err(error) => overlay.problems.push(error.to_string()),
        }
    }
    overlay
}

/// Adds the tables of one folder; `prefix` is empty for the top one, whose subfolders are listed as well.
fn list(folder: &Path, prefix: &str, found: &mut Vec<(String, PathBuf)>, problems: &mut Vec<String>) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return,
        Err(error) => {
            problems.push(format!("cannot read {}: {}", foreign_path(folder), reason(&error, Locale::En)));
            return;
        }
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if prefix.is_empty() {
                list(&path, &format!("{name}/"), found, problems);
            }
        } else if path.extension().is_some_and(|extension| extension == "ron") {
            found.push((format!("{prefix}{name}"), path));
        }
    }
}
