//! What more would run on a machine with one thing bought: another card like its own, a larger one in its place, more RAM.

use std::collections::BTreeSet;

use super::{Pace, Run, ranked};
use crate::advise::builder::Capacity;
use crate::advise::remedies::{Change, Cost, changed, is_for_sale};
use crate::catalog::Catalog;
use crate::catalog::card::{Card, FormFactor, Vendor};
use crate::catalog::parts::Dimm;
use crate::catalog::platform::RamKind;
use crate::catalog::runtime::RamSpeed;
use crate::plan::{Buying, CardChoice, Machine, Plan};

/// Larger cards that are looked at, the cheapest of each size.
const MOST_CARDS: usize = 4;
/// Where there is no card the first has at least so much memory, in GiB: less holds no model that is worth it.
const FIRST_CARD_GIB: f64 = 8.0;
/// RAM is sold in pairs of modules of whole multiples of this, in GiB.
const MODULES_GIB: f64 = 8.0;
/// Share of a supply's rating that the parts draw at most.
const USED: f64 = 0.8;

/// What is known of the computer around the cards, or was typed; `None` = not known, and not looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Enclosure {
    /// What the power supply is rated for, in W.
    pub supply_w: Option<u32>,
    /// What everything but the cards draws, in W.
    pub rest_w: Option<u32>,
    /// How thick a card may be, in slots of single width.
    pub slots: Option<u8>,
    /// The kind of RAM.
    pub ram: Option<RamKind>,
}

/// Something to buy, and what then runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Upgrade<'a> {
    /// What is bought.
    pub change: Change,
    /// What it costs, with date and source.
    pub cost: Cost,
    /// Why it may not go into this computer.
    pub obstacle: Option<Obstacle>,
    /// The machine with it.
    pub machine: Machine,
    /// Models that run then, the best first.
    pub runs: Vec<Run<'a>>,
    /// Of these the ones that are fast enough to be read along and were not before, by their places in `runs`.
    pub gained: Vec<usize>,
}

/// Why something may not go into a computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Obstacle {
    /// Its board has no slot left, as far as boards of its kind go.
    Slots,
    /// It is thicker than the room.
    Thickness,
    /// The power supply is too weak.
    Power,
}

/// What could be bought for `machine`, cheapest first of each kind; what does not go in after what does. Nothing for machines whose cards and RAM are soldered in.
pub fn upgrades<'a>(machine: &Machine, around: Enclosure, catalog: &'a Catalog) -> Vec<Upgrade<'a>> {
    let present: Vec<&Card> = cards(machine, catalog).collect();
    if present.iter().any(|card| card.is_unified() || card.is_laptop()) {
        return Vec::new();
    }
    let before: BTreeSet<String> = readable(&ranked(machine, catalog)).map(|run| run.model.id.clone()).collect();
    let capacity = Capacity::of(catalog, Buying::NewOrUsed);
    let asked = Asked { machine, around, catalog, capacity: &capacity, before };
    let more = on_sale(machine.ram_gib);
    let ram = asked.upgrade(Change::Ram(machine.ram_gib + more), ram_cost(machine, around, more, catalog), None);
    let second = present.first().filter(|card| has_slot(card)).map(|card| asked.second(card));
    let larger = larger(&present, machine.cards.is_empty(), catalog);
    let mut found: Vec<Upgrade<'a>> =
        second.into_iter().chain(larger.map(|card| asked.instead(card))).chain([ram]).collect();
    found.sort_by_key(|upgrade| upgrade.obstacle.is_some());
    found
}

/// A machine, and what is asked of each thing that could be bought for it.
struct Asked<'a, 'm> {
    machine: &'m Machine,
    around: Enclosure,
    catalog: &'a Catalog,
    capacity: &'m Capacity<'a>,
    /// Models that are fast enough to be read along already.
    before: BTreeSet<String>,
}

