//! Files on disk: reading with a limit, writing whole or not at all.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::text::foreign_path;

/// Why a file was not read or written. Each prints as one line that names the file and what to do.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Nothing of that name.
    #[error("{}: no such file; check the name", foreign_path(.0))]
    NotFound(PathBuf),
    /// A folder where a file belongs.
    #[error("{} is a folder; name a file inside it", foreign_path(.0))]
    Folder(PathBuf),
    /// A pipe, a socket or a device.
    #[error("{} is not a regular file; name a plan file", foreign_path(.0))]
    NotRegular(PathBuf),
    /// More than was asked for; nothing was read.
    #[error("{} is larger than {} MiB; it is no plan file", foreign_path(path), max_bytes >> 20)]
    TooLarge {
        /// Which file.
        path: PathBuf,
        /// The most bytes that would have been read.
        max_bytes: usize,
    },
    /// The folder to write into does not exist.
    #[error("cannot save {}: its folder does not exist; create it or save elsewhere", foreign_path(.0))]
    NoFolder(PathBuf),
    /// The file to replace may not be changed.
    #[error("cannot save {}: the file is read-only; save under another name", foreign_path(.0))]
    ReadOnly(PathBuf),
    /// Reading failed otherwise.
    #[error("cannot read {}: {}", foreign_path(path), reason(source))]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Writing failed otherwise; an older file of that name is as it was.
    #[error("cannot save {}: {}; save elsewhere", foreign_path(path), reason(source))]
    Write {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Reads a regular file of at most `max_bytes`.
pub fn read(path: &Path, max_bytes: usize) -> Result<Vec<u8>, StorageError> {
    let failed = |source: io::Error| match source.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => StorageError::NotFound(path.to_owned()),
        _ => StorageError::Read { path: path.to_owned(), source },
    };
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

/// Writes `text` so that `path` holds either all of it or what it held before, whatever happens.
///
/// A link is followed; an older file's permissions stay.
pub fn write(path: &Path, text: &str) -> Result<(), StorageError> {
    let failed = |source: io::Error| StorageError::Write { path: path.to_owned(), source };
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
        Ok(metadata) if metadata.permissions().readonly() => return Err(StorageError::ReadOnly(path.to_owned())),
        Ok(metadata) => Some(metadata.permissions()),
        Err(_) => None,
    };
    let mut file = temporary(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    if let Some(permissions) = old {
        file.as_file().set_permissions(permissions).map_err(failed)?;
    }
    file.as_file().sync_all().map_err(failed)?;
    file.persist(&target).map_err(|error| failed(error.error))?;
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

/// A file beside the target: a rename cannot cross disks. Open to whom the user's mask allows, as a new file is.
fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".rigplan-").suffix(".tmp");
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

/// What the system said, in words of our own where it is common.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
        _ => error.to_string(),
    }
}
