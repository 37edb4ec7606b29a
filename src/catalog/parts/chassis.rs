//! Cases, coolers and network parts.

use crate::catalog::origin::Origin;
use serde::{Deserialize, Serialize};

use super::BoardForm;
use crate::catalog::price_list::one_or_many;
use crate::catalog::source::{Confidence, Price};

/// A case or chassis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Kebab-case, unique among all parts.
    pub id: String,
    /// As a shop writes it.
    pub name: String,
    /// The name in Chinese, where that is no proper name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_zh: Option<String>,
    /// What it is.
    pub kind: CaseKind,
    /// Height in rack units.
    pub rack_units: Option<u32>,
    /// Slots of single width; a card takes as many as it is thick.
    pub card_slots: u32,
    /// The longest card, in mm.
    pub card_length_mm: Option<u32>,
    /// The boards it takes.
    pub boards: Vec<BoardForm>,
    /// Power supplies that it holds.
    #[serde(default = "one")]
    pub supplies: u32,
    /// PCI Express generation of the riser cables that its cards hang on; `None` = they plug into the board.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub riser_gen: Option<u8>,
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

const fn one() -> u32 {
    1
}

impl Case {
    /// Whether its cards hang on riser cables.
    pub const fn has_risers(&self) -> bool {
        self.riser_gen.is_some()
    }
}

/// What joins the parts of one machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fitting {
    /// Kebab-case, unique among all parts.
    pub id: String,
    /// As a shop writes it.
    pub name: String,
    /// The name in Chinese, where that is no proper name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_zh: Option<String>,
    /// What it joins.
    pub kind: FittingKind,
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

/// What a fitting joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FittingKind {
    /// A card to its slot, at this generation of PCI Express.
    Riser(u8),
    /// A further power supply to the first: both switch on together.
    SupplySync,
}

/// What a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CaseKind {
    /// Stands on the floor.
    Tower,
    /// For a rack: fans push air through cards that have none.
    Rack,
    /// An open frame.
    Frame,
}

/// A processor cooler.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cooler {
    /// Kebab-case, unique among all parts.
    pub id: String,
    /// As a shop writes it.
    pub name: String,
    /// The name in Chinese, where that is no proper name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_zh: Option<String>,
    /// Air or liquid.
    pub kind: CoolerKind,
    /// Length of the radiator in mm.
    pub radiator_mm: Option<u32>,
    /// The heat it takes away, in W, where its maker says so.
    pub cools_w: Option<u32>,
    /// The sockets it fits.
    pub sockets: Vec<String>,
    /// What it costs; empty = no price is known.
    #[serde(default, alias = "price", deserialize_with = "one_or_many")]
    pub prices: Vec<Price>,
    /// Where the figures come from, where no price says so.
    pub source: Option<Origin>,
    /// How sure they are.
    pub confidence: Confidence,
    /// What else one should know.
    pub note: Option<String>,
}

/// What carries the heat away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CoolerKind {
    /// Fins and fans.
    Air,
    /// A radiator.
    Liquid,
}

/// A network card or switch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// Kebab-case, unique among all parts.
    pub id: String,
    /// As a shop writes it.
    pub name: String,
    /// The name in Chinese, where that is no proper name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_zh: Option<String>,
    /// What it is.
    pub kind: NetworkKind,
    /// Gbit/s of one port.
    pub gbit: f64,
    /// Ports.
    pub ports: u32,
    /// PCI Express lanes of a card.
    pub pcie_lanes: Option<u8>,
    /// What it draws, in W.
    pub power_w: Option<u32>,
    /// What it costs; empty = no price is known.
    #[serde(default, alias = "price", deserialize_with = "one_or_many")]
    pub prices: Vec<Price>,
    /// Where the figures come from, where no price says so.
    pub source: Option<Origin>,
    /// How sure they are.
    pub confidence: Confidence,
    /// What else one should know.
    pub note: Option<String>,
}

/// A part of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NetworkKind {
    /// Goes into a slot.
    Card,
    /// Joins machines.
    Switch,
}
