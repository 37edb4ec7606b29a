//! Which words stand for which line of the book.

use crate::catalog::book::BookRow;
use crate::catalog::source::PriceKind;
use crate::share::price_csv::{LineProblem, PriceLineError};
use crate::text::{self, Join, Key, Locale, Placeholder, memory_unit};

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
    let size = row.less_gib.map(|gib| memory_unit().write_trimmed(gib));
    locale.join(Join::Phrases, std::iter::once(row.written.one(locale)).chain(size))
}

/// `Price of GeForce RTX 3090, used`.
pub(super) fn price_of(row: &BookRow<'_>, locale: Locale) -> String {
    let name = row.written.one(locale);
    locale.sentence(Key::BookPriceOf, &[(Placeholder::Name, &name), (Placeholder::Other, locale.word(kind(row.kind)))])
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
    let line = text::count(u64::try_from(error.line).unwrap_or(u64::MAX));
    let holes = [(Placeholder::Count, line.as_str()), (Placeholder::Value, &words)];
    match error.problem.column() {
        Some(column) => locale.sentence(Key::BookLineIn, &[holes[0], holes[1], (Placeholder::Name, column)]),
        None => locale.sentence(Key::BookLine, &holes),
    }
}
