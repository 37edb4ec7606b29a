//! The parts a machine is built of besides its cards and processors, whole machines, and the tiers' rules.
//!
//! Prices are of what one entry names (a kit of RAM, one board). A part without a price is known, but a build with it
//! costs "from" its total.

mod board;
mod build_rules;
mod chassis;
mod circuit;
mod memory;
mod power;
mod system;
mod tier;
mod written;

pub use board::{Board, BoardForm, Slot};
pub use build_rules::{BuildRules, IdleDraw, MixedRule, ShareRule, SharesRule, TrainingRule};
pub use chassis::{Case, CaseKind, Cooler, CoolerKind, Fitting, FittingKind, Network, NetworkKind};
pub use circuit::{Circuit, CircuitId};
pub use memory::{Dimm, MemoryKit, Storage};
pub use power::{Efficiency, EfficiencyCurve, PowerPlugs, PowerSupply, SupplyForm};
pub use system::{System, SystemCards, SystemKind};
pub use tier::{Bracket, Reason, Tier, TierDemand, TierId, TierRule};
pub use written::{Written, class};

use serde::{Deserialize, Serialize};

/// A kind of thing that is bought, in the order of the price book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the kinds of part")]
pub enum PartKind {
    Card,
    System,
    Processor,
    Board,
    Ram,
    Disk,
    PowerSupply,
    Case,
    Fitting,
    Cooler,
    Network,
}
