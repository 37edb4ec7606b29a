//! A row of a short text: its print, and what it cost.

use serde::{Deserialize, Serialize};

use super::{FrozenRow, RowTable};
use crate::catalog::origin::Origin;
use crate::catalog::priced::{Condition, Priced};
use crate::catalog::source::Price;

/// What a price is said to be of that came with a text: the text itself.
pub(super) const CAME_WITH_TEXT: &str = "rigplan";

/// What tells whether a row is still the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowPrint {
    /// The table that it stands in.
    pub table: RowTable,
    /// Its id there.
    pub id: String,
    /// CRC-32 of the row as it is written, without prices where they stand beside it.
    pub print: u32,
    /// What it cost: the prices that counted, without their sources; `None` = it has none or the text is an older one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prices: Option<Vec<Price>>,
}

/// The prices of a part that count, new and used, without what a figure does not need.
pub(super) fn counting<T: Priced>(part: &T) -> Vec<Price> {
    let prices = Condition::ALL.into_iter().filter_map(|condition| part.price_in(condition));
    prices.map(|price| Price { source: Origin::default(), basis: None, ..price.clone() }).collect()
}

/// The same as prices of a row.
pub(super) fn sourced(prices: &[Price]) -> Vec<Price> {
    prices.iter().map(|price| Price { source: Origin::cited(CAME_WITH_TEXT), ..price.clone() }).collect()
}

impl FrozenRow {
    /// The print of the row, which [`Self::is_printed_as`] compares.
    pub(super) fn print(&self) -> RowPrint {
        let prices = self.counting_prices();
        let text = if prices.is_some() { self.with_prices(Vec::new()).text() } else { self.text() };
        RowPrint { table: self.table(), id: self.id().to_owned(), print: crc32fast::hash(text.as_bytes()), prices }
    }

    /// Whether it is the row that was printed.
    pub(super) fn is_printed_as(&self, print: &RowPrint) -> bool {
        match print.prices {
            Some(_) => *print == self.print(),
            None => print.print == crc32fast::hash(self.text().as_bytes()) && print.id == self.id(),
        }
    }
}
