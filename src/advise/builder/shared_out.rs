//! Training whose cards do not each hold the weights: they share them out.

use crate::catalog::Catalog;
use crate::estimate::{Verdict, estimate};
use crate::plan::{Offload, Plan, Sharding, Task};

/// The stage at which weights are shared out as well.
const SHARDS_WEIGHTS: u8 = 3;

/// Where several cards do not each hold a base with adapters, they share it out (FSDP, or `ZeRO` where that keeps less), in RAM
/// between uses if need be.
pub(super) fn shared_out(plan: Plan, catalog: &Catalog) -> Plan {
    let devices: u32 = plan.machine.cards.iter().map(|cards| cards.count).sum();
    let adapters = matches!(plan.workload.task, Task::Lora | Task::Qlora);
    let holds = |plan: &Plan| {
        let verdict = estimate(plan, catalog).ok().and_then(|found| found.verdict);
        verdict.is_some_and(|verdict| verdict != Verdict::DoesNotFit)
    };
    if !adapters || devices < 2 || plan.workload.training.zero_stage > 0 || holds(&plan) {
        return plan;
    }
    let mut shared = plan.clone();
    shared.workload.training.zero_stage = SHARDS_WEIGHTS;
    for offload in [plan.workload.training.offload, Offload::Parameters] {
        // The one keeps less in RAM, the other less beside it on the cards.
        for sharding in [Sharding::Fsdp, Sharding::DeepSpeed] {
            (shared.workload.training.sharding, shared.workload.training.offload) = (sharding, offload);
            if holds(&shared) {
                return shared;
            }
        }
    }
    plan
}
