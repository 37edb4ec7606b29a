//! Plans in few words, and what they come to.

use rigplan::advise::remedies::{Ladder, ladder};
use rigplan::catalog::Catalog;
use rigplan::catalog::source::Date;
use rigplan::estimate::{Estimate, EstimateError, Refusal, estimate};
use rigplan::plan::{CardChoice, CardCount, GpuLayers, KvCache, Machine, ModelChoice, Plan, Task, Workload};

/// The day of all tests that need one.
pub(crate) fn today() -> Date {
    Date::try_from("2026-11-22".to_owned()).expect("a date")
}

/// The plan that a new document has, with this model.
pub(crate) fn serving(model: &str) -> Plan {
    let mut plan = Plan::default();
    plan.workload.model = ModelChoice::Catalog(model.to_owned());
    plan
}

/// The same with a task.
pub(crate) fn training(model: &str, task: Task) -> Plan {
    let mut plan = serving(model);
    plan.workload.task = task;
    plan
}

/// A plan of this model and file type on one card of the catalog, all layers on it.
pub(crate) fn plan(model: &str, quantization: &str, card: &str) -> Plan {
    Plan {
        workload: Workload {
            model: ModelChoice::Catalog(model.to_owned()),
            quantization: quantization.parse().expect("a quantization"),
            gpu_layers: GpuLayers::All,
            ..Workload::default()
        },
        machine: Machine { cards: vec![cards(card, 1)], ..Machine::default() },
        also: Vec::new(),
    }
}

/// So many cards of one kind.
pub(crate) fn cards(id: &str, count: u32) -> CardCount {
    CardCount::of(CardChoice::Catalog(id.to_owned()), count)
}

/// Keys and values in the same precision.
pub(crate) fn kv(name: &str) -> KvCache {
    let precision = name.parse().expect("a KV precision");
    KvCache { k: precision, v: precision }
}

/// What the built-in catalog answers.
pub(crate) fn ask(plan: &Plan) -> Estimate {
    estimate(plan, Catalog::embedded()).unwrap_or_else(|error| panic!("{error}: {plan:?}"))
}

/// Why the engine does not run a plan.
pub(crate) fn refusal(plan: &Plan) -> Refusal {
    match estimate(plan, Catalog::embedded()) {
        Err(EstimateError::Refused(refusal)) => refusal,
        other => panic!("expected a refusal, found {other:?}"),
    }
}

/// What may be done about a plan.
pub(crate) fn ways(plan: &Plan) -> Ladder {
    ladder(plan, Catalog::embedded()).expect("a plan that can be judged")
}
