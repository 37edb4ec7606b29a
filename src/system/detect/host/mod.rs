//! The machine around the cards: RAM, swap, processor, disks, and what the system runs inside of.

mod disks;
mod limits;
mod modules;
mod surroundings;

use std::collections::BTreeSet;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sysinfo::{CpuRefreshKind, MemoryRefreshKind, System};

pub use disks::{Disk, DiskKind};
pub(super) use modules::{Module, together};
pub use surroundings::Inside;

use super::small_file::{figure, text};
use super::{figures, graphics};
use crate::catalog::runtime::OperatingSystem;

const KIB: u64 = 1024;
/// A channel of 64 bits.
const BYTES_PER_TRANSFER: f64 = 8.0;
const MEGA_PER_GIGA: f64 = 1000.0;
/// Rates that machines have, in bytes a second.
const BELIEVED: std::ops::RangeInclusive<u64> = 1_000_000..=20_000_000_000_000;
/// Kinds of housing of a laptop, after the DMTF's list.
const LAPTOPS: [&str; 6] = ["8", "9", "10", "14", "31", "32"];

/// The machine around the cards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Host {
    /// RAM in bytes as the system counts it (firmware and integrated graphics have taken their share).
    pub ram_total_bytes: Option<u64>,
    /// RAM in bytes that a program could have just now.
    pub ram_available_bytes: Option<u64>,
    /// The most RAM in bytes that programs here may take together, where a container is held to less than there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ram_limit_bytes: Option<u64>,
    /// RAM in bytes that counts against that limit just now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ram_limit_used_bytes: Option<u64>,
    /// The kind of RAM, such as `DDR5`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ram_kind: Option<String>,
    /// Transfers of its modules in MT/s, as they are set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ram_mt_s: Option<u32>,
    /// Channels of 64 bits that modules are on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ram_channels: Option<u32>,
    /// What RAM and disk were measured to read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measured: Option<MeasuredRates>,
    /// Swap in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub swap_total_bytes: Option<u64>,
    /// Swap in bytes that nothing holds just now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub swap_free_bytes: Option<u64>,
    /// As the processor names itself.
    pub cpu: Option<String>,
    /// Cores, not threads.
    pub physical_cores: Option<usize>,
    /// Name and version of the operating system.
    pub os: Option<String>,
    /// Of what family that is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<OperatingSystem>,
    /// What the system runs inside of, which may keep cards from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inside: Option<Inside>,
    /// Whether it is a laptop, whose cards are slower than others of their name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub laptop: Option<bool>,
    /// The board as its maker names it, where that says which chip is on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub board: Option<String>,
    /// Disks that hold files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disks: Vec<Disk>,
}

/// What was measured on request, in bytes a second.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MeasuredRates {
    /// All cores reading RAM.
    pub ram_bytes_per_s: Option<u64>,
    /// Reading a file in order, past the system's cache.
    pub disk_bytes_per_s: Option<u64>,
    /// The day, as `2026-11-30`.
    pub date: String,
}

impl MeasuredRates {
    /// The same without what cannot be.
    pub(super) fn believable(self) -> Option<Self> {
        let rate = |found: Option<u64>| found.filter(|rate| BELIEVED.contains(rate));
        let date = figures::name(Some(self.date)).unwrap_or_default();
        let kept =
            Self { ram_bytes_per_s: rate(self.ram_bytes_per_s), disk_bytes_per_s: rate(self.disk_bytes_per_s), date };
        (kept.ram_bytes_per_s.is_some() || kept.disk_bytes_per_s.is_some()).then_some(kept)
    }
}

impl Host {
    /// Bandwidth of the RAM in GB/s: on paper where its modules tell, else what was measured; `None` where neither is known.
    pub fn ram_gb_s(&self) -> Option<f64> {
        let on_paper = self
            .ram_mt_s
            .zip(self.ram_channels)
            .map(|(mt_s, channels)| f64::from(mt_s) * f64::from(channels) * BYTES_PER_TRANSFER / MEGA_PER_GIGA);
        on_paper.or_else(|| Some(gb_s(self.measured.as_ref()?.ram_bytes_per_s?)))
    }

    /// What the disk was measured to read, in GB/s.
    pub fn disk_gb_s(&self) -> Option<f64> {
        Some(gb_s(self.measured.as_ref()?.disk_bytes_per_s?))
    }

    /// RAM in bytes that programs here can have at most.
    pub fn ram_bytes(&self) -> Option<u64> {
        match (self.ram_total_bytes, self.ram_limit_bytes) {
            (Some(total), Some(limit)) => Some(total.min(limit)),
            (total, limit) => total.or(limit),
        }
    }

    /// RAM in bytes that a program here could have just now.
    pub fn ram_free_bytes(&self) -> Option<u64> {
        let below_limit = self.ram_limit_bytes.zip(self.ram_limit_used_bytes);
        let below_limit = below_limit.map(|(limit, used)| limit.saturating_sub(used));
        match (self.ram_available_bytes, below_limit) {
            (Some(available), Some(below)) => Some(available.min(below)),
            (available, _) => available,
        }
    }

