//! What of a plan must lie in RAM, and the entry of its model.

use super::PlanOutcome;
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::plan::{GpuLayers, ModelChoice, Plan};

/// The fewest layers, of at most `most`, whose experts must lie in RAM so that everything else fits on the devices;
/// `None` where not even that many are enough.
pub(super) fn fewest_experts(plan: &Plan, catalog: &Catalog, most: u32) -> Option<u32> {
    let mut trial = plan.clone();
    trial.workload.gpu_layers = GpuLayers::All;
    let mut holds = |layers: u32| {
        trial.workload.cpu_experts = layers;
        PlanOutcome::of(&trial, catalog).is_some_and(|it| it.missing.0 == 0)
    };
    if holds(0) {
        return Some(0);
    }
    if !holds(most) {
        return None;
    }
    // More experts in RAM leave more room: the fewest lie between one that does not hold and one that does.
    let (mut low, mut high) = (0, most);
    while high - low > 1 {
        let middle = low.midpoint(high);
        if holds(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

/// The entry of the model that a plan names, where it is more than a size.
pub(super) fn model<'a>(plan: &'a Plan, catalog: &'a Catalog) -> Option<&'a Model> {
    match &plan.workload.model {
        ModelChoice::Catalog(id) => catalog.model(id),
        ModelChoice::File { model, .. } => Some(model),
        ModelChoice::Size(_) => None,
    }
}