impl<'a> Asked<'a, '_> {
    fn second(&self, card: &'a Card) -> Upgrade<'a> {
        let full = self.capacity.addable(self.machine, card) == 0;
        let obstacle = full.then_some(Obstacle::Slots).or_else(|| self.obstacle(&[card], true));
        let change = Change::AddCards { card: card.id.clone(), count: 1 };
        self.upgrade(change, Cost::of_cards(card, 1), obstacle)
    }

    fn instead(&self, card: &'a Card) -> Upgrade<'a> {
        let change = if self.machine.cards.is_empty() {
            Change::AddCards { card: card.id.clone(), count: 1 }
        } else {
            Change::SwapCards { card: card.id.clone(), count: 1 }
        };
        self.upgrade(change, Cost::of_cards(card, 1), self.obstacle(&[card], false))
    }

    /// What keeps these cards out, `beside` the present ones or in their place.
    fn obstacle(&self, added: &[&Card], beside: bool) -> Option<Obstacle> {
        let thick = |card: &&Card| self.around.slots.zip(card.thickness()).is_some_and(|(room, needs)| needs > room);
        if added.iter().any(thick) {
            return Some(Obstacle::Thickness);
        }
        let counted = self.machine.cards.iter().filter(|_| beside).map(|kind| match &kind.card {
            CardChoice::Catalog(id) => Some(self.catalog.card(id)?.tdp_w? * kind.count),
            CardChoice::Detected { .. } => None,
        });
        let draw: Option<u32> = counted.chain(added.iter().map(|card| card.tdp_w)).sum();
        let (supply, rest, draw) = (self.around.supply_w?, self.around.rest_w?, draw?);
        (f64::from(draw + rest) > f64::from(supply) * USED).then_some(Obstacle::Power)
    }

    fn upgrade(&self, change: Change, cost: Cost, obstacle: Option<Obstacle>) -> Upgrade<'a> {
        let plan = Plan { machine: self.machine.clone(), ..Plan::default() };
        let machine = changed(&plan, std::slice::from_ref(&change)).machine;
        let runs = ranked(&machine, self.catalog);
        let is_new = |run: &Run<'_>| run.pace == Pace::Reads && !self.before.contains(&run.model.id);
        let gained = runs.iter().enumerate().filter(|(_, run)| is_new(run)).map(|(place, _)| place).collect();
        Upgrade { change, cost, obstacle, machine, runs, gained }
    }
}

fn readable<'r, 'a>(runs: &'r [Run<'a>]) -> impl Iterator<Item = &'r Run<'a>> {
    runs.iter().filter(|run| run.pace == Pace::Reads)
}

fn cards<'a>(machine: &Machine, catalog: &'a Catalog) -> impl Iterator<Item = &'a Card> {
    machine.cards.iter().filter_map(|kind| match &kind.card {
        CardChoice::Catalog(id) => catalog.card(id),
        CardChoice::Detected { .. } => None,
    })
}

fn has_slot(card: &Card) -> bool {
    matches!(card.form, FormFactor::Slots(_)) && !card.is_slice()
}

/// Cards for sale with more memory than the present ones, cheapest first, each larger than those before it; of the same
/// maker where there is one.
fn larger<'a>(present: &[&Card], none: bool, catalog: &'a Catalog) -> impl Iterator<Item = &'a Card> {
    let makers: Vec<Vendor> = present.iter().map(|card| card.vendor).collect();
    let most = present.iter().map(|card| card.memory_gib).fold(if none { FIRST_CARD_GIB - 0.1 } else { 0.0 }, f64::max);
    let suits = move |card: &&Card| is_for_sale(card) && makers.iter().all(|maker| *maker == card.vendor);
    let priced = |card: &'a Card| Some((Cost::of_cards(card, 1).usd()?.0, card));
    let mut offers: Vec<(f64, &Card)> = catalog.cards().filter(suits).filter_map(priced).collect();
    offers.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut reached = most;
    offers.retain(|(_, card)| {
        let is_larger = card.memory_gib > reached;
        reached = reached.max(card.memory_gib);
        is_larger
    });
    offers.into_iter().take(MOST_CARDS).map(|(_, card)| card)
}

