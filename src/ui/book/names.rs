//! Which words stand for which line of the book.

use crate::catalog::book::BookRow;
use crate::catalog::source::PriceKind;
use crate::share::price_csv::{LineProblem, PriceLineError};
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

/// Why a line was left out.
pub(super) fn error(error: &PriceLineError, locale: Locale) -> String {
    let one = |key, value: &str| locale.sentence(key, &[(Placeholder::Value, value)]);
    let words = match &error.problem {
        LineProblem::Empty => locale.word(Key::BookLineEmpty).to_owned(),
        LineProblem::NoColumn(name) => one(Key::BookLineColumn, name),
        LineProblem::UnknownPart(id) => one(Key::BookLinePart, id),
        LineProblem::UnknownKind(typed) => one(Key::BookLineKind, typed),
        LineProblem::NoNumber(typed) => one(Key::BookLineNumber, typed),
        LineProblem::Range(typed) => one(Key::BookLineRange, typed),
        LineProblem::NoDate(typed) => one(Key::BookLineDate, typed),
    };
    locale.sentence(Key::BookLine, &[(Placeholder::Count, &error.line.to_string()), (Placeholder::Value, &words)])
}
