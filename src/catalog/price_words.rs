//! What a price is, in words: beside every price that is shown.

use super::price::Rent;
use super::price_rule::Standing;
use super::source::{Confidence, Price, PriceFigure, PriceKind};
use crate::text::{Join, Key, Locale, Placeholder, money};

/// When a price was seen, and what it is where it is no plain offer: `best deal 2026-09-01`, `2025-07-23, old`.
pub fn dated(price: &Price, standing: Standing, locale: Locale) -> String {
    said(price, price.date.as_str(), standing, locale)
}

/// The same where there is room for few words: `best deal 2026-09`.
pub fn dated_to_the_month(price: &Price, standing: Standing, locale: Locale) -> String {
    let date = price.date.as_str();
    said(price, date.get(..MONTH).unwrap_or(date), standing, locale)
}

/// When a price was seen, to the month.
pub fn month(price: &Price, locale: Locale) -> &str {
    let date = price.date.as_str();
    if price.date.year().is_some() { date.get(..MONTH).unwrap_or(date) } else { locale.word(Key::Undated) }
}

/// Letters of a year and its month.
const MONTH: usize = "2026-09".len();

fn said(price: &Price, date: &str, standing: Standing, locale: Locale) -> String {
    let date = if price.date.year().is_some() { date } else { locale.word(Key::Undated) };
    let key = match (price.kind, price.figure) {
        (PriceKind::Launch, _) => Some(Key::CardLaunchDated),
        (_, PriceFigure::Deal) => Some(Key::CardDealDated),
        (_, PriceFigure::Typical) => Some(Key::CardAverageDated),
        (PriceKind::List, _) => Some(Key::CardListDated),
        _ => None,
    };
    let said = key.map_or_else(|| date.to_owned(), |key| locale.sentence(key, &[(Placeholder::Value, date)]));
    match standing {
        Standing::Outdated | Standing::Overtaken => locale.sentence(Key::RentStale, &[(Placeholder::Value, &said)]),
        Standing::Doubtful => locale.join(Join::Phrases, [said, locale.word(Key::CardPriceDoubtful).to_owned()]),
        Standing::Counts | Standing::History => said,
    }
}

/// When an offer to rent was seen, what it is where it is no plain one, and that it is old.
pub fn rent_dated(rent: &Rent, stale: bool, locale: Locale) -> String {
    let date = if rent.date.year().is_some() { rent.date.as_str() } else { locale.word(Key::Undated) };
    let date = date.replace("..", "\u{2013}");
    let key = match rent.figure {
        PriceFigure::Deal => Some(Key::CardDealDated),
        PriceFigure::Typical => Some(Key::CardAverageDated),
        PriceFigure::Offer | PriceFigure::Own => None,
    };
    let said = key.map_or_else(|| date.clone(), |key| locale.sentence(key, &[(Placeholder::Value, &date)]));
    let said = if stale { locale.sentence(Key::RentStale, &[(Placeholder::Value, &said)]) } else { said };
    let doubtful = (rent.confidence == Confidence::Low).then(|| locale.word(Key::CardPriceDoubtful).to_owned());
    locale.join(Join::Phrases, std::iter::once(said).chain(doubtful))
}

/// What kind of price it is: `used, average of several`.
pub fn kind(price: &Price, locale: Locale) -> String {
    let kind = match price.kind {
        PriceKind::Launch => Key::CardPriceLaunch,
        PriceKind::List => Key::CardPriceList,
        PriceKind::Street | PriceKind::Spot => Key::CardPriceStreet,
        PriceKind::Used => Key::CardPriceUsed,
    };
    let figure = match price.figure {
        PriceFigure::Deal => Some(Key::CardPriceDeal),
        PriceFigure::Typical => Some(Key::CardPriceAverage),
        PriceFigure::Offer | PriceFigure::Own => None,
    };
    let doubtful = price.is_doubtful().then_some(Key::CardPriceDoubtful);
    let said = std::iter::once(kind).chain(figure).chain(doubtful);
    locale.join(Join::Phrases, said.map(|key| locale.word(key).to_owned()))
}

/// A deal that stands beside a price: `best deal $950`.
pub fn deal(deal: &Price, locale: Locale) -> String {
    locale.sentence(Key::CardDealDated, &[(Placeholder::Value, &money(deal.expected_usd()))])
}
