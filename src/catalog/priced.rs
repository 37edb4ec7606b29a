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
    ($($part:ty),+) => {$(
        impl Priced for $part {
            const HOLDS_KINDS: bool = true;

            fn prices(&self) -> &[Price] {
                &self.prices
            }

            fn replace_price(&mut self, price: Price) -> Option<Price> {
                let place = self.prices.iter().position(|old| old.kind == price.kind);
                let replaced = place.map(|place| self.prices.remove(place));
                self.prices.push(price);
                replaced
            }
        }
    )+};
}

one_price!(Platform, Board, MemoryKit, Storage, PowerSupply, Case, Cooler, Network);
prices_by_kind!(Card, System);
