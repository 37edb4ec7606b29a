//! Which parts are shown: worked out when the prices, the search or the choice is another one.

use std::ops::Range;

use super::{BookFilter, BookInputs, BookViewState};
use crate::advise::builder::words;
use crate::catalog::book::{BookPart, BookRow};
use crate::catalog::source::Date;
use crate::text::Locale;

/// The parts shown, each as the place of its lines in the book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct BookListing {
    made_from: Option<MadeFrom>,
    parts: Vec<Range<usize>>,
    /// How many parts the book has.
    pub(super) all: usize,
}

/// What a listing follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
struct MadeFrom {
    generation: u64,
    query: String,
    shown: BookFilter,
    locale: Locale,
}

impl BookListing {
    /// How many parts are shown.
    pub(super) fn count(&self) -> usize {
        self.parts.len()
    }

    /// The lines of the part at this place; nothing beyond the last.
    pub(super) fn part<'a>(&self, place: usize, rows: &'a [BookRow<'a>]) -> Option<BookPart<'a>> {
        BookPart::all(rows.get(self.parts.get(place)?.clone())?).next()
    }
}

pub(super) fn refresh(inputs: &BookInputs<'_>, state: &mut BookViewState) {
    let BookInputs { rows, generation, today, locale, .. } = *inputs;
    let BookViewState { query, shown, listing, .. } = state;
    let same = listing.made_from.as_ref().is_some_and(|made| {
        made.generation == generation && made.query == *query && made.shown == *shown && made.locale == locale
    });
    if same {
        return;
    }
    let wanted: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
    let (mut start, mut all, mut parts) = (0, 0, Vec::new());
    for part in BookPart::all(rows) {
        let place = start..start + part.rows().len();
        start = place.end;
        all += 1;
        if is_chosen(&part, *shown, today) && is_found(&part, &wanted, locale) {
            parts.push(place);
        }
    }
    let made_from = MadeFrom { generation, query: query.clone(), shown: *shown, locale };
    *listing = BookListing { made_from: Some(made_from), parts, all };
}

fn is_chosen(part: &BookPart<'_>, shown: BookFilter, today: &Date) -> bool {
    match shown {
        BookFilter::All => true,
        BookFilter::Own => part.rows().iter().any(|row| row.own.is_some()),
        // What a maker asked at launch is history and does not grow old.
        BookFilter::Old => [part.bought_new(), part.bought_used()].into_iter().flatten().any(|row| row.is_stale(today)),
        BookFilter::Missing => part.rows().iter().all(|row| row.price.is_none()),
    }
}

fn is_found(part: &BookPart<'_>, wanted: &[String], locale: Locale) -> bool {
    let Some(row) = part.first().filter(|_| !wanted.is_empty()) else { return wanted.is_empty() };
    let kind = locale.word(words::kind(row.part_kind));
    let text = format!("{} {} {} {kind}", row.name, row.written.one(locale), row.id).to_lowercase();
    wanted.iter().all(|word| text.contains(word))
}
