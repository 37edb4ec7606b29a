//! What differs between a row as a plan kept it and the row as it is now.

use super::{FrozenRow, RowPrint};
use crate::catalog::card::Card;
use crate::catalog::condition::Condition;
use crate::catalog::parts::TierId;
use crate::catalog::source::Price;
use crate::text::{Key, Locale, Placeholder, decimal, gib_trimmed, money};
use crate::units::Usd;

/// One difference of one row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowChange {
    /// What the row is called.
    pub name: String,
    /// What differs.
    pub what: RowDifference,
}

/// What can differ.
#[derive(Debug, Clone, PartialEq)]
pub enum RowDifference {
    /// What one costs.
    Price {
        /// New or used.
        condition: Condition,
        /// As kept.
        was: Usd,
        /// As it is.
        now: Usd,
    },
    /// Memory of one device, in GiB.
    Memory {
        /// As kept.
        was: f64,
        /// As it is.
        now: f64,
    },
    /// Bandwidth of the memory, in GB/s.
    Bandwidth {
        /// As kept.
        was: f64,
        /// As it is.
        now: f64,
    },
    /// Something else.
    Figures,
    /// There is no such row any more.
    Gone,
    /// Something, but what it was is not known.
    Unknown,
    /// What RAM of a kind costs.
    Ram,
    /// What renting costs.
    Rents,
    /// The prices that a build was found among.
    Build(TierId),
}

impl RowChange {
    /// What differs of a row, at least one thing; `now` is the row as it is.
    pub(super) fn of(kept: &FrozenRow, now: Option<&FrozenRow>) -> Vec<Self> {
        let mut what = match (kept, now) {
            (FrozenRow::RamPrices(_), _) => vec![RowDifference::Ram],
            (FrozenRow::Rents(_), _) => vec![RowDifference::Rents],
            (FrozenRow::Build(build), _) => vec![RowDifference::Build(build.tier)],
            (_, None) => vec![RowDifference::Gone],
            (FrozenRow::BuiltIn(print), Some(now)) => of_print(print, now),
            (FrozenRow::Card(was), Some(FrozenRow::Card(now))) => of_card(was, now),
            (FrozenRow::Platform(was), Some(FrozenRow::Platform(now))) => {
                bandwidth((was.memory_bandwidth_gb_s, now.memory_bandwidth_gb_s)).into_iter().collect()
            }
            _ => Vec::new(),
        };
        if let Some(now) = now {
            what.extend(of_prices(kept, now));
        }
        if what.is_empty() {
            what.push(RowDifference::Figures);
        }
        let name = match kept {
            FrozenRow::RamPrices(book) => book.kind.to_string(),
            _ => now.filter(|_| matches!(kept, FrozenRow::BuiltIn(_))).unwrap_or(kept).name().to_owned(),
        };
        what.into_iter().map(|what| Self { name: name.clone(), what }).collect()
    }

    /// The difference in words.
    pub fn say(&self, locale: Locale) -> String {
        let two = |key, was: &str, now: &str| {
            let holes = [(Placeholder::Name, &*self.name), (Placeholder::Value, now), (Placeholder::Other, was)];
            locale.sentence(key, &holes)
        };
        let rate = |gb_s: f64| format!("{} GB/s", decimal(gb_s, 0));
        match &self.what {
            RowDifference::Price { condition: Condition::New, was, now } => {
                two(Key::ChangedRow, &money(*was), &money(*now))
            }
            RowDifference::Price { condition: Condition::Used, was, now } => {
                two(Key::ChangedRowUsed, &money(*was), &money(*now))
            }
            RowDifference::Memory { was, now } => two(Key::ChangedRow, &gib_trimmed(*was), &gib_trimmed(*now)),
            RowDifference::Bandwidth { was, now } => two(Key::ChangedRow, &rate(*was), &rate(*now)),
            RowDifference::Figures => two(Key::ChangedRowFigures, "", ""),
            RowDifference::Gone => two(Key::ChangedRowGone, "", ""),
            RowDifference::Unknown => two(Key::ChangedRowUnknown, "", ""),
            RowDifference::Ram => two(Key::ChangedRam, "", ""),
            RowDifference::Rents => locale.word(Key::ChangedRents).to_owned(),
            RowDifference::Build(tier) => {
                let name = tier.tier().map_or("", |tier| tier.name.said_in(locale));
                locale.sentence(Key::ChangedBuild, &[(Placeholder::Name, name)])
            }
        }
    }
}

fn of_card(was: &Card, now: &Card) -> Vec<RowDifference> {
    let memory = (was.memory_gib != now.memory_gib)
        .then_some(RowDifference::Memory { was: was.memory_gib, now: now.memory_gib });
    let rates = was.bandwidth_gb_s.zip(now.bandwidth_gb_s).and_then(bandwidth);
    memory.into_iter().chain(rates).collect()
}

fn bandwidth((was, now): (f64, f64)) -> Option<RowDifference> {
    (was != now).then_some(RowDifference::Bandwidth { was, now })
}

/// What differs of a row of which the print and its prices are known.
fn of_print(was: &RowPrint, now: &FrozenRow) -> Vec<RowDifference> {
    let else_same = was.prices.is_some() && was.print == now.print().print;
    let unknown = (!else_same).then_some(RowDifference::Unknown);
    let prices = Condition::ALL.into_iter().filter_map(|condition| {
        let of = |price: &&Price| Condition::of(price.kind) == Some(condition);
        let was = was.prices.iter().flatten().find(of)?.expected_usd();
        other_price(condition, was, now)
    });
    unknown.into_iter().chain(prices).collect()
}

fn of_prices<'a>(was: &'a FrozenRow, now: &'a FrozenRow) -> impl Iterator<Item = RowDifference> + 'a {
    Condition::ALL
        .into_iter()
        .filter_map(move |condition| other_price(condition, was.price_in(condition)?.expected_usd(), now))
}

fn other_price(condition: Condition, was: Usd, now: &FrozenRow) -> Option<RowDifference> {
    let now = now.price_in(condition)?.expected_usd();
    (was != now).then_some(RowDifference::Price { condition, was, now })
}
