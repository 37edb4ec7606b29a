//! Plans in few words, for tests of the estimator.

use rigplan::catalog::Catalog;
use rigplan::estimate::{Estimate, estimate};
use rigplan::plan::{CardChoice, CardCount, GpuLayers, KvCache, Machine, ModelChoice, Plan, Workload};

/// A plan of this model and file type on one card of the catalog, all layers on it.
pub fn plan(model: &str, quantization: &str, card: &str) -> Plan {
    Plan {
        workload: Workload {
            model: ModelChoice::Catalog(model.to_owned()),
            quantization: quantization.parse().expect("a quantization"),
            gpu_layers: GpuLayers::All,
            ..Workload::default()
        },
        machine: Machine { cards: vec![cards(card, 1)], ..Machine::default() },
    }
}

/// So many cards of one kind.
pub fn cards(id: &str, count: u32) -> CardCount {
    CardCount { card: CardChoice::Catalog(id.to_owned()), count, memory_gib: None }
}

/// Keys and values in the same precision.
pub fn kv(name: &str) -> KvCache {
    let precision = name.parse().expect("a KV precision");
    KvCache { k: precision, v: precision }
}

/// What the built-in catalog answers.
pub fn ask(plan: &Plan) -> Estimate {
    estimate(plan, Catalog::embedded()).unwrap_or_else(|error| panic!("{error}: {plan:?}"))
}
