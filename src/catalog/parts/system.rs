//! Whole machines: computers with unified memory, and server nodes.

use crate::catalog::origin::Origin;
use serde::{Deserialize, Serialize};

use crate::catalog::source::{Confidence, Price};

/// A machine that is bought as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    /// Kebab-case, unique among all parts.
    pub id: String,
    /// As its maker writes it.
    pub name: String,
    /// The name in Chinese, where that is no proper name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_zh: Option<String>,
    /// What it is.
    pub kind: SystemKind,
    /// The cards in it.
    #[serde(default)]
    pub cards: Vec<SystemCards>,
    /// The accelerator of a machine with unified memory, by its card id.
    pub unified_card: Option<String>,
    /// RAM, or unified memory, of the priced configuration in GiB.
    pub memory_gib: Option<u32>,
    /// What it draws at most, in W.
    pub power_w: Option<u32>,
    /// The link between its cards, in words.
    pub link: Option<String>,
    /// Height in rack units.
    pub rack_units: Option<u32>,
    /// What it costs as a whole; empty = no dated price is known.
    #[serde(default)]
    pub prices: Vec<Price>,
    /// Where the figures come from.
    pub source: Origin,
    /// How sure they are.
    pub confidence: Confidence,
    /// What else one should know.
    pub note: Option<String>,
}

/// So many of one card in a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemCards {
    /// The card, by its id.
    pub card: String,
    /// How many.
    pub count: u32,
}

/// What a whole machine is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SystemKind {
    /// Stands on a desk.
    Desktop,
    /// A workstation.
    Tower,
    /// A server of a rack.
    Node,
    /// Cards on their board, without the machine around them: nothing that runs.
    Baseboard,
    /// A whole rack.
    Rack,
}
