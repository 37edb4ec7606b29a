//! A platform: the processor and board that carry the cards, and with them the RAM's bandwidth.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::source::{Confidence, Price};

/// A platform of the catalog. A figure that is not known is `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// Kebab-case, unique.
    pub id: String,
    /// The processor or machine.
    pub name: String,
    /// The socket, or `soldered`.
    pub socket: String,
    /// Cores, or the span of a family (`8-64`).
    pub cores: String,
    /// Kind of RAM.
    pub memory_kind: RamKind,
    /// Data rate of the RAM in MT/s, as the maker rates it.
    pub memory_mt_s: u32,
    /// Width of the RAM bus in bits; a channel of DDR4 or DDR5 counts 64.
    pub memory_bus_bit: u32,
    /// Largest RAM in GiB.
    pub max_memory_gib: u32,
    /// Theoretical RAM bandwidth in GB/s.
    pub memory_bandwidth_gb_s: f64,
    /// The accelerator of a machine with unified memory, by its card id.
    pub unified_card: Option<String>,
    /// PCI Express generation of the processor's lanes.
    pub pcie_gen: Option<u8>,
    /// Usable PCI Express lanes, in words.
    pub pcie_lanes: String,
    /// Slots for cards on a typical board, in words.
    pub card_slots: String,
    /// Price of the processor or machine.
    pub price: Option<Price>,
    /// Where the figures come from.
    pub source: String,
    /// How sure they are.
    pub confidence: Confidence,
    /// What else one should know.
    pub note: Option<String>,
}

impl Platform {
    /// RAM channels of 64 bits.
    pub const fn memory_channels(&self) -> u32 {
        self.memory_bus_bit / 64
    }

    /// The RAM as a shop names it, such as `DDR5-5200`.
    pub fn memory_name(&self) -> String {
        format!("{}-{}", self.memory_kind, self.memory_mt_s)
    }
}

/// A kind of RAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "names of standards")]
pub enum RamKind {
    DDR3,
    DDR4,
    DDR5,
    LPDDR5,
    LPDDR5X,
}

impl fmt::Display for RamKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
