//! What somebody who builds such machines would object to, over budgets, tiers and goals: kinds of fault, not single builds.

use crate::support::plans::{serving, today, training};
use proptest::prelude::*;
use proptest::sample::select;
use rigplan::advise::builder::{
    Build, BuildError, BuildOutcome, Check, Lack, PartLine, Place, Traded, Unmet, Why, best,
};
use rigplan::advise::rent::{Bought, cloud_offers};
use rigplan::catalog::Catalog;
use rigplan::catalog::card::Vendor;
use rigplan::catalog::parts::{PartKind, SystemKind, TierId};
use rigplan::catalog::priced::{Condition, Priced};
use rigplan::catalog::source::PriceKind;
use rigplan::estimate::{Verdict, Warning};
use rigplan::plan::{BuildGoal, BuildRequest, Buying, ModelChoice, PartCount, Plan, Runtime, Task};
use rigplan::units::{Bytes, GIB, Usd};

fn request(budget: f64, tier: TierId, goal: BuildGoal) -> BuildRequest {
    BuildRequest { budget_usd: Usd(budget), tier, goal, ..BuildRequest::default() }
}

fn found(request: &BuildRequest, plan: &Plan) -> Option<BuildOutcome<'static>> {
    best(request, plan, Catalog::embedded(), &today()).ok()
}

fn vendors(build: &Build<'_>) -> Vec<Vendor> {
    let mut all: Vec<Vendor> = build.choice.cards.iter().map(|cards| cards.part.vendor).collect();
    all.dedup();
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, ..ProptestConfig::default() })]

    #[test]
    fn a_builder_would_sign_it(
        budget in 900.0..200_000.0_f64, tier in select(TierId::ALL.to_vec()),
        goal in select(vec![BuildGoal::LARGEST, BuildGoal::RunPlan]),
        model in select(vec!["llama-3.1-8b", "qwen3-32b", "llama-3.3-70b", "gpt-oss-120b"]),
        owned in select(vec![None, None, Some("rtx-3090"), Some("rtx-4090"), Some("rx-7900-xtx")]),
    ) {
        let owned = owned.map(|part| PartCount { part: part.to_owned(), count: 1 });
        let request = BuildRequest { owned: owned.into_iter().collect(), ..request(budget, tier, goal) };
        let Some(outcome) = found(&request, &serving(model)) else { return Ok(()) };
        let build = &outcome.build;
        prop_assert!(vendors(build).len() <= 1, "{:?}", build.parts());
        // Teams share a machine: small cards count together.
        prop_assert!(tier != TierId::Team || build.choice.vram_gib() >= 24.0, "{:?}", build.parts());
        // What the engine would move to RAM by itself is said, and the largest model is none of that kind.
        let spills = build.estimate.warnings.iter().any(|it| matches!(it, Warning::FitMargin { .. }));
        prop_assert_eq!(spills, build.checks.iter().any(|it| matches!(it, Check::Fit { .. })));
        prop_assert!(!(spills && goal == BuildGoal::LARGEST), "{:?}", build.parts());
        // The next machine is the cheapest that is clearly better.
        if let Some(better) = &outcome.better {
            for next in outcome.next.iter().filter_map(|next| next.build.as_deref()) {
                prop_assert!(better.total.usd.0 <= next.total.usd.0 + 1e-6, "{:?} after {:?}", better.total, next.total);
            }
        }
        // Less RAM than VRAM has its reason, and a share of the cards below the aim, too.
        if let Some(split) = build.split().filter(|split| !split.favors_gpu()) {
            let spent = build.lines.iter().any(|line| line.kind == PartKind::Ram && matches!(line.why, Why::LeftOver(_)));
            prop_assert!(split.unmet != Unmet::LeftOver || spent, "{split:?}");
        }
        let processor = build.choice.processor.map_or(0, |part| part.cores);
        for line in build.lines.iter().filter(|line| line.kind == PartKind::Processor && processor >= 24) {
            prop_assert!(!matches!(line.why, Why::Rule(_)), "{processor} cores for {:?}", line.why);
        }
    }
}

/// Two cards of 24 GiB beside 32 GiB of RAM: what more RAM costs is said where the budget ends before it.
#[test]
fn little_ram_beside_much_vram_has_its_reason() {
    let outcome = found(&request(3000.0, TierId::Starter, BuildGoal::LARGEST), &Plan::default()).expect("a build");
    let choice = &outcome.build.choice;
    assert!(f64::from(choice.ram_gib()) < choice.vram_gib(), "{} GiB", choice.ram_gib());
    let more = outcome.traded.iter().find_map(|traded| match *traded {
        Traded::Ram { gib, usd } => Some((gib, usd)),
        _ => None,
    });
    let (gib, usd) = more.expect("more RAM is beyond the budget");
    assert!(gib > choice.ram_gib() && outcome.build.total.usd + usd > Usd(3000.0), "{gib} GiB for {usd}");
}

