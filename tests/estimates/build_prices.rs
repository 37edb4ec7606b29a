//! One source of prices: what is typed counts in builds, in the ranking of cards, and nowhere else is another figure.

use crate::support::plans::today;
use rigplan::advise::builder::{Market, best};
use rigplan::advise::ranking::{Condition, rank};
use rigplan::catalog::Catalog;
use rigplan::catalog::own_prices::to_text;
use rigplan::catalog::price::OwnPrice;
use rigplan::catalog::source::PriceKind;
use rigplan::plan::{BuildRequest, Goal, Plan};

/// The catalog with these prices typed.
fn typed(prices: &[(&str, PriceKind, f64)]) -> Catalog {
    let own = |(part, kind, usd): &(&str, PriceKind, f64)| OwnPrice {
        part: (*part).to_owned(),
        kind: *kind,
        usd: *usd,
        date: today(),
        source: "typed by you".to_owned(),
    };
    let text = to_text(&prices.iter().map(own).collect::<Vec<_>>());
    let (catalog, errors) = Catalog::with_overlay(&[("own_prices.ron".to_owned(), text)]);
    assert!(errors.is_empty(), "{errors:?}");
    catalog
}

#[test]
fn typed_prices_are_what_builds_and_the_ranking_reckon_with() {
    let catalog = typed(&[("rtx-3090", PriceKind::Used, 611.0), ("am5-atx", PriceKind::Street, 122.0)]);
    let (request, today, plan) = (BuildRequest::default(), today(), Plan::default());
    let market = Market::of(&request, &catalog, &today);
    let card = market.cards.iter().find(|item| item.part.id == "rtx-3090").unwrap();
    assert_eq!(card.price.map(|price| price.usd), Some(611.0));
    let board = market.boards.iter().find(|item| item.part.id == "am5-atx").unwrap();
    assert_eq!(board.price.map(|price| price.usd), Some(122.0));
    let offers = rank(&plan, &catalog).unwrap();
    let offer = offers.iter().find(|it| it.card.id == "rtx-3090" && it.count == 1 && it.condition == Condition::Used);
    assert_eq!(offer.unwrap().price.as_ref().map(|price| price.usd), Some(611.0));
    let row = catalog.price_book().into_iter().find(|row| row.id == "am5-atx").unwrap();
    assert_eq!((row.price.map(|price| price.usd), row.own.is_some()), (Some(122.0), true));
}

/// A part that nobody sold comes into builds with its price, and one made dear leaves them.
#[test]
fn what_is_typed_changes_what_is_built() {
    let (plan, today) = (Plan::default(), today());
    let request = BuildRequest { budget_usd: 2000.0, goal: Goal::RunPlan, ..BuildRequest::default() };
    let before = best(&request, &plan, Catalog::embedded(), &today).unwrap();
    let board = before.build.choice.board.unwrap().id.clone();
    let dear = typed(&[(&board, PriceKind::Street, 1900.0)]);
    let after = best(&request, &plan, &dear, &today).unwrap();
    assert_ne!(after.build.choice.board.unwrap().id, board);
    let card = "rtx-4090";
    let cheap = typed(&[(card, PriceKind::Used, 100.0), (card, PriceKind::Street, 100.0)]);
    let after = best(&request, &plan, &cheap, &today).unwrap();
    assert!(after.build.judgement.score >= before.build.judgement.score);
    assert_eq!(after.build.choice.cards.first().map(|cards| cards.part.id.as_str()), Some(card));
}
