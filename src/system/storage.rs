//! Files on disk: reading with a limit, writing whole or not at all.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use super::system_fault::SystemFault;
use crate::text::{Fault, Key, Phrase, Placeholder, foreign_path, printed_in_english};

/// Why a file was not read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// Nothing of that name.
    NotFound(PathBuf),
    /// A folder where a file belongs.
    Folder(PathBuf),
    /// A pipe, a socket or a device.
    NotRegular(PathBuf),
    /// More than was asked for; nothing was read.
    TooLarge {
        /// Which file.
        path: PathBuf,
        /// The most bytes that would have been read.
        max_bytes: usize,
    },
    /// A file is there already that was not to be replaced.
    Exists(PathBuf),
    /// The folder to write into does not exist.
    NoFolder(PathBuf),
    /// The file to replace may not be changed.
    ReadOnly(PathBuf),
    /// Reading failed otherwise.
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        cause: SystemFault,
    },
    /// Writing failed otherwise; an older file of that name is as it was.
    Write {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        cause: SystemFault,
    },
}

impl Fault for StorageError {
    /// Which file, what is wrong with it and what to do.
    fn phrase(&self) -> Phrase {
        let of = |key, path: &Path| Phrase::new(key).with(Placeholder::Name, foreign_path(path));
        match self {
            Self::NotFound(path) => of(Key::FileErrorNotFound, path),
            Self::Folder(path) => of(Key::FileErrorFolder, path),
            Self::NotRegular(path) => of(Key::FileErrorNotRegular, path),
            Self::TooLarge { path, max_bytes } => {
                of(Key::FileErrorTooLarge, path).with(Placeholder::Value, max_bytes >> 20)
            }
            Self::Exists(path) => of(Key::FileErrorExists, path),
            Self::NoFolder(path) => of(Key::FileErrorNoFolder, path),
            Self::ReadOnly(path) => of(Key::FileErrorReadOnly, path),
            Self::Read { path, cause } => of(Key::FileErrorRead, path).with_phrase(Placeholder::Value, cause.phrase()),
            Self::Write { path, cause } => {
                of(Key::FileErrorWrite, path).with_phrase(Placeholder::Value, cause.phrase())
            }
        }
    }
}

printed_in_english!(StorageError);

impl StorageError {
    /// Why this file cannot be read.
    pub(super) fn reading(path: &Path, source: io::Error) -> Self {
        match source.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Self::NotFound(path.to_owned()),
            _ => Self::Read { path: path.to_owned(), cause: source.into() },
        }
    }
}

impl StorageError {
    /// Writing failed otherwise.
    pub(crate) fn unwritten(path: &Path, cause: impl Into<SystemFault>) -> Self {
        Self::Write { path: path.to_owned(), cause: cause.into() }
    }
}

/// Reads a regular file of at most `max_bytes`.
pub fn read(path: &Path, max_bytes: usize) -> Result<Vec<u8>, StorageError> {
    let failed = |source: io::Error| StorageError::reading(path, source);
    // Asked before opening: to open a pipe would wait for its writer.
    let metadata = fs::metadata(path).map_err(failed)?;
    if metadata.is_dir() {
        return Err(StorageError::Folder(path.to_owned()));
    }
    if !metadata.is_file() {
        return Err(StorageError::NotRegular(path.to_owned()));
    }
    let limit = u64::try_from(max_bytes).unwrap_or(u64::MAX);
    let too_large = || StorageError::TooLarge { path: path.to_owned(), max_bytes };
    if metadata.len() > limit {
        return Err(too_large());
    }
    // The length may be wrong (a file that grows, or one of /proc), so the reading is bounded as well.
    let mut bytes = Vec::new();
    File::open(path).map_err(failed)?.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > max_bytes { Err(too_large()) } else { Ok(bytes) }
}

/// Writes `text` to a file: see [`write_bytes`].
///
/// # Errors
/// Why nothing was written.
pub fn write(path: &Path, text: &str) -> Result<(), StorageError> {
    write_bytes(path, text.as_bytes())
}