/// A workstation of which nobody says how much RAM it has is not taken for a server with a terabyte.
#[test]
fn a_whole_machine_without_a_word_of_its_ram_runs_no_giant() {
    let request = request(10_000.0, TierId::Team, BuildGoal::RunPlan);
    for plan in [serving("deepseek-v3"), serving("qwen3-235b-a22b"), serving("glm-4.5-air")] {
        let Some(whole) = found(&request, &plan).and_then(|outcome| outcome.whole) else { continue };
        let system = whole.choice.system.expect("a whole machine");
        let unnamed = system.memory_gib.is_none() && matches!(system.kind, SystemKind::Desktop | SystemKind::Tower);
        assert!(!unnamed || whole.plan.machine.ram_gib <= 64.0, "{}: {} GiB", system.id, whole.plan.machine.ram_gib);
    }
}

/// 70 billion parameters with adapters: two cards that share the base out, not a machine that is bought whole.
#[test]
fn adapters_of_seventy_billion_are_trained_on_two_cards() {
    let plan = training("llama-3.3-70b", Task::Qlora);
    let outcome = found(&request(5000.0, TierId::Team, BuildGoal::RunPlan), &plan).expect("a build");
    let build = &outcome.build;
    assert!(build.choice.system.is_none() && build.choice.card_count() >= 2, "{:?}", build.parts());
    assert_eq!(vendors(build), [Vendor::Nvidia]);
}

#[test]
fn what_trains_is_rented_where_trainers_run_first() {
    for (budget, tier) in [(3000.0, TierId::Starter), (15_000.0, TierId::Team)] {
        let request = request(budget, tier, BuildGoal::RunPlan);
        let rent = match best(&request, &training("llama-3.1-8b", Task::Full), Catalog::embedded(), &today()) {
            Ok(outcome) => outcome.rent,
            Err(BuildError::TooLittle { rent, .. }) => rent.map(|rent| *rent),
            Err(error) => panic!("${budget}: {error}"),
        };
        assert_eq!(rent.expect("something is rented out").offer.card.vendor, Vendor::Nvidia);
    }
}

/// What a node is given up for is not a larger card.
#[test]
fn no_larger_card_stands_in_for_a_node() {
    let mut plan = serving("llama-3.3-70b");
    plan.workload.choose_runtime(Runtime::Vllm);
    let outcome = found(&request(500_000.0, TierId::Enterprise, BuildGoal::RunPlan), &plan).expect("a build");
    let single = outcome.traded.iter().any(|it| matches!(it, Traded::SingleCard { .. }));
    assert!(!(single && outcome.build.choice.system.is_some()), "{:?}", outcome.traded);
}

/// A team's largest model is one that several of them use at once, and the build says how many.
#[test]
fn what_a_team_runs_serves_several_at_once() {
    for budget in [5000.0, 8000.0, 12_000.0, 20_000.0] {
        let outcome = found(&request(budget, TierId::Team, BuildGoal::LARGEST), &Plan::default()).expect("a build");
        let build = &outcome.build;
        let users = build.users.as_ref().unwrap_or_else(|| panic!("${budget}: nobody is served"));
        assert!(build.plan.workload.sequences >= 4 && users.count >= 4, "${budget}: {} users", users.count);
        assert!(users.each >= 10.0, "${budget}: {} tok/s each", users.each);
    }
}

/// What is to stand beside a desk is no open frame, rack case, node or row of blowers; where nothing else runs it, that is
/// said.
#[test]
fn what_is_to_be_quiet_stands_beside_a_desk() {
    let loud = |build: &Build<'_>| {
        let place = build.checks.iter().find_map(|check| match check {
            Check::Place { place, .. } => Some(*place),
            _ => None,
        });
        place.is_some_and(|place| place != Place::Aired)
    };
    let mut quieted = 0;
    for (budget, tier) in [
        (1500.0, TierId::Starter),
        (4000.0, TierId::Starter),
        (8000.0, TierId::Team),
        (15_000.0, TierId::Team),
        (60_000.0, TierId::Enterprise),
    ] {
        let any = request(budget, tier, BuildGoal::LARGEST);
        let quiet = BuildRequest { quiet: true, ..any.clone() };
        let was_loud = found(&any, &Plan::default()).is_some_and(|outcome| loud(&outcome.build));
        match best(&quiet, &Plan::default(), Catalog::embedded(), &today()) {
            Ok(outcome) => {
                assert!(!loud(&outcome.build), "${budget}: {:?}", outcome.build.parts());
                quieted += u32::from(was_loud);
            }
            Err(BuildError::TooLittle { cheapest, .. }) => {
                assert!(!loud(&cheapest), "${budget}: {:?}", cheapest.parts());
            }
            Err(error) => {
                let nearest = error.nearest().unwrap_or_else(|| panic!("${budget}: {error}"));
                assert_eq!(nearest.lacks, Lack::Quiet, "${budget}: {error}");
            }
        }
    }
    assert!(quieted > 0, "some of them would be loud otherwise");
}

