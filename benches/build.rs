//! The builds of the three tiers, each at the middle of its budgets (wanted: below 100 ms together), by goal; and one
//! tier while the budget moves, as the window searches it.

#![allow(missing_docs, reason = "criterion's macros make public functions")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use rigplan::advise::build::best;
use rigplan::catalog::Catalog;
use rigplan::catalog::parts::TierId;
use rigplan::catalog::source::Date;
use rigplan::plan::{BuildRequest, Goal, ModelChoice, Plan};

/// The day that the prices of the catalog are compared with.
fn today() -> Date {
    Date::try_from("2026-11-22".to_owned()).unwrap_or_else(|error| panic!("{error}"))
}

fn running(model: &str) -> Plan {
    let mut plan = Plan::default();
    plan.workload.model = ModelChoice::Catalog(model.to_owned());
    plan
}

fn three_tiers(criterion: &mut Criterion) {
    let (catalog, today) = (Catalog::embedded(), today());
    let mut group = criterion.benchmark_group("three tiers");
    group.sample_size(20);
    let cases = [
        ("run an 8B", running("llama-3.1-8b"), Goal::RunPlan),
        ("run a 70B", running("llama-3.1-70b"), Goal::RunPlan),
        ("most tokens of a 32B", running("qwen3-32b"), Goal::MostTokens),
        ("largest model", Plan::default(), Goal::LARGEST),
    ];
    for (name, plan, goal) in &cases {
        let wishes = BuildRequest { goal: *goal, ..BuildRequest::default() };
        let tiers = TierId::ALL.map(|tier| wishes.in_tier(tier));
        group.bench_function(*name, |bencher| {
            bencher.iter(|| tiers.each_ref().map(|request| best(black_box(request), plan, catalog, &today).is_ok()));
        });
    }
    group.finish();
}

fn one_tier(criterion: &mut Criterion) {
    let (catalog, today) = (Catalog::embedded(), today());
    let plan = Plan::default();
    let mut group = criterion.benchmark_group("one tier while the budget moves");
    group.sample_size(20);
    for (name, goal) in [("run", Goal::RunPlan), ("largest model", Goal::LARGEST)] {
        let mut budget_usd = 4500.0;
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                budget_usd = if budget_usd > 18_000.0 { 4500.0 } else { budget_usd + 100.0 };
                let request = BuildRequest { budget_usd, tier: TierId::Team, goal, ..BuildRequest::default() };
                best(black_box(&request), &plan, catalog, &today).is_ok()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, three_tiers, one_tier);
criterion_main!(benches);
