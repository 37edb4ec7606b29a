//! What follows from a change by itself: room that became free is used.

use super::{Baseline, Change};
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::estimate::estimate;
use crate::plan::{CpuExperts, GpuLayers, ModelChoice, Plan};
use crate::units::Bytes;

/// The plan with `changes` made. A fixed number of layers on the GPU gives way to "the most that fit", and experts in
/// RAM come back as far as there is room for them, unless the change is about them.
pub(super) fn changed(base: &Baseline<'_>, changes: &[Change]) -> Plan {
    let mut plan = base.plan.clone();
    for change in changes {
        change.apply(&mut plan);
    }
    if matches!(plan.workload.gpu_layers, GpuLayers::Count(_)) {
        plan.workload.gpu_layers = GpuLayers::Auto;
    }
    let about_experts = changes.iter().any(|change| matches!(change, Change::Experts(_)));
    if let (CpuExperts::Count(most @ 1..), false) = (plan.workload.cpu_experts, about_experts) {
        let fewest = fewest_experts(&plan, base.catalog, most).unwrap_or(most);
        plan.workload.cpu_experts = CpuExperts::Count(fewest);
    }
    plan
}

/// The fewest layers, of at most `most`, whose experts must lie in RAM so that the devices hold everything else; `None`
/// where not even that many are enough. Whether the RAM holds them, the estimate of the change says.
pub(super) fn fewest_experts(plan: &Plan, catalog: &Catalog, most: u32) -> Option<u32> {
    let mut trial = plan.clone();
    if trial.workload.gpu_layers != GpuLayers::All {
        // Several cards share the layers so that each is filled.
        trial.workload.gpu_layers = GpuLayers::Auto;
    }
    let mut holds = |layers: u32| {
        trial.workload.cpu_experts = CpuExperts::Count(layers);
        estimate(&trial, catalog).is_ok_and(|found| {
            let held = |excess: Option<Bytes>| excess == Some(Bytes::ZERO);
            found.gpu_layers() == found.layers && found.devices.iter().all(|device| held(device.excess))
        })
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
