//! What was measured, kept among the user's settings with what tells one machine from another: its processor and its RAM, no serial
//! number.

use serde::{Deserialize, Serialize};

use super::Bandwidths;
use crate::system::detect::{Host, MeasuredRates};
use crate::system::folders::Folders;
use crate::system::storage::{self, StorageError};

/// The largest such file, in bytes.
const MAX_BYTES: usize = 4096;
/// RAM within one part in so many is the same: firmware keeps more or less of it.
const SAME: u64 = 32;

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    cpu: Option<String>,
    ram_total_bytes: Option<u64>,
    rates: MeasuredRates,
}

/// What was measured on the machine that `host` describes; `None` where nothing was, or on another one.
pub fn recall(host: &Host, folders: &Folders) -> Option<MeasuredRates> {
    let bytes = storage::read(&folders.rates(), MAX_BYTES).ok()?;
    let kept: Kept = ron::from_str(std::str::from_utf8(&bytes).ok()?).ok()?;
    let near = |one: u64, other: u64| one.abs_diff(other) <= one.max(other) / SAME;
    let same = kept.cpu == host.cpu
        && match (kept.ram_total_bytes, host.ram_total_bytes) {
            (Some(one), Some(other)) => near(one, other),
            (one, other) => one == other,
        };
    same.then_some(kept.rates)
}

/// Keeps what was found out in place of what was before; what could not be measured now stays as it was.
///
/// # Errors
/// The file cannot be written.
pub fn keep(found: &Bandwidths, date: &str, host: &Host, folders: &Folders) -> Result<MeasuredRates, StorageError> {
    let before = recall(host, folders);
    let rates = MeasuredRates {
        ram_bytes_per_s: found.ram.ok().or_else(|| before.as_ref()?.ram_bytes_per_s),
        disk_bytes_per_s: found.disk.ok().or_else(|| before.as_ref()?.disk_bytes_per_s),
        date: date.to_owned(),
    };
    let kept = Kept { cpu: host.cpu.clone(), ram_total_bytes: host.ram_total_bytes, rates: rates.clone() };
    let text = ron::to_string(&kept).unwrap_or_default();
    storage::write_in_new_folder(&folders.rates(), &text)?;
    Ok(rates)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::bandwidth::MeasureFault;

    #[test]
    fn what_was_measured_is_that_machines_alone() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::at(folder.path().to_owned());
        let host = Host { cpu: Some("A".to_owned()), ram_total_bytes: Some(64 << 30), ..Host::default() };
        assert_eq!(recall(&host, &folders), None);
        let both = Bandwidths { ram: Ok(60_000_000_000), disk: Ok(7_000_000_000) };
        keep(&both, "2026-11-30", &host, &folders).unwrap();
        let one = Bandwidths { ram: Ok(61_000_000_000), disk: Err(MeasureFault::Cached) };
        keep(&one, "2026-12-01", &host, &folders).unwrap();
        let kept = recall(&host, &folders).unwrap();
        assert_eq!((kept.ram_bytes_per_s, kept.disk_bytes_per_s), (Some(61_000_000_000), Some(7_000_000_000)));
        let more = Host { ram_total_bytes: Some(96 << 30), ..host.clone() };
        let other = Host { cpu: Some("B".to_owned()), ..host };
        assert_eq!((recall(&more, &folders), recall(&other, &folders)), (None, None));
    }
}
