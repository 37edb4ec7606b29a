//! Which words stand for which line of the book.

use crate::catalog::book::BookRow;
use crate::catalog::source::PriceKind;
use crate::text::{Join, Key, Locale, Placeholder, gib_trimmed};

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
pub(super) fn name(row: &BookRow<'_>, locale: Locale) -> String {
    let size = row.less_gib.map(gib_trimmed);
    locale.join(Join::Phrases, std::iter::once(row.written.one(locale)).chain(size))
}

/// `Price of GeForce RTX 3090, used`.
pub(super) fn price_of(row: &BookRow<'_>, locale: Locale) -> String {
    let name = row.written.one(locale);
    locale.sentence(Key::BookPriceOf, &[(Placeholder::Name, &name), (Placeholder::Other, locale.word(kind(row.kind)))])
}
