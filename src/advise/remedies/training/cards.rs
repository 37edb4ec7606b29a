//! More cards that share the model states, and other cards in their place.

use std::ops::RangeInclusive;

use crate::advise::remedies::shop::Shelf;
use crate::advise::remedies::{Baseline, Change, Remedy, RemedyGroup, TrainingChange};
use crate::advise::remedies::{parallelize, room};
use crate::plan::{CardChoice, Offload, Task};
use crate::units::Usd;

/// Numbers of further cards that are tried beside one, fewest first; beside several, multiples of these.
const MORE: [u32; 6] = [1, 2, 3, 5, 7, 15];
/// The most cards that are offered.
const MOST: u32 = 64;

/// What could be bought: more of what is there, the cheapest card that fits instead, and the fastest within reason.
pub(super) fn ways(base: &Baseline<'_>, shelf: &Shelf) -> Vec<Remedy> {
    let mut found: Vec<Remedy> = more(base).into_iter().chain(beside_ram(base)).collect();
    let most = parallelize::most_usd(base);
    let usd = |way: &&Remedy| way.cost.usd().unwrap_or(Usd::ENDLESS).0;
    let swaps = || shelf.swapped.iter().filter(|way| way.after.fits());
    let single = || swaps().filter(|way| matches!(way.change, Change::SwapCards { count: 1, .. }));
    let picks = [
        swaps().min_by(|one, other| usd(one).total_cmp(&usd(other))),
        single().min_by(|one, other| usd(one).total_cmp(&usd(other))),
        swaps().filter(|way| usd(way) <= most).max_by(|one, other| one.after.rate().total_cmp(&other.after.rate())),
    ];
    for way in picks.into_iter().flatten() {
        if !found.iter().any(|other| other.change == way.change) {
            found.push(way.clone());
        }
    }
    found
}

/// The fewest more cards of the first kind with which it fits, sharing states out; one more where none is enough.
pub(super) fn more(base: &Baseline<'_>) -> Option<Remedy> {
    let kind = base.plan.machine.cards.first()?;
    let CardChoice::Catalog(card) = &kind.card else { return None };
    let single = |card: &crate::catalog::card::Card| !card.is_unified() && !card.is_laptop();
    base.catalog.card(card).filter(|card| single(card))?;
    let way = |count, stage| {
        let change = Change::ShareCards { card: card.clone(), count, stage };
        let way =
            base.better(RemedyGroup::Parallelize, change).filter(|way| way.after.fits() || count == kind.count)?;
        match room::housed(base, way.change.clone())? {
            change if change == way.change => Some(way),
            change => base.better(RemedyGroup::Parallelize, change),
        }
    };
    let stages = stages(base);
    let counts = || MORE.into_iter().map(|more| more * kind.count).filter(|more| more + kind.count <= MOST);
    let mut fitting = counts().flat_map(|count| stages.clone().map(move |stage| (count, stage)));
    fitting
        .find_map(|(count, stage)| way(count, stage).filter(|way| way.after.fits()))
        .or_else(|| way(kind.count, *stages.end()))
}

/// As many cards again, weights shared out among all and waiting in RAM between uses (`FSDP` with parameters offloaded): what
/// lets two small cards train what none of them holds.
fn beside_ram(base: &Baseline<'_>) -> Option<Remedy> {
    let kind = base.plan.machine.cards.first()?;
    let CardChoice::Catalog(card) = &kind.card else { return None };
    base.catalog.card(card).filter(|card| !card.is_unified() && !card.is_laptop())?;
    if base.now.fits() || base.plan.workload.training.offload != Offload::None {
        return None;
    }
    let last = *stages(base).end();
    let share = Change::ShareCards { card: card.clone(), count: kind.count, stage: last };
    let offload = Change::Training(TrainingChange::Offload(Offload::Parameters));
    let mut parts = room::housed(base, share)?.parts().to_vec();
    parts.push(offload);
    base.better(RemedyGroup::Parallelize, Change::Together(parts))
}

/// The stages that share out what is large: of adapters that is the weights beside them.
fn stages(base: &Baseline<'_>) -> RangeInclusive<u8> {
    let now = base.plan.workload.training.zero_stage;
    match base.plan.workload.task {
        _ if base.now.fits() => now..=now,
        Task::Full => now.max(2)..=3,
        _ => 3..=3,
    }
}
