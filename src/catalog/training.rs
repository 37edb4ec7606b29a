//! Constants of training that no code decides: memory outside the allocator, and how much of a card's rate runs reach.

use crate::catalog::origin::Origin;
use serde::{Deserialize, Serialize};

use super::card::Card;
use super::runtime::OverheadBand;

/// The content of `training.ron`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingFacts {
    /// Where the laws of weights, states and activations come from.
    pub laws: Origin,
    /// Context, kernels and workspaces of libraries on each card.
    pub context: OverheadBand,
    /// What the allocator reserves above what is allocated and above blocks that phases cannot lend each other, as shares of
    /// what is allocated.
    pub reserve: FractionBand,
    /// The same where weights are gathered and freed all the time (`ZeRO` 3, FSDP).
    pub reserve_sharded: FractionBand,
    /// How much of the BF16 rate is used, by generations of chips; the first that matches counts, the last holds for all.
    pub utilization: Vec<Utilization>,
    /// How much slower a run is whose weights are unpacked from nf4.
    pub unpacking: FractionBand,
    /// What each process takes in RAM.
    pub host: HostFacts,
}

/// A fraction that is not known to a point.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FractionBand {
    /// The low end.
    pub low: f64,
    /// The best single figure.
    pub expected: f64,
    /// The high end.
    pub high: f64,
    /// Where it comes from.
    #[serde(default)]
    pub source: Origin,
}

/// Share of the dense BF16 rate that training uses, recomputation counted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Utilization {
    /// Generations of chips by the maker's names; all where empty.
    #[serde(default)]
    pub architectures: Vec<String>,
    /// What the memory's kind begins with; any where empty.
    #[serde(default)]
    pub memory: String,
    /// Layers keep their activations.
    pub plain: FractionBand,
    /// Layers are run again.
    pub checkpointed: FractionBand,
    /// Measured on these chips; carried over otherwise.
    pub measured: bool,
    /// Where it comes from.
    pub source: Origin,
}

/// What training takes in RAM besides what it offloads.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostFacts {
    /// One process: Python, CUDA and libraries, in GiB.
    pub process_gib: f64,
    /// One loader process, in GiB.
    pub worker_gib: f64,
    /// The largest file of a checkpoint, which is mapped while it is read, in GiB.
    pub file_gib: f64,
    /// Where the figures come from.
    pub source: Origin,
}

impl TrainingFacts {
    /// How much of its rate `card` uses.
    pub fn utilization(&self, card: &Card) -> Option<&Utilization> {
        let memory = card.memory_kind.as_deref().unwrap_or_default();
        let fits = |it: &&Utilization| {
            (it.architectures.is_empty() || it.architectures.contains(&card.architecture))
                && memory.starts_with(&it.memory)
        };
        self.utilization.iter().find(fits)
    }
}
