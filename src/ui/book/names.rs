//! Which words stand for which line of the book.

use crate::catalog::book::BookRow;
use crate::catalog::source::PriceKind;
use crate::text::{Key, Locale, Placeholder, memory_unit};

/// What a price is a price of.
pub(super) const fn kind(kind: PriceKind) -> Key {
    match kind {
        PriceKind::Street => Key::BookNew,
        PriceKind::Used => Key::BookUsed,
        PriceKind::List => Key::BookList,
        PriceKind::Launch => Key::BookLaunch,
        PriceKind::Spot => Key::BookSpot,
    }
}

/// The name, and its memory where that is not all that there is: `M2 Ultra, 64 GiB`.
pub(super) fn name(row: &BookRow<'_>) -> String {
    row.less_gib
        .map_or_else(|| row.name.to_owned(), |gib| format!("{}, {}", row.name, memory_unit().write_trimmed(gib)))
}

/// `Price of GeForce RTX 3090, used`.
pub(super) fn price_of(row: &BookRow<'_>, locale: Locale) -> String {
    locale
        .sentence(Key::BookPriceOf, &[(Placeholder::Name, row.name), (Placeholder::Other, locale.word(kind(row.kind)))])
}
