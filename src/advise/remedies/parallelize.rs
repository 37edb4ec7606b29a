//! More or other cards, and how they share the model.

use super::shop::{self, Shelf};
use super::{Baseline, Change, Remedy, RemedyGroup, change, quantize, room};
use crate::catalog::quality::{LossWord, QuantizedPart, loss};
use crate::catalog::quantization::KvPrecision;
use crate::plan::{Runtime, SplitMode};
use crate::units::Usd;

/// The fastest offer may cost this many times what the cards of the plan are worth ...
const FASTEST_FACTOR: f64 = 4.0;
/// ... or this much, in US dollars, where they are worth little or have no price.
const FASTEST_LEAST: f64 = 3000.0;

pub(super) fn ways(base: &Baseline<'_>, shelf: &Shelf) -> Vec<Remedy> {
    let mut found = split(base);
    let own = |way: &Remedy| is_own(base, way);
    found.extend(shelf.added.iter().filter(|way| own(way)).cloned());
    let others = || shelf.added.iter().filter(|way| !own(way));
    let single = || shelf.swapped.iter().filter(|way| matches!(way.change, Change::SwapCards { count: 1, .. }));
    found.extend(with_cache(base, shelf));
    let most = most_usd(base);
    let within = |way: &&Remedy| way.cost.usd().is_some_and(|usd| usd.0 <= most);
    let picks = [
        best(others().filter(within)).or_else(|| best(others())),
        best(single().filter(within)).or_else(|| best(single())),
        fastest(shelf.swapped.iter().filter(within)),
        best(shelf.swapped.iter().filter(within)),
    ];
    for way in picks.into_iter().flatten() {
        if !found.iter().any(|other| other.change == way.change) {
            found.push(way.clone());
        }
    }
    found
}

/// The cheapest single card beside which a smaller cache makes it fit, where no loss of that cache was measured and no card
/// that is enough alone costs as little: who buys a card uses what costs nothing first.
fn with_cache(base: &Baseline<'_>, shelf: &Shelf) -> Option<Remedy> {
    let single = |part: &Change| matches!(part, Change::AddCards { count: 1, .. });
    if base.now.fits() {
        return None;
    }
    let usd = |way: &Remedy| way.cost.usd().unwrap_or(Usd::ENDLESS);
    let enough = shelf.added.iter().filter(|way| way.after.fits()).map(usd);
    let least = enough.min_by(Usd::total_cmp).unwrap_or(Usd::ENDLESS);
    let gentle = |precision: &KvPrecision| {
        let loss = loss(QuantizedPart::KvCache(*precision), base.parameters);
        loss.is_some_and(|loss| loss.word == LossWord::None)
    };
    let cache = quantize::caches(base.plan).into_iter().find(gentle)?;
    let mut ways: Vec<Remedy> = shop::small(base)
        .into_iter()
        .chain(shelf.added.iter().flat_map(|way| way.change.parts()).filter(|part| single(part)).cloned())
        .filter_map(|card| {
            let change = room::housed(base, card)?;
            let parts = change.parts().iter().cloned().chain([Change::KvCache(cache)]).collect();
            base.better(RemedyGroup::Parallelize, Change::Together(parts))
        })
        .filter(|way| way.after.fits() && usd(way) < least)
        .collect();
    ways.sort_by(|one, other| usd(one).total_cmp(&usd(other)));
    ways.into_iter().next()
}

/// More of a kind that is there already.
fn is_own(base: &Baseline<'_>, way: &Remedy) -> bool {
    way.plan.machine.cards.len() == base.plan.machine.cards.len() && !base.plan.machine.cards.is_empty()
}

/// The most that is spent on speed, in US dollars: a few times what is there, or the cheapest that fits twice over.
pub(super) fn most_usd(base: &Baseline<'_>) -> f64 {
    shop::present_value(base).map_or(FASTEST_LEAST, |worth| (worth * FASTEST_FACTOR).max(FASTEST_LEAST))
}

/// The most speed for the money; without speeds the cheapest.
pub(super) fn best<'a>(ways: impl Iterator<Item = &'a Remedy>) -> Option<&'a Remedy> {
    ways.min_by(|a, b| super::rank(a).partial_cmp(&super::rank(b)).unwrap_or(std::cmp::Ordering::Equal))
}

/// The fastest, and of those as fast the cheapest.
fn fastest<'a>(ways: impl Iterator<Item = &'a Remedy>) -> Option<&'a Remedy> {
    let usd = |way: &Remedy| way.cost.usd().unwrap_or(Usd::ENDLESS).0;
    ways.filter(|way| way.after.rate() > 0.0)
        .max_by(|a, b| a.after.rate().total_cmp(&b.after.rate()).then(usd(b).total_cmp(&usd(a))))
}

/// The other way to share the model, and an engine that cuts every layer across the cards.
fn split(base: &Baseline<'_>) -> Vec<Remedy> {
    let workload = &base.plan.workload;
    let devices: u32 = base.plan.machine.cards.iter().map(|kind| kind.count).sum();
    if devices < 2 {
        return Vec::new();
    }
    let offer = |change: Change| base.better(RemedyGroup::Parallelize, change);
    let other = match workload.split_mode {
        SplitMode::Layer => Change::TensorParallel(devices),
        SplitMode::Tensor | SplitMode::None => Change::LayerSplit,
    };
    let engine = Change::Engine(Runtime::Vllm, quantize::served(base));
    let told = change::changed(base.plan, std::slice::from_ref(&engine)).workload.must_tell_sequences(base.catalog);
    let engine = if told { Change::Together(vec![engine, Change::MaxNumSeqs(workload.sequences)]) } else { engine };
    let engine = Some(engine).filter(|_| workload.runtime == Runtime::LlamaCpp);
    offer(other).into_iter().chain(engine.and_then(offer)).collect()
}
