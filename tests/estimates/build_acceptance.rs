//! What a practitioner would buy at twelve budgets, with the prices of the autumn of 2026: kinds of machine, not parts.

use crate::support::plans::{serving, today, training};
use rigplan::advise::builder::{Build, BuildError, BuildOutcome, best, one_tier_below};
use rigplan::catalog::Catalog;
use rigplan::catalog::card::Vendor;
use rigplan::catalog::parts::{PartKind, TierId};
use rigplan::estimate::estimate;
use rigplan::plan::{BuildGoal, BuildRequest, ModelChoice, Plan, Runtime, Task};
use rigplan::units::Usd;

fn request(budget: f64, tier: TierId, goal: BuildGoal) -> BuildRequest {
    BuildRequest { budget_usd: Usd(budget), tier, goal, ..BuildRequest::default() }
}

fn found(budget: f64, tier: TierId, goal: BuildGoal, plan: &Plan) -> BuildOutcome<'static> {
    let found = best(&request(budget, tier, goal), plan, Catalog::embedded(), &today());
    found.unwrap_or_else(|error| panic!("${budget}, {tier:?}: {error}"))
}

fn largest(budget: f64, tier: TierId) -> BuildOutcome<'static> {
    found(budget, tier, BuildGoal::LARGEST, &Plan::default())
}

fn nvidia(build: &Build<'_>) -> bool {
    build.choice.cards.iter().all(|cards| cards.part.vendor == Vendor::Nvidia)
}

fn hbm(build: &Build<'_>) -> f64 {
    let is_hbm = |kind: &Option<String>| kind.as_deref().is_some_and(|kind| kind.starts_with("HBM"));
    let of_hbm = build.choice.cards.iter().filter(|cards| is_hbm(&cards.part.memory_kind));
    of_hbm.map(|cards| cards.part.memory_gib * f64::from(cards.count)).sum()
}

/// Tokens a second of a model of the catalog on a build, as the engine places it.
fn decode(build: &Build<'_>, model: &str) -> f64 {
    let mut plan = build.used_by(&Plan::default(), Catalog::embedded());
    plan.workload.model = ModelChoice::Catalog(model.to_owned());
    estimate(&plan, Catalog::embedded()).ok().and_then(|found| found.speed.decode).map_or(0.0, |band| band.expected)
}

/// Starters and teams: so much VRAM, and RAM enough for the system and what spills.
#[test]
fn nine_budgets_come_to_what_a_practitioner_would_buy() {
    for (budget, tier, least_vram, least_ram) in [
        (1000.0, TierId::Starter, 12.0, 32),
        (2000.0, TierId::Starter, 16.0, 32),
        (3000.0, TierId::Starter, 24.0, 32),
        (5000.0, TierId::Team, 48.0, 64),
        (8000.0, TierId::Team, 72.0, 64),
        (12_000.0, TierId::Team, 96.0, 64),
        (20_000.0, TierId::Team, 96.0, 128),
    ] {
        let outcome = largest(budget, tier);
        let build = &outcome.build;
        let (vram, ram) = (build.choice.vram_gib(), build.choice.ram_gib());
        assert!(vram >= least_vram, "${budget}: {vram} GiB of VRAM");
        assert!(ram >= least_ram, "${budget}: {ram} GiB of RAM");
        let split = build.split().unwrap_or_else(|| panic!("${budget}: a whole machine"));
        assert!(split.gpu > split.ram, "${budget}: {split:?}");
        assert!(build.total.usd.0 <= budget);
    }
}

#[test]
fn little_money_is_spent_and_much_of_it_is_kept_with_a_reason() {
    let outcome = largest(3000.0, TierId::Starter);
    assert!(outcome.build.total.usd.0 > 2700.0, "{:?}", outcome.build.total);
    assert!(decode(&outcome.build, "gpt-oss-120b") >= 20.0, "{}", decode(&outcome.build, "gpt-oss-120b"));
    let rich = largest(100_000.0, TierId::Starter);
    let enough = rich.enough.expect("a starter needs no more than some figure");
    assert!(rich.build.total.usd <= enough && enough.0 < 20_000.0, "{enough}");
}

