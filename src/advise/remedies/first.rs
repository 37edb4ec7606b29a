//! What somebody with experience would try before the rest: up to three ways that cure what ails the plan, each of another
//! kind, in the order of what they ask of the user.

use super::training::precision_rank;
use super::worth::{UNKNOWN_RANK, word_rank};
use super::{
    Baseline, Change, Cost, PlanOutcome, Remedy, RemedyGroup, Standing, TrainingChange, methods, models, shop,
};
use crate::catalog::quality::LossWord;
use crate::estimate::Verdict;
use crate::plan::{Offload, Task};
use crate::units::Usd;

/// How many are named.
const NAMED: usize = 3;
/// Where everything runs already, a way must make it so many times as fast.
const LEAST_GAIN: f64 = 1.2;
/// Cards may cost this many times what is there ...
const MODEST_FACTOR: f64 = 1.5;
/// ... or this much, in US dollars, where that is little or not known.
const MODEST_LEAST: f64 = 1500.0;
/// A finer precision that is so much of a coarser one's speed loses nothing that is felt.
const AS_FAST: f64 = 0.85;
/// A length may be cut to this share.
const LEAST_SHARE: f64 = 0.25;

/// Of what kind a change is, coarsely: the first ways are each of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// Where layers and experts lie.
    Placement,
    /// How long sequences are.
    Length,
    /// How many sequences run at once.
    Sequences,
    /// The precision of the KV cache.
    KvCache,
    /// The precision of the weights.
    Weights,
    /// Another model.
    Model,
    /// More or other cards.
    Cards,
    /// Rented cards.
    Rent,
    /// More or faster RAM.
    Ram,
    /// Adapters instead of all weights.
    Task,
    /// Gradients or states outside the cards.
    Offload,
    /// Anything else that software can do.
    Software,
}

impl ChangeKind {
    /// That of a change; of several together that of the first.
    pub fn of(change: &Change) -> Self {
        match change {
            Change::Automatic | Change::MostLayers | Change::Experts(_) | Change::MoveProgram { .. } => Self::Placement,
            Change::Context(_) | Change::Training(TrainingChange::Length(_)) => Self::Length,
            Change::Sequences(_) => Self::Sequences,
            Change::KvCache(_) => Self::KvCache,
            Change::Weights(_) => Self::Weights,
            Change::Model(_) => Self::Model,
            Change::AddCards { .. } | Change::ShareCards { .. } | Change::SwapCards { .. } => Self::Cards,
            Change::RentCards { .. } => Self::Rent,
            Change::FasterRam { .. } | Change::Ram(_) => Self::Ram,
            Change::Training(TrainingChange::Task(_)) => Self::Task,
            Change::Training(TrainingChange::Offload(_)) => Self::Offload,
            Change::Together(parts) => parts.first().map_or(Self::Software, Self::of),
            _ => Self::Software,
        }
    }
}

/// What a way asks of the user, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Burden {
    /// Nothing.
    Free,
    /// A little precision or length, or adapters.
    Lighter,
    /// Money, no more than was spent already or so.
    Bought,
    /// Money by the hour.
    Rented,
    /// Time.
    Slow,
    /// Another model.
    OtherModel,
    /// Much money, or much quality.
    Heavy,
}

impl Burden {
    fn of(base: &Baseline<'_>, way: &Remedy) -> Self {
        let parts = way.change.parts().iter().map(|part| Self::of_part(base, way, part));
        parts.max().unwrap_or(Self::Free)
    }

    fn of_part(base: &Baseline<'_>, way: &Remedy, part: &Change) -> Self {
        let workload = &base.plan.workload;
        // Among several cards what waits in RAM is little for each.
        let shares = way.change.parts().iter().any(|part| matches!(part, Change::ShareCards { .. }));
        let cut = |left: f64, present: f64| if left >= present * LEAST_SHARE { Self::Lighter } else { Self::Heavy };
        match part {
            Change::Context(left) => cut(*left as f64, workload.context as f64),
            Change::Sequences(left) => cut(f64::from(*left), f64::from(workload.sequences)),
            Change::Training(TrainingChange::Length(left)) => {
                cut(*left as f64, workload.training.sequence_length as f64)
            }
            Change::Training(TrainingChange::Task(_) | TrainingChange::Rank(_)) => Self::Lighter,
            // Where all weights are trained most of what is moved is states, once a step; beside adapters it is the weights.
            Change::Training(TrainingChange::Offload(Offload::Parameters | Offload::Nvme))
                if workload.task != Task::Full && !shares =>
            {
                Self::Heavy
            }
            Change::Training(TrainingChange::Offload(_)) if !shares => Self::Slow,
            Change::Model(_) => Self::OtherModel,
            Change::RentCards { .. } => Self::Rented,
            Change::FasterRam { .. } | Change::Ram(_) => Self::Bought,
            part if part.is_hardware() => match way.cost.usd() {
                Some(usd) if usd.0 <= modest_usd(base) => Self::Bought,
                _ => Self::Heavy,
            },
            Change::Weights(_) | Change::KvCache(_) | Change::Engine(..) => match word_rank(way.loss) {
                rank if rank <= f64::from(LossWord::Small as u8) => Self::Free,
                rank if rank < UNKNOWN_RANK => Self::Lighter,
                _ => Self::Heavy,
            },
            _ => Self::Free,
        }
    }
}

