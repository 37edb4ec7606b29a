//! One estimate: with the layers given (wanted: 2 µs or less) and with as many as fit (10 µs or less).

#![allow(missing_docs, reason = "criterion's macros make public functions")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use rigplan::catalog::Catalog;
use rigplan::estimate::estimate;
use rigplan::plan::{CardChoice, CardCount, GpuLayers, ModelChoice, Plan};

fn plan(model: &str, cards: u32, layers: GpuLayers) -> Plan {
    let mut plan = Plan::default();
    plan.workload.model = ModelChoice::Catalog(model.to_owned());
    plan.workload.gpu_layers = layers;
    let card = CardChoice::Catalog("rtx-4090".to_owned());
    plan.machine.cards = vec![CardCount::of(card, cards)];
    plan
}

fn one_estimate(criterion: &mut Criterion) {
    let catalog = Catalog::embedded();
    let cases = [
        ("all layers, 8B dense", plan("llama-3.1-8b", 1, GpuLayers::All)),
        ("40 layers, 70B dense", plan("llama-3.1-70b", 1, GpuLayers::Count(40))),
        ("all layers, sliding window", plan("gemma-3-27b", 1, GpuLayers::All)),
        ("all layers, hybrid with experts", plan("qwen3-next-80b-a3b", 1, GpuLayers::All)),
        ("auto, 8B dense that fits", plan("llama-3.1-8b", 1, GpuLayers::Auto)),
        ("auto, 70B dense that spills", plan("llama-3.1-70b", 1, GpuLayers::Auto)),
        ("auto, 106B with experts on one card", plan("glm-4.5-air", 1, GpuLayers::Auto)),
        ("auto, 671B with experts over 4 cards", plan("deepseek-v3", 4, GpuLayers::Auto)),
    ];
    for (name, plan) in cases {
        criterion.bench_function(name, |bencher| bencher.iter(|| estimate(black_box(&plan), catalog)));
    }
}

criterion_group!(benches, one_estimate);
criterion_main!(benches);
