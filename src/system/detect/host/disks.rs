//! Disks, as Linux lists them.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::system::detect::small_file::{below, number};

/// The kernel counts in sectors of so many bytes, whatever a disk's own are.
const SECTOR: u64 = 512;
/// Names of what holds no disk of its own: files, memory, and what is laid over other disks.
const LAID_OVER: [&str; 7] = ["loop", "ram", "zram", "dm-", "md", "sr", "nbd"];
/// More disks than a list is read of.
const MOST: usize = 64;

/// A disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disk {
    /// Of what kind.
    pub kind: DiskKind,
    /// Its size in bytes.
    pub bytes: u64,
}

/// How a disk reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiskKind {
    /// Flash on PCI Express.
    Nvme,
    /// Flash on another bus.
    Ssd,
    /// It spins.
    Hdd,
}

pub(super) fn list(root: &Path) -> Vec<Disk> {
    let read = |folder: &Path| {
        let name = folder.file_name()?.to_str()?;
        if LAID_OVER.iter().any(|begin| name.starts_with(begin)) {
            return None;
        }
        let spins: u8 = number(&folder.join("queue/rotational"))?;
        let kind = match (name.starts_with("nvme"), spins) {
            (true, _) => DiskKind::Nvme,
            (false, 0) => DiskKind::Ssd,
            (false, _) => DiskKind::Hdd,
        };
        let bytes = number::<u64>(&folder.join("size"))?.checked_mul(SECTOR).filter(|bytes| *bytes > 0)?;
        Some(Disk { kind, bytes })
    };
    below(&root.join("sys/block")).iter().filter_map(|folder| read(folder)).take(MOST).collect()
}
