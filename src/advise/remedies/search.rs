//! Combinations of changes: one option of each axis, every one asked of the estimate.

use super::shop::{self, Shelf};
use super::training::precision_rank;
use super::worth::plan_rank;
use super::{
    Baseline, Change, Cost, PlanOutcome, Remedy, RemedyGroup, Standing, ask_less, change, parallelize, quantize, room,
};
use crate::plan::{CpuExperts, GpuLayers, Plan, Runtime};
use crate::units::Usd;

/// Steps down in precision that are combined with other changes, besides the smallest.
const PRECISIONS: usize = 4;
/// Cuts of the context that are combined with other changes.
const CONTEXTS: usize = 2;
/// Cards that are combined with other changes.
const MACHINES: usize = 10;
/// The most combinations that are asked about; beyond this the longest axis is cut from its end.
const COMBINATIONS: usize = 3000;

/// One option: no change, or changes made together.
#[derive(Debug, Clone, Default)]
pub(super) struct Alternative {
    changes: Vec<Change>,
    /// How much less it asks for, in halves: a quarter of the context is two.
    cuts: f64,
}

impl Alternative {
    pub(super) fn of(change: Change) -> Self {
        Self { changes: vec![change], cuts: 0.0 }
    }

    /// Less of something: so much of it, where there was so much.
    pub(super) fn cut(change: Change, left: f64, present: f64) -> Self {
        Self { changes: vec![change], cuts: (present / left).log2().max(0.0) }
    }
}

/// Choices that exclude each other; the first is to leave things as they are.
pub(super) type Axis = Vec<Alternative>;

/// One option of each axis, and what it comes to.
#[derive(Debug, Clone)]
pub(super) struct Combination {
    pub(super) changes: Vec<Change>,
    pub(super) after: PlanOutcome,
    pub(super) cost: Cost,
    /// What quality it costs, to compare by.
    pub(super) rank: f64,
    /// How much less is asked for, in halves.
    pub(super) cuts: f64,
}

/// The axes of a plan that does not fit.
pub(super) fn axes(base: &Baseline<'_>, shelf: &Shelf, ways: &[Remedy]) -> Vec<Axis> {
    let lower = quantize::lower(base);
    let last = lower.last().copied().filter(|_| lower.len() > PRECISIONS);
    let weights = lower
        .into_iter()
        .take(PRECISIONS)
        .chain(last)
        .map(Change::Weights)
        .chain(of(ways, |it| matches!(it, Change::Weights(_))));
    let caches = quantize::caches(base.plan).into_iter().map(Change::KvCache);
    let contexts = ask_less::shorter(base.plan.workload.context).take(CONTEXTS).map(Change::Context);
    let contexts = of(ways, |it| matches!(it, Change::Context(_))).chain(contexts);
    let half = Some(base.plan.workload.sequences / 2).filter(|it| *it > 0).map(Change::Sequences);
    let sequences = of(ways, |it| matches!(it, Change::Sequences(_))).chain(half);
    let (context, at_once) = (base.plan.workload.context as f64, f64::from(base.plan.workload.sequences));
    let less = |change: Change| match change {
        Change::Context(left) => Alternative::cut(change, left as f64, context),
        Change::Sequences(left) => Alternative::cut(change, f64::from(left), at_once),
        change => Alternative::of(change),
    };
    vec![
        axis(contexts.map(less)),
        axis(sequences.map(less)),
        axis(weights.map(Alternative::of)),
        axis(caches.map(Alternative::of)),
        engine(ways),
        axis(machines(base, shelf).map(Alternative::of)),
    ]
}

/// The axes of a plan that fits: nothing is bought, and nothing less is asked for.
pub(super) fn spare_axes(base: &Baseline<'_>, ways: &[Remedy]) -> Vec<Axis> {
    let higher = quantize::higher(base).into_iter();
    let weights = higher.chain(quantize::lower(base).into_iter().take(PRECISIONS)).map(Change::Weights);
    let caches = quantize::caches(base.plan).into_iter().map(Change::KvCache);
    let split = |it: &Change| matches!(it, Change::TensorParallel(_) | Change::LayerSplit);
    vec![
        axis(weights.map(Alternative::of)),
        axis(caches.map(Alternative::of)),
        engine(ways),
        axis(of(ways, split).map(Alternative::of)),
    ]
}

