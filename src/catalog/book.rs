//! The price book: every card and part with what it costs, the user's own prices among them.

use super::Catalog;
use super::entry_table::Entry;
use super::own_prices::Laid;
use super::parts::{PartKind, Written};
use super::priced::{Priced, counting_of_kind};
use super::source::{Date, Price, PriceKind};

/// One line of the book: a price, or that there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BookRow<'a> {
    /// Which kind of thing.
    pub part_kind: PartKind,
    pub id: &'a str,
    /// As a shop writes it.
    pub name: &'a str,
    /// What a builder writes of it.
    pub written: Written<'a>,
    pub kind: PriceKind,
    /// The price that counts; `None` = none is known.
    pub price: Option<&'a Price>,
    /// Its memory in GiB, where that is less than all that there is: such a price stands for itself and is not typed.
    pub less_gib: Option<f64>,
    /// It is the user's own, and stands in for this.
    pub own: Option<&'a Laid>,
}

impl BookRow<'_> {
    /// Whether its price is older than six months; none is not.
    pub fn is_stale(&self, today: &Date) -> bool {
        self.price.is_some_and(|price| price.date.is_stale(today))
    }
}

/// Everything that is known of what one thing costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct BookPart<'a> {
    /// Its lines, at least one; all are of one size of memory.
    rows: &'a [BookRow<'a>],
}

impl<'a> BookPart<'a> {
    /// The things of a book in its order; `rows` must be as [`Catalog::price_book`] gives them.
    pub(crate) fn all(rows: &'a [BookRow<'a>]) -> impl Iterator<Item = Self> {
        rows.chunk_by(|a, b| a.id == b.id && a.less_gib == b.less_gib).map(|rows| Self { rows })
    }

    /// The line that says what it is.
    pub(crate) fn first(&self) -> Option<&'a BookRow<'a>> {
        self.rows.first()
    }

    /// Its lines.
    pub(crate) const fn rows(&self) -> &'a [BookRow<'a>] {
        self.rows
    }

    /// Bought new: the price that counts, or else the line that waits for one.
    pub(crate) fn bought_new(&self) -> Option<&'a BookRow<'a>> {
        const KINDS: [PriceKind; 3] = [PriceKind::Street, PriceKind::List, PriceKind::Spot];
        let priced = KINDS.into_iter().find_map(|kind| self.of_kind(kind).filter(|row| row.price.is_some()));
        priced.or_else(|| self.of_kind(PriceKind::Street))
    }

    /// Bought used.
    pub(crate) fn bought_used(&self) -> Option<&'a BookRow<'a>> {
        self.of_kind(PriceKind::Used)
    }

    /// What its maker asked when it came out, or asks beside the shops.
    pub(crate) fn at_launch(&self) -> Option<&'a BookRow<'a>> {
        let listed = || self.of_kind(PriceKind::List).filter(|list| self.bought_new() != Some(*list));
        self.of_kind(PriceKind::Launch).or_else(listed)
    }

    fn of_kind(&self, kind: PriceKind) -> Option<&'a BookRow<'a>> {
        self.rows.iter().find(|row| row.kind == kind)
    }
}

/// What every thing can be bought as: the kinds for which an empty line waits for a price.
const EVERY: &[PriceKind] = &[PriceKind::Street];
/// Cards are also sold used.
const CARDS: &[PriceKind] = &[PriceKind::Street, PriceKind::Used];

impl Catalog {
    /// Every line of the price book, kind by kind.
    pub fn price_book(&self) -> Vec<BookRow<'_>> {
        let mut book = BookLister { own: self.own_prices(), rows: Vec::new() };
        self.list_parts(&mut book);
        book.rows
    }
}

/// Collects the lines of the book.
pub(super) struct BookLister<'a> {
    own: &'a [Laid],
    rows: Vec<BookRow<'a>>,
}

impl<'a> BookLister<'a> {
    /// A line for each price of each part, and for those that wait for one.
    pub(super) fn add<T: Entry + Priced + 'a>(&mut self, part_kind: PartKind, parts: impl Iterator<Item = &'a T>) {
        let asked = if part_kind == PartKind::Card { CARDS } else { EVERY };
        for part in parts {
            for Line { kind, less_gib, price } in lines(part, asked) {
                let own = self.own.iter().find(|laid| {
                    laid.own.part == part.id() && laid.own.kind == kind && price == Some(&laid.own.price())
                });
                self.rows.push(BookRow {
                    part_kind,
                    id: part.id(),
                    name: part.name(),
                    written: part.written(),
                    kind,
                    price,
                    less_gib,
                    own,
                });
            }
        }
    }
}

/// A line as it is asked for.
struct Line<'a> {
    kind: PriceKind,
    less_gib: Option<f64>,
    price: Option<&'a Price>,
}

/// A line for each kind of price of a part, the one that counts of each kind, and for the `asked` ones that wait for one.
/// Prices with less than all of the memory stand apart, each size by itself.
fn lines<'a, T: Priced>(part: &'a T, asked: &[PriceKind]) -> Vec<Line<'a>> {
    let size = |price: &Price| price.memory_gib.filter(|_| part.is_of_less(price));
    let mut places: Vec<(Option<f64>, PriceKind)> =
        part.prices().iter().map(|price| (size(price), price.kind)).collect();
    places.extend(asked.iter().map(|kind| (None, *kind)));
    places.sort_by(|a, b| a.0.unwrap_or(0.0).total_cmp(&b.0.unwrap_or(0.0)).then(a.1.cmp(&b.1)));
    places.dedup();
    let line = |(less_gib, kind)| {
        let of_place = part.prices().iter().filter(|price| size(price) == less_gib && price.kind == kind);
        Line { kind, less_gib, price: counting_of_kind(of_place, kind, T::HOLDS_MEMORY) }
    };
    places.into_iter().map(line).collect()
}
