//! One rule for prices: whoever asks what something costs gets one figure, at any time, and what is typed counts for all.

use crate::support::plans::today;
use rigplan::advise::builder::{Market, best};
use rigplan::advise::ranking::{Offer, frontier, rank};
use rigplan::advise::remedies::{Change, Cost, ladder};
use rigplan::catalog::own_prices::to_text;
use rigplan::catalog::parts::{Dimm, PartKind, TierId};
use rigplan::catalog::price::OwnPrice;
use rigplan::catalog::price_rule::Standing;
use rigplan::catalog::priced::{Condition, MemoryPrices, Priced};
use rigplan::catalog::runtime::RamSpeed;
use rigplan::catalog::source::{Date, PriceKind};
use rigplan::catalog::{Catalog, TableFile};
use rigplan::plan::{BuildGoal, BuildRequest, Buying, Machine, ModelChoice, Plan, Workload};
use rigplan::units::Usd;

/// The catalog with these prices typed.
fn typed(prices: &[(&str, PriceKind, f64)]) -> Catalog {
    let own = |(part, kind, usd): &(&str, PriceKind, f64)| OwnPrice {
        part: (*part).to_owned(),
        kind: *kind,
        usd: Usd(*usd),
        date: today(),
        source: rigplan::catalog::origin::Origin::own(),
    };
    let text = to_text(&prices.iter().map(own).collect::<Vec<_>>());
    let (catalog, errors) = Catalog::with_overlay(&[TableFile { name: "own_prices.ron".to_owned(), text }]);
    assert!(errors.is_empty(), "{errors:?}");
    catalog
}

#[test]
fn typed_prices_are_what_builds_and_the_ranking_reckon_with() {
    let catalog = typed(&[("rtx-3090", PriceKind::Used, 611.0), ("am5-atx", PriceKind::Street, 122.0)]);
    let (request, plan) = (BuildRequest::default(), Plan::default());
    let market = Market::of(&request, &catalog);
    let card = market.cards.iter().find(|item| item.part.id == "rtx-3090").unwrap();
    assert_eq!(card.price.map(|price| price.usd), Some(Usd(611.0)));
    let board = market.boards.iter().find(|item| item.part.id == "am5-atx").unwrap();
    assert_eq!(board.price.map(|price| price.usd), Some(Usd(122.0)));
    let offers = rank(&plan, &catalog).unwrap();
    let offer = offers.iter().find(|it| it.card.id == "rtx-3090" && it.count == 1 && it.condition == Condition::Used);
    assert_eq!(offer.unwrap().price.as_ref().map(|price| price.usd), Some(Usd(611.0)));
    let row = catalog.price_book().into_iter().find(|row| row.id == "am5-atx").unwrap();
    assert_eq!((row.price.map(|price| price.usd), row.own.is_some()), (Some(Usd(122.0)), true));
}

/// A part that nobody sold comes into builds with its price, and one made dear leaves them.
#[test]
fn what_is_typed_changes_what_is_built() {
    let (plan, today) = (Plan::default(), today());
    let request = BuildRequest { budget_usd: Usd(2000.0), goal: BuildGoal::RunPlan, ..BuildRequest::default() };
    let before = best(&request, &plan, Catalog::embedded(), &today).unwrap();
    let board = before.build.choice.board.unwrap().id.clone();
    let dear = typed(&[(&board, PriceKind::Street, 1900.0)]);
    let after = best(&request, &plan, &dear, &today).unwrap();
    assert_ne!(after.build.choice.board.unwrap().id, board);
    let card = "rtx-4090";
    let cheap = typed(&[(card, PriceKind::Used, 100.0), (card, PriceKind::Street, 100.0)]);
    let after = best(&request, &plan, &cheap, &today).unwrap();
    assert!(after.build.scored.score >= before.build.scored.score);
    assert_eq!(after.build.choice.cards.first().map(|cards| cards.part.id.as_str()), Some(card));
}