/// More precision, bought with other cards.
pub(super) fn bought_precision(base: &Baseline<'_>, shelf: &Shelf) -> Vec<Axis> {
    let higher = quantize::higher(base).into_iter().map(Change::Weights);
    vec![axis(higher.map(Alternative::of)), axis(machines(base, shelf).map(Alternative::of))]
}

pub(super) fn axis(choices: impl Iterator<Item = Alternative>) -> Axis {
    let mut axis = vec![Alternative::default()];
    for choice in choices {
        if !axis.iter().any(|other| other.changes == choice.changes) {
            axis.push(choice);
        }
    }
    axis
}

fn of<'a>(ways: &'a [Remedy], is: impl Fn(&Change) -> bool + 'a) -> impl Iterator<Item = Change> + 'a {
    let offered = ways.iter().filter(|way| way.standing == Standing::Offered);
    offered.flat_map(|way| way.change.parts()).filter(move |change| is(change)).cloned()
}

/// What the engine can save, all of it together: none of it costs anything but a little speed.
fn engine(ways: &[Remedy]) -> Axis {
    let saves = |it: &Change| {
        matches!(
            it,
            Change::FlashAttention
                | Change::Ubatch(_)
                | Change::MaxNumSeqs(_)
                | Change::EnforceEager
                | Change::Utilization(_)
        )
    };
    let changes: Vec<Change> = of(ways, saves).collect();
    axis(Some(Alternative { changes, cuts: 0.0 }).into_iter().filter(|it| !it.changes.is_empty()))
}

/// Cards worth combining: those that fit alone, by price for speed, by price and by speed, and small cheap ones that
/// need a second change beside them.
fn machines(base: &Baseline<'_>, shelf: &Shelf) -> impl Iterator<Item = Change> {
    let most = parallelize::most_usd(base);
    let usd = |way: &Remedy| way.cost.usd().unwrap_or(Usd::ENDLESS).0;
    let mut priced: Vec<&Remedy> = shelf.added.iter().chain(&shelf.swapped).collect();
    priced.sort_by(|a, b| usd(a).total_cmp(&usd(b)));
    let cheapest =
        priced.iter().filter(|way| way.after.fits()).take(3).map(|way| way.change.clone()).collect::<Vec<_>>();
    let mut fast: Vec<&Remedy> = priced.iter().copied().filter(|way| usd(way) <= most).collect();
    fast.sort_by(|a, b| b.after.rate().total_cmp(&a.after.rate()));
    let fast = fast.into_iter().take(3).map(|way| way.change.clone()).collect::<Vec<_>>();
    let best = parallelize::best(priced.iter().copied()).map(|way| way.change.clone());
    let own = shelf.added.first().map(|way| way.change.clone());
    let small = shop::small(base);
    let all: Vec<Change> = own.into_iter().chain(best).chain(cheapest).chain(fast).chain(small).collect();
    all.into_iter().take(MACHINES)
}

/// Every combination of the axes that fits, but for the one without any change.
pub(super) fn fitting(base: &Baseline<'_>, axes: &[Axis]) -> Vec<Combination> {
    let lengths = bounded(axes.iter().map(Vec::len).collect());
    let total: usize = lengths.iter().product();
    (1..total)
        .filter_map(|place| {
            let choices = chosen(axes, &lengths, place);
            let combination = judged(base, &choices)?;
            combination.after.fits().then_some(combination)
        })
        .collect()
}

/// Lengths whose product is within the bound.
fn bounded(mut lengths: Vec<usize>) -> Vec<usize> {
    while lengths.iter().product::<usize>() > COMBINATIONS {
        let Some(longest) = lengths.iter_mut().max() else { break };
        *longest -= 1;
    }
    lengths
}

/// The choices of the combination with this number, as digits of a number with mixed bases.
fn chosen<'a>(axes: &'a [Axis], lengths: &[usize], mut place: usize) -> Vec<&'a Alternative> {
    let mut choices = Vec::with_capacity(axes.len());
    for (axis, length) in axes.iter().zip(lengths) {
        choices.extend(axis.get(place % length));
        place /= length;
    }
    choices
}

