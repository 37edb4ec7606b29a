//! The plan with other cards in it.

use crate::catalog::card::{Card, Vendor};
use crate::catalog::quantization::Quantization;
use crate::estimate::device::default_backend;
use crate::plan::{Backend, CardChoice, CardCount, CardSlot, GpuLayers, Plan, Resident, Runtime};

/// `plan` on so many of `card` and nothing else.
///
/// What was chosen for the plan's own cards goes: a number of layers (as many as fit instead), a compute library that
/// this maker's cards do not have, a parallelism of another count.
pub fn trial(plan: &Plan, card: &Card, count: u32) -> Plan {
    let mut trial = Trial::of(plan);
    trial.with(card, count);
    trial.plan
}

/// A plan in which one card after the other is tried, without a copy for each.
#[derive(Debug)]
pub(super) struct Trial {
    plan: Plan,
    /// The compute library that the plan names.
    backend: Option<Backend>,
    layers: GpuLayers,
    /// What runs beside, where it lies in the plan.
    also: Vec<Resident>,
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
        Self { backend: plan.workload.backend, layers, also: plan.also.clone(), plan: trial }
    }

    /// The engine.
    pub(super) fn runtime(&self) -> Runtime {
        self.plan.workload.runtime
    }

    /// How the weights are stored.
    pub(super) fn quantization(&self) -> Quantization {
        self.plan.workload.quantization
    }

    pub(super) fn with(&mut self, card: &Card, count: u32) -> &Plan {
        self.plan.workload.gpu_layers = self.layers;
        self.place(card, count)
    }

    /// The plan on these cards, all layers on them, whether they fit or not.
    pub(super) fn with_all_layers(&mut self, card: &Card, count: u32) -> &Plan {
        self.plan.workload.gpu_layers = GpuLayers::All;
        self.place(card, count)
    }

    fn place(&mut self, card: &Card, count: u32) -> &Plan {
        self.plan.workload.backend = self.backend.filter(|backend| drives(*backend, card));
        let cards = &mut self.plan.machine.cards;
        if let [CardCount { card: CardChoice::Catalog(id), count: before, memory_gib, slot }] = cards.as_mut_slice() {
            id.clone_from(&card.id);
            *before = count;
            *memory_gib = None;
            *slot = CardSlot::default();
        } else {
            *cards = vec![CardCount::of(CardChoice::Catalog(card.id.clone()), count)];
        }
        if !self.also.is_empty() {
            self.plan.also.clone_from(&self.also);
            self.plan.settle_residents();
        }
        &self.plan
    }
}

/// Whether a compute library drives this card. A plan on the CPU asks about cards all the same.
fn drives(backend: Backend, card: &Card) -> bool {
    backend == default_backend(card) || (backend == Backend::Vulkan && card.vendor != Vendor::Apple)
}
