//! What lies in memory besides the engine's own buffers, and the rates of PCI Express and RAM.

use serde::{Deserialize, Serialize};

use super::platform::RamKind;
use super::server::Servers;
use crate::units::{Band, Bytes, MIB};

/// The compute library under the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// Memory that a screen takes on the card it hangs on.
    pub screen: BySystem,
    /// RAM of the system with a desktop and the usual applications.
    pub desktop_ram: BySystem,
    /// RAM of the system without a desktop.
    pub headless_ram: BySystem,
    /// PCI Express rates, generation by generation.
    pub pcie: Vec<PcieGeneration>,
    /// Kinds of RAM for a picker.
    pub ram: Vec<RamSpeed>,
    /// What server engines take.
    pub servers: Servers,
}

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
    /// Not measured for this case: carried over or rough.
    pub is_estimate: bool,
    /// Where the figures come from.
    pub source: String,
}

impl OverheadBand {
    /// The band in bytes.
    pub const fn bytes(&self) -> Band<Bytes> {
        const fn bytes(mib: u32) -> Bytes {
            Bytes(mib as u64 * MIB)
        }
        Band { low: bytes(self.low_mib), expected: bytes(self.expected_mib), high: bytes(self.high_mib) }
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

impl Runtimes {
    /// GB/s (10^9) in one direction over a PCI Express link, before packet headers; `None` for an unknown generation.
    /// Source: PCI Express base specification, transfer rate × coding ÷ 8.
    pub fn pcie_gb_s(&self, generation: u8, lanes: u8) -> Option<f64> {
        let link = self.pcie.iter().find(|link| link.generation == generation)?;
        Some(link.gt_s * link.payload_bits / link.block_bits / 8.0 * f64::from(lanes))
    }
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
