//! The price book: every card and part with what it costs, the user's own prices among them.

use super::Catalog;
use super::entry_table::Entry;
use super::own_prices::Laid;
use super::parts::{PartKind, Written};
use super::priced::Priced;
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
            let mut prices: Vec<(PriceKind, Option<&Price>)> =
                part.prices().iter().map(|price| (price.kind, Some(price))).collect();
            // A part with one price has no room for another beside it.
            let whole = || part.prices().iter().filter(|price| !part.is_of_less(price));
            let missing = asked.iter().filter(|kind| whole().all(|price| price.kind != **kind));
            if part.prices().is_empty() || T::HOLDS_KINDS {
                prices.extend(missing.map(|kind| (*kind, None)));
            }
            // Prices with less than all of the memory stand apart, each size by itself.
            let less = |price: Option<&Price>| {
                let size = price.filter(|price| part.is_of_less(price)).and_then(|price| price.memory_gib);
                size.map_or(0, f64::to_bits)
            };
            prices.sort_by_key(|(kind, price)| (less(*price), *kind));
            for (kind, price) in prices {
                let own = self.own.iter().find(|laid| {
                    laid.own.part == part.id() && laid.own.kind == kind && price == Some(&laid.own.price())
                });
                let less_gib = price.filter(|price| part.is_of_less(price)).and_then(|price| price.memory_gib);
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
