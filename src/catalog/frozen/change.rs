//! What differs between a row as a plan kept it and the row as it is now.

use super::FrozenRow;
use crate::catalog::card::Card;
use crate::catalog::condition::Condition;
use crate::catalog::priced::Priced;
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
}

impl RowChange {
    /// What differs of a row, at least one thing; `now` is the row as it is.
    pub(super) fn of(kept: &FrozenRow, now: Option<&FrozenRow>) -> Vec<Self> {
        let what = match (kept, now) {
            (_, None) => vec![RowDifference::Gone],
            (FrozenRow::BuiltIn(_), Some(_)) => vec![RowDifference::Unknown],
            (FrozenRow::Card(was), Some(FrozenRow::Card(now))) => of_card(was, now),
            (FrozenRow::Platform(was), Some(FrozenRow::Platform(now))) => {
                let bandwidths = (was.memory_bandwidth_gb_s, now.memory_bandwidth_gb_s);
                of_prices(&**was, &**now).chain(bandwidth(bandwidths)).collect()
            }
            _ => Vec::new(),
        };
        let what = if what.is_empty() { vec![RowDifference::Figures] } else { what };
        let name = now.filter(|_| matches!(kept, FrozenRow::BuiltIn(_))).unwrap_or(kept).name().to_owned();
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
        }
    }
}

impl FrozenRow {
    fn name(&self) -> &str {
        match self {
            Self::Model(model) => &model.name,
            Self::Card(card) => card.brief_name(),
            Self::Platform(platform) => &platform.name,
            Self::BuiltIn(print) => &print.id,
        }
    }
}

fn of_card(was: &Card, now: &Card) -> Vec<RowDifference> {
    let memory = (was.memory_gib != now.memory_gib)
        .then_some(RowDifference::Memory { was: was.memory_gib, now: now.memory_gib });
    let rates = was.bandwidth_gb_s.zip(now.bandwidth_gb_s).and_then(bandwidth);
    of_prices(was, now).chain(memory).chain(rates).collect()
}

fn bandwidth((was, now): (f64, f64)) -> Option<RowDifference> {
    (was != now).then_some(RowDifference::Bandwidth { was, now })
}

fn of_prices<T: Priced>(was: &T, now: &T) -> impl Iterator<Item = RowDifference> {
    Condition::ALL.into_iter().filter_map(move |condition| {
        let usd = |part: &T| part.price_in(condition).map(crate::catalog::source::Price::expected_usd);
        let (was, now) = usd(was).zip(usd(now))?;
        (was != now).then_some(RowDifference::Price { condition, was, now })
    })
}
