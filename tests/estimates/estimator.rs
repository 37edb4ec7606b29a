//! What an estimator keeps changes no answer.

use std::cell::RefCell;
use std::sync::Arc;

use crate::laws::every_engine_and_task;
use crate::support::any::{cases, extreme_plans, plans};
use proptest::prelude::*;
use rigplan::catalog::Catalog;
use rigplan::catalog::model::Model;
use rigplan::catalog::quantization::Quantization;
use rigplan::estimate::{Estimator, Glance, Lineup, estimate};
use rigplan::plan::{CardChoice, CardCount, ModelChoice, Plan};

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

/// What machines are compared by at a glance is what their answers say, whatever plan is asked of whatever machines.
#[test]
fn a_glance_says_what_the_answer_says() {
    let catalog = Catalog::embedded();
    let kept = RefCell::new(Estimator::default());
    let told = RefCell::new(0_u32);
    proptest!(cases(48), |(plans in asked())| {
        let machines: Vec<_> = plans.iter().step_by(9).map(|plan| plan.machine.cards.clone()).collect();
        let mut lineup = Lineup::of(&plans[0], machines.clone(), catalog);
        for (place, plan) in plans.iter().enumerate() {
            // Each second plan is asked of machines that were lined up for another.
            if place % 2 == 0 {
                lineup = Lineup::of(plan, machines.clone(), catalog);
            }
            let found = kept.borrow_mut().glances(plan, &lineup);
            prop_assert_eq!(found.len(), machines.len());
            for (found, cards) in found.iter().zip(&machines) {
                let mut plan = plan.clone();
                plan.machine.cards.clone_from(cards);
                let answer = Estimator::default().estimate(&plan, catalog);
                prop_assert_eq!(found, &answer.map(|answer| Glance::of(&answer)), "{:?}", plan);
                *told.borrow_mut() += u32::from(found.as_ref().is_ok_and(|found| found.decode.is_some()));
            }
        }
    });
    assert!(told.into_inner() > 100, "most have a speed");
}

/// The same of every model on every card, with experts and layers in RAM where VRAM ends.
#[test]
fn every_card_is_told_at_a_glance_as_in_full() {
    let catalog = Catalog::embedded();
    let (mut estimator, mut plan) = (Estimator::default(), Plan::default());
    let cards: Vec<_> =
        catalog.cards().step_by(7).map(|card| vec![CardCount::of(CardChoice::Catalog(card.id.clone()), 1)]).collect();
    let lineup = Lineup::of(&plan, cards.iter().cloned(), catalog);
    for model in catalog.models().step_by(3) {
        plan.workload.model = ModelChoice::Catalog(model.id.clone());
        for quantization in [Quantization::Q4_K_M, Quantization::Q8_0] {
            plan.workload.quantization = quantization;
            let found = estimator.glances(&plan, &lineup);
            for (found, cards) in found.iter().zip(&cards) {
                plan.machine.cards.clone_from(cards);
                let answer = estimator.estimate(&plan, catalog).map(|answer| Glance::of(&answer));
                assert_eq!(found, &answer, "{}, {quantization:?}, {cards:?}", model.id);
            }
        }
    }
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