/// The RAM that a machine was sold with, in GiB, by what its system counts: firmware and graphics keep some of it.
fn on_sale(counted_gib: f64) -> f64 {
    (counted_gib / MODULES_GIB).ceil().max(1.0) * MODULES_GIB
}

/// So much more RAM, in the cheapest kits of its kind; without a price where the kind is not known or is soldered in.
fn ram_cost(machine: &Machine, around: Enclosure, gib: f64, catalog: &Catalog) -> Cost {
    let platform = machine.platform.as_deref().and_then(|id| catalog.platform(id));
    let (kind, dimm) = match platform {
        Some(platform) => (Some(platform.memory_kind), platform.dimm),
        None => (around.ram, Some(Dimm::Udimm)),
    };
    let bought = kind.zip(dimm).and_then(|(kind, dimm)| {
        let kit = catalog.cheapest_ram(kind, dimm)?.kit;
        Some((RamSpeed { kind, mt_s: kit.mt_s }, dimm))
    });
    let socket = platform.map(|platform| platform.socket.as_str());
    bought.map_or(Cost::NoPrice, |(speed, dimm)| Cost::of_ram(speed, (dimm, socket), gib, catalog))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::CardCount;

    fn machine(card: Option<&str>) -> Machine {
        let count = |id: &str| CardCount::of(CardChoice::Catalog(id.to_owned()), 1);
        Machine { cards: card.into_iter().map(count).collect(), ram_gib: 32.0, ..Machine::default() }
    }

    #[test]
    fn what_is_bought_brings_models_and_takes_none_away() {
        let catalog = Catalog::embedded();
        let around = Enclosure { ram: Some(RamKind::DDR5), ..Enclosure::default() };
        let found = upgrades(&machine(Some("rtx-3060-12gb")), around, catalog);
        assert!(matches!(found[0].change, Change::AddCards { count: 1, .. }), "{:?}", found[0].change);
        assert!(matches!(found.last().unwrap().change, Change::Ram(gib) if gib == 64.0));
        for upgrade in &found {
            assert!(upgrade.cost.usd().is_some_and(|usd| usd.0 > 0.0), "{:?}: {:?}", upgrade.change, upgrade.cost);
        }
        let larger = found.iter().find(|it| matches!(it.change, Change::SwapCards { .. })).expect("a larger card");
        assert!(!larger.gained.is_empty());
        assert!(larger.gained.iter().all(|place| larger.runs[*place].pace == Pace::Reads));
    }

    #[test]
    fn what_does_not_go_in_is_said_to() {
        let catalog = Catalog::embedded();
        let weak = Enclosure { supply_w: Some(300), rest_w: Some(200), ..Enclosure::default() };
        let found = upgrades(&machine(None), weak, catalog);
        assert!(found.iter().any(|it| it.obstacle == Some(Obstacle::Power)));
        assert!(found.is_sorted_by_key(|it| it.obstacle.is_some()), "what goes in is told first");
        let slim = Enclosure { slots: Some(0), ..Enclosure::default() };
        let found = upgrades(&machine(None), slim, catalog);
        let cards = found.iter().filter(|it| matches!(it.change, Change::AddCards { .. }));
        assert!(cards.clone().count() > 0 && cards.clone().all(|it| it.obstacle == Some(Obstacle::Thickness)));
    }

    #[test]
    fn nothing_is_bought_for_what_is_soldered_in() {
        assert_eq!(upgrades(&machine(Some("gb10-dgx-spark")), Enclosure::default(), Catalog::embedded()), []);
    }

    #[test]
    fn ram_of_an_unknown_kind_has_no_price() {
        let found = upgrades(&machine(None), Enclosure::default(), Catalog::embedded());
        assert_eq!(found.last().unwrap().cost, Cost::NoPrice);
    }
}