/// What somebody who has these cards would spend on more.
fn modest_usd(base: &Baseline<'_>) -> f64 {
    shop::present_value(base).map_or(MODEST_LEAST, |worth| (worth * MODEST_FACTOR).max(MODEST_LEAST))
}

/// Whether a way ends what ails the plan, or makes it a good deal better.
fn cures(base: &Baseline<'_>, way: &Remedy) -> bool {
    let rank = |verdict: Verdict| verdict.max(Verdict::Tight);
    // Sequences that wait for others ail a plan, too.
    let better = rank(way.after.verdict) < rank(base.now.verdict) || way.after.fits();
    let faster = way.after.rate() >= base.now.rate() * LEAST_GAIN;
    let spills = |verdict: Verdict| verdict == Verdict::Offload;
    let fewer_wait = way.after.verdict <= Verdict::Tight && way.after.waiting < base.now.waiting;
    better || (spills(base.now.verdict) && spills(way.after.verdict) && faster) || (fewer_wait && faster)
}

/// How many of the offered models are thought more of.
fn better_models(base: &Baseline<'_>, ways: &[Remedy], id: &str) -> usize {
    let models = |id: &str| base.catalog.model(id);
    let offered = ways.iter().filter_map(|way| match way.change.parts().first()? {
        Change::Model(other) if way.standing == Standing::Offered => models(other),
        _ => None,
    });
    let Some(own) = models(id) else { return 0 };
    offered.filter(|other| models::by_worth(base.catalog, other, own).is_gt()).count()
}

/// What of a way is lost: in training how far it is from training all weights.
fn lost(base: &Baseline<'_>, way: &Remedy) -> f64 {
    if base.plan.workload.task.trains() {
        return precision_rank(&way.plan);
    }
    if methods(&way.change).next().is_some() { word_rank(way.loss) } else { 0.0 }
}

/// The first ways of a plan that does not fit.
pub(super) fn of(base: &Baseline<'_>, ways: &[Remedy]) -> Vec<Remedy> {
    if base.now.fits() {
        return Vec::new();
    }
    let runs = base.now.verdict == Verdict::Offload && !base.now.pages;
    let offered = ways.iter().filter(|way| way.standing == Standing::Offered && cures(base, way));
    // What nobody knows the price of is not what to begin with.
    let offered = offered.filter(|way| !(way.change.is_hardware() && way.cost == Cost::NoPrice));
    // Another maker's cards are other software: nobody begins with that.
    let offered = offered.filter(|way| !shop::leaves_maker(base, &way.change));
    // What a setting gives for nothing is not bought by doing less, as the plan is placed now.
    let set = ways.iter().filter(|way| way.group == RemedyGroup::Settings).map(|way| way.after);
    let set = set.max_by(|one, other| one.rate().total_cmp(&other.rate()));
    let offered = offered.filter(|way| {
        let beyond = |set: PlanOutcome| way.after.verdict < set.verdict || way.after.rate() > set.rate();
        way.group == RemedyGroup::Settings || set.is_none_or(beyond)
    });
    // What runs with offload is not rented for.
    let offered = offered.filter(|way| !(runs && ChangeKind::of(&way.change) == ChangeKind::Rent));
    let key = |way: &Remedy| {
        if let Some(Change::Model(id)) = way.change.parts().first() {
            // The best by what people think of it, not the fastest.
            let place = better_models(base, ways, id) as f64;
            return (Burden::OtherModel, place, 0.0, false, 1, 0.0, -way.after.rate());
        }
        let harm = lost(base, way);
        let usd = way.cost.usd().unwrap_or(Usd::ENDLESS).0;
        let burden = Burden::of(base, way);
        // Of much money the least comes first, whatever spills.
        let much = if burden == Burden::Heavy && way.change.is_hardware() { usd } else { 0.0 };
        (burden, harm, much, !way.after.fits(), way.change.parts().len(), usd, -way.after.rate())
    };
    let mut sorted: Vec<&Remedy> = offered.collect();
    sorted.sort_by(|one, other| key(one).partial_cmp(&key(other)).unwrap_or(std::cmp::Ordering::Equal));
    let mut found: Vec<Remedy> = Vec::new();
    for way in sorted {
        let kind = ChangeKind::of(&way.change);
        if found.len() < NAMED && !found.iter().any(|other| ChangeKind::of(&other.change) == kind) {
            found.push(finest(base, ways, way).clone());
        }
    }
    found
}

/// Of precisions with the same word for their loss the finest that helps as well: a word spans much, and more bits are never
/// worse.
fn finest<'a>(base: &Baseline<'_>, ways: &'a [Remedy], found: &'a Remedy) -> &'a Remedy {
    let bits = |way: &Remedy| match way.change {
        Change::Weights(precision) => precision.facts().map(|facts| facts.bits_per_weight),
        _ => None,
    };
    let Some(least) = bits(found) else { return found };
    let helps = |way: &&Remedy| {
        let fast = cures(base, way) || way.after.rate() >= found.after.rate() * AS_FAST;
        way.standing == Standing::Offered
            && way.after.verdict <= found.after.verdict
            && word_rank(way.loss) <= word_rank(found.loss)
            && fast
    };
    let finer = ways.iter().filter(helps).filter_map(|way| Some((bits(way)?, way))).filter(|(bits, _)| *bits > least);
    finer.max_by(|one, other| one.0.total_cmp(&other.0)).map_or(found, |(_, way)| way)
}
