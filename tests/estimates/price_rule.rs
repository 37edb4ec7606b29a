//! One price from several: what is older, doubtful or a bargain never moves a price that is known better.

use proptest::prelude::*;
use rigplan::catalog::Catalog;
use rigplan::catalog::card::Card;
use rigplan::catalog::origin::Origin;
use rigplan::catalog::price_rule::Standing;
use rigplan::catalog::priced::{Condition, Priced};
use rigplan::catalog::source::{Confidence, Date, Price, PriceFigure, PriceKind};
use rigplan::units::Usd;

/// A card that costs this.
fn costing(prices: Vec<Price>) -> Card {
    Card { prices, ..Catalog::embedded().card("rtx-3090").unwrap().clone() }
}

/// So many months before the end of 2026, on this day.
fn day(months: u32, day: u32) -> Date {
    let last = 2026 * 12 + 11 - months;
    Date::try_from(format!("{}-{:02}-{day:02}", last / 12, last % 12 + 1)).unwrap()
}

fn used() -> impl Strategy<Value = Price> {
    let figures = prop_oneof![Just(PriceFigure::Offer), Just(PriceFigure::Typical), Just(PriceFigure::Deal)];
    let confidences = prop_oneof![Just(Confidence::Low), Just(Confidence::Medium), Just(Confidence::High)];
    (50_u32..5000, 0_u32..30, 1_u32..28, figures, confidences, 0_u32..4).prop_map(
        |(usd, months, on, figure, confidence, shop)| Price {
            kind: PriceKind::Used,
            usd: Usd(f64::from(usd)),
            usd_to: None,
            date: day(months, on),
            source: Origin::cited(format!("shop{shop}.com")),
            memory_gib: None,
            figure,
            confidence,
            basis: None,
        },
    )
}

/// Whether it is a price that is known well: asked now, by more than one weak word, and no bargain.
fn is_well_known(price: &Price) -> bool {
    price.figure != PriceFigure::Deal && costing(Vec::new()).standing(price) == Standing::Counts
}

proptest! {
    #[test]
    fn the_order_of_prices_does_not_matter(prices in prop::collection::vec(used(), 1..12), turn in 0_usize..12) {
        let known = costing(prices.clone()).price_in(Condition::Used).cloned();
        let mut turned = prices;
        let by = turn % turned.len();
        turned.rotate_left(by);
        let found = costing(turned.clone()).price_in(Condition::Used).cloned();
        prop_assert_eq!(found.as_ref().map(|it| (it.usd, it.date.clone())), known.as_ref().map(|it| (it.usd, it.date.clone())));
        turned.reverse();
        let found = costing(turned).price_in(Condition::Used).cloned();
        prop_assert_eq!(found.map(|it| (it.usd, it.date)), known.map(|it| (it.usd, it.date)));
    }

    #[test]
    fn what_is_weaker_moves_no_price(
        prices in prop::collection::vec(used(), 1..8), more in used(), well in used(), older in 5_u32..30,
    ) {
        let well = Price { figure: PriceFigure::Offer, confidence: Confidence::Medium, date: day(2, 15), ..well };
        let mut prices = prices;
        prices.push(well);
        let known = costing(prices.clone()).price_in(Condition::Used).cloned();
        let weaker = [
            Price { confidence: Confidence::Low, ..more.clone() },
            Price { figure: PriceFigure::Deal, ..more.clone() },
            Price { kind: PriceKind::Launch, ..more.clone() },
            Price { kind: PriceKind::Spot, ..more.clone() },
            Price { date: Date::try_from("undated".to_owned()).unwrap(), ..more.clone() },
            // More than two months before the well known one, and so before the newest of them.
            Price { date: day(older, 1), ..more },
        ];
        for weaker in weaker {
            let with: Vec<Price> = prices.iter().cloned().chain([weaker.clone()]).collect();
            let found = costing(with).price_in(Condition::Used).map(|it| it.usd);
            prop_assert_eq!(found, known.as_ref().map(|it| it.usd), "{:?}", weaker);
        }
    }

    #[test]
    fn the_price_is_one_that_was_seen_and_the_best_known(prices in prop::collection::vec(used(), 1..12)) {
        let card = costing(prices.clone());
        let price = card.price_in(Condition::Used).unwrap();
        prop_assert!(prices.contains(price));
        let best = prices.iter().map(|it| card.standing(it)).min();
        prop_assert_eq!(Some(card.standing(price)), best);
        if prices.iter().any(is_well_known) {
            prop_assert!(is_well_known(price));
        }
        if let Some(deal) = card.best_deal(price) {
            prop_assert!(deal.figure == PriceFigure::Deal && deal.usd < price.usd);
        }
    }

    #[test]
    fn ones_own_price_comes_before_all(prices in prop::collection::vec(used(), 0..8), own in used()) {
        let own = Price { figure: PriceFigure::Own, confidence: Confidence::High, ..own };
        let mut card = costing(prices);
        card.set_own_price(PriceKind::Used, Some(own.clone()));
        prop_assert_eq!(card.price_in(Condition::Used), Some(&own));
        card.set_own_price(PriceKind::Used, None);
        prop_assert!(card.prices.iter().all(|price| !price.is_own()));
    }
}