    /// These figures, which change, with those of `known` that do not.
    pub(super) fn over(self, known: &Self) -> Self {
        let Self { ram_total_bytes, ram_available_bytes, ram_limit_bytes, ram_limit_used_bytes, .. } = self;
        let Self { swap_total_bytes, swap_free_bytes, .. } = self;
        Self {
            ram_total_bytes,
            ram_available_bytes,
            ram_limit_bytes,
            ram_limit_used_bytes,
            swap_total_bytes,
            swap_free_bytes,
            ..known.clone()
        }
    }

    /// The same with what Windows tells of housing and modules.
    pub(super) fn told(mut self, housing: &[String], modules: &[Module]) -> Self {
        if !housing.is_empty() {
            self.laptop = Some(housing.iter().any(|kind| LAPTOPS.contains(&kind.as_str())));
        }
        let modules = together(modules);
        self.ram_kind = self.ram_kind.or(modules.kind);
        self.ram_mt_s = self.ram_mt_s.or(modules.mt_s);
        self.ram_channels = self.ram_channels.or(modules.channels);
        self
    }

    /// RAM in bytes that is in use just now, where it counts.
    pub fn ram_used_bytes(&self) -> Option<u64> {
        self.ram_bytes()?.checked_sub(self.ram_free_bytes()?)
    }

    /// Swap in bytes that is in use just now.
    pub fn swap_used_bytes(&self) -> Option<u64> {
        self.swap_total_bytes?.checked_sub(self.swap_free_bytes?)
    }
}

/// Asks the operating system; its files lie under `root`.
pub(super) fn ask(root: &Path) -> Host {
    let mut host = Host { disks: disks::list(root), inside: surroundings::inside(root), ..asked_again(root) };
    let housing = text(&root.join("sys/class/dmi/id/chassis_type"));
    host.laptop = housing.map(|kind| LAPTOPS.contains(&kind.as_str()));
    host.board = text(&root.join("proc/device-tree/model")).map(|name| name.trim_end_matches('\0').to_owned());
    let modules = modules::read(root);
    (host.ram_kind, host.ram_mt_s, host.ram_channels) = (modules.kind, modules.mt_s, modules.channels);
    (host.cpu, host.physical_cores) = processor(root);
    (host.os, host.system) = (System::long_os_version(), Some(this_system(root)));
    host
}

/// What changes from one moment to the next.
pub(super) fn asked_again(root: &Path) -> Host {
    let mut host = memory(root).unwrap_or_else(memory_of_library);
    if let Some(bytes) = graphics::apple_ram(root) {
        (host.ram_total_bytes, host.ram_available_bytes) = (Some(bytes), None);
    }
    (host.ram_limit_bytes, host.ram_limit_used_bytes) = limits::of_ram(root, host.ram_total_bytes);
    host
}

/// Trees that were recorded are Linux's, Apple's or Windows'.
fn this_system(root: &Path) -> OperatingSystem {
    if cfg!(target_os = "windows") || root.join(super::windows::RECORDED).exists() {
        OperatingSystem::Windows
    } else if cfg!(target_os = "macos") || graphics::apple_ram(root).is_some() {
        OperatingSystem::MacOs
    } else {
        OperatingSystem::Linux
    }
}

/// What Linux says of its memory.
fn memory(root: &Path) -> Option<Host> {
    let lines = text(&root.join("proc/meminfo"))?;
    let bytes = |name| figure(&lines, name)?.checked_mul(KIB);
    Some(Host {
        ram_total_bytes: bytes("MemTotal").filter(|bytes| *bytes > 0),
        ram_available_bytes: bytes("MemAvailable"),
        swap_total_bytes: bytes("SwapTotal"),
        swap_free_bytes: bytes("SwapFree"),
        ..Host::default()
    })
}

/// The same elsewhere.
fn memory_of_library() -> Host {
    // The library says 0 for what it cannot find out.
    let known = |bytes: u64| (bytes > 0).then_some(bytes);
    let mut system = System::new();
    system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram().with_swap());
    Host {
        ram_total_bytes: known(system.total_memory()),
        ram_available_bytes: known(system.available_memory()),
        swap_total_bytes: known(system.total_swap()),
        swap_free_bytes: known(system.total_swap()).map(|_| system.free_swap()),
        ..Host::default()
    }
}

/// Its name, and how many cores it has.
fn processor(root: &Path) -> (Option<String>, Option<usize>) {
    let Some(lines) = text(&root.join("proc/cpuinfo")).filter(|_| root != Path::new("/")) else {
        let mut system = System::new();
        system.refresh_cpu_list(CpuRefreshKind::nothing());
        let brand = system.cpus().first().map(|cpu| cpu.brand().trim().to_owned()).filter(|brand| !brand.is_empty());
        return (brand, System::physical_core_count());
    };
    let values = |name: &str| -> Vec<String> {
        let of_line =
            |line: &str| line.strip_prefix(name)?.trim_start().strip_prefix(':').map(|value| value.trim().to_owned());
        lines.lines().filter_map(of_line).collect()
    };
    let cores: BTreeSet<(String, String)> = values("physical id").into_iter().zip(values("core id")).collect();
    (values("model name").into_iter().next(), Some(cores.len()).filter(|cores| *cores > 0))
}

/// With one digit, as people say it.
fn gb_s(bytes_per_s: u64) -> f64 {
    (bytes_per_s as f64 / 1e8).round() / 10.0
}
