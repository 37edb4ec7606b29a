//! What lies in memory besides the engine's own buffers, and the rates of PCI Express and RAM.

use crate::catalog::origin::Origin;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray, VariantNames};

use super::platform::RamKind;
use super::server::Servers;
use crate::units::{Band, Bytes, MIB};

/// The compute library under the engine.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray, VariantNames,
)]
#[strum(serialize_all = "lowercase")]
#[allow(missing_docs, reason = "proper names")]
pub enum Backend {
    Cuda,
    Rocm,
    Vulkan,
    Metal,
    Sycl,
    Cpu,
}

/// The operating system, which decides what else lies in memory.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, IntoStaticStr, VariantArray, VariantNames,
)]
#[strum(serialize_all = "lowercase")]
#[allow(missing_docs, reason = "proper names")]
pub enum OperatingSystem {
    #[default]
    Linux,
    Windows,
    MacOs,
}

/// The content of `runtimes.ron`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runtimes {
    /// Context, kernels and library memory on each device, by backend.
    pub overhead: ByBackend,
    /// Memory that a screen takes on the card that drives it.
    pub screen: BySystem,
    /// RAM of the system with a desktop and the usual applications.
    pub desktop_ram: BySystem,
    /// RAM of the system without a desktop.
    pub headless_ram: BySystem,
    /// PCI Express rates, generation by generation.
    pub pcie: Vec<PcieGeneration>,
    /// Lanes of several cards at home.
    pub shared_lanes: SharedLanes,
    /// Kinds of RAM for a picker.
    pub ram: Vec<RamSpeed>,
    /// Kinds of disk for a picker, the slowest first.
    pub disks: Vec<DiskKind>,
    /// Where llama.cpp's laws come from, and what it leaves free by itself.
    pub llama_cpp: LlamaCppSources,
    /// What server engines take.
    pub servers: Servers,
}

/// Where the laws of each part of memory come from: version and file of the code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "parts of memory")]
pub struct LlamaCppSources {
    pub weights: Origin,
    pub kv_cache: Origin,
    pub recurrent_state: Origin,
    pub compute: Origin,
    pub host_buffers: Origin,
    pub fit: FitDefaults,
    #[serde(default)]
    pub snapshots: SnapshotDefaults,
}

/// What llama-server keeps of recurrent states while it runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SnapshotDefaults {
    /// The most for one sequence.
    pub most: u32,
    /// Where that is written.
    pub source: Origin,
}

/// What llama.cpp's own placement of layers and experts does unless told otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FitDefaults {
    /// What it leaves free on each device, in MiB.
    pub margin_mib: u32,
    /// What it may leave free besides, or put there that no plan names, in MiB.
    pub unsure_mib: u32,
    /// Year and month since which it is on by default.
    pub since: (u16, u8),
    /// Where that is written.
    pub source: Origin,
}

impl FitDefaults {
    /// What it leaves free on each device.
    pub const fn margin(&self) -> Bytes {
        Bytes(self.margin_mib as u64 * MIB)
    }

    /// What it may leave free on each device beyond that.
    pub const fn unsure(&self) -> Bytes {
        Bytes(self.unsure_mib as u64 * MIB)
    }
}

/// Threads of a chip of which nothing is known: none, those of an RTX 4090, those of an RTX PRO 6000.
const UNKNOWN_CHIP: Band<u32> = Band { low: 0, expected: 128 * 1536, high: 188 * 1536 };

/// Memory whose size is not known to a point, in MiB.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverheadBand {
    /// The low end.
    pub low_mib: u32,
    /// The best single figure.
    pub expected_mib: u32,
    /// The high end.
    pub high_mib: u32,
    /// What each thread that the chip can hold adds to all three, in bytes: local memory that the driver sets aside.
    #[serde(default)]
    pub thread_bytes: u32,
    /// Not measured for this case: carried over or rough.
    pub is_estimate: bool,
    /// Where the figures come from.
    pub source: Origin,
}

impl OverheadBand {
    /// The band in bytes, of whatever does not grow with a chip.
    pub const fn bytes(&self) -> Band<Bytes> {
        self.grown(Band { low: 0, expected: 0, high: 0 })
    }

