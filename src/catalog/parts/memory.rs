//! RAM as it is sold, and disks.

use serde::{Deserialize, Serialize};

use crate::catalog::platform::RamKind;
use crate::catalog::price_list::one_or_many;
use crate::catalog::source::{Confidence, Price};

/// Whether RAM is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Dimm {
    /// Unbuffered, for desktops.
    Udimm,
    /// Registered with ECC, for servers.
    Rdimm,
}

/// A kit of RAM; the price is of the whole kit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemoryKit {
    /// Kebab-case, unique among all parts.
    pub id: String,
    /// As a shop writes it.
    pub name: String,
    /// Kind of RAM.
    pub kind: RamKind,
    /// Registered or not.
    pub dimm: Dimm,
    /// With error correction.
    pub ecc: bool,
    /// Data rate in MT/s.
    pub mt_s: u32,
    /// Size of one stick in GiB.
    pub stick_gib: u32,
    /// Sticks in the kit.
    pub sticks: u32,
    /// What it costs; empty = no price is known.
    #[serde(default, alias = "price", deserialize_with = "one_or_many")]
    pub prices: Vec<Price>,
    /// How sure the figures are.
    pub confidence: Confidence,
    /// What else one should know.
    pub note: Option<String>,
}

impl MemoryKit {
    /// GiB of the kit.
    pub const fn gib(&self) -> u32 {
        self.stick_gib * self.sticks
    }
}

/// A disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    /// Kebab-case, unique among all parts.
    pub id: String,
    /// As a shop writes it.
    pub name: String,
    /// Capacity in GB (10^9), as disks are sold.
    pub capacity_gb: u32,
    /// PCI Express generation; `None` = SATA.
    pub pcie_gen: Option<u8>,
    /// What it reads in GB/s by its data sheet.
    pub read_gb_s: Option<f64>,
    /// What it costs; empty = no price is known.
    #[serde(default, alias = "price", deserialize_with = "one_or_many")]
    pub prices: Vec<Price>,
    /// How sure the figures are.
    pub confidence: Confidence,
    /// What else one should know.
    pub note: Option<String>,
}
