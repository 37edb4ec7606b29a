//! Asking for less: a shorter context, fewer sequences, a smaller prompt cache, another model.

use super::{Baseline, Change, PlanOutcome, Remedy, RemedyGroup, change, models, normalize, quantize, software};
use crate::advise::inverse;
use crate::catalog::model::Model;
use crate::estimate::Verdict;
use crate::plan::{LEAST_DECODE, Plan};

/// No context shorter than this is offered, in tokens.
const SHORTEST: u64 = 2048;
/// The context slider's halves are looked through down to the shortest.
const HALVES: usize = 12;
/// So many times as fast as now is worth another model that still needs the RAM.
const LEAP: f64 = 2.0;
/// Lengths between one power of two and the next that are offered.
const STEPS_PER_DOUBLING: u64 = 4;
/// A smaller cache stands beside a shorter context where it lets the context be so many times as long.
const LONGER: f64 = 1.25;

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

/// The longest context that fits, rounded to what people type; where none does, half. And the longest that fits with a
/// smaller cache, where that is a good deal longer.
fn context(base: &Baseline<'_>) -> Vec<Remedy> {
    let half = || shorter(base.plan.workload.context).next();
    let offer = |change: Change| base.better(RemedyGroup::AskLess, change);
    if base.now.fits() {
        return half().and_then(|it| offer(Change::Context(it))).into_iter().collect();
    }
    let mut longest = longest(base, base.plan);
    let alone = longest.or_else(half).and_then(|it| offer(Change::Context(it)));
    let mut found: Vec<Remedy> = alone.into_iter().collect();
    for precision in quantize::caches(base.plan) {
        let smaller = change::changed(base.plan, &[Change::KvCache(precision)]);
        let with = self::longest(base, &smaller);
        let worth = with.is_some_and(|with| with as f64 >= longest.unwrap_or(0) as f64 * LONGER);
        if let Some(with) = with.filter(|_| worth) {
            let both = vec![Change::Context(with), Change::KvCache(precision)];
            found.extend(offer(Change::Together(both)).filter(|way| way.after.fits()));
            longest = Some(with);
        }
    }
    found
}

/// The longest context that fits, shorter than the present one and rounded down; `None` where all or none does.
fn longest(base: &Baseline<'_>, plan: &Plan) -> Option<u64> {
    let context = rounded(inverse::largest_context_in_vram(plan, base.catalog)?);
    (context >= SHORTEST && context < plan.workload.context).then_some(context)
}

/// A length as people type it: 40k, 48k, 56k; never more than it was.
pub(super) fn rounded(tokens: u64) -> u64 {
    let step = (1_u64 << tokens.max(1).ilog2()) / STEPS_PER_DOUBLING;
    tokens - tokens.checked_rem(step).unwrap_or_default()
}

/// The most sequences that fit, or half of them where not even one does.
fn sequences(base: &Baseline<'_>) -> Option<Remedy> {
    let present = base.plan.workload.sequences;
    let offer = |count| base.better(RemedyGroup::AskLess, Change::Sequences(count));
    let most = inverse::most_sequences_in_vram(base.plan, base.catalog).filter(|most| *most < present);
    most.filter(|_| !base.now.fits())
        .and_then(offer)
        .or_else(|| Some(present / 2).filter(|half| *half > 0).and_then(offer))
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

/// The largest model of the family that fits, the best of any family by what people think of it, and the best mixture of
/// experts that reads less for each token; of fair size where one of that size helps.
pub(super) fn other_models(base: &Baseline<'_>) -> Vec<Remedy> {
    let (smaller, fair) = models::smaller(base);
    let (fair, tiny) = smaller.split_at(fair);
    let found = stand_ins(base, fair);
    if found.iter().any(|way| way.after.fits()) {
        found
    } else {
        found.into_iter().chain(stand_ins(base, tiny)).collect()
    }
}

/// Another model in the place of the present one; in training together with what software saves for free, where it fits no
/// other way.
fn instead(base: &Baseline<'_>, model: &Model) -> Option<Remedy> {
    let change = Change::Model(model.id.clone());
    let alone = base.better(RemedyGroup::AskLess, change.clone());
    let free = software::free_of_loss(&base.plan.workload);
    let enough = base.now.fits() || alone.as_ref().is_some_and(|way| way.after.fits());
    if enough || free.is_empty() {
        return alone;
    }
    let together = Change::Together([vec![change], free].concat());
    base.better(RemedyGroup::AskLess, together).filter(|way| way.after.fits()).or(alone)
}

fn stand_ins(base: &Baseline<'_>, candidates: &[&Model]) -> Vec<Remedy> {
    let present = normalize::model(base.plan, base.catalog);
    let mut judged: Vec<(&Model, Remedy)> = candidates
        .iter()
        .filter_map(|model| Some((*model, instead(base, model)?)))
        // A model that takes as much is another wish, not less.
        .filter(|(_, way)| way.after.needed < base.now.needed)
        .collect();
    // Odd ones only where there is nothing else.
    if judged.iter().any(|(model, way)| way.after.fits() && models::is_esteemed(base.catalog, model)) {
        judged.retain(|(model, _)| models::is_esteemed(base.catalog, model));
    }
    let fits = |after: &PlanOutcome| base.now.fits() || after.fits() || is_a_leap(base, after);
    let own = |model: &Model| present.is_some_and(|present| present.family == model.family);
    let relative = judged.iter().find(|(model, way)| own(model) && fits(&way.after));
    let best = |found: &mut dyn Iterator<Item = &'_ (&Model, Remedy)>| {
        found.max_by(|one, other| models::by_worth(base.catalog, one.0, other.0)).map(|(_, way)| way.clone())
    };
    let dense = best(&mut judged.iter().filter(|(model, way)| model.experts.is_none() && fits(&way.after)));
    let read = present.map_or(Some(base.parameters), models::read_per_token);
    let sparse = |(model, way): &&(&Model, Remedy)| {
        model.experts.is_some() && models::read_per_token(model) < read && way.after.is_faster_than(&base.now)
    };
    // The best that fits, else the fastest.
    let mixture = best(&mut judged.iter().filter(|it| sparse(it) && fits(&it.1.after))).or_else(|| {
        let fastest = judged.iter().filter(sparse).max_by(|a, b| a.1.after.rate().total_cmp(&b.1.after.rate()));
        fastest.map(|(_, way)| way.clone())
    });
    let mut found: Vec<Remedy> = Vec::new();
    for way in dense.into_iter().chain(mixture).chain(relative.map(|(_, way)| way.clone())) {
        if !found.iter().any(|other| other.change == way.change) {
            found.push(way);
        }
    }
    found
}

/// Fast enough to be read along, and much faster than now, though it runs with offload.
fn is_a_leap(base: &Baseline<'_>, after: &PlanOutcome) -> bool {
    let fast = after.rate() >= LEAST_DECODE && after.rate() >= base.now.rate() * LEAP;
    fast && after.verdict == Verdict::Offload && !after.pages && !base.plan.workload.task.trains()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_rounded_down_to_what_people_type() {
        for (tokens, expected) in [(50_000, 49_152), (49_152, 49_152), (131_071, 114_688), (2050, 2048), (3, 3)] {
            assert_eq!(rounded(tokens), expected);
        }
    }
}