/// Writes `bytes` so that `path` holds either all of it or what it held before, whatever happens.
///
/// A link is followed; an older file's permissions stay.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<(), StorageError> {
    put(path, bytes, Standing::Replaced)
}

/// Writes `text` as [`write_bytes`] does where nothing has that name yet.
pub fn write_new(path: &Path, text: &str) -> Result<(), StorageError> {
    write_new_bytes(path, text.as_bytes())
}

/// Writes `bytes` as [`write_bytes`] does where nothing has that name yet.
///
/// # Errors
/// Why nothing was written.
pub fn write_new_bytes(path: &Path, bytes: &[u8]) -> Result<(), StorageError> {
    put(path, bytes, Standing::Kept)
}

/// What becomes of a file that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Kept,
    Replaced,
}

fn put(path: &Path, bytes: &[u8], standing: Standing) -> Result<(), StorageError> {
    let failed = |source: io::Error| StorageError::unwritten(path, source);
    let target = link_target(path);
    let folder = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if !folder.is_dir() {
        return Err(StorageError::NoFolder(path.to_owned()));
    }
    let old = match fs::metadata(&target) {
        Ok(metadata) if metadata.is_dir() => return Err(StorageError::Folder(path.to_owned())),
        Ok(metadata) if !metadata.is_file() => return Err(StorageError::NotRegular(path.to_owned())),
        Ok(_) if standing == Standing::Kept => return Err(StorageError::Exists(path.to_owned())),
        Ok(metadata) if metadata.permissions().readonly() => return Err(StorageError::ReadOnly(path.to_owned())),
        Ok(metadata) => Some(metadata.permissions()),
        Err(_) => None,
    };
    let mut file = temporary(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    if let Some(permissions) = old {
        file.as_file().set_permissions(permissions).map_err(failed)?;
    }
    file.as_file().sync_all().map_err(failed)?;
    match standing {
        Standing::Replaced => file.persist(&target),
        // Another program may have made one meanwhile.
        Standing::Kept => file.persist_noclobber(&target),
    }
    .map_err(|error| match error.error.kind() {
        ErrorKind::AlreadyExists => StorageError::Exists(path.to_owned()),
        _ => failed(error.error),
    })?;
    sync_folder(folder);
    Ok(())
}

/// Where a link leads, so that the link itself stays; also where nothing lies there yet.
fn link_target(path: &Path) -> PathBuf {
    if let Ok(target) = fs::canonicalize(path) {
        return target;
    }
    match (fs::read_link(path), path.parent()) {
        (Ok(target), Some(parent)) => parent.join(target),
        _ => path.to_owned(),
    }
}

/// How the names of files begin and end that a write leaves behind where it is cut off.
const TEMPORARY: (&str, &str) = (".rigplan-", ".tmp");
/// No write takes as long; what is older was left behind.
const LEFT_BEHIND: Duration = Duration::from_hours(24);

/// Writes `text` as [`write()`] does, after making the folder for it.
pub fn write_in_new_folder(path: &Path, text: &str) -> Result<(), StorageError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|source| StorageError::unwritten(path, source))?;
    }
    write(path, text)
}

/// Removes what writes that were cut off have left in `folder`, a day later.
pub fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1));
        let age = || entry.metadata().ok().filter(fs::Metadata::is_file)?.modified().ok()?.elapsed().ok();
        if ours && age().is_some_and(|age| age > LEFT_BEHIND) {
            // Of no use to anybody; where it cannot be removed it does no harm either.
            drop(fs::remove_file(entry.path()));
        }
    }
}

/// Renames what is no regular file at `path`, where a file of the program's own belongs.
pub(crate) fn clear_of_pipes(path: &Path) {
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        drop(fs::rename(path, path.with_extension("aside")));
    }
}

/// A file beside the target: a rename cannot cross disks. Open to whom the user's mask allows, as a new file is.
pub(super) fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Makes the rename itself last through a power cut, where the system has a way to. The file is complete either way.
fn sync_folder(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}