/// A new price is overtaken by dearer used ones of a later market alone, and by nobody's own.
#[test]
fn a_new_price_below_later_used_ones_is_asked_by_nobody() {
    let price = |kind, usd: f64, date: &str| Price {
        kind,
        usd: Usd(usd),
        usd_to: None,
        date: Date::try_from(date.to_owned()).unwrap(),
        source: Origin::cited("shop.com"),
        memory_gib: None,
        figure: PriceFigure::Offer,
        confidence: Confidence::Medium,
        basis: None,
    };
    let asked = |prices: &[&Price]| {
        let card = costing(prices.iter().map(|it| (*it).clone()).collect());
        card.asked_price(&[Condition::New]).map(|it| it.usd.0)
    };
    let new = price(PriceKind::Street, 800.0, "2026-01");
    assert_eq!(asked(&[&new, &price(PriceKind::Used, 900.0, "2026-09")]), None);
    assert_eq!(asked(&[&new, &price(PriceKind::Used, 700.0, "2026-09")]), Some(800.0), "used ones are cheaper");
    assert_eq!(asked(&[&new, &price(PriceKind::Used, 900.0, "2026-02")]), Some(800.0), "one market");
    assert_eq!(asked(&[&new, &price(PriceKind::Used, 900.0, "2025-12")]), Some(800.0), "an earlier one");
    let doubtful = Price { confidence: Confidence::Low, ..price(PriceKind::Used, 900.0, "2026-09") };
    assert_eq!(asked(&[&new, &doubtful]), Some(800.0), "one weak word");
    let own = |price: Price| Price { figure: PriceFigure::Own, ..price };
    assert_eq!(asked(&[&new, &own(price(PriceKind::Used, 900.0, "2026-09"))]), Some(800.0));
    assert_eq!(asked(&[&own(new.clone()), &price(PriceKind::Used, 900.0, "2026-09")]), Some(800.0));
    let newer = price(PriceKind::Street, 850.0, "2026-10");
    assert_eq!(asked(&[&new, &newer, &price(PriceKind::Used, 900.0, "2026-09")]), Some(850.0));
    let smaller = Price { memory_gib: Some(12.0), ..price(PriceKind::Used, 900.0, "2026-09") };
    assert_eq!(asked(&[&new, &smaller]), Some(800.0), "of another size");
}

/// Three that agree and one bargain: the one in the middle counts, and the bargain stands beside it.
#[test]
fn a_bargain_stands_beside_the_price() {
    let used = |usd: f64, date: &str, figure| Price {
        kind: PriceKind::Used,
        usd: Usd(usd),
        usd_to: None,
        date: Date::try_from(date.to_owned()).unwrap(),
        source: Origin::cited("shop.com"),
        memory_gib: None,
        figure,
        confidence: Confidence::Medium,
        basis: None,
    };
    let card = costing(vec![
        used(1413.0, "2026-09", PriceFigure::Offer),
        used(950.0, "2026-09-01", PriceFigure::Deal),
        used(1343.0, "2026-09", PriceFigure::Typical),
        used(1355.0, "2026-09", PriceFigure::Offer),
        used(975.0, "2026-04-22", PriceFigure::Offer),
    ]);
    let price = card.price_in(Condition::Used).unwrap();
    assert_eq!(price.usd, Usd(1355.0));
    assert_eq!(card.best_deal(price).map(|deal| deal.usd), Some(Usd(950.0)));
}

/// A shop's price counts before the maker's list, and the list before what it cost at launch, whatever that was.
#[test]
fn shops_come_before_lists_and_lists_before_launches() {
    let new = |kind, usd: f64, date: &str| Price {
        kind,
        usd: Usd(usd),
        usd_to: None,
        date: Date::try_from(date.to_owned()).unwrap(),
        source: Origin::cited("shop.com"),
        memory_gib: None,
        figure: PriceFigure::Offer,
        confidence: Confidence::Medium,
        basis: None,
    };
    let launch = new(PriceKind::Launch, 300.0, "2026-11");
    let list = new(PriceKind::List, 500.0, "2026-09");
    let street = new(PriceKind::Street, 700.0, "2026-08");
    let usd = |prices: &[&Price]| {
        costing(prices.iter().map(|it| (*it).clone()).collect()).price_in(Condition::New).map(|it| it.usd.0)
    };
    assert_eq!(usd(&[&launch, &list, &street]), Some(700.0));
    assert_eq!(usd(&[&launch, &list]), Some(500.0));
    assert_eq!(usd(&[&launch]), Some(300.0));
    let raised = new(PriceKind::List, 900.0, "2026-11-20");
    assert_eq!(usd(&[&street, &raised]), Some(900.0), "a list that is months newer is what one pays");
    let card = costing(vec![launch]);
    assert_eq!(card.asked_price(&Condition::ALL), None);
}
