//! What an estimator keeps changes no answer.

use std::cell::RefCell;
use std::sync::Arc;

use crate::laws::every_engine_and_task;
use crate::support::any::{cases, extreme_plans, plans};
use proptest::prelude::*;
use rigplan::catalog::Catalog;
use rigplan::catalog::model::Model;
use rigplan::estimate::{Estimator, estimate};
use rigplan::plan::{ModelChoice, Plan};

/// `plan` with one input after the other as `other` has it: neighbors, whose keys differ in as little as plans can.
fn neighbors(plan: &Plan, other: &Plan) -> Vec<Plan> {
    let changes: [fn(&mut Plan, &Plan); 15] = [
        |plan, other| plan.machine = other.machine.clone(),
        |plan, other| plan.workload.model = other.workload.model.clone(),
        |plan, other| plan.workload.quantization = other.workload.quantization,
        |plan, other| plan.workload.kv_cache = other.workload.kv_cache,
        |plan, other| plan.workload.context = other.workload.context,
        |plan, other| plan.workload.sequences = other.workload.sequences,
        |plan, _| plan.workload.unified_kv ^= true,
        |plan, _| plan.workload.flash_attention ^= true,
        |plan, other| plan.workload.ubatch = other.workload.ubatch,
        |plan, other| plan.workload.logits = other.workload.logits,
        |plan, _| plan.workload.swa_full ^= true,
        |plan, other| plan.workload.gpu_layers = other.workload.gpu_layers,
        |plan, other| plan.workload.cpu_experts = other.workload.cpu_experts,
        |plan, other| plan.workload.split_mode = other.workload.split_mode,
        |plan, other| plan.workload.training = other.workload.training,
    ];
    let changed = changes.iter().map(|change| {
        let mut plan = plan.clone();
        change(&mut plan, other);
        plan
    });
    std::iter::once(plan.clone()).chain(changed).collect()
}

fn asked() -> impl Strategy<Value = Vec<Plan>> {
    let any = || prop_oneof![3 => plans(), 1 => extreme_plans(), 3 => every_engine_and_task()];
    let several = prop::collection::vec((any(), any()), 4)
        .prop_map(|pairs| pairs.iter().flat_map(|(plan, other)| neighbors(plan, other)).collect::<Vec<Plan>>());
    several.prop_shuffle()
}

/// Some thousand plans, in any order.
#[test]
fn what_is_kept_changes_no_answer() {
    let catalog = Catalog::embedded();
    let kept = RefCell::new(Estimator::default());
    proptest!(cases(48), |(plans in asked())| {
        for plan in plans {
            let alone = Estimator::default().estimate(&plan, catalog);
            prop_assert_eq!(&kept.borrow_mut().estimate(&plan, catalog), &alone, "one that knows more");
            prop_assert_eq!(&estimate(&plan, catalog), &alone, "the thread's own");
        }
    });
}

/// A copy of a model that was changed is another model, whatever its name.
#[test]
fn a_changed_copy_has_answers_of_its_own() {
    let catalog = Catalog::embedded();
    let mut estimator = Estimator::default();
    let mut weights = |model| {
        let mut plan = Plan::default();
        plan.workload.model = ModelChoice::File { path: "config.json".into(), model: Arc::new(model) };
        estimator.estimate(&plan, catalog).unwrap().weights.unwrap()
    };
    let model = catalog.model("llama-3.1-8b").unwrap();
    let mut wider = model.clone().into_fields();
    wider.vocab_size *= 2;
    assert!(weights(model.clone()) < weights(Model::new(wider).unwrap()));
}
