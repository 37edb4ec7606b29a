//! What of a plan must lie in RAM, and the entry of its model.

use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::estimate::estimate;
use crate::plan::{CpuExperts, GpuLayers, ModelChoice, Plan};
use crate::units::Bytes;

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