/// The ranking, the price book, builds and what is bought beside the plan say one figure a card and condition.
#[test]
fn a_card_costs_the_same_whoever_asks() {
    let catalog = Catalog::embedded();
    let offers = rank(&Plan::default(), catalog).unwrap();
    let book = catalog.price_book();
    let market = |buying| Market::of(&BuildRequest { buying, ..BuildRequest::default() }, catalog);
    let (new, either) = (market(Buying::New), market(Buying::NewOrUsed));
    let mut compared = 0;
    for card in catalog.cards() {
        let ranked = |condition| {
            let of_card = |offer: &&Offer<'_>| offer.card.id == card.id && offer.condition == condition;
            offers.iter().find(of_card).and_then(|offer| Some((offer.count, offer.price?)))
        };
        let sold = |condition| ranked(condition).filter(|(_, price)| price.standing == Standing::Counts);
        for (count, price) in Condition::ALL.into_iter().filter_map(ranked) {
            assert_eq!(price.usd * (1.0 / f64::from(count)), price.each.expected_usd(), "{}", card.id);
            assert!(book.iter().any(|row| row.price == Some(price.each)), "{}: {price:?}", card.id);
            compared += 1;
        }
        if card.is_unified() {
            continue;
        }
        let usd = |condition| sold(condition).map(|(_, price)| price.each.expected_usd());
        let cheapest = [usd(Condition::New), usd(Condition::Used)].into_iter().flatten().min_by(Usd::total_cmp);
        assert_eq!(Cost::of_cards(card, 1).usd(), cheapest, "{}", card.id);
        for (market, expected) in [(&new, usd(Condition::New)), (&either, cheapest)] {
            let item = market.cards.iter().find(|item| item.part.id == card.id);
            // What is not sold is not there, and never at another price.
            let usd = item.map(|item| item.cost(1).usd);
            assert!(usd.is_none() || usd == expected, "{}: {usd:?}, {expected:?}", card.id);
        }
    }
    assert!(compared > 100, "{compared}");
    let asked = |id| Cost::of_cards(catalog.card(id).unwrap(), 1).usd();
    assert_eq!(asked("h200-nvl"), Some(Usd(38_999.0)), "the newer of two");
    assert_eq!(asked("rtx-3090"), Some(Usd(1343.0)), "of four in the middle the cheaper of two");
    let machine = catalog.systems().find(|system| system.id == "dgx-spark").unwrap();
    let spark = catalog.card_price(catalog.card("gb10-dgx-spark").unwrap(), Condition::New);
    assert_eq!(spark, machine.price_in(Condition::New), "a chip costs what its machine does");
}

/// What is bought beside the plan is what a build would buy: never at a price from before memory became dear, nor at a
/// doubtful one.
#[test]
fn nothing_is_offered_at_a_price_that_nobody_asks_any_more() {
    let catalog = Catalog::embedded();
    let of_2025 = catalog.card("rtx-4060-ti-16gb").unwrap();
    assert!(of_2025.asked_price(&Condition::ALL).is_some() && of_2025.offered_price(&Condition::ALL).is_none());
    let doubtful = catalog.card("tesla-p40").unwrap();
    assert!(doubtful.asked_price(&Condition::ALL).is_some() && doubtful.offered_price(&Condition::ALL).is_none());
    let launch = catalog.card("b100").unwrap();
    assert!(launch.price_in(Condition::New).is_some() && launch.asked_price(&Condition::ALL).is_none());
    let request = BuildRequest::default();
    let (sold, all) = (Market::of(&request, catalog), Market::all(&request, catalog));
    for card in [of_2025, doubtful] {
        assert!(sold.cards.iter().all(|item| item.part.id != card.id), "{}", card.id);
        let by_hand = all.cards.iter().find(|item| item.part.id == card.id).unwrap();
        assert!(by_hand.price.is_some() && !by_hand.sold, "{}: it is there to be chosen by hand", card.id);
    }
}

/// What stands on the frontier, or says what another card is worth, is asked of a buyer now.
#[test]
fn the_frontier_stands_on_prices_that_are_asked() {
    let catalog = Catalog::embedded();
    let offers = rank(&Plan::default(), catalog).unwrap();
    let rise = MemoryPrices::known().unwrap();
    let best = frontier(offers.iter().enumerate());
    assert!(best.len() > 3, "{}", best.len());
    for offer in best.into_iter().map(|place| &offers[place]) {
        let each = offer.price.unwrap().each;
        let fresh = each.is_asked() && !each.is_doubtful() && !each.date.is_before(&rise.count_from);
        assert!(fresh, "{}: {each:?}", offer.card.id);
    }
}

