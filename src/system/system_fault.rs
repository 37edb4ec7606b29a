//! What the system said, as data: its own words are English.

use std::io::{self, ErrorKind};

use crate::text::{Fault, Key, Phrase, Placeholder, printed_in_english};

/// Why the system did not do what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub struct SystemFault {
    kind: ErrorKind,
    /// The system's number for it.
    code: Option<i32>,
}

impl From<io::Error> for SystemFault {
    fn from(error: io::Error) -> Self {
        Self { kind: error.kind(), code: error.raw_os_error() }
    }
}

impl SystemFault {
    /// Something of the program's own that cannot be written down.
    pub(crate) const UNWRITABLE: Self = Self { kind: ErrorKind::InvalidData, code: None };

    /// Whether there is nothing of that name.
    pub(crate) fn is_not_found(self) -> bool {
        matches!(self.kind, ErrorKind::NotFound | ErrorKind::NotADirectory)
    }
}

impl Fault for SystemFault {
    fn phrase(&self) -> Phrase {
        Phrase::new(match self.kind {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Key::SystemNotFound,
            ErrorKind::PermissionDenied => Key::FileErrorPermission,
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Key::FileErrorFull,
            ErrorKind::ReadOnlyFilesystem => Key::FileErrorReadOnlyDisk,
            ErrorKind::InvalidFilename => Key::SystemBadName,
            ErrorKind::IsADirectory => Key::SystemFolder,
            ErrorKind::AlreadyExists => Key::SystemExists,
            ErrorKind::ResourceBusy | ErrorKind::WouldBlock => Key::SystemBusy,
            ErrorKind::TimedOut => Key::SystemTimedOut,
            ErrorKind::InvalidData => Key::SystemBadData,
            ErrorKind::OutOfMemory => Key::SystemNoMemory,
            _ => {
                let known = self.code.map(|code| Phrase::new(Key::SystemCode).with(Placeholder::Value, code));
                return known.unwrap_or_else(|| Phrase::new(Key::SystemUnknown));
            }
        })
    }
}

printed_in_english!(SystemFault);
