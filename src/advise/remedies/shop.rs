//! Cards that one could buy for a plan, each in the smallest number that fits, with what the plan then comes to.

use super::{Baseline, Change, Cost, Remedy, RemedyGroup, normalize, room};
use crate::catalog::card::{Card, FormFactor, Vendor};
use crate::catalog::priced::{Condition, Priced};
use crate::plan::CardChoice;

/// Older cards are left out: their makers' software leaves them behind.
const SINCE: u16 = 2020;
/// Numbers of one card that are tried, fewest first.
const COUNTS: [u32; 4] = [1, 2, 4, 8];
/// The most cards in one machine.
const MOST_CARDS: u32 = 16;

/// What there is to buy for one plan: only what makes it better, by what it is compared by.
pub(super) struct Shelf {
    /// More of what is there, and other cards beside it.
    pub(super) added: Vec<Remedy>,
    /// Other cards instead.
    pub(super) swapped: Vec<Remedy>,
}

impl Shelf {
    pub(super) fn of(base: &Baseline<'_>) -> Self {
        let cards: Vec<&Card> = base.catalog.cards().filter(|card| is_for_sale(card) && suits(base, card)).collect();
        let added = if is_fixed(base) { Vec::new() } else { added(base, &cards) };
        let swapped =
            if base.plan.machine.cards.is_empty() || !has_slots(base) { Vec::new() } else { swapped(base, &cards) };
        Self { added, swapped }
    }
}

/// A card for a slot of a computer, still of use, with a price and a bandwidth.
pub(in crate::advise) fn is_for_sale(card: &Card) -> bool {
    matches!(card.form, FormFactor::Slots(_))
        && !card.is_unified()
        && card.year >= SINCE
        && !card.is_modified()
        && card.bandwidth_gb_s.is_some()
        && card.offered_price(&Condition::ALL).is_some()
}

/// Trainers stay with the maker whose software they are set up for.
fn suits(base: &Baseline<'_>, card: &Card) -> bool {
    !base.plan.workload.task.trains() || cards_of(base).all(|present| present.vendor == card.vendor)
}

/// Whether a change puts cards in the place of those of another maker.
pub(super) fn leaves_maker(base: &Baseline<'_>, change: &Change) -> bool {
    change.parts().iter().any(|part| {
        let Change::SwapCards { card, .. } = part else { return false };
        let new = base.catalog.card(card);
        new.is_some_and(|new| cards_of(base).any(|present| present.vendor != new.vendor))
    })
}

/// Whether no card can be added: unified memory, a laptop, or a slice of a card.
fn is_fixed(base: &Baseline<'_>) -> bool {
    cards_of(base).any(|card| card.is_unified() || card.is_laptop() || card.is_slice())
}

/// Whether the machine takes cards of the shelf: laptops, whole machines and nodes of modules do not.
fn has_slots(base: &Baseline<'_>) -> bool {
    !is_fixed(base) && cards_of(base).all(|card| matches!(card.form, FormFactor::Slots(_)))
}

fn cards_of<'a>(base: &Baseline<'a>) -> impl Iterator<Item = &'a Card> {
    base.plan.machine.cards.iter().filter_map(|kind| match &kind.card {
        CardChoice::Catalog(id) => base.catalog.card(id),
        CardChoice::Detected { .. } => None,
    })
}

/// One more of the first kind, the fewest more that fit, and other cards of the same maker beside it.
fn added(base: &Baseline<'_>, cards: &[&Card]) -> Vec<Remedy> {
    let present: u32 = base.plan.machine.cards.iter().map(|kind| kind.count).sum();
    let own = cards_of(base).next();
    let makers: Vec<Vendor> = cards_of(base).map(|card| card.vendor).collect();
    let room = MOST_CARDS.saturating_sub(present);
    let mut found = Vec::new();
    if let Some(own) = own.filter(|_| room > 0) {
        let add = |count| {
            let change = room::housed(base, Change::AddCards { card: own.id.clone(), count })?;
            base.better(RemedyGroup::Parallelize, change)
        };
        let first = add(1);
        let fitting = || {
            (2..=room)
                .filter(|count| *count < 4 || count.is_power_of_two())
                .find_map(|count| add(count).filter(|way| way.after.fits()))
        };
        let more = if first.as_ref().is_none_or(|way| !way.after.fits()) { fitting() } else { None };
        found.extend(first);
        found.extend(more);
    }
    // Cards of different makers do not share one model.
    let alike = |card: &&&Card| makers.iter().all(|maker| *maker == card.vendor);
    let others = cards.iter().filter(alike).filter(|card| own.is_none_or(|own| own.id != card.id));
    if has_slots(base) {
        found
            .extend(others.filter_map(|card| fewest(base, card, room, |card, count| Change::AddCards { card, count })));
    }
    found
}

