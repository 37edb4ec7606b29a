//! Builds for a budget: no worse than trying everything, inside every constraint, and what a practitioner would buy.

use crate::support::plans::{serving, today, training};
use proptest::prelude::*;
use proptest::sample::select;
use rigplan::advise::builder::{
    Aim, BuildError, BuildSearch, Counted, Market, PartList, Score, Scorer, Violation, Why, best, swapped, swaps,
    violations,
};
use rigplan::advise::rent::cloud_offers;
use rigplan::catalog::Catalog;
use rigplan::catalog::card::Vendor;
use rigplan::catalog::parts::{Case, CircuitId, PartKind, SupplyForm, Tier, TierDemand, TierId};
use rigplan::estimate::Verdict;
use rigplan::plan::{BuildGoal, BuildRequest, Buying, PartCount, Plan, Task};
use rigplan::units::Usd;

fn request(budget: f64, tier: TierId, goal: BuildGoal) -> BuildRequest {
    BuildRequest { budget_usd: Usd(budget), tier, goal, ..BuildRequest::default() }
}

fn part(part: &str, count: u32) -> PartCount {
    PartCount { part: part.to_owned(), count }
}

fn tiers() -> impl Strategy<Value = TierId> {
    select(TierId::ALL.to_vec())
}

fn goals() -> impl Strategy<Value = BuildGoal> {
    select(vec![BuildGoal::RunPlan, BuildGoal::MostTokens, BuildGoal::LARGEST])
}

/// Plans that serve, and plans that train.
fn plans() -> impl Strategy<Value = Plan> {
    let served = ["llama-3.1-8b", "qwen3-32b", "qwen3-30b-a3b", "llama-3.1-70b"].map(serving);
    let trained = [
        training("llama-3.1-8b", Task::Qlora),
        training("llama-3.1-8b", Task::Lora),
        training("qwen3-0.6b", Task::Full),
        training("qwen3-32b", Task::Qlora),
    ];
    select([served, trained].concat())
}

/// Leaves a few parts of each kind, picked by `seed`.
fn thin_out(market: &mut Market<'_>, seed: u64) {
    fn few<T>(items: &mut Vec<T>, seed: u64, most: usize) {
        let mut state = seed | 1;
        while items.len() > most {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            items.remove((state >> 33) as usize % items.len());
        }
    }
    few(&mut market.cards, seed, 3);
    few(&mut market.processors, seed ^ 0x11, 16);
    few(&mut market.boards, seed ^ 0x22, 6);
    few(&mut market.ram, seed ^ 0x33, 5);
    few(&mut market.disks, seed ^ 0x44, 2);
    few(&mut market.supplies, seed ^ 0x55, 4);
    few(&mut market.cases, seed ^ 0x66, 3);
    few(&mut market.systems, seed ^ 0x77, 2);
}