    /// The band in bytes on a chip that holds this many threads at once ([`super::card::Card::resident_threads`]); from
    /// the smallest to the largest chip where that is not known.
    pub const fn on_chip(&self, threads: Option<u32>) -> Band<Bytes> {
        self.grown(match threads {
            Some(threads) => Band { low: threads, expected: threads, high: threads },
            None => UNKNOWN_CHIP,
        })
    }

    const fn grown(&self, threads: Band<u32>) -> Band<Bytes> {
        const fn bytes(mib: u32, threads: u32, each: u32) -> Bytes {
            Bytes(mib as u64 * MIB + threads as u64 * each as u64)
        }
        Band {
            low: bytes(self.low_mib, threads.low, self.thread_bytes),
            expected: bytes(self.expected_mib, threads.expected, self.thread_bytes),
            high: bytes(self.high_mib, threads.high, self.thread_bytes),
        }
    }
}

/// One band for each backend.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "proper names")]
pub struct ByBackend {
    pub cuda: OverheadBand,
    pub rocm: OverheadBand,
    pub vulkan: OverheadBand,
    pub metal: OverheadBand,
    pub sycl: OverheadBand,
    pub cpu: OverheadBand,
}

impl ByBackend {
    /// The band of this backend.
    pub const fn of(&self, backend: Backend) -> &OverheadBand {
        match backend {
            Backend::Cuda => &self.cuda,
            Backend::Rocm => &self.rocm,
            Backend::Vulkan => &self.vulkan,
            Backend::Metal => &self.metal,
            Backend::Sycl => &self.sycl,
            Backend::Cpu => &self.cpu,
        }
    }
}

/// One band for each operating system.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "proper names")]
pub struct BySystem {
    pub linux: OverheadBand,
    pub windows: OverheadBand,
    pub macos: OverheadBand,
}

impl BySystem {
    /// The band of this system.
    pub const fn of(&self, os: OperatingSystem) -> &OverheadBand {
        match os {
            OperatingSystem::Linux => &self.linux,
            OperatingSystem::Windows => &self.windows,
            OperatingSystem::MacOs => &self.macos,
        }
    }
}

/// A generation of PCI Express.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PcieGeneration {
    /// 3 for PCI Express 3.0.
    pub generation: u8,
    /// Transfers a second on one lane, in GT/s.
    pub gt_s: f64,
    /// Payload bits in a coded block.
    pub payload_bits: f64,
    /// Bits of that block on the wire.
    pub block_bits: f64,
}

/// Lanes that each of several cards has in a machine for homes, where nobody says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharedLanes {
    /// PCIe lanes.
    pub lanes: u8,
    /// Where that comes from.
    pub source: Origin,
}

impl Runtimes {
    /// GB/s (10^9) in one direction over a PCI Express link, before packet headers; `None` for an unknown generation.
    /// Source: PCI Express base specification, transfer rate × coding ÷ 8.
    pub fn pcie_gb_s(&self, generation: u8, lanes: u8) -> Option<f64> {
        let link = self.pcie.iter().find(|link| link.generation == generation)?;
        Some(link.gt_s * link.payload_bits / link.block_bits / 8.0 * f64::from(lanes))
    }
}

/// A kind of disk as shops name it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiskKind {
    /// Such as `NVMe PCIe 4.0`.
    pub name: String,
    /// What a usual one reads in GB/s (10^9), one block after the other.
    pub gb_s: f64,
    /// Where that comes from.
    pub source: Origin,
}

/// A speed grade of RAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RamSpeed {
    /// Kind of RAM.
    pub kind: RamKind,
    /// Data rate in MT/s.
    pub mt_s: u32,
}

impl RamSpeed {
    /// As a shop names it, such as `DDR5-5200`.
    pub fn name(&self) -> String {
        format!("{}-{}", self.kind, self.mt_s)
    }

    /// Theoretical GB/s (10^9) over this many 64-bit channels: 8 bytes a transfer and channel.
    pub fn gb_s(&self, channels: u32) -> f64 {
        f64::from(self.mt_s) * 8.0 * f64::from(channels) / 1000.0
    }
}
