//! One estimate: with the layers given (wanted: 2 µs or less) and with as many as fit (10 µs or less); of training, asked again
//! (20 µs or less) and for the first time (2 ms or less).

#![allow(missing_docs, reason = "criterion's macros make public functions")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use rigplan::catalog::Catalog;
use rigplan::estimate::{Estimator, estimate};
use rigplan::plan::{CardChoice, CardCount, GpuLayers, ModelChoice, Optimizer, Plan, Task};

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

fn training(criterion: &mut Criterion) {
    let catalog = Catalog::embedded();
    let cases = [
        ("full, 405B dense", "llama-3.1-405b", Task::Full, Optimizer::AdamW),
        ("Muon, 405B dense", "llama-3.1-405b", Task::Full, Optimizer::Muon),
        ("LoRA, 671B with experts", "deepseek-v3", Task::Lora, Optimizer::AdamW),
        ("QLoRA, 31B hybrid", "gemma-4-31b", Task::Qlora, Optimizer::AdamW),
    ];
    for (name, model, task, optimizer) in cases {
        let mut plan = plan(model, 1, GpuLayers::All);
        (plan.workload.task, plan.workload.training.optimizer) = (task, optimizer);
        criterion.bench_function(&format!("{name}, again"), |bencher| {
            bencher.iter(|| estimate(black_box(&plan), catalog));
        });
        // The model's tensors are known; the step is not.
        criterion.bench_function(&format!("{name}, first"), |bencher| {
            bencher.iter_batched(
                || {
                    let mut known = Estimator::default();
                    let mut other = plan.clone();
                    other.workload.training.sequence_length += 1;
                    drop(known.estimate(&other, catalog));
                    known
                },
                |mut known| known.estimate(black_box(&plan), catalog),
                BatchSize::PerIteration,
            );
        });
    }
}

criterion_group!(benches, one_estimate, training);
criterion_main!(benches);
