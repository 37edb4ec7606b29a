//! A platform: the processor and board that carry the cards, and with them the RAM's bandwidth.

use crate::catalog::origin::Origin;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::parts::Dimm;
use super::price_list::one_or_many;
use super::source::{Confidence, Price};

/// A platform of the catalog. A figure that is not known is `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// Kebab-case, unique.
    pub id: String,
    /// The processor or machine.
    pub name: String,
    /// Ids it had before, which stand in saved plans: a family's lead to its usual part.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The socket, or `soldered`.
    pub socket: String,
    /// The most processors on one board.
    pub max_sockets: u32,
    /// Cores of one processor.
    pub cores: u32,
    /// Base power in W.
    pub tdp_w: Option<u32>,
    /// Power limit (PPT) or maximum turbo power in W.
    pub power_limit_w: Option<u32>,
    pub memory_kind: RamKind,
    /// Data rate of the RAM in MT/s, as the maker rates it.
    pub memory_mt_s: u32,
    /// The same with two sticks a channel, where that is less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub two_sticks_mt_s: Option<u32>,
    /// Width of the RAM bus in bits; a channel of DDR4 or DDR5 counts 64.
    pub memory_bus_bit: u32,
    /// Largest RAM in GiB.
    pub max_memory_gib: u32,
    /// Registered RAM or not; `None` = soldered.
    pub dimm: Option<Dimm>,
    /// Other kinds of RAM that it takes on other boards.
    #[serde(default)]
    pub also_memory: Vec<OtherMemory>,
    /// Theoretical RAM bandwidth in GB/s.
    pub memory_bandwidth_gb_s: f64,
    /// The accelerator of a machine with unified memory, by its card id.
    pub unified_card: Option<String>,
    /// Lanes for slots and disks by generation, the link to the chipset taken off.
    pub pcie: Vec<LaneGroup>,
    /// How a desktop's sixteen lanes may be split; empty = the board decides.
    pub slot_splits: Vec<Vec<u8>>,
    /// Lanes of `pcie` that only disks use.
    pub storage_lanes: u32,
    /// What it costs; empty = no price is known.
    #[serde(default, alias = "price", deserialize_with = "one_or_many")]
    pub prices: Vec<Price>,
    /// Where the figures come from.
    pub source: Origin,
    /// How sure they are.
    pub confidence: Confidence,
    /// What else one should know.
    pub note: Option<String>,
}

impl Platform {
    /// Newest PCI Express generation of the processor's lanes.
    pub fn pcie_gen(&self) -> Option<u8> {
        self.pcie.iter().map(|group| group.r#gen).max()
    }

    /// Lanes for slots and disks.
    pub fn lanes(&self) -> u32 {
        self.pcie.iter().map(|group| group.lanes).sum()
    }

    /// What the processor draws under load, in W: its limit, or else its base power.
    pub fn draw_w(&self) -> Option<u32> {
        self.power_limit_w.max(self.tdp_w)
    }

    /// RAM bandwidth in GB/s with so many sticks of this kind and rate: channels without a stick add nothing, and two sticks
    /// a channel slow all of them down.
    pub fn bandwidth_with(&self, kind: RamKind, mt_s: u32, sticks: u32) -> Option<f64> {
        let crowded = kind == self.memory_kind && sticks > self.memory_channels() * self.max_sockets;
        let most = self.two_sticks_mt_s.filter(|_| crowded).unwrap_or(u32::MAX);
        let rate = self.rate_with(kind)?.min(mt_s).min(most);
        Some(f64::from(self.memory_channels().min(sticks)) * 8.0 * f64::from(rate) / 1000.0)
    }

    /// Data rate in MT/s with RAM of this kind, where it takes it.
    pub fn rate_with(&self, kind: RamKind) -> Option<u32> {
        let own = (kind == self.memory_kind).then_some(self.memory_mt_s);
        own.or_else(|| self.also_memory.iter().find(|other| other.kind == kind).map(|other| other.mt_s))
    }

    /// RAM channels of 64 bits.
    pub const fn memory_channels(&self) -> u32 {
        self.memory_bus_bit / 64
    }

    /// The RAM as a shop names it, such as `DDR5-5200`.
    pub fn memory_name(&self) -> String {
        format!("{}-{}", self.memory_kind, self.memory_mt_s)
    }
}

/// Another kind of RAM that a processor takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherMemory {
    pub kind: RamKind,
    /// Data rate in MT/s.
    pub mt_s: u32,
}

/// Lanes of one generation of PCI Express.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaneGroup {
    /// The generation.
    pub r#gen: u8,
    pub lanes: u32,
}

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