/// Who wants used cards gets no new one, and a new disk beside them.
#[test]
fn used_cards_alone_are_used() {
    for (budget, tier) in [(2000.0, TierId::Starter), (5000.0, TierId::Team), (12_000.0, TierId::Team)] {
        let request = BuildRequest { buying: Buying::UsedCards, ..request(budget, tier, BuildGoal::LARGEST) };
        let outcome = found(&request, &Plan::default()).unwrap_or_else(|| panic!("${budget}: no build"));
        let used = |line: &PartLine<'_>| line.price.is_some_and(|price| price.kind == PriceKind::Used);
        let cards = outcome.build.lines.iter().filter(|line| matches!(line.kind, PartKind::Card | PartKind::System));
        assert!(cards.clone().count() > 0 && cards.clone().all(used), "${budget}: {:?}", outcome.build.parts());
        assert!(outcome.whole.is_none_or(|whole| whole.lines.iter().all(used)), "${budget}");
    }
}

/// A machine of one pool that is full to the brim runs the model only while nothing else runs.
#[test]
fn one_pool_that_spills_keeps_a_little_free() {
    for (model, budget) in [("gpt-oss-120b", 2100.0), ("gpt-oss-120b", 5000.0), ("glm-4.5-air", 2600.0)] {
        let outcome = found(&request(budget, TierId::Starter, BuildGoal::RunPlan), &serving(model));
        let Some(whole) = outcome.and_then(|outcome| outcome.whole) else { continue };
        let spills = whole.estimate.verdict == Some(Verdict::Offload);
        let free = whole.estimate.host.free.expect("a figure");
        assert!(!spills || free >= Bytes(GIB), "{model}, {:?}: {free:?}", whole.parts());
    }
}

/// The largest model answers whatever is asked, unless the plan itself writes programs.
#[test]
fn no_machine_is_judged_by_a_model_for_programs_alone() {
    let coder = |model: &str| model.contains("code");
    for (budget, tier) in [(2000.0, TierId::Starter), (5000.0, TierId::Team), (8000.0, TierId::Team)] {
        let outcome = found(&request(budget, tier, BuildGoal::LARGEST), &Plan::default()).expect("a build");
        let more = outcome.next.iter().filter_map(|next| next.build.as_deref()).chain(outcome.better.as_deref());
        for build in more.chain([&outcome.build]) {
            let ModelChoice::Catalog(id) = &build.plan.workload.model else { panic!("a model of the catalog") };
            assert!(!coder(id), "${budget}: {id}");
        }
    }
}

/// Who asks for cards of a data center rents such cards.
#[test]
fn an_enterprise_rents_cards_of_its_class() {
    let request = request(12_000.0, TierId::Enterprise, BuildGoal::LARGEST);
    let Err(BuildError::TooLittle { rent, .. }) = best(&request, &Plan::default(), Catalog::embedded(), &today())
    else {
        panic!("$12,000 is no enterprise");
    };
    let offer = rent.expect("something is rented out").offer;
    let together = offer.card.memory_gib * f64::from(offer.cards);
    assert!(offer.card.memory_gib >= 80.0 || offer.card.memory_gib >= 48.0 && together >= 320.0, "{}", offer.card.id);
}

/// In a mixture whose experts lie in RAM, VRAM that makes nothing faster is no better machine.
#[test]
fn the_next_machine_for_a_mixture_is_faster_or_runs_a_larger_one() {
    let outcome = found(&request(3000.0, TierId::Starter, BuildGoal::MIXTURE), &Plan::default()).expect("a build");
    let speed = |build: &Build<'_>| build.estimate.speed.decode.map_or(0.0, |band| band.expected);
    let (own, params) = (speed(&outcome.build), outcome.build.estimate.params);
    for build in outcome.next.iter().filter_map(|next| next.build.as_deref()).chain(outcome.better.as_deref()) {
        assert!(build.estimate.params > params || speed(build) > own, "{:?}: {} tok/s", build.parts(), speed(build));
    }
}

