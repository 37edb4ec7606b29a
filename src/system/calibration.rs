//! What was measured on this machine, kept among the user's own tables: overheads and speeds, each in a file of its own that is
//! written whole or not at all.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::folders::Folders;
use super::storage::{self, StorageError};
use crate::catalog::CatalogError;
use crate::catalog::entry_table::parse;
use crate::catalog::own_overhead::OwnOverhead;
use crate::catalog::speed::Measured;
use crate::text::{Fault, Phrase, foreign_path};

/// The largest file of measurements, in bytes.
const MAX_BYTES: usize = 16 << 20;
/// What stands above overheads.
const OVERHEADS: &str =
    "// What cards hold beside every buffer that an engine shows, as measured here, one entry a line.\n";
/// What stands above speeds.
const SPEEDS: &str = "// Speeds that were measured, one entry a line; they tune the estimates for their cards.\n";

/// Why nothing could be kept; the file is then as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeepFault {
    /// It could not be read or written.
    Storage(StorageError),
    /// What is in it cannot be used.
    Unusable(CatalogError),
}

impl Fault for KeepFault {
    fn phrase(&self) -> Phrase {
        match self {
            Self::Storage(error) => error.phrase(),
            Self::Unusable(error) => error.phrase(),
        }
    }
}

/// Keeps an overhead in place of what was kept for the same card; where it lies then.
///
/// # Errors
/// Why not.
pub fn keep_overhead(own: &OwnOverhead, folders: &Folders) -> Result<PathBuf, KeepFault> {
    let path = folders.overheads();
    let mut rows: Vec<OwnOverhead> = read(&path)?;
    rows.retain(|row| row.card != own.card || row.backend != own.backend);
    rows.push(own.clone());
    write(&path, OVERHEADS, &rows)?;
    Ok(path)
}

/// Keeps speeds in place of what was kept for the same runs; where they lie then.
///
/// # Errors
/// Why not.
pub fn keep_speeds(new: &[Measured], folders: &Folders) -> Result<PathBuf, KeepFault> {
    let path = folders.measured();
    let mut rows: Vec<Measured> = read(&path)?;
    let key = |row: &Measured| (row.quantization, row.backend, row.test, row.depth, row.tokens);
    for row in new {
        rows.retain(|old| old.card != row.card || old.model != row.model || key(old) != key(row));
        rows.push(row.clone());
    }
    write(&path, SPEEDS, &rows)?;
    Ok(path)
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, KeepFault> {
    let bytes = match storage::read(path, MAX_BYTES) {
        Ok(bytes) => bytes,
        Err(StorageError::NotFound(_)) => return Ok(Vec::new()),
        Err(error) => return Err(KeepFault::Storage(error)),
    };
    let unusable = |fault| KeepFault::Unusable(CatalogError::Unreadable { file: foreign_path(path), fault });
    parse(&String::from_utf8_lossy(&bytes)).map_err(unusable)
}

fn write<T: Serialize>(path: &Path, head: &str, rows: &[T]) -> Result<(), KeepFault> {
    let mut text = format!("{head}[\n");
    for entry in rows.iter().filter_map(|row| ron::to_string(row).ok()) {
        text.extend(["    ", &entry, ",\n"]);
    }
    text.push_str("]\n");
    storage::write_in_new_folder(path, &text).map_err(KeepFault::Storage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::runtime::Backend;
    use crate::estimate::{Warning, estimate};
    use crate::plan::Plan;
    use crate::system::own_tables::catalog_of;
    use crate::units::MIB;

    #[test]
    fn a_kept_overhead_changes_the_estimate_and_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::at(folder.path().to_owned());
        let own = |mib| OwnOverhead {
            card: "rtx-4090".to_owned(),
            backend: Backend::Cuda,
            mib,
            date: "2026-11-30".to_owned(),
        };
        keep_overhead(&own(700), &folders).unwrap();
        keep_overhead(&own(640), &folders).unwrap();
        let (catalog, faults) = catalog_of(Some(&folders));
        assert!(faults.is_empty(), "{faults:?}");
        let found = estimate(&Plan::default(), &catalog).unwrap();
        assert_eq!(found.devices[0].overhead.expected.0, 640 * MIB);
        assert!(found.warnings.contains(&Warning::OwnOverhead));
        std::fs::write(folders.overheads(), "[(card: \"rtx-4090\", backend: Cuda, mib: 0, date: \"\")]").unwrap();
        assert_eq!(catalog_of(Some(&folders)).1.len(), 1, "nothing is no overhead");
        std::fs::write(folders.overheads(), "broken").unwrap();
        assert!(keep_overhead(&own(1), &folders).is_err(), "what cannot be read is not written over");
    }
}
