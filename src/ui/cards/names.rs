//! How rows are named, and how their figures are written.

use crate::advise::ranking::Offer;
use crate::catalog::priced::Condition;
use crate::estimate::Headroom;
use crate::text::{self, Join, Key, Locale, Placeholder};
use crate::ui::command::Command;
use crate::ui::words;
use crate::units::{Band, Usd};

/// What stands where nothing is known or nothing applies.
pub(super) const NONE: &str = "\u{2013}";

/// `2 × GeForce RTX 3090`.
pub(super) fn counted(offer: &Offer<'_>) -> String {
    let name = &offer.card.name;
    if offer.count > 1 { format!("{} × {name}", offer.count) } else { name.clone() }
}

/// The same without the maker's family name, for tables and labels: `2 × RTX 3090`.
pub(super) fn short(offer: &Offer<'_>) -> String {
    let name = offer.card.brief_name();
    if offer.count > 1 { format!("{} × {name}", offer.count) } else { name.to_owned() }
}

/// `2 × RTX 3090, used`; `Apple M5 Pro, 48 GiB` where it is sold with several sizes.
pub(super) fn with_condition(name: &str, offer: &Offer<'_>, locale: Locale) -> String {
    let name = locale.join(Join::Phrases, std::iter::once(name.to_owned()).chain(priced_memory(offer)));
    match offer.condition {
        Condition::New => name,
        Condition::Used => locale.sentence(Key::CardUsedName, &[(Placeholder::Name, &name)]),
    }
}

/// A rate or a time: whole from ten up, one digit below, two below one.
pub(super) fn rate(value: f64) -> String {
    let digits = match value {
        value if value >= 9.95 => 0,
        value if value >= 0.995 => 1,
        _ => 2,
    };
    text::decimal(value, digits)
}

/// The expected value of a band.
pub(super) fn expected(band: Option<Band<f64>>) -> String {
    band.map_or_else(|| NONE.to_owned(), |band| rate(band.expected))
}

/// A band: `14–17`.
pub(super) fn band(band: Band<f64>) -> String {
    text::range(&rate(band.low), &rate(band.high))
}

/// What is left or missing, with its sign: `+4.7`, `−11.4`.
pub(super) fn signed(headroom: Option<Headroom>) -> String {
    match headroom {
        Some(Headroom::Free(bytes)) => format!("+{}", words::gib_bare(bytes)),
        Some(Headroom::Missing(bytes)) => text::decimal(-words::amount(bytes), 1),
        None => NONE.to_owned(),
    }
}

/// So many US dollars, or that nothing is known.
pub(super) fn usd(amount: Option<Usd>) -> String {
    amount.map_or_else(|| NONE.to_owned(), text::money)
}

/// Power: `1,400 W`.
pub(super) fn watts(watts: u32) -> String {
    format!("{} W", text::count(watts.into()))
}

/// The memory that is counted and priced, where the card is sold with several sizes.
pub(super) fn priced_memory(offer: &Offer<'_>) -> Option<String> {
    let several = offer.card.memory_sizes_gib().len() > 1;
    several.then(|| text::gib_trimmed(offer.each_gib))
}

/// Takes the row into the plan.
pub(super) fn used(offer: &Offer<'_>) -> Command {
    Command::UseCard { card: offer.card.id.clone(), size_gib: offer.size_gib(), count: offer.count }
}

/// What a server engine has to be told to start: `at most 96 sequences`.
pub(super) fn prepared(most: u32, locale: Locale) -> String {
    locale.sentence(Key::CardsPrepared, &[(Placeholder::Count, &text::count(u64::from(most)))])
}
