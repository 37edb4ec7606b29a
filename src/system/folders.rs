//! Where the program keeps what is the user's: settings, recent files, tables merged over the catalog, unsaved work.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::storage::{self, StorageError};
use super::system_fault::SystemFault;
use crate::catalog::TableFile;
use crate::text::{Fault, Key, Phrase, Placeholder, foreign_path, printed_in_english};

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

    /// What was measured of RAM and disk.
    pub fn rates(&self) -> PathBuf {
        self.config.join("rates.ron")
    }

    /// Copies of unsaved work.
    pub fn recovery(&self) -> PathBuf {
        self.state.join("recovery")
    }

    /// Earlier saves of documents.
    pub fn versions(&self) -> PathBuf {
        self.state.join("versions")
    }

    /// Notes of which files windows have open.
    pub fn open_files(&self) -> PathBuf {
        self.state.join("open")
    }

    /// Every folder that the program writes into.
    pub fn all(&self) -> [PathBuf; 5] {
        [self.config.clone(), self.overlay(), self.state.clone(), self.recovery(), self.open_files()]
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

    /// Models of the user's own: a folder of the overlay's tables.
    pub fn own_models(&self) -> PathBuf {
        self.overlay().join("models")
    }

    /// Overheads that were measured: one of the overlay's tables.
    pub fn overheads(&self) -> PathBuf {
        self.overlay().join("overheads.ron")
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
    /// Why files could not be read; the others are used all the same.
    pub faults: Vec<OverlayFault>,
}

/// Why a file of the user's tables was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OverlayFault {
    /// A folder that cannot be looked into.
    Folder(PathBuf, SystemFault),
    /// More files in the folder than are read.
    Many(PathBuf),
    /// A file that is no text.
    NoText(PathBuf),
    /// A file that cannot be read.
    Unread(#[from] StorageError),
}

impl Fault for OverlayFault {
    fn phrase(&self) -> Phrase {
        let of = |key, path: &Path| Phrase::new(key).with(Placeholder::Name, foreign_path(path));
        match self {
            Self::Folder(path, cause) => of(Key::FileErrorRead, path).with_phrase(Placeholder::Value, cause.phrase()),
            Self::Many(path) => of(Key::TablesMany, path).with(Placeholder::Count, MAX_OVERLAY_FILES),
            Self::NoText(path) => of(Key::TableNoText, path),
            Self::Unread(error) => error.phrase(),
        }
    }
}

printed_in_english!(OverlayFault);

/// Reads every `*.ron` in `folder` and in its direct subfolders. A missing folder is an empty overlay.
pub fn read_overlay(folder: &Path) -> Overlay {
    let mut overlay = Overlay::default();
    let mut found = Vec::new();
    list(folder, "", &mut found, &mut overlay.faults);
    found.sort();
    if found.len() > MAX_OVERLAY_FILES {
        overlay.faults.push(OverlayFault::Many(folder.to_owned()));
        found.truncate(MAX_OVERLAY_FILES);
    }
    for (name, path) in found {
        match storage::read(&path, MAX_OVERLAY_BYTES) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => overlay.files.push(TableFile { name, text }),
                Err(_) => overlay.faults.push(OverlayFault::NoText(path)),
            },
            Err(error) => overlay.faults.push(error.into()),
        }
    }
    overlay
}

/// Adds the tables of one folder; `prefix` is empty for the top one, whose subfolders are listed as well.
fn list(folder: &Path, prefix: &str, found: &mut Vec<(String, PathBuf)>, faults: &mut Vec<OverlayFault>) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return,
        Err(error) => {
            faults.push(OverlayFault::Folder(folder.to_owned(), error.into()));
            return;
        }
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if prefix.is_empty() {
                list(&path, &format!("{name}/"), found, faults);
            }
        } else if path.extension().is_some_and(|extension| extension == "ron") {
            found.push((format!("{prefix}{name}"), path));
        }
    }
}