#[test]
fn enterprise_is_hbm_and_says_where_it_begins() {
    let plan = Plan::default();
    for (budget, least_hbm) in [(50_000.0, 160.0), (100_000.0, 320.0), (300_000.0, 512.0)] {
        let outcome = largest(budget, TierId::Enterprise);
        let build = &outcome.build;
        let ram = build.choice.ram_gib();
        let large = build.choice.cards.iter().all(|cards| cards.part.memory_gib >= 48.0);
        assert!(hbm(build) >= least_hbm || large && build.choice.vram_gib() >= 320.0, "${budget}: {:?}", build.parts());
        assert!(ram >= 512 || build.choice.system.is_some(), "${budget}: {ram} GiB of RAM");
        assert!(build.split().is_none_or(|split| split.gpu > split.ram), "${budget}: {:?}", build.split());
    }
    let poor = request(12_000.0, TierId::Enterprise, BuildGoal::LARGEST);
    let Err(BuildError::TooLittle { cheapest, .. }) = best(&poor, &plan, Catalog::embedded(), &today()) else {
        panic!("$12,000 is no enterprise");
    };
    assert!(cheapest.total.usd.0 > 12_000.0 && cheapest.total.usd.0 < 60_000.0, "{:?}", cheapest.total);
    let instead = one_tier_below(&poor, &plan, Catalog::embedded(), &today());
    assert_eq!(instead.map(|build| build.tier), Some(TierId::Team), "what it buys is a team's");
}

/// RAM is never dearer than the cards, whatever the budget and the model, but where experts lie in it, which is said.
#[test]
fn money_goes_to_the_gpu_first() {
    for model in ["llama-3.1-8b", "qwen3-32b", "llama-3.1-70b", "gpt-oss-120b"] {
        for tier in TierId::ALL {
            for budget in [1500.0, 4000.0, 9000.0, 25_000.0, 60_000.0] {
                let request = request(budget, tier, BuildGoal::RunPlan);
                let Ok(outcome) = best(&request, &serving(model), Catalog::embedded(), &today()) else { continue };
                let Some(split) = outcome.build.split() else { continue };
                assert!(split.gpu >= split.ram || split.wants_ram, "{model}, {tier:?}, ${budget}: {split:?}");
                let in_ram = outcome.build.estimate.experts.layers > 0;
                assert_eq!(split.wants_ram, in_ram, "{model}, {tier:?}, ${budget}");
                assert!((split.gpu + split.ram + split.cpu + split.rest - 1.0).abs() < 1e-9);
            }
        }
    }
}

/// A model of hundreds of gigabytes whose experts lie in RAM needs RAM, and no card that costs as much.
#[test]
fn experts_in_ram_need_no_card_that_is_as_dear() {
    let outcome = found(6500.0, TierId::Starter, BuildGoal::RunPlan, &serving("deepseek-v3"));
    let split = outcome.build.split().expect("parts");
    assert!(split.wants_ram && split.ram > split.gpu, "{split:?}");
}

#[test]
fn what_trains_runs_cuda_and_what_is_too_slow_is_rented() {
    for budget in [2000.0, 5000.0] {
        let outcome =
            found(budget, TierId::for_budget(Usd(budget)), BuildGoal::RunPlan, &training("llama-3.1-8b", Task::Qlora));
        assert!(nvidia(&outcome.build), "${budget}: {:?}", outcome.build.parts());
    }
    let full = training("llama-3.1-8b", Task::Full);
    for budget in [3000.0, 9000.0] {
        let request = request(budget, TierId::for_budget(Usd(budget)), BuildGoal::RunPlan);
        let rent = match best(&request, &full, Catalog::embedded(), &today()) {
            Ok(outcome) => outcome.rent,
            Err(BuildError::TooLittle { rent, .. }) => rent.map(|rent| *rent),
            Err(error) => panic!("${budget}: {error}"),
        };
        let rent = rent.unwrap_or_else(|| panic!("${budget}: nothing to rent"));
        assert!(!rent.offer.stale, "a fresh price");
        assert!(rent.job_usd().is_some_and(|usd| usd.0 < budget), "{:?}", rent.job_usd());
    }
}

