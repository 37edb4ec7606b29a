//! The builds of the three tiers for 9,000 dollars (wanted: below 100 ms together), by goal; one tier
//! while the budget moves, as the window searches it; and a frame of the Build view (wanted: 2 ms or less).

#![allow(missing_docs, reason = "criterion's macros make public functions")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use eframe::egui::{self, Pos2, RawInput, Rect, Vec2};
use rigplan::advise::builder::best;
use rigplan::advise::rent::cloud_offers;
use rigplan::catalog::Catalog;
use rigplan::catalog::parts::{CircuitId, TierId};
use rigplan::catalog::source::Date;
use rigplan::plan::{BuildGoal, BuildRequest, ModelChoice, Plan, Task};
use rigplan::text::Locale;
use rigplan::ui::builder::{BuildInputs, BuildViewState, TierColumn};
use rigplan::ui::theme;
use rigplan::units::Usd;

/// The day that the prices of the catalog are compared with.
fn today() -> Date {
    Date::try_from("2026-11-22".to_owned()).unwrap_or_else(|error| panic!("{error}"))
}

fn training(model: &str, task: Task) -> Plan {
    let mut plan = running(model);
    plan.workload.task = task;
    plan
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
        ("run an 8B", running("llama-3.1-8b"), BuildGoal::RunPlan),
        ("run a 70B", running("llama-3.1-70b"), BuildGoal::RunPlan),
        ("most tokens of a 32B", running("qwen3-32b"), BuildGoal::MostTokens),
        ("train a 70B", training("llama-3.1-70b", Task::Qlora), BuildGoal::RunPlan),
        ("largest model", Plan::default(), BuildGoal::LARGEST),
        ("best mixture of experts", Plan::default(), BuildGoal::MIXTURE),
        ("most users", Plan::default(), BuildGoal::USERS),
    ];
    for (name, plan, goal) in &cases {
        let request = BuildRequest { budget_usd: Usd(9000.0), goal: *goal, ..BuildRequest::default() };
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                TierId::ALL.map(|tier| {
                    best(&BuildRequest { tier, ..black_box(&request).clone() }, plan, catalog, &today).is_ok()
                })
            });
        });
    }
    group.finish();
}

fn one_tier(criterion: &mut Criterion) {
    let (catalog, today) = (Catalog::embedded(), today());
    let plan = Plan::default();
    let mut group = criterion.benchmark_group("one tier while the budget moves");
    group.sample_size(20);
    for (name, goal) in [("run", BuildGoal::RunPlan), ("largest model", BuildGoal::LARGEST)] {
        let mut budget_usd = Usd(4500.0);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                budget_usd = if budget_usd > Usd(18_000.0) { Usd(4500.0) } else { budget_usd + Usd(100.0) };
                let request = BuildRequest { budget_usd, tier: TierId::Team, goal, ..BuildRequest::default() };
                best(black_box(&request), &plan, catalog, &today).is_ok()
            });
        });
    }
    group.finish();
}

/// Layout, painting and tessellation of the three columns with the plot below them, without the rasterizer.
fn frame(criterion: &mut Criterion) {
    let (catalog, today, plan) = (Catalog::embedded(), today(), running("llama-3.1-70b"));
    let mut request = BuildRequest { budget_usd: Usd(9000.0), tier: TierId::Team, ..BuildRequest::default() };
    let wishes = TierId::ALL.map(|tier| request.in_tier(tier));
    let found = wishes.each_ref().map(|request| best(request, &plan, catalog, &today));
    let offers = cloud_offers(&plan, catalog, &today);
    let context = egui::Context::default();
    theme::install(&context);
    let mut state = BuildViewState::default();
    let mut draw = || {
        let column = |place: usize| TierColumn {
            tier: TierId::ALL[place],
            found: Some(found[place].as_ref()),
            request: Some(&wishes[place]),
            offers: &offers,
            stale: false,
        };
        let columns = [column(0), column(1), column(2)];
        let inputs = BuildInputs { plan: &plan, columns, catalog, outlet: CircuitId::default(), locale: Locale::En };
        let screen = Rect::from_min_size(Pos2::ZERO, Vec2::new(1440.0, 852.0));
        let input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
        let output = context.run_ui(input, |ui| {
            rigplan::ui::builder::show(ui, &mut request, &inputs, &mut state);
        });
        context.tessellate(output.shapes, output.pixels_per_point).len()
    };
    draw();
    criterion.bench_function("a frame of the Build view", |bencher| bencher.iter(&mut draw));
}

criterion_group!(benches, three_tiers, one_tier, frame);
criterion_main!(benches);
