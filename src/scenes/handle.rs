//! Handles: what can be turned in a scene, in notches of real values.

use super::picture::Say;
use crate::catalog::quantization::Quantization;
use crate::plan::{BuildRequest, CardChoice, CardCount, GpuLayers, HandleId, Plan};
use crate::units::Usd;

/// A handle on a thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Handle {
    /// Which one.
    pub id: HandleId,
    /// What it turns, in words.
    pub name: Say,
    /// The values it snaps to, in order.
    pub notches: Vec<Notch>,
    /// The notch it stands at.
    pub at: usize,
    /// The notch of the reader's plan, where it is one of them.
    pub yours: Option<usize>,
    /// The last notch at which all fits, or the widest there is.
    pub limit: Option<usize>,
    /// The thing that it sits on.
    pub on: &'static str,
    /// The edge of it.
    pub edge: Edge,
}

impl Handle {
    /// The notch it stands at.
    pub fn notch(&self) -> Option<&Notch> {
        self.notches.get(self.at)
    }
}

/// An edge of a thing: which way a handle is dragged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// To the right is more.
    Right,
    /// Up is more.
    Top,
    /// The top of what lies there: up is more.
    Pile,
}

/// One value that a handle snaps to.
#[derive(Debug, Clone, PartialEq)]
pub struct Notch {
    /// What it does to a plan.
    pub turn: Turn,
    /// The value in words.
    pub words: Say,
}

/// A change of a plan that a handle makes.
#[derive(Debug, Clone, PartialEq)]
pub enum Turn {
    /// So much RAM, in GiB.
    RamGib(f64),
    /// RAM so fast, in GB/s.
    RamSpeed(f64),
    /// This card in place of all others.
    Card(String),
    /// So many of the cards there are.
    Cards(u32),
    /// A slot of this generation and so many lanes.
    Pcie(u8, u8),
    /// So many tokens a sequence.
    Context(u64),
    /// So many sequences at once, or in training this micro-batch.
    Sequences(u32),
    /// Weights in this precision.
    Weights(Quantization),
    /// So many layers in VRAM.
    Layers(u32),
    /// Adapters of this rank.
    Rank(u32),
    /// So many hours of use a day, asked of a build.
    Hours(f64),
    /// So much to spend, asked of a build.
    Budget(f64),
}

impl Turn {
    /// Makes the change.
    pub fn apply(&self, plan: &mut Plan) {
        let (workload, machine) = (&mut plan.workload, &mut plan.machine);
        match self {
            Self::RamGib(gib) => machine.ram_gib = *gib,
            Self::RamSpeed(gb_s) => machine.ram_gb_s = Some(*gb_s),
            Self::Card(id) => {
                let count = machine.cards.first().map_or(1, |card| card.count);
                machine.cards = vec![CardCount::of(CardChoice::Catalog(id.clone()), count)];
                plan.settle_residents();
            }
            Self::Cards(count) => {
                machine.cards.truncate(1);
                machine.cards.iter_mut().for_each(|card| card.count = *count);
                plan.settle_residents();
            }
            Self::Pcie(generation, lanes) => {
                (machine.pcie_gen, machine.pcie_lanes) = (Some(*generation), Some(*lanes));
            }
            Self::Context(tokens) => workload.set_length(*tokens),
            Self::Sequences(count) => workload.set_at_once(*count),
            Self::Weights(quantization) => workload.quantization = *quantization,
            Self::Layers(layers) => workload.gpu_layers = GpuLayers::Count(*layers),
            Self::Rank(rank) => workload.training.lora_rank = *rank,
            // Not of the plan, but of what is asked of a build.
            Self::Hours(_) | Self::Budget(_) => {}
        }
    }

    /// Makes the change that is asked of a build.
    pub fn ask(&self, request: &mut BuildRequest) {
        match self {
            Self::Hours(hours) => request.terms.hours_per_day = *hours,
            Self::Budget(usd) => request.move_budget(Usd(*usd)),
            _ => {}
        }
    }

    /// Whether it is asked of a build rather than of the plan.
    pub const fn is_asked_of_build(&self) -> bool {
        matches!(self, Self::Hours(_) | Self::Budget(_))
    }
}