/// Nothing in a build is bought at a doubtful price, at one of a launch, or at one from before memory became dear.
#[test]
fn builds_stand_on_prices_that_are_asked() {
    let (catalog, rise) = (Catalog::embedded(), MemoryPrices::known().unwrap());
    let mut bought = 0;
    for tier in TierId::ALL {
        for budget_usd in [1500.0, 5000.0, 20_000.0, 100_000.0, 600_000.0].map(Usd) {
            let request = BuildRequest { tier, budget_usd, goal: BuildGoal::LARGEST, ..BuildRequest::default() };
            let outcome = best(&request, &Plan::default(), catalog, &today());
            let Some(build) = outcome.as_ref().map_or_else(|error| error.cheapest(), |outcome| Some(&outcome.build))
            else {
                continue;
            };
            for line in &build.lines {
                let Some(price) = line.price else { continue };
                assert!(price.is_asked() && !price.is_doubtful(), "{}: {price:?}", line.id);
                let memory = matches!(line.kind, PartKind::Card | PartKind::System | PartKind::Ram | PartKind::Disk);
                assert!(!memory || !price.date.is_before(&rise.count_from), "{}: {price:?}", line.id);
                bought += 1;
            }
        }
    }
    assert!(bought > 60, "{bought}");
}

/// A GB of RAM costs the same whether a build holds it or a plan is to get more of it.
#[test]
fn ram_has_one_price() {
    let catalog = Catalog::embedded();
    let market = Market::of(&BuildRequest::default(), catalog);
    let mut compared = 0;
    let mut kinds: Vec<_> = catalog.ram_kits().map(|kit| (kit.kind, kit.dimm)).collect();
    kinds.dedup();
    for (kind, dimm) in kinds {
        let kits = market.ram.iter().filter(|item| (item.part.kind, item.part.dimm) == (kind, dimm));
        let built = kits.map(|item| item.cost(1).usd / f64::from(item.part.gib())).min_by(Usd::total_cmp);
        let cheapest = catalog.cheapest_ram(kind, dimm);
        assert_eq!(cheapest.map(|ram| ram.usd_per_gib()), built, "{kind} {dimm:?}");
        // More of it never costs less, and no more than the kits that a build would take.
        let (slowest, mut before) = (RamSpeed { kind, mt_s: 0 }, Usd::ZERO);
        for gib in [32.0, 64.0, 128.0, 256.0] {
            let Some(bought) = catalog.ram_for(slowest, dimm, gib, None) else { continue };
            let items = market.ram.iter().filter(|item| item.part.id == bought.kit.id);
            let built: Vec<Usd> = items.map(|item| item.cost(bought.pieces).usd).collect();
            assert_eq!(built, [bought.usd()], "{} x {}", bought.pieces, bought.kit.id);
            assert!(bought.usd() >= before && bought.usd_per_gib() >= cheapest.unwrap().usd_per_gib());
            before = bought.usd();
            compared += 1;
        }
    }
    assert!(compared > 12, "{compared}");
    let plan = Plan {
        machine: Machine { platform: Some("am5-r7-9700x".to_owned()), ram_gib: 32.0, ..Plan::default().machine },
        workload: Workload { model: ModelChoice::Catalog("llama-3.1-70b".to_owned()), ..Plan::default().workload },
        ..Plan::default()
    };
    let ladder = ladder(&plan, catalog).unwrap();
    for way in &ladder.ways {
        let Change::Ram(gib) = way.change else { continue };
        let platform = catalog.platform("am5-r7-9700x").unwrap();
        let speed = RamSpeed { kind: platform.memory_kind, mt_s: platform.memory_mt_s };
        let bought = catalog.ram_for(speed, Dimm::Udimm, gib - plan.machine.ram_gib, Some(&platform.socket));
        assert_eq!(way.cost.usd(), bought.map(|bought| bought.usd()));
    }
}

/// Prices grow old, but no day comes from which on nothing can be built.
#[test]
fn years_later_the_same_is_built_from_stale_prices() {
    let catalog = Catalog::embedded();
    let day = |text: &str| Date::try_from(text.to_owned()).unwrap();
    for tier in TierId::ALL {
        for budget_usd in [3000.0, 20_000.0, 300_000.0].map(Usd) {
            let request = BuildRequest { tier, budget_usd, goal: BuildGoal::LARGEST, ..BuildRequest::default() };
            let built = |today: &str| {
                let outcome = best(&request, &Plan::default(), catalog, &day(today));
                let build = outcome.as_ref().map_or_else(|error| error.cheapest(), |outcome| Some(&outcome.build));
                let build = build.unwrap_or_else(|| panic!("{tier:?}, ${budget_usd}, {today}"));
                (build.total, build.parts(), build.lines.iter().all(|line| line.stale || line.price.is_none()))
            };
            let now = built("2026-11-28");
            for later in ["2027-11-28", "2028-11-28", "2031-11-28"] {
                let then = built(later);
                assert_eq!((then.0, &then.1), (now.0, &now.1), "{tier:?}, ${budget_usd}, {later}");
                assert!(then.2, "all of them are marked");
            }
        }
    }
}