fn swapped(base: &Baseline<'_>, cards: &[&Card]) -> Vec<Remedy> {
    let present =
        |card: &Card| base.plan.machine.cards.iter().all(|kind| kind.card == CardChoice::Catalog(card.id.clone()));
    let others = cards.iter().filter(|card| !present(card));
    others.filter_map(|card| fewest(base, card, MOST_CARDS, |card, count| Change::SwapCards { card, count })).collect()
}

/// The smallest number of a card that fits and is better than the plan as it is.
fn fewest(base: &Baseline<'_>, card: &Card, room: u32, change: impl Fn(String, u32) -> Change) -> Option<Remedy> {
    let counts = COUNTS.into_iter().filter(|count| *count <= room);
    let needed = base.now.needed.gib();
    counts
        // What cannot hold the half of it need not be asked about.
        .filter(|count| {
            let added = card.memory_gib * f64::from(u32::from(card.devices_per_card) * count);
            added + base.now.vram.gib() >= needed * 0.5
        })
        .find_map(|count| {
            let way = base.better(RemedyGroup::Parallelize, change(card.id.clone(), count))?;
            way.after.fits().then_some(way)
        })
        // Only what fits is worth asking what holds it.
        .and_then(|way| match room::housed(base, way.change.clone())? {
            change if change == way.change => Some(way),
            change => base.better(RemedyGroup::Parallelize, change),
        })
        .filter(|way| way.after.fits() && way.cost != Cost::NoPrice)
}

/// What the cards of the plan would cost now; `None` where one has no price.
pub(super) fn present_value(base: &Baseline<'_>) -> Option<f64> {
    base.plan.machine.cards.iter().try_fold(0.0, |sum, kind| {
        let CardChoice::Catalog(id) = &kind.card else { return None };
        Some(sum + Cost::of_cards(base.catalog.card(id)?, kind.count).usd()?.0)
    })
}

/// One more card of the same maker each, cheapest first, each with more memory than those before it: small help that
/// may be enough beside another change.
pub(super) fn small(base: &Baseline<'_>) -> Vec<Change> {
    if !has_slots(base) {
        return Vec::new();
    }
    let held = |card: &&Card| base.housing.addable(&base.plan.machine, &card.id) > 0;
    cheapest_by_memory(base).filter(held).map(|card| Change::AddCards { card: card.id.clone(), count: 1 }).collect()
}

/// As many cards as there are of the same maker's larger ones each, cheapest first.
pub(super) fn larger(base: &Baseline<'_>) -> Vec<Change> {
    let [kind] = base.plan.machine.cards.as_slice() else { return Vec::new() };
    let present = cards_of(base).map(|card| card.memory_gib).fold(0.0, f64::max);
    if !has_slots(base) {
        return Vec::new();
    }
    let larger = cheapest_by_memory(base).filter(|card| card.memory_gib > present);
    larger.map(|card| Change::SwapCards { card: card.id.clone(), count: kind.count }).collect()
}

/// Cards of the same maker, cheapest first, each with more memory than those before it.
fn cheapest_by_memory<'a>(base: &Baseline<'a>) -> impl Iterator<Item = &'a Card> {
    let makers: Vec<Vendor> = cards_of(base).map(|card| card.vendor).collect();
    let alike = |card: &&Card| is_for_sale(card) && makers.iter().all(|maker| *maker == card.vendor);
    let mut offers: Vec<(f64, &Card)> =
        base.catalog.cards().filter(alike).filter_map(|card| Some((Cost::of_cards(card, 1).usd()?.0, card))).collect();
    offers.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut most = 0.0;
    offers.retain(|(_, card)| {
        let larger = card.memory_gib > most;
        most = card.memory_gib.max(most);
        larger
    });
    offers.into_iter().map(|(_, card)| card)
}

/// Every card for sale, one or a few of it, in the place of all present ones.
pub(super) fn instead(base: &Baseline<'_>) -> Vec<Change> {
    if !has_slots(base) || base.plan.machine.cards.is_empty() {
        return Vec::new();
    }
    let offers = base.catalog.cards().filter(|card| is_for_sale(card) && suits(base, card));
    let few = |card: &Card| [1, 2, 4].map(|count| Change::SwapCards { card: card.id.clone(), count });
    offers.flat_map(few).collect()
}

/// Whether a plan names a mixture of experts.
pub(super) fn has_experts(base: &Baseline<'_>) -> bool {
    normalize::model(base.plan, base.catalog).is_some_and(|model| model.experts.is_some())
}
