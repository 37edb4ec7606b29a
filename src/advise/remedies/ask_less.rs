//! Asking for less: a shorter context, fewer sequences, a smaller prompt cache, another model.

use super::{Baseline, Change, PlanOutcome, Remedy, RemedyGroup, models, normalize};
use crate::catalog::model::Model;

/// No context shorter than this is offered, in tokens.
const SHORTEST: u64 = 2048;
/// The context slider's halves are looked through down to the shortest.
const HALVES: usize = 12;

pub(super) fn ways(base: &Baseline<'_>) -> Vec<Remedy> {
    let mut found = Vec::new();
    found.extend(context(base));
    found.extend(sequences(base));
    found.extend(prompt_cache(base));
    found.extend(other_models(base));
    found
}

/// Contexts by halves, longest first.
pub(super) fn shorter(context: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(context / 2), |it| Some(it / 2)).take(HALVES).take_while(|it| *it >= SHORTEST)
}

/// The first half that fits where half is not enough, else half.
fn context(base: &Baseline<'_>) -> Vec<Remedy> {
    let halves = || shorter(base.plan.workload.context);
    let half = halves().next().and_then(|it| base.better(RemedyGroup::AskLess, Change::Context(it)));
    let fits = |way: &Remedy| way.after.fits();
    if base.now.fits() || half.as_ref().is_some_and(fits) {
        return half.into_iter().collect();
    }
    let first = halves().skip(1).filter_map(|it| base.better(RemedyGroup::AskLess, Change::Context(it))).find(fits);
    half.into_iter().chain(first).collect()
}

/// Half the sequences, or the most that fit.
fn sequences(base: &Baseline<'_>) -> Option<Remedy> {
    let halves = std::iter::successors(Some(base.plan.workload.sequences / 2), |it| Some(it / 2));
    let offers =
        halves.take_while(|it| *it > 0).filter_map(|it| base.better(RemedyGroup::AskLess, Change::Sequences(it)));
    let offers: Vec<Remedy> = offers.collect();
    let fitting = offers.iter().position(|way| way.after.fits());
    offers.into_iter().nth(fitting.unwrap_or(0))
}

/// A prompt cache no larger than the RAM that is free; its estimate stays, since the cache grows on demand.
fn prompt_cache(base: &Baseline<'_>) -> Option<Remedy> {
    let found = crate::estimate::estimate(base.plan, base.catalog).ok()?;
    if found.prompt_cache_excess().0 == 0 {
        return None;
    }
    let room = found.host.free.unwrap_or_default().gib().floor();
    base.way(RemedyGroup::AskLess, Change::PromptCache(room))
}

/// The largest model of the family that fits, the largest and newest of any family, and a mixture of experts that
/// reads less for each token; of fair size where one of that size helps.
fn other_models(base: &Baseline<'_>) -> Vec<Remedy> {
    let (smaller, fair) = models::smaller(base);
    let (fair, tiny) = smaller.split_at(fair);
    let found = stand_ins(base, fair);
    if found.iter().any(|way| way.after.fits()) {
        found
    } else {
        found.into_iter().chain(stand_ins(base, tiny)).collect()
    }
}

fn stand_ins(base: &Baseline<'_>, candidates: &[&Model]) -> Vec<Remedy> {
    let present = normalize::model(base.plan, base.catalog);
    let judged: Vec<(&Model, Remedy)> = candidates
        .iter()
        .filter_map(|model| Some((*model, base.better(RemedyGroup::AskLess, Change::Model(model.id.clone()))?)))
        .collect();
    let fits = |after: &PlanOutcome| base.now.fits() || after.fits();
    let own = |model: &Model| present.is_some_and(|present| present.family == model.family);
    let relative = judged.iter().find(|(model, way)| own(model) && fits(&way.after));
    let largest = judged.iter().find(|(model, way)| model.experts.is_none() && fits(&way.after));
    let read = present.map_or(Some(base.parameters), models::read_per_token);
    // The largest that fits, else the fastest.
    let sparse = || {
        let reads_less = |model: &Model| model.experts.is_some() && models::read_per_token(model) < read;
        judged.iter().filter(move |(model, way)| reads_less(model) && way.after.is_faster_than(&base.now))
    };
    let fastest = || sparse().max_by(|a, b| a.1.after.rate().total_cmp(&b.1.after.rate()));
    let sparse = sparse().find(|(_, way)| fits(&way.after)).or_else(fastest);
    let mut found: Vec<Remedy> = Vec::new();
    for (_, way) in relative.into_iter().chain(largest).chain(sparse) {
        if !found.iter().any(|other| other.change == way.change) {
            found.push(way.clone());
        }
    }
    found
}
