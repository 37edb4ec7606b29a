//! Overhead that the user measured: what a card holds beside every buffer that an engine shows. Kept in `overheads.ron` of the
//! overlay.

use serde::{Deserialize, Serialize};

use super::check::Problems;
use super::runtime::Backend;
use crate::text::Phrase;
use crate::units::{Band, Bytes, MIB};

/// The most that is believed, in MiB.
const MOST_MIB: f64 = 8192.0;

/// What one card held beside its buffers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnOverhead {
    /// The card, by its id.
    pub card: String,
    /// The compute library.
    pub backend: Backend,
    /// So much, in MiB.
    pub mib: u64,
    /// Day of the measurement.
    pub date: String,
}

impl OwnOverhead {
    /// What is wrong with it, one sentence each.
    pub fn problems(&self) -> Vec<Phrase> {
        let mut found = Problems::default();
        found.within("mib", Some(self.mib as f64), 1.0, MOST_MIB);
        found.list
    }

    /// As a band: measured, it has no width.
    pub(crate) const fn band(&self) -> Band<Bytes> {
        let bytes = Bytes(self.mib * MIB);
        Band { low: bytes, expected: bytes, high: bytes }
    }
}
