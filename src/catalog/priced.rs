//! What a card or part costs: which of its prices counts, and which figure of it. Every view, every piece of advice and
//! every export asks here, so that one question has one answer.
//!
//! - New is the newest price that a shop or the maker asks; where none is known, the one announced at launch. Used is the
//!   newest used price. Who takes either pays the cheaper.
//! - Of a range the middle counts ([`Price::expected_usd`]): sellers ask both ends for the same thing, and a buyer who
//!   has not found the cheapest of them pays about as much.
//! - No price expires: an old one is shown as stale, since the newest known says more than none. One without a date
//!   counts where no other is known, and nothing is bought at it.
//! - A launch price is history: it is shown as such, but no advice adds it up.
//! - Nothing that holds memory is offered at a price from before the rise of memory prices ([`MemoryPrices`]).

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::card::Card;
use super::entry_table;
use super::parts::{Board, Case, Cooler, Fitting, MemoryKit, Network, PowerSupply, Storage, System};
use super::platform::Platform;
use super::source::{Date, Price, PriceKind};

/// Whether something is bought new or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// From a shop.
    New,
    /// From someone before.
    Used,
}

impl Condition {
    /// Both.
    pub const ALL: [Self; 2] = [Self::New, Self::Used];

    /// The kind of price that is typed for it.
    pub const fn price_kind(self) -> PriceKind {
        match self {
            Self::New => PriceKind::Street,
            Self::Used => PriceKind::Used,
        }
    }

    /// The price that counts of those for which it `buys` what is wanted: the newest that is asked, else the newest of a
    /// launch.
    pub fn price_among(self, prices: &[Price], buys: impl Fn(&Price) -> bool) -> Option<&Price> {
        let newest = |kinds: &[PriceKind]| {
            let of_kind = prices.iter().filter(|price| kinds.contains(&price.kind) && buys(price));
            of_kind.max_by_key(|price| price.date.first_day())
        };
        match self {
            Self::New => newest(&[PriceKind::Street, PriceKind::List]).or_else(|| newest(&[PriceKind::Launch])),
            Self::Used => newest(&[PriceKind::Used]),
        }
    }
}

/// Since when prices of what holds memory say what one pays: within months they became several times what they were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemoryPrices {
    /// The first day.
    pub count_from: Date,
    /// Where that shows.
    pub source: String,
}

impl MemoryPrices {
    /// The built-in fact; `None` where the file does not parse, which the tests refuse.
    pub fn known() -> Option<&'static Self> {
        static KNOWN: LazyLock<Option<MemoryPrices>> =
            LazyLock::new(|| entry_table::parse(include_str!("../../data/memory_prices.ron")).ok());
        KNOWN.as_ref()
    }
}

/// A card or part with what it costs.
pub trait Priced {
    /// Prices of several kinds stand beside each other, such as new and used.
    const HOLDS_KINDS: bool;
    /// It holds memory, so that its price rose with that of memory.
    const HOLDS_MEMORY: bool;

    /// What it costs; empty = no price is known.
    fn prices(&self) -> &[Price];

    /// GiB of memory that a price without a size of its own buys; `None` = it has none to choose.
    fn whole_gib(&self) -> Option<f64> {
        None
    }

    /// Whether `price` is one of another size of memory than the whole.
    fn is_of_less(&self, price: &Price) -> bool {
        price.memory_gib.is_some() && price.memory_gib != self.whole_gib()
    }

    /// What one costs in this condition, with all its memory; `None` = no price is known.
    fn price_in(&self, condition: Condition) -> Option<&Price> {
        condition.price_among(self.prices(), |price| !self.is_of_less(price))
    }

    /// What one pays who takes it in any of `conditions`: the cheapest that is asked; `None` = none is known.
    fn asked_price(&self, conditions: &[Condition]) -> Option<&Price> {
        let asked =
            conditions.iter().filter_map(|condition| self.price_in(*condition)).filter(|price| price.is_asked());
        asked.min_by(|a, b| a.expected_usd().total_cmp(&b.expected_usd()))
    }

    /// The same, where it may be offered at that price.
    fn offered_price(&self, conditions: &[Condition]) -> Option<&Price> {
        let from_before =
            |price: &Price| MemoryPrices::known().is_some_and(|rise| price.date.is_before(&rise.count_from));
        self.asked_price(conditions).filter(|price| !(Self::HOLDS_MEMORY && from_before(price)))
    }

    /// Puts `price`, or none, in place of the one of this kind, or of the only one where a part has but one; what was
    /// replaced.
    fn set_price(&mut self, kind: PriceKind, price: Option<Price>) -> Option<Price>;
}

/// Parts of which one price is known, and whether they hold memory.
macro_rules! one_price {
    ($($part:ty: $holds_memory:expr),+) => {$(
        impl Priced for $part {
            const HOLDS_KINDS: bool = false;
            const HOLDS_MEMORY: bool = $holds_memory;

            fn prices(&self) -> &[Price] {
                self.price.as_slice()
            }

            fn set_price(&mut self, _kind: PriceKind, price: Option<Price>) -> Option<Price> {
                std::mem::replace(&mut self.price, price)
            }
        }
    )+};
}

/// Parts with a price of each kind; all of them hold memory.
macro_rules! prices_by_kind {
    ($($part:ty: $whole:expr),+) => {$(
        impl Priced for $part {
            const HOLDS_KINDS: bool = true;
            const HOLDS_MEMORY: bool = true;

            fn whole_gib(&self) -> Option<f64> {
                let whole: fn(&Self) -> Option<f64> = $whole;
                whole(self)
            }

            fn prices(&self) -> &[Price] {
                &self.prices
            }

            fn set_price(&mut self, kind: PriceKind, price: Option<Price>) -> Option<Price> {
                // What is typed is a price with all the memory.
                let place = self.prices.iter().position(|old| old.kind == kind && !self.is_of_less(old));
                let replaced = place.map(|place| self.prices.remove(place));
                self.prices.extend(price);
                replaced
            }
        }
    )+};
}

one_price!(
    Platform: false, Board: false, MemoryKit: true, Storage: true, PowerSupply: false, Case: false, Fitting: false,
    Cooler: false, Network: false
);
prices_by_kind!(Card: |card| Some(card.memory_gib), System: |_| None);
