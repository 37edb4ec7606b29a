//! The whole ladder of ways for one plan (wanted: below 30 ms).

#![allow(missing_docs, reason = "criterion's macros make public functions")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use rigplan::advise::remedies::ladder;
use rigplan::catalog::Catalog;
use rigplan::plan::{CardChoice, CardCount, ModelChoice, Plan};

fn plan(model: &str, cards: u32, ram_gib: f64) -> Plan {
    let mut plan = Plan::default();
    plan.workload.model = ModelChoice::Catalog(model.to_owned());
    plan.machine.ram_gib = ram_gib;
    plan.machine.ram_gb_s = Some(83.2);
    let card = CardChoice::Catalog("rtx-4090".to_owned());
    plan.machine.cards = vec![CardCount::of(card, cards)];
    plan
}

fn whole_ladder(criterion: &mut Criterion) {
    let catalog = Catalog::embedded();
    let cases = [
        ("8B that fits", plan("llama-3.1-8b", 1, 64.0)),
        ("70B that spills", plan("llama-3.1-70b", 1, 64.0)),
        ("70B on two cards", plan("llama-3.1-70b", 2, 64.0)),
        ("235B with experts", plan("qwen3-235b-a22b", 1, 192.0)),
        ("671B that fits nowhere", plan("deepseek-v3", 2, 64.0)),
    ];
    for (name, plan) in cases {
        criterion.bench_function(name, |bencher| bencher.iter(|| ladder(black_box(&plan), catalog)));
    }
}

criterion_group!(benches, whole_ladder);
criterion_main!(benches);