/// What the choices come to with everything on the devices, which is what fitting means.
fn judged(base: &Baseline<'_>, choices: &[&Alternative]) -> Option<Combination> {
    let mut plan = base.plan.clone();
    for change in choices.iter().flat_map(|choice| &choice.changes) {
        change.apply(&mut plan);
    }
    if plan.workload.runtime == Runtime::LlamaCpp && !plan.machine.cards.is_empty() {
        plan.workload.gpu_layers = GpuLayers::All;
        plan.workload.cpu_experts = CpuExperts::Count(0);
    }
    let after = PlanOutcome::of(&plan, base.catalog)?;
    let rank = rank(&plan, base);
    let changes: Vec<Change> = choices.iter().flat_map(|choice| choice.changes.clone()).collect();
    let cost = changes.iter().map(|change| base.cost(change)).fold(Cost::Nothing, Cost::and);
    let cuts = choices.iter().map(|choice| choice.cuts).sum();
    Some(Combination { changes, after, cost, rank, cuts })
}

/// Where nothing fits: each way that runs with offload, and each of the last step together with one of the others.
pub(super) fn offloading(base: &Baseline<'_>, ways: &[Remedy]) -> Vec<Combination> {
    // Another model is another plan, and what is rented is not bought.
    let other = |part: &Change| matches!(part, Change::Model(_) | Change::RentCards { .. });
    let recipe = |change: &Change| !change.parts().iter().any(other);
    let offered = || ways.iter().filter(|way| way.standing == Standing::Offered && recipe(&way.change));
    let last = || offered().filter(|way| way.group == RemedyGroup::Offload);
    let pairs =
        offered().filter(|way| way.group != RemedyGroup::Offload).flat_map(|way| last().map(move |other| [way, other]));
    // A new host is for the cards and the RAM that it was chosen with.
    let hosts = |way: &Remedy| way.change.parts().iter().any(|part| matches!(part, Change::NewHost { .. }));
    let apart = |one: &Remedy, other: &Remedy| hosts(one) && other.change.is_hardware();
    let pairs = pairs.filter(|[one, other]| !apart(one, other) && !apart(other, one));
    let sets = offered().map(|way| vec![way]).chain(pairs.map(|pair| pair.to_vec()));
    sets.filter_map(|set| {
        let changes: Vec<Change> = set.iter().map(|way| way.change.clone()).collect();
        let plan = change::changed(base.plan, &changes);
        let after = PlanOutcome::of(&plan, base.catalog)?;
        let cost = set.iter().map(|way| way.cost.clone()).fold(Cost::Nothing, Cost::and);
        let cuts = set.iter().filter(|way| way.group == RemedyGroup::AskLess).count() as f64;
        let rank = rank(&plan, base);
        let found = Combination { changes, after, cost, rank, cuts };
        (found.after.improves(&base.now)).then_some(found)
    })
    .collect()
}

/// What is on the shelf, each as a combination of its own.
pub(super) fn bought(base: &Baseline<'_>, shelf: &Shelf) -> Vec<Combination> {
    let ways = shelf.added.iter().chain(&shelf.swapped).filter(|way| way.after.fits());
    ways.filter_map(|way| judged(base, &[&Alternative::of(way.change.clone())])).collect()
}

/// The cheapest cards that still hold the plan, where they cost less than those it has.
pub(super) fn cheaper(base: &Baseline<'_>) -> Option<Combination> {
    // Who has the cards saves nothing with others.
    if base.plan.machine.owned {
        return None;
    }
    let usd = |it: &Combination| it.cost.usd().unwrap_or(Usd::ENDLESS).0;
    let offers = shop::instead(base).into_iter().filter_map(|change| judged(base, &[&Alternative::of(change)]));
    let mut cheaper: Vec<Combination> = offers.filter(|it| it.after.fits() && usd(it) < 0.0).collect();
    cheaper.sort_by(|a, b| {
        let key = |it: &Combination| (usd(it), -it.after.rate());
        key(a).partial_cmp(&key(b)).unwrap_or(std::cmp::Ordering::Equal)
    });
    // Cards that need another host are not cheaper.
    let held =
        |it: &Combination| it.changes.iter().all(|change| room::housed(base, change.clone()).as_ref() == Some(change));
    cheaper.into_iter().find(held)
}

/// What quality a plan costs, to compare by.
fn rank(plan: &Plan, base: &Baseline<'_>) -> f64 {
    if plan.workload.task.trains() {
        return precision_rank(plan);
    }
    plan_rank(plan, super::parameters(plan, base.catalog))
}
