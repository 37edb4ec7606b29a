//! What a card costs, whether it is bought alone or as part of a whole machine.

use std::cmp::Ordering;

use super::Catalog;
use super::card::Card;
use super::parts::System;
use super::price_rule::counting;
use super::priced::{Condition, Priced};
use super::source::Price;

impl Catalog {
    /// What one of `card` costs in this condition with all its memory; `None` = no price is known. An accelerator that is
    /// soldered into whole machines costs what the cheapest of those does.
    pub fn card_price<'a>(&'a self, card: &'a Card, condition: Condition) -> Option<&'a Price> {
        self.card_price_with(card, card.memory_gib, condition)
    }

    /// The same with so much memory, in GiB.
    pub fn card_price_with<'a>(&'a self, card: &'a Card, memory_gib: f64, condition: Condition) -> Option<&'a Price> {
        let of_size = |price: &&Price| price.memory_gib.unwrap_or(card.memory_gib) == memory_gib;
        let alone = counting(card.prices.iter().filter(of_size), condition, Card::HOLDS_MEMORY);
        if alone.is_some_and(Price::is_own) || !card.is_unified() {
            return alone;
        }
        let machines = self.machines_of(card).filter_map(|machine| {
            let of_size = |price: &&Price| machine.gib_bought(price) == Some(memory_gib);
            counting(machine.prices.iter().filter(of_size), condition, System::HOLDS_MEMORY)
        });
        alone.into_iter().chain(machines).min_by(|a, b| cheaper_that_counts(card, a, b))
    }

    /// What one with so much memory costs, new or used: what counts before what does not, the cheaper first.
    pub fn card_asked_price<'a>(&'a self, card: &'a Card, memory_gib: f64) -> Option<&'a Price> {
        let prices = Condition::ALL.into_iter().filter_map(|it| self.card_price_with(card, memory_gib, it));
        prices.min_by(|a, b| cheaper_that_counts(card, a, b))
    }

    /// The sizes of `card` that a buyer meets, in GiB: each that has a price, and all the memory that it is sold with.
    pub fn card_sizes_bought_gib(&self, card: &Card) -> Vec<f64> {
        let sizes = card.memory_sizes_gib().iter().copied();
        let mut sizes: Vec<f64> =
            sizes.filter(|gib| *gib != card.memory_gib && self.card_asked_price(card, *gib).is_some()).collect();
        sizes.push(card.memory_gib);
        sizes
    }

    /// The machines that hold `card`.
    fn machines_of<'a>(&'a self, card: &'a Card) -> impl Iterator<Item = &'a System> {
        self.systems().filter(|machine| machine.unified_card.as_deref() == Some(card.id.as_str()))
    }
}

/// What counts before what does not, then the cheaper.
fn cheaper_that_counts(card: &Card, a: &Price, b: &Price) -> Ordering {
    card.standing(a).cmp(&card.standing(b)).then(a.expected_usd().total_cmp(&b.expected_usd()))
}

impl System {
    /// The memory that a price of it buys, in GiB.
    fn gib_bought(&self, price: &Price) -> Option<f64> {
        price.memory_gib.or_else(|| self.memory_gib.map(f64::from))
    }
}
