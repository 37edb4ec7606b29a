//! What a card or part costs. Every view, every piece of advice and every export asks here, so that one question has one
//! answer.
//!
//! - New is what a shop or the maker asks; where neither is known, the price announced at launch is shown. Used is what
//!   someone asks for a used one. Who takes either pays the cheaper.
//! - Of several prices one counts, by [`price_rule`](super::price_rule).
//! - Of a range the middle counts ([`Price::expected_usd`]): sellers ask both ends for the same thing, and a buyer who
//!   has not found the cheapest of them pays about as much.
//! - No price expires: an old one is shown as stale, since the newest known says more than none. One without a date
//!   is bought by nobody.
//! - A new price that used ones have overtaken is shown as old, and asked of nobody.
//! - A launch price is history: it is shown as such, but no advice adds it up. A doubtful price is shown and can be
//!   chosen by hand.
//! - Nothing that holds memory is offered at a price from before the rise of memory prices ([`MemoryPrices`]).

pub use super::condition::{Condition, MemoryPrices};

use super::card::Card;
use super::parts::{Board, Case, Cooler, Fitting, MemoryKit, Network, PowerSupply, Storage, System};
use super::platform::Platform;
use super::price_rule::{Standing, best_deal, counting};
use super::source::{Price, PriceKind};

/// A card or part with what it costs.
pub trait Priced {
    /// It holds memory, so that its price rose with that of memory.
    const HOLDS_MEMORY: bool;

    /// What it costs, one entry a source and day; empty = no price is known.
    fn prices(&self) -> &[Price];

    /// The same, to change.
    fn prices_mut(&mut self) -> &mut Vec<Price>;

    /// GiB of memory that a price without a size of its own buys; `None` = it has none to choose.
    fn whole_gib(&self) -> Option<f64> {
        None
    }

    /// Whether `price` is one of another size of memory than the whole.
    fn is_of_less(&self, price: &Price) -> bool {
        price.memory_gib.is_some() && price.memory_gib != self.whole_gib()
    }

    /// How far one of its prices can be relied on.
    fn standing(&self, price: &Price) -> Standing {
        let same_size = self.prices().iter().filter(|other| other.memory_gib == price.memory_gib);
        Standing::among(price, same_size, Self::HOLDS_MEMORY)
    }

    /// What one costs in this condition, with all its memory; `None` = no price is known.
    fn price_in(&self, condition: Condition) -> Option<&Price> {
        let whole = self.prices().iter().filter(|price| !self.is_of_less(price));
        counting(whole, condition, Self::HOLDS_MEMORY)
    }

    /// The cheapest deal seen about the time of `price`, where few got it for less.
    fn best_deal(&self, price: &Price) -> Option<&Price> {
        best_deal(self.prices().iter(), price)
    }

    /// What one pays who takes it in any of `conditions`: the cheapest that is asked, what counts before what does not;
    /// `None` = none is known.
    fn asked_price(&self, conditions: &[Condition]) -> Option<&Price> {
        let known = conditions.iter().filter_map(|condition| self.price_in(*condition));
        let stands = known.map(|price| (self.standing(price), price));
        let asked = stands.filter(|(standing, _)| *standing < Standing::Overtaken);
        let order = |a: &(Standing, &Price), b: &(Standing, &Price)| {
            a.0.cmp(&b.0).then(a.1.expected_usd().total_cmp(&b.1.expected_usd()))
        };
        asked.min_by(order).map(|(_, price)| price)
    }

    /// The same, where advice may take it at that price.
    fn offered_price(&self, conditions: &[Condition]) -> Option<&Price> {
        self.asked_price(conditions).filter(|price| self.standing(price) == Standing::Counts)
    }

    /// Puts `price`, or none, in place of the user's own of this kind; what counts of the catalog's.
    fn set_own_price(&mut self, kind: PriceKind, price: Option<Price>) -> Option<Price> {
        self.prices_mut().retain(|old| !(old.is_own() && old.kind == kind));
        let of_kind = self.prices().iter().filter(|price| price.kind == kind && !self.is_of_less(price));
        let shipped = counting_of_kind(of_kind, kind, Self::HOLDS_MEMORY).cloned();
        self.prices_mut().extend(price);
        shipped
    }
}

/// The price that counts of prices of one kind.
pub(super) fn counting_of_kind<'a>(
    mut prices: impl Iterator<Item = &'a Price> + Clone,
    kind: PriceKind,
    holds_memory: bool,
) -> Option<&'a Price> {
    match Condition::of(kind) {
        Some(condition) => counting(prices, condition, holds_memory),
        None => prices.next(),
    }
}

/// What has prices, and whether it holds memory.
macro_rules! priced {
    ($($part:ty: $holds_memory:expr $(, whole $whole:expr)?;)+) => {$(
        impl Priced for $part {
            const HOLDS_MEMORY: bool = $holds_memory;

            fn prices(&self) -> &[Price] {
                &self.prices
            }

            fn prices_mut(&mut self) -> &mut Vec<Price> {
                &mut self.prices
            }

            $(fn whole_gib(&self) -> Option<f64> {
                let whole: fn(&Self) -> Option<f64> = $whole;
                whole(self)
            })?
        }
    )+};
}

priced! {
    Card: true, whole |card| Some(card.memory_gib);
    System: true;
    Platform: false;
    Board: false;
    MemoryKit: true;
    Storage: true;
    PowerSupply: false;
    Case: false;
    Cooler: false;
    Fitting: false;
    Network: false;
}