/// What a machine's price counts for: with what unmet wishes of its tier are worth.
fn weighed(choice: &PartList<'_>, tier: &Tier) -> f64 {
    let narrow = |lanes: u8, generation: u8| {
        let slots = choice.slots().unwrap_or_default();
        !slots.iter().all(|slot| slot.lanes >= lanes && slot.r#gen >= generation)
    };
    let unmet = tier.rules.iter().map(|rule| match rule.rule {
        TierDemand::PreferPcie { r#gen, lanes, worth } if choice.system.is_none() && narrow(lanes, r#gen) => worth,
        TierDemand::CudaFirst { worth } if choice.cards.iter().any(|it| it.part.vendor != Vendor::Nvidia) => worth,
        TierDemand::PreferCase { worth } if choice.case.is_some_and(Case::has_risers) => worth,
        TierDemand::PreferFewCards { worth } => worth * f64::from(choice.card_count() - 1),
        _ => 0.0,
    });
    1.0 + unmet.sum::<f64>()
}

/// Every machine of a market, tried one by one.
fn brute_force(market: &Market<'_>, scorer: &Scorer<'_>, tier: TierId, budget: f64) -> Option<(Score, f64)> {
    let tier = tier.tier().unwrap_or_else(|| panic!("no rules"));
    let mut best: Option<(Score, f64)> = None;
    let mut offer = |choice: &PartList<'_>, usd: f64| {
        if usd > budget {
            return;
        }
        let Some(found) = scorer.score(choice) else { return };
        let weight = usd * weighed(choice, tier);
        let better = best.is_none_or(|(score, least)| found.score > score || (found.score == score && weight < least));
        if better && violations(choice, tier, found.needed_ram_gib).is_empty() {
            best = Some((found.score, weight));
        }
    };
    for system in &market.systems {
        let cards = market.cards_of(system.part);
        if !cards.is_empty() {
            offer(&PartList { system: Some(system.part), cards, ..PartList::default() }, system.cost(1).usd.0);
        }
    }
    for board in &market.boards {
        for processor in market.processors.iter().filter(|item| item.part.socket == board.part.socket) {
            let mut choice =
                PartList { board: Some(board.part), processor: Some(processor.part), ..PartList::default() };
            let sockets = board.part.sockets;
            let fitting = market.coolers.iter().filter(|item| {
                let with = PartList { cooler: Some(item.part), ..choice.clone() };
                rigplan::advise::builder::misfits(&with).is_empty()
            });
            let order =
                |item: &&rigplan::advise::builder::Item<'_, _>| (item.price.is_none(), item.cost(sockets).usd.0);
            let Some(cooler) =
                fitting.min_by(|a, b| order(a).partial_cmp(&order(b)).unwrap_or(std::cmp::Ordering::Equal))
            else {
                continue;
            };
            choice.cooler = Some(cooler.part);
            let base = board.cost(1).usd.0 + processor.cost(sockets).usd.0 + cooler.cost(sockets).usd.0;
            for card in &market.cards {
                for count in 1..=8 {
                    choice.cards = vec![Counted::new(card.part, count)];
                    let with_cards = base + card.cost(count).usd.0;
                    for (ram, kits) in market.ram.iter().flat_map(|ram| (1..=24).map(move |kits| (ram, kits))) {
                        choice.ram = Some(Counted::new(ram.part, kits));
                        if with_cards + ram.cost(kits).usd.0 > budget
                            || ram.cost(kits).usd > card.cost(count).usd
                            || !rigplan::advise::builder::misfits(&PartList { case: None, ..choice.clone() }).is_empty()
                        {
                            continue;
                        }
                        for disk in &market.disks {
                            for (supply, supplies) in market.supplies.iter().flat_map(|item| [(item, 1), (item, 2)]) {
                                for case in &market.cases {
                                    choice.disk = Some(disk.part);
                                    choice.supply = Some(Counted::new(supply.part, supplies));
                                    choice.case = Some(case.part);
                                    let Some(joined) = market.fittings_cost(&choice) else { continue };
                                    let rest = disk.cost(1) + supply.cost(supplies) + case.cost(1) + joined;
                                    let rest = rest.usd.0;
                                    offer(&choice, with_cards + ram.cost(kits).usd.0 + rest);
                                }
                            }
                        }
                        choice.case = None;
                        choice.supply = None;
                    }
                }
            }
        }
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_search_is_no_worse_than_trying_everything(
        seed in any::<u64>(), budget in 800.0..30_000.0_f64, tier in tiers(), goal in goals(), plan in plans(),
    ) {
        // What is advised beyond the need is bought after the search, so it is no part of the comparison.
        let request = request(budget, tier, goal);
        let mut market = Market::of(&request, Catalog::embedded());
        thin_out(&mut market, seed);
        let scorer = Scorer::new(&request, &plan, Catalog::embedded());
        let found = BuildSearch::new(&market, &scorer, tier.tier().unwrap()).run(Aim::BestFor(Usd(budget)));
        let wanted = brute_force(&market, &scorer, tier, budget);
        match (&found, wanted) {
            (None, None) => {}
            (Some(found), Some((score, weight))) => {
                prop_assert!(found.scored.score >= score, "{:?} below {score:?}", found.scored.score);
                prop_assert!(
                    found.scored.score > score || found.weight.0 <= weight + 1e-6,
                    "{} above {weight}", found.weight
                );
            }
            // Every machine was tried with one kind of card alone.
            (Some(found), None) if found.choice.cards.len() > 1 => {}
            _ => prop_assert!(false, "{found:?} instead of {wanted:?}"),
        }
    }

    #[test]
    fn every_build_satisfies_every_constraint(
        budget in 500.0..600_000.0_f64, tier in tiers(), goal in goals(), plan in plans(),
        buying in select(vec![Buying::New, Buying::NewOrUsed]), owned in select(vec![0_u32, 1, 2]),
    ) {
        let owned = if owned > 0 { vec![part("rtx-4090", owned)] } else { Vec::new() };
        let request = BuildRequest { buying, owned, ..request(budget, tier, goal) };
        let today = today();
        let build = match best(&request, &plan, Catalog::embedded(), &today) {
            Ok(outcome) => {
                prop_assert!(outcome.build.total.usd.0 <= budget + 1e-6);
                prop_assert!(outcome.exhaustive);
                for next in outcome.next.iter().flat_map(|next| &next.build) {
                    let better = next.scored.score > outcome.build.scored.score;
                    prop_assert!(better && next.total.usd.0 > budget);
                }
                outcome.build
            }
            Err(BuildError::TooLittle { cheapest, .. }) => {
                prop_assert!(cheapest.total.usd.0 > budget);
                *cheapest
            }
            Err(BuildError::Nothing { .. }) => return Ok(()),
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        };
        let broken = violations(&build.choice, tier.tier().unwrap(), build.scored.needed_ram_gib);
        prop_assert!(broken.is_empty(), "{broken:?}");
        prop_assert!(build.estimate.verdict.is_some_and(|verdict| verdict != Verdict::DoesNotFit), "{:?}", build.estimate.verdict);
        let sum: f64 = build.lines.iter().filter_map(|line| line.usd).map(|usd| usd.0).sum();
        prop_assert!((sum - build.total.usd.0).abs() < 1e-6);
        prop_assert!(build.lines.iter().all(|line| line.price.is_none_or(|price| !price.source.is_empty())));
        prop_assert!(build.choice.supply.is_none_or(|supply| supply.part.form == SupplyForm::Atx));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Owning a part is never worse than not owning it: the build is no dearer and at least as good.
    #[test]
    fn what_is_owned_makes_no_build_dearer_or_worse(
        budget in 600.0..60_000.0_f64, tier in tiers(), goal in goals(), plan in plans(),
        owned in select(vec!["rtx-3090", "rtx-4090", "rtx-3060-12gb", "am5-atx", "ddr4-udimm-2x16", "psu-1200-gold", "mid-tower"]),
        count in 1_u32..3,
    ) {
        let today = today();
        let wishes = request(budget, tier, goal);
        let with = BuildRequest { owned: vec![part(owned, count)], ..wishes.clone() };
        let without = best(&wishes, &plan, Catalog::embedded(), &today);
        let with = best(&with, &plan, Catalog::embedded(), &today);
        match (&without, &with) {
            (Ok(without), Ok(with)) => {
                let (usd, most) = (with.build.total.usd.0, without.build.total.usd.0);
                prop_assert!(usd <= most + 1e-6, "{usd} above {most}");
                prop_assert!(with.build.scored.score >= without.build.scored.score);
                if let Some(more) = &with.within {
                    prop_assert!(more.scored.score > with.build.scored.score && more.total.usd.0 <= budget + 1e-6);
                }
            }
            (Ok(_), Err(error)) => prop_assert!(false, "{error}"),
            (Err(BuildError::TooLittle { cheapest: without, .. }), Err(BuildError::TooLittle { cheapest: with, .. })) => {
                prop_assert!(with.total.usd.0 <= without.total.usd.0 + 1e-6);
            }
            _ => {}
        }
    }
}

/// What is there already makes the build better than what all the money would buy, and the next machine is better still.
#[test]
fn the_next_machine_is_better_than_one_with_an_owned_card_and_dearer_than_the_budget() {
    let today = today();
    for goal in [BuildGoal::RunPlan, BuildGoal::MostTokens, BuildGoal::LARGEST, BuildGoal::MIXTURE] {
        for (budget, card) in [(2327.9, "rtx-4090"), (1500.0, "rtx-3090"), (3000.0, "rtx-5090")] {
            let owned = vec![part(card, 1)];
            let request = BuildRequest { owned, ..request(budget, TierId::Starter, goal) };
            let Ok(outcome) = best(&request, &serving("llama-3.1-8b"), Catalog::embedded(), &today) else { continue };
            let build = &outcome.build;
            let better = outcome.next.iter().flat_map(|next| &next.build).chain(&outcome.better);
            for next in better {
                let said = format!("{goal:?}, {card}: {:?} after {:?}", next.total, build.total);
                assert!(next.scored.score.is_clearly_better(&build.scored.score), "{said}");
                assert!(next.total.usd.0 > budget, "{said}");
            }
        }
    }
}

/// What a practitioner would respect, with the prices of November 2026.
#[test]
fn five_budgets_come_to_sensible_machines() {
    let today = today();
    let plan = Plan::default();
    let mut vram = 0.0;
    for (budget, least_vram, gpu) in [
        (1000.0, 12.0, 0.20..0.60),
        (2000.0, 24.0, 0.40..0.75),
        (5000.0, 48.0, 0.45..0.80),
        (20_000.0, 96.0, 0.60..0.95),
        (100_000.0, 280.0, 0.55..0.96),
    ] {
        let request = request(budget, TierId::for_budget(Usd(budget)), BuildGoal::LARGEST);
        let outcome = best(&request, &plan, Catalog::embedded(), &today).unwrap();
        let build = &outcome.build;
        let share = build.share(PartKind::Card);
        assert!(build.choice.vram_gib() >= least_vram, "${budget}: {} GiB", build.choice.vram_gib());
        assert!(build.choice.vram_gib() >= vram, "${budget}: less VRAM than for less money");
        assert!(gpu.contains(&share), "${budget}: {share} for cards");
        assert!(build.choice.ram_gib() <= 1024, "${budget}: {} GiB of RAM", build.choice.ram_gib());
        assert!(share >= build.share(PartKind::Ram), "${budget}: RAM takes more than VRAM");
        vram = build.choice.vram_gib();
    }
}

#[test]
fn too_small_a_budget_names_the_cheapest_build() {
    let (request, plan, today) = (request(300.0, TierId::Starter, BuildGoal::LARGEST), Plan::default(), today());
    let error = best(&request, &plan, Catalog::embedded(), &today).unwrap_err();
    let BuildError::TooLittle { cheapest, .. } = &error else { panic!("{error:?}") };
    assert!(cheapest.total.usd.0 > 300.0 && cheapest.total.usd.0 < 1200.0, "{}", cheapest.total.usd.0);
    assert!(error.to_string().starts_with("$300 is below the cheapest build that works"), "{error}");
}

#[test]
fn parts_that_do_not_go_together_are_one_clear_error() {
    let (plan, today) = (Plan::default(), today());
    let said = |locks: Vec<PartCount>| {
        let request = BuildRequest { locks, ..request(5000.0, TierId::Starter, BuildGoal::RunPlan) };
        best(&request, &plan, Catalog::embedded(), &today).unwrap_err().to_string()
    };
    let socket = said(vec![part("am5-matx", 1), part("am4-r5-5600", 1)]);
    let why = "the parts that are locked do not go together: Ryzen 5 5600 does not go into the AM5 socket of AM5 micro ATX \
               board; let one of them go";
    let nearest = socket.strip_prefix(why).unwrap_or_else(|| panic!("{socket}"));
    assert!(nearest.contains("without am4-r5-5600"), "{nearest}");
    assert!(
        said(vec![part("am5-matx", 1), part("am4-matx", 1)])
            .contains("two different parts of one kind are locked: Board")
    );
    assert!(
        said(vec![part("am5-matx", 1), part("ddr4-udimm-2x16", 1)]).contains("does not go with AM5 micro ATX board")
    );
    assert!(said(vec![part("am5-matx", 1), part("rtx-5090", 2)]).contains("2 cards are more than"));
    assert!(said(vec![part("dgx-spark", 1), part("am5-matx", 1)]).contains("a whole machine is locked beside"));
    assert!(said(vec![part("rtx-9999", 1)]).contains("unknown part “rtx-9999”"));
}

#[test]
fn kept_parts_stay_and_owned_ones_cost_nothing() {
    let (plan, today) = (Plan::default(), today());
    let locks = vec![part("rtx-5090", 1), part("am5-r7-9700x", 1)];
    let kept = BuildRequest { locks, ..request(9000.0, TierId::Starter, BuildGoal::RunPlan) };
    let build = best(&kept, &plan, Catalog::embedded(), &today).unwrap().build;
    assert_eq!(build.choice.cards[0].part.id, "rtx-5090");
    assert_eq!(build.choice.processor.map(|part| part.id.as_str()), Some("am5-r7-9700x"));
    let owned =
        BuildRequest { owned: vec![part("rtx-5090", 1)], ..request(1500.0, TierId::Starter, BuildGoal::LARGEST) };
    let build = best(&owned, &plan, Catalog::embedded(), &today).unwrap().build;
    let line = build.lines.iter().find(|line| line.id == "rtx-5090").expect("the card that is there already");
    assert_eq!((line.usd, line.owned), (Some(Usd::ZERO), 1));
}

#[test]
fn a_node_is_one_price_and_a_part_without_one_makes_a_total_the_least() {
    let (plan, today) = (serving("llama-3.1-70b"), today());
    let node = request(600_000.0, TierId::Enterprise, BuildGoal::MostTokens);
    assert!(best(&node, &plan, Catalog::embedded(), &today).is_ok());
    let locks = vec![part("hgx-h200-8", 1)];
    let kept = BuildRequest { locks, ..request(600_000.0, TierId::Enterprise, BuildGoal::RunPlan) };
    let build = best(&kept, &plan, Catalog::embedded(), &today).unwrap().build;
    assert_eq!((build.lines.len(), build.total.usd.0), (1, 370_000.0));
    let unpriced = BuildRequest { locks: vec![part("mi325x-8", 1)], ..kept.clone() };
    let build = best(&unpriced, &plan, Catalog::embedded(), &today).unwrap().build;
    assert_eq!((build.total.usd.0, build.total.unpriced), (0.0, 1));
}

#[test]
fn clouds_that_fit_stand_in_the_order_of_their_price_a_token() {
    let offers = cloud_offers(&serving("llama-3.1-70b"), Catalog::embedded(), &today());
    assert!(offers.len() > 10, "{}", offers.len());
    let leading = offers.iter().take_while(|offer| offer.leads).count();
    assert!(leading > 5 && offers[leading..].iter().all(|offer| !offer.leads), "bargains and doubtful ones come last");
    for offers in [&offers[..leading], &offers[leading..]] {
        let prices: Vec<Usd> = offers.iter().filter_map(|offer| offer.usd_per_million).collect();
        assert!(prices.windows(2).all(|pair| pair[0] <= pair[1]));
    }
    assert!(offers.iter().all(|offer| matches!(offer.verdict, Verdict::Fits | Verdict::Tight)));
    for old in offers.iter().filter(|offer| offer.stale) {
        let fresh = offers.iter().any(|offer| !offer.stale && offer.rent.card == old.rent.card);
        assert!(!fresh, "{:?}: a fresh one of the card is known", old.rent);
    }
    assert!(
        offers.iter().any(|offer| offer.cards > 1 && offer.rent.cards == 1),
        "as many single cards as hold the plan"
    );
}

#[test]
fn a_machine_put_together_by_hand_is_priced_and_judged_as_it_is() {
    let (plan, today, catalog) = (Plan::default(), today(), Catalog::embedded());
    let wishes = request(2400.0, TierId::Starter, BuildGoal::RunPlan);
    let searched = best(&wishes, &plan, catalog, &today).unwrap().build;
    let by_hand = |parts: Vec<PartCount>| {
        let request = BuildRequest { by_hand: parts, ..wishes.clone() };
        best(&request, &plan, catalog, &today).unwrap()
    };
    let same = by_hand(searched.parts());
    assert_eq!((same.build.total, &same.build.lines), (searched.total, &searched.lines), "reasons are kept");
    assert_eq!((same.build.scored, same.build.violations.len()), (searched.scored, 0));
    // Another part in one place: its price, its reason and what follows from it, nothing else.
    let market = Market::all(&wishes, catalog);
    let disk = searched.choice.disk.unwrap();
    let all = swaps(&market, catalog, &searched.parts(), PartKind::Disk, &disk.id);
    let other = if disk.id == "nvme4-2tb" { "nvme4-4tb" } else { "nvme4-2tb" };
    let larger = all.iter().find(|swap| swap.id == other).unwrap();
    let swapped = by_hand(swapped(&searched.parts(), &disk.id, larger));
    let line = swapped.build.lines.iter().find(|line| line.kind == PartKind::Disk).unwrap();
    assert_eq!((line.id, line.why), (other, Why::ByHand));
    let before =
        searched.lines.iter().find(|line| line.kind == PartKind::Disk).and_then(|line| line.usd).map(|usd| usd.0);
    let difference = larger.total.usd.0 - before.unwrap();
    assert!((swapped.build.total.usd.0 - searched.total.usd.0 - difference).abs() < 1e-6);
    assert_eq!(swapped.searched.map(|build| build.total), Some(searched.total));
    // What the plan does not run on is still shown, with what is wrong.
    let small = by_hand(vec![part("rtx-3060-12gb", 3), part("am5-matx", 1)]);
    let violations = &small.build.violations;
    assert!(violations.contains(&Violation::Missing(PartKind::Case)), "{violations:?}");
    assert!(violations.iter().any(|it| matches!(it, Violation::BoardSlots { cards: 3, .. })), "{violations:?}");
}

#[test]
fn what_is_missing_is_said() {
    let found = violations(&PartList::default(), TierId::Starter.tier().unwrap(), 0.0);
    assert!(found.contains(&Violation::Missing(PartKind::Board)));
}

#[test]
fn a_server_has_a_circuit_of_its_own_unless_an_outlet_is_chosen() {
    let at =
        |tier, circuit| BuildRequest { tier, circuit, usual_outlet: CircuitId::Eu230V16A, ..BuildRequest::default() };
    assert_eq!(at(TierId::Starter, None).outlet(), CircuitId::Eu230V16A);
    assert_eq!(at(TierId::Enterprise, None).outlet(), CircuitId::EuCee16A);
    assert_eq!(at(TierId::Enterprise, Some(CircuitId::Us120V15A)).outlet(), CircuitId::Us120V15A);
}
