//! What can be bought, and how a price of the user's own is put into it.

use super::card::Card;
use super::parts::{Board, Case, Cooler, MemoryKit, Network, PowerSupply, Storage, System};
use super::platform::Platform;
use super::source::Price;

/// A card or part with what it costs.
pub trait Priced {
    /// What it costs; empty = no price is known.
    fn prices(&self) -> &[Price];

    /// Puts `price` in place of the one of the same kind, or of the only one where a part has but one; what was
    /// replaced.
    fn replace_price(&mut self, price: Price) -> Option<Price>;
}

/// Parts of which one price is known.
macro_rules! one_price {
    ($($part:ty),+) => {$(
        impl Priced for $part {
            fn prices(&self) -> &[Price] {
                self.price.as_slice()
            }

            fn replace_price(&mut self, price: Price) -> Option<Price> {
                self.price.replace(price)
            }
        }
    )+};
}

/// Parts with a price of each kind, and where several sizes of memory are sold, of each size.
macro_rules! prices_by_kind {
    ($($part:ty: $whole:expr),+) => {$(
        impl Priced for $part {
            fn prices(&self) -> &[Price] {
                &self.prices
            }

            fn replace_price(&mut self, price: Price) -> Option<Price> {
                // What is typed is a price with all the memory.
                let whole: fn(&Self) -> Option<f64> = $whole;
                let whole = whole(self);
                let same = |old: &Price| old.kind == price.kind && (old.memory_gib.is_none() || old.memory_gib == whole);
                let place = self.prices.iter().position(same);
                let replaced = place.map(|place| self.prices.remove(place));
                self.prices.push(price);
                replaced
            }
        }
    )+};
}

one_price!(Platform, Board, MemoryKit, Storage, PowerSupply, Case, Cooler, Network);
prices_by_kind!(Card: |card| Some(card.memory_gib), System: |system| system.memory_gib.map(f64::from));