/// What runs the largest models slowly, from RAM, costs a fraction of what runs them fast: it is the cheapest that works.
#[test]
fn a_giant_begins_where_it_is_waited_for() {
    let request = request(2000.0, TierId::Starter, BuildGoal::RunPlan);
    let Err(BuildError::TooLittle { cheapest, rent, .. }) =
        best(&request, &serving("deepseek-v3"), Catalog::embedded(), &today())
    else {
        panic!("$2,000 run no giant");
    };
    let speed = cheapest.estimate.speed.decode.map_or(0.0, |band| band.expected);
    assert!(cheapest.total.usd < Usd(10_000.0) && speed >= 2.9, "{:?}: {speed} tok/s", cheapest.total);
    assert!(rent.is_some(), "and where it is faster is said");
}

/// Where a quarter of the money would be left, what several share writes much faster for it.
#[test]
fn much_money_left_makes_nobody_wait() {
    for budget in [9000.0, 12_000.0, 13_000.0] {
        let request = BuildRequest { quiet: true, ..request(budget, TierId::Team, BuildGoal::LARGEST) };
        let build = found(&request, &Plan::default()).expect("a quiet machine").build;
        assert!(build.total.usd.0 >= budget * 0.7, "${budget}: {:?} for {:?}", build.total, build.parts());
    }
    let request = BuildRequest { quiet: true, ..request(12_000.0, TierId::Team, BuildGoal::LARGEST) };
    let build = found(&request, &Plan::default()).expect("a quiet machine").build;
    let each = build.estimate.decode_of_each().expect("a speed").expected;
    assert!(each >= 20.0, "{each} tok/s of {:?}", build.parts());
}

/// A reason holds of its part: the cheapest of its kind is the cheapest, and who is named is who serves so many.
#[test]
fn reasons_hold_of_their_parts() {
    let catalog = Catalog::embedded();
    for (budget, tier) in [
        (1000.0, TierId::Starter),
        (2000.0, TierId::Starter),
        (3000.0, TierId::Starter),
        (5000.0, TierId::Team),
        (12_000.0, TierId::Team),
        (20_000.0, TierId::Team),
        (20_000.0, TierId::Enterprise),
        (100_000.0, TierId::Enterprise),
    ] {
        let build = found(&request(budget, tier, BuildGoal::LARGEST), &Plan::default()).expect("a machine").build;
        let model = build.model.expect("of the catalog");
        assert_eq!(build.plan.workload.model, ModelChoice::Catalog(model.id.clone()));
        for line in &build.lines {
            let Why::Slots { cards, lanes } = line.why else { continue };
            let own = line.usd.expect("a price");
            for board in catalog.boards() {
                let slots = board.slots_for(cards as usize).unwrap_or_default();
                let wide = slots.len() == cards as usize && slots.iter().all(|slot| slot.lanes >= lanes);
                let price = board.offered_price(&Condition::ALL).map(|price| price.usd);
                assert!(!wide || price.is_none_or(|usd| usd >= own), "${budget}: {} before {}", board.id, line.id);
            }
        }
    }
}

/// A machine for many is weighed against renting by what all of them get.
#[test]
fn what_many_share_is_weighed_by_all_of_them() {
    for (budget, tier) in [(8000.0, TierId::Team), (100_000.0, TierId::Enterprise), (300_000.0, TierId::Enterprise)] {
        let build = found(&request(budget, tier, BuildGoal::LARGEST), &Plan::default()).expect("a machine").build;
        let users = build.users.as_ref().expect("it serves somebody");
        let bought = Bought::build(&build, Catalog::embedded()).expect("a price");
        assert_eq!(bought.tokens_per_s, Some(users.total), "${budget}");
        assert_eq!(build.at_work().workload.sequences, users.count);
        let offers = cloud_offers(build.at_work(), Catalog::embedded(), &today());
        let first = offers.first().expect("an offer");
        assert!(
            first.serves_all || offers.iter().all(|offer| !offer.serves_all || !offer.leads),
            "${budget}: {first:?}"
        );
    }
}

/// What waits in RAM beside the cards of a build need not on rented ones, and trainers are written for CUDA first there too.
#[test]
fn what_trains_is_offered_on_cards_that_hold_it() {
    for (model, task, budget) in [("llama-3.3-70b", Task::Qlora, 5000.0), ("llama-3.1-8b", Task::Qlora, 2000.0)] {
        let request = request(budget, TierId::Team, BuildGoal::RunPlan);
        let plan = training(model, task);
        let build = match best(&request, &plan, Catalog::embedded(), &today()) {
            Ok(outcome) => outcome.build,
            Err(error) => error.cheapest().expect("a machine that trains").clone(),
        };
        let offers = cloud_offers(build.at_work(), Catalog::embedded(), &today());
        assert_eq!(offers.first().map(|offer| offer.card.vendor), Some(Vendor::Nvidia), "{model}");
    }
}