#[test]
fn twenty_users_are_served_at_reading_speed_or_it_is_rented() {
    let mut plan = serving("qwen3-32b");
    plan.workload.choose_runtime(Runtime::Vllm);
    plan.workload.sequences = 20;
    for (budget, tier) in [(9000.0, TierId::Team), (60_000.0, TierId::Enterprise)] {
        let outcome = found(budget, tier, BuildGoal::RunPlan, &plan);
        let each = outcome.build.estimate.speed.decode.map_or(0.0, |band| band.expected);
        assert!(each >= 10.0 || outcome.rent.is_some(), "${budget}: {each} tok/s each");
        assert!(each >= 10.0 || tier == TierId::Team, "${budget}: {each} tok/s each");
    }
}

/// The share of experts in RAM, and the models that only run with it.
#[test]
fn the_best_mixture_is_larger_than_what_vram_holds() {
    let outcome = found(3000.0, TierId::Starter, BuildGoal::MIXTURE, &Plan::default());
    let build = &outcome.build;
    let speed = build.estimate.speed.decode.map_or(0.0, |band| band.expected);
    assert!(speed >= 10.0, "{speed} tok/s");
    assert!(build.estimate.params.is_some_and(|params| params > 70_000_000_000), "{:?}", build.plan.workload.model);
    assert!(build.share(PartKind::Ram) > 0.0);
}

/// Where the cards of a build do not run CUDA, the best machine that does stands beside it: the reader sees what it would be.
#[test]
fn what_goes_without_cuda_says_what_cuda_would_be() {
    for (budget, tier) in [(2000.0, TierId::Starter), (3000.0, TierId::Starter), (8000.0, TierId::Team)] {
        let outcome = largest(budget, tier);
        assert_eq!(outcome.cuda.is_some(), !nvidia(&outcome.build), "${budget}");
        let Some(beside) = outcome.cuda else { continue };
        let cuda = beside.build.expect("some card runs CUDA at these budgets");
        assert!(nvidia(&cuda) && cuda.total.usd.0 <= budget, "${budget}: {:?}", cuda.total);
        assert!(cuda.scored.score <= outcome.build.scored.score, "${budget}: the better one would be the build");
    }
}

/// What a machine was judged by is what it is used with.
#[test]
fn weights_that_were_judged_shared_out_are_used_shared_out() {
    let plan = training("llama-3.3-70b", Task::Qlora);
    let outcome = found(5000.0, TierId::Team, BuildGoal::RunPlan, &plan);
    let used = outcome.build.used_by(&plan, Catalog::embedded());
    assert_eq!(used.workload.training, outcome.build.plan.workload.training);
    let verdict = estimate(&used, Catalog::embedded()).ok().and_then(|found| found.verdict);
    assert_eq!(verdict, outcome.build.estimate.verdict);
}

/// A part that is kept and would be bought anyway changes nothing.
#[test]
fn locking_what_is_bought_anyway_makes_nothing_dearer() {
    let (request, today) = (request(2000.0, TierId::Starter, BuildGoal::LARGEST), today());
    let free = largest(2000.0, TierId::Starter).build;
    for part in free.parts() {
        let request = BuildRequest { locks: vec![part.clone()], ..request.clone() };
        let kept = best(&request, &Plan::default(), Catalog::embedded(), &today).expect("a build");
        assert!(kept.build.total.usd.0 <= free.total.usd.0 + 1e-6, "{part:?}: {:?}", kept.build.total);
    }
}
