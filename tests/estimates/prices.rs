//! One rule for prices: whoever asks what something costs gets one figure, at any time, and what is typed counts for all.

use crate::support::plans::today;
use rigplan::advise::builder::{Market, best};
use rigplan::advise::ranking::{Offer, rank};
use rigplan::advise::remedies::Cost;
use rigplan::catalog::own_prices::to_text;
use rigplan::catalog::parts::TierId;
use rigplan::catalog::price::OwnPrice;
use rigplan::catalog::priced::{Condition, Priced};
use rigplan::catalog::source::{Date, PriceKind};
use rigplan::catalog::{Catalog, TableFile};
use rigplan::plan::{BuildGoal, BuildRequest, Buying, Plan};
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
    let market = |buying| Market::all(&BuildRequest { buying, ..BuildRequest::default() }, catalog);
    let (new, either) = (market(Buying::New), market(Buying::NewOrUsed));
    let mut compared = 0;
    for card in catalog.cards() {
        let ranked = |condition| {
            let of_card = |offer: &&Offer<'_>| offer.card.id == card.id && offer.condition == condition;
            let price = offers.iter().find(of_card).and_then(|offer| Some((offer.count, offer.price?)));
            price.map(|(count, price)| (price.usd * (1.0 / f64::from(count)), price.each))
        };
        let asked = |condition| ranked(condition).filter(|(_, each)| each.is_asked()).map(|(usd, _)| usd);
        for (usd, each) in Condition::ALL.into_iter().filter_map(ranked) {
            let row = book.iter().find(|row| row.id == card.id && row.price == Some(each)).unwrap();
            assert_eq!((usd, row.less_gib), (row.price.unwrap().expected_usd(), None), "{}", card.id);
            compared += 1;
        }
        let cheapest = [asked(Condition::New), asked(Condition::Used)].into_iter().flatten().min_by(Usd::total_cmp);
        assert_eq!(Cost::of_cards(card, 1).usd(), cheapest, "{}", card.id);
        for (market, expected) in [(&new, asked(Condition::New)), (&either, cheapest)] {
            let item = market.cards.iter().find(|item| item.part.id == card.id);
            // What is not offered has no price there, and never another one.
            let usd = item.and_then(|item| Some(item.cost(item.price.map(|_| 1)?).usd));
            assert!(usd.is_none_or(|usd| Some(usd) == expected), "{}: {usd:?}, {expected:?}", card.id);
        }
    }
    assert!(compared > 100, "{compared}");
    let asked = |id| Cost::of_cards(catalog.card(id).unwrap(), 1).usd();
    assert_eq!(asked("h100-pcie"), Some(Usd(24_500.0)), "the middle of 22,000 to 27,000");
}

/// What is bought beside the plan is what a build would buy: never at a price from before memory became dear.
#[test]
fn nothing_is_offered_at_a_price_that_nobody_asks_any_more() {
    let catalog = Catalog::embedded();
    let of_2025 = catalog.card("rtx-4060-ti-16gb").unwrap();
    assert!(of_2025.asked_price(&Condition::ALL).is_some() && of_2025.offered_price(&Condition::ALL).is_none());
    let market = Market::of(&BuildRequest::default(), catalog);
    assert!(market.cards.iter().all(|item| item.part.id != of_2025.id));
    let launch = catalog.card("b100").unwrap();
    assert!(launch.price_in(Condition::New).is_some() && launch.asked_price(&Condition::ALL).is_none());
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
