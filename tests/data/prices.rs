//! Every price says what it is, when it was seen and where.

use std::collections::BTreeSet;

use rigplan::catalog::entry_table::Entry;
use rigplan::catalog::origin::OriginKind;
use rigplan::catalog::price_rule::Standing;
use rigplan::catalog::priced::{Condition, MemoryPrices, Priced};
use rigplan::catalog::source::{Date, Price, PriceFigure, PriceKind};
use rigplan::catalog::{Catalog, Edition};

fn day(text: &str) -> Date {
    Date::try_from(text.to_owned()).unwrap()
}

/// Every price of the catalog, with what it is a price of.
fn prices() -> Vec<(String, Price)> {
    fn of<'a, T: Entry + Priced + 'a>(parts: impl Iterator<Item = &'a T>) -> Vec<(String, Price)> {
        parts.flat_map(|part| part.prices().iter().map(|price| (part.id().to_owned(), price.clone()))).collect()
    }
    let catalog = Catalog::embedded();
    [
        of(catalog.cards()),
        of(catalog.systems()),
        of(catalog.platforms()),
        of(catalog.boards()),
        of(catalog.ram_kits()),
        of(catalog.disks()),
        of(catalog.power_supplies()),
        of(catalog.cases()),
        of(catalog.coolers()),
        of(catalog.network_parts()),
    ]
    .concat()
}

#[test]
fn every_price_has_a_date_and_a_source() {
    let mut wrong = Vec::new();
    for (part, price) in prices() {
        if price.date.year().is_none() || price.source.is_empty() {
            wrong.push(format!("{part}: {price:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(prices().len() > 400, "{}", prices().len());
}

/// Whoever adds a price gives the tables a new edition.
#[test]
fn no_price_is_newer_than_the_edition() {
    let Edition { version, date } = Edition::embedded();
    assert!(!version.is_empty());
    let date = day(date);
    for (part, price) in prices() {
        assert!(!date.is_before(&price.date), "{part}: {}", price.date);
    }
}

/// One deal post is no street price, and a median is no single offer.
#[test]
fn every_price_says_what_it_is() {
    let mut wrong = Vec::new();
    for (part, price) in prices() {
        let basis = price.basis.as_deref().unwrap_or_default();
        let deal = price.source.kind == OriginKind::Deals || basis.contains("deal post");
        let middle = ["median", "average", "mean"].iter().any(|word| basis.starts_with(word));
        let fine = match price.figure {
            PriceFigure::Deal => price.kind != PriceKind::Launch,
            PriceFigure::Typical => !deal,
            PriceFigure::Offer => !deal && !middle,
            PriceFigure::Own => false,
        };
        if !fine {
            wrong.push(format!("{part}: {price:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// No price appears twice: the same amount of the same day and kind.
#[test]
fn no_price_stands_twice() {
    let mut seen = BTreeSet::new();
    for (part, price) in prices() {
        let key = format!("{part} {:?} {} {:?} {}", price.kind, price.usd.0, price.memory_gib, price.date);
        assert!(seen.insert(key.clone()), "{key}");
    }
}

/// Nothing is bought new for less than what used ones of it cost months later, whatever part it is.
#[test]
fn no_new_price_that_used_ones_have_overtaken_is_asked() {
    fn overtaken<T: Entry + Priced>(part: &T) -> Option<String> {
        let new = part.asked_price(&[Condition::New])?;
        let used = part.price_in(Condition::Used).filter(|used| part.standing(used) == Standing::Counts)?;
        let months = new.date.months_before(&used.date)?;
        (months > 2 && new.expected_usd() < used.expected_usd()).then(|| format!("{}: {new:?}", part.id()))
    }
    let catalog = Catalog::embedded();
    let wrong: Vec<String> = [
        catalog.cards().filter_map(overtaken).collect::<Vec<_>>(),
        catalog.systems().filter_map(overtaken).collect(),
        catalog.platforms().filter_map(overtaken).collect(),
        catalog.boards().filter_map(overtaken).collect(),
        catalog.ram_kits().filter_map(overtaken).collect(),
        catalog.disks().filter_map(overtaken).collect(),
        catalog.power_supplies().filter_map(overtaken).collect(),
        catalog.cases().filter_map(overtaken).collect(),
        catalog.coolers().filter_map(overtaken).collect(),
        catalog.fittings().filter_map(overtaken).collect(),
        catalog.network_parts().filter_map(overtaken).collect(),
    ]
    .concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let card = catalog.card("rtx-4090").unwrap();
    assert_eq!(card.asked_price(&[Condition::New]), None, "it is sold used, for more than it ever cost new");
    let shown = card.price_in(Condition::New).map(|price| card.standing(price));
    assert_eq!(shown, Some(Standing::Overtaken), "it is still shown as what it was");
}

/// What counts of what holds memory is no older than a year, seen from the newest price of a card.
#[test]
fn no_price_of_memory_that_counts_is_older_than_a_year() {
    let rise = MemoryPrices::known().unwrap();
    let catalog = Catalog::embedded();
    let newest = catalog.cards().flat_map(|card| &card.prices).map(|price| price.date.clone());
    let months = newest.filter_map(|date| rise.count_from.months_before(&date)).max().unwrap();
    assert!((0..=12).contains(&months), "{months} months: what counts begins too early");
}

/// The cards that people buy have a price that is asked now.
#[test]
fn what_people_buy_has_a_price() {
    let catalog = Catalog::embedded();
    for id in [
        "rtx-3060-12gb",
        "rtx-3090",
        "rtx-4090",
        "rtx-5060-ti-16gb",
        "rtx-5070-ti",
        "rtx-5080",
        "rtx-5090",
        "rx-7900-xtx",
        "rx-9070-xt",
        "arc-pro-b70",
        "radeon-ai-pro-r9700",
        "rtx-pro-4000-blackwell",
        "rtx-pro-5000-blackwell-48gb",
        "rtx-pro-6000-blackwell",
        "rtx-6000-ada",
        "rtx-a6000",
        "l40s",
        "a100-pcie-80gb",
        "h100-nvl",
        "h200-nvl",
    ] {
        let card = catalog.card(id).unwrap();
        assert!(card.offered_price(&Condition::ALL).is_some(), "{id}: {:?}", card.prices);
    }
    for (id, usd) in [("strix-halo-mini", 3324.0), ("strix-halo-framework", 3449.0), ("mac-studio-m3-ultra", 3999.0)] {
        let machine = catalog.systems().find(|machine| machine.id == id).unwrap();
        assert_eq!(machine.offered_price(&Condition::ALL).map(|price| price.usd.0), Some(usd), "{id}");
    }
}

/// Offers to rent are dated, and none is older than six months where the same card has a fresh one.
#[test]
fn rents_are_dated() {
    let catalog = Catalog::embedded();
    for rent in catalog.rents() {
        assert!(!rent.date.as_str().contains("..") && rent.date.year().is_some(), "{rent:?}");
        assert!(!rent.source.is_empty() && catalog.card(&rent.card).is_some(), "{rent:?}");
    }
    assert!(catalog.rents().filter(|rent| !rent.date.is_before(&day("2026-06"))).count() > 100);
}
