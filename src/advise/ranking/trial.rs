//! The plan with other cards in it.

use crate::catalog::Catalog;
use crate::catalog::card::{Card, Vendor};
use crate::catalog::quantization::Quantization;
use crate::estimate::device::default_backend;
use crate::estimate::{Estimate, EstimateError, Warning, estimate};
use crate::plan::{Backend, CardChoice, CardCount, CardSlot, GpuLayers, Plan, Resident, Runtime};

/// `plan` on so many of `card` and nothing else.
///
/// What was chosen for the plan's own cards goes: a number of layers (as many as fit instead), a compute library that
/// this maker's cards do not have, a parallelism of another count. An engine that would not start on them as it comes is
/// told of fewer sequences, where the plan leaves that open.
pub fn trial(plan: &Plan, card: &Card, count: u32, catalog: &Catalog) -> Plan {
    trial_of_size(plan, card, None, count, catalog)
}

/// As [`trial`], each with so much memory in GiB; all that they are sold with where none is named.
pub fn trial_of_size(plan: &Plan, card: &Card, size_gib: Option<f64>, count: u32, catalog: &Catalog) -> Plan {
    let mut trial = Trial::of(plan);
    trial.size_gib = size_gib;
    // What it comes to is asked again by whoever shows the plan.
    let _answer = trial.on(card, count, catalog);
    trial.plan
}

/// A plan in which one card after the other is tried, without a copy for each.
#[derive(Debug)]
pub(super) struct Trial {
    plan: Plan,
    /// The compute library that the plan names.
    backend: Option<Backend>,
    layers: GpuLayers,
    /// The most sequences that the plan lets the engine prepare for.
    most_sequences: Option<u32>,
    /// What runs beside, where it lies in the plan.
    also: Vec<Resident>,
    /// The memory of one device, in GiB; nothing where it is all that the card is sold with.
    size_gib: Option<f64>,
}

impl Trial {
    pub(super) fn of(plan: &Plan) -> Self {
        let layers = match plan.workload.gpu_layers {
            GpuLayers::Count(_) => GpuLayers::Auto,
            asked => asked,
        };
        let mut trial = plan.clone();
        trial.workload.tensor_parallel = None;
        if !plan.workload.task.trains() {
            trial.workload.training.pipeline_parallel = 1;
        }
        let most_sequences = plan.workload.server.max_num_seqs;
        let also = plan.also.clone();
        Self { backend: plan.workload.backend, layers, most_sequences, also, size_gib: None, plan: trial }
    }

    /// From now on each of `card` has so much memory, in GiB.
    pub(super) fn take_size(&mut self, card: &Card, each_gib: f64) {
        self.size_gib = (each_gib != card.memory_gib).then_some(each_gib);
    }

    /// The engine.
    pub(super) fn runtime(&self) -> Runtime {
        self.plan.workload.runtime
    }

    /// How the weights are stored.
    pub(super) fn quantization(&self) -> Quantization {
        self.plan.workload.quantization
    }

    /// For how many sequences the engine was told to prepare, where it would not start as it comes.
    pub(super) fn prepared(&self) -> Option<u32> {
        self.plan.workload.server.max_num_seqs.filter(|_| self.most_sequences.is_none())
    }

    /// What the plan comes to on these cards.
    pub(super) fn on(&mut self, card: &Card, count: u32, catalog: &Catalog) -> Result<Estimate, EstimateError> {
        self.plan.workload.gpu_layers = self.layers;
        self.place(card, count);
        self.started(catalog)
    }

    /// The same with all layers on them, whether they fit or not.
    pub(super) fn with_all_layers(
        &mut self,
        card: &Card,
        count: u32,
        catalog: &Catalog,
    ) -> Result<Estimate, EstimateError> {
        self.plan.workload.gpu_layers = GpuLayers::All;
        self.place(card, count);
        self.started(catalog)
    }

    /// What the plan comes to, with the engine told to prepare for no more sequences than it starts with.
    fn started(&mut self, catalog: &Catalog) -> Result<Estimate, EstimateError> {
        let found = estimate(&self.plan, catalog)?;
        let held = found.warnings.iter().find_map(|warning| match warning {
            Warning::StateBlocks { held, .. } => u32::try_from(*held).ok(),
            _ => None,
        });
        match held.filter(|held| *held > 0 && self.most_sequences.is_none()) {
            Some(held) => {
                self.plan.workload.server.max_num_seqs = Some(held);
                estimate(&self.plan, catalog)
            }
            None => Ok(found),
        }
    }

    fn place(&mut self, card: &Card, count: u32) {
        self.plan.workload.server.max_num_seqs = self.most_sequences;
        self.plan.workload.backend = self.backend.filter(|backend| drives(*backend, card));
        let cards = &mut self.plan.machine.cards;
        if let [CardCount { card: CardChoice::Catalog(id), count: before, memory_gib, slot }] = cards.as_mut_slice() {
            id.clone_from(&card.id);
            *before = count;
            *memory_gib = self.size_gib;
            *slot = CardSlot::default();
        } else {
            let tried = CardCount::of(CardChoice::Catalog(card.id.clone()), count);
            *cards = vec![CardCount { memory_gib: self.size_gib, ..tried }];
        }
        if !self.also.is_empty() {
            self.plan.also.clone_from(&self.also);
            self.plan.settle_residents();
        }
    }
}

/// Whether a compute library drives this card. A plan on the CPU asks about cards all the same.
fn drives(backend: Backend, card: &Card) -> bool {
    backend == default_backend(card) || (backend == Backend::Vulkan && card.vendor != Vendor::Apple)
}
