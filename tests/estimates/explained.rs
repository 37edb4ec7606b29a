//! Why a figure is what it is: the terms add up to it.

use crate::support::plans::{cards, serving};
use rigplan::catalog::Catalog;
use rigplan::estimate::explain::{Figure, explain};
use rigplan::plan::{GpuLayers, KvCache, Plan};
use rigplan::units::Bytes;

const FIGURES: [Figure; 7] = [
    Figure::Weights,
    Figure::KvCache,
    Figure::RecurrentState,
    Figure::Compute,
    Figure::HostBuffers,
    Figure::Overhead,
    Figure::Usable,
];

/// All terms are there, add up to the byte, and each product is its bytes; what is not taken apart is little of it.
fn holds(plan: &Plan, figure: Figure, failures: &mut Vec<String>) {
    // Some heads are no multiple of the blocks of the cache.
    let Ok(why) = explain(plan, Catalog::embedded(), figure) else { return };
    let Some(result) = why.result else { return };
    let model = &plan.workload.model;
    let sum: Bytes = why.terms.iter().map(|term| term.bytes).sum();
    if sum != result {
        failures.push(format!("{model:?} {figure:?}: {sum:?} of {result:?}: {:?}", why.terms));
    }
    for term in why.terms.iter().filter(|term| !term.factors.is_empty()) {
        if (term.multiplied() - term.bytes.0 as f64).abs() > 0.5 {
            failures.push(format!("{model:?} {figure:?}: {term:?}"));
        }
    }
    let plain: Bytes = why.terms.iter().filter(|term| term.factors.is_empty()).map(|term| term.bytes).sum();
    let exact = matches!(figure, Figure::RecurrentState | Figure::HostBuffers);
    if exact && plain > Bytes::ZERO || figure == Figure::KvCache && plain.0 > result.0 / 10 {
        failures.push(format!("{model:?} {figure:?}: {plain:?} of {result:?} is no product: {:?}", why.terms));
    }
}

#[test]
fn the_terms_of_llama_cpp_add_up_for_every_model() {
    let mut failures = Vec::new();
    for model in Catalog::embedded().models() {
        for (layers, precision) in [(GpuLayers::Auto, "f16"), (GpuLayers::All, "q8_0")] {
            let mut plan = serving(&model.id);
            plan.machine.cards = vec![cards("rtx-3060-12gb", 2)];
            plan.workload.gpu_layers = layers;
            plan.workload.sequences = 2;
            let precision = precision.parse().expect("a precision");
            plan.workload.kv_cache = KvCache { k: precision, v: precision };
            for figure in FIGURES {
                holds(&plan, figure, &mut failures);
            }
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}
