//! The built-in catalog with the user's own tables over it, and what is wrong with those.

use std::borrow::Cow;

use super::folders::{Folders, OverlayFault, read_overlay};
use crate::catalog::{Catalog, CatalogError};
use crate::text::{Fault, Phrase};

/// Why a table of the user's, or an entry of one, does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableFault {
    /// It could not be read.
    Unread(OverlayFault),
    /// It cannot be used.
    Unusable(CatalogError),
}

impl TableFault {
    /// Whether it is about this table.
    pub fn is_of(&self, file: &str) -> bool {
        matches!(self, Self::Unusable(error) if error.file() == file)
    }
}

impl Fault for TableFault {
    fn phrase(&self) -> Phrase {
        match self {
            Self::Unread(fault) => fault.phrase(),
            Self::Unusable(error) => error.phrase(),
        }
    }
}

/// The catalog that counts for this user, and why some of it does not.
pub fn catalog_of(folders: Option<&Folders>) -> (Cow<'static, Catalog>, Vec<TableFault>) {
    let own = folders.map(|folders| read_overlay(&folders.overlay())).unwrap_or_default();
    let mut faults: Vec<TableFault> = own.faults.into_iter().map(TableFault::Unread).collect();
    if own.files.is_empty() {
        return (Cow::Borrowed(Catalog::embedded()), faults);
    }
    let (catalog, errors) = Catalog::with_overlay(&own.files);
    faults.extend(errors.into_iter().map(TableFault::Unusable));
    (Cow::Owned(catalog), faults)
}
