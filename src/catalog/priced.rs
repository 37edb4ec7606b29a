//! What can be bought, and how a price of the user's own is put into it.

use super::card::Card;
use super::parts::{Board, Case, Cooler, MemoryKit, Network, PowerSupply, Storage, System};
use super::platform::Platform;
use super::source::Price;

/// A card or part with what it costs.
pub trait Priced {
    /// Prices of several kinds stand beside each other, such as new and used.
    const HOLDS_KINDS: bool;

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

    /// Puts `price` in place of the one of the same kind, or of the only one where a part has but one; what was
    /// replaced.
    fn replace_price(&mut self, price: Price) -> Option<Price>;
}

/// Parts of which one price is known.
macro_rules! one_price {
    ($($part:ty),+) => {$(
        impl Priced for $part {
            const HOLDS_KINDS: bool = false;

            fn prices(&self) -> &[Price] {
                self.price.as_slice()
            }

            fn replace_price(&mut self, price: Price) -> Option<Price> {
                self.price.replace(price)
            }
        }
    )+};
}

/// Parts with a price of each kind.
macro_rules! prices_by_kind {
    ($($part:ty: $whole:expr),+) => {$(
        impl Priced for $part {
            const HOLDS_KINDS: bool = true;

            fn whole_gib(&self) -> Option<f64> {
                let whole: fn(&Self) -> Option<f64> = $whole;
                whole(self)
            }

            fn prices(&self) -> &[Price] {
                &self.prices
            }

            fn replace_price(&mut self, price: Price) -> Option<Price> {
                // What is typed is a price with all the memory.
                let place = self.prices.iter().position(|old| old.kind == price.kind && !self.is_of_less(old));
                let replaced = place.map(|place| self.prices.remove(place));
                self.prices.push(price);
                replaced
            }
        }
    )+};
}

one_price!(Platform, Board, MemoryKit, Storage, PowerSupply, Case, Cooler, Network);
prices_by_kind!(Card: |card| Some(card.memory_gib), System: |_| None);
