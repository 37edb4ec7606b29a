//! Recipes for training: one option of each axis, all combinations asked of the estimate. Of quality only an order is
//! known: what is trained and in what precision; nothing was measured, so no word is given.

use super::{TrainingChange, cards, is_light, one_at_a_time, richer};
use crate::advise::remedies::search::{self, Alternative, Axis, Combination, axis};
use crate::advise::remedies::shop::{self, Shelf};
use crate::advise::remedies::software::is_apart;
use crate::advise::remedies::{Baseline, Change, PlanOutcome, Recipe, RecipeGoal, Remedy, change, parallelize};
use crate::plan::{Optimizer, Plan, Precision, Task, TrainingAttention};
use crate::units::Usd;

/// No sequence shorter than this is offered, in tokens.
const SHORTEST: u64 = 512;
/// The fastest recipe goes no further from full fine-tuning than this.
const FAST_RANK: f64 = 1.5;
/// Offers of cards that are combined with other changes.
const OFFERS: usize = 3;

/// How far a plan is from training all weights in full precision, as a number to compare by.
pub(in crate::advise::remedies) fn precision_rank(plan: &Plan) -> f64 {
    let task = match plan.workload.task {
        Task::Serve | Task::Full => 0.0,
        Task::Lora => 1.0,
        Task::Qlora => 1.5,
    };
    let precision = if plan.workload.training.precision == Precision::Bf16 { 0.25 } else { 0.0 };
    let optimizer = if is_light(plan.workload.training.optimizer) { 0.125 } else { 0.0 };
    task + precision + optimizer
}

/// Best quality, cheapest, fastest; fewer where nothing is better than the plan, or where two would be the same.
pub(in crate::advise::remedies) fn recipes(base: &Baseline<'_>, shelf: &Shelf, ways: &[Remedy]) -> Vec<Recipe> {
    let found = if base.now.fits() { better(base, shelf) } else { fitting(base, shelf, ways) };
    found.into_iter().filter_map(|(goal, combination)| recipe(base, goal, combination)).collect()
}

fn recipe(base: &Baseline<'_>, goal: RecipeGoal, found: Combination) -> Option<Recipe> {
    let plan = change::changed(base.plan, &found.changes);
    let after = PlanOutcome::of(&plan, base.catalog)?;
    Some(Recipe { goal, changes: found.changes, plan, after, cost: found.cost, loss: None, outrun: false })
}

/// The best for each goal among combinations that fit; among those with offload where none does.
fn fitting(base: &Baseline<'_>, shelf: &Shelf, ways: &[Remedy]) -> Vec<(RecipeGoal, Combination)> {
    let mut found = search::fitting(base, &axes(base, shelf));
    if found.is_empty() {
        found = search::offloading(base, ways);
    }
    found.retain(|it| !it.changes.is_empty());
    let fewest = found.iter().map(|it| it.cuts).fold(f64::INFINITY, f64::min);
    found.retain(|it| it.cuts <= fewest);
    let mut picked: Vec<(RecipeGoal, Combination)> = Vec::new();
    for goal in RecipeGoal::ALL {
        // Nothing that only does more than a recipe before it at the same price, nothing slower called fastest, and nothing
        // slower at the same price called cheapest.
        let worth = |it: &Combination, other: &Combination| match goal {
            RecipeGoal::BestQuality => true,
            RecipeGoal::Cheapest => {
                let [usd, than] = [it, other].map(|one| one.cost.usd().unwrap_or(Usd::ENDLESS).0);
                usd < than || usd <= than && !it.after.is_slower_than(&other.after)
            }
            RecipeGoal::Fastest => it.after.is_faster_than(&other.after),
        };
        let offers = found.iter().filter(|it| picked.iter().all(|(_, other)| !adds(it, other) && worth(it, other)));
        // The cheapest has no other bound than its price.
        let offers = offers.filter(|it| goal == RecipeGoal::Cheapest || !is_beyond(base, it));
        let best = offers.min_by(|a, b| compare(key(goal, a), key(goal, b)));
        picked.extend(best.map(|best| (goal, best.clone())));
    }
    picked
}

/// Whether one makes all the changes of the other, is no faster and costs no less.
fn adds(one: &Combination, other: &Combination) -> bool {
    other.changes.iter().all(|change| one.changes.contains(change))
        && !one.after.is_faster_than(&other.after)
        && one.cost.usd() >= other.cost.usd()
}

/// What a goal goes by, the least being the best.
fn key(goal: RecipeGoal, it: &Combination) -> [f64; 5] {
    let (rank, cuts, rate) = (it.rank, it.cuts, it.after.rate());
    let (usd, changes) = (it.cost.usd().unwrap_or(Usd::ENDLESS).0, it.changes.len() as f64);
    match goal {
        RecipeGoal::BestQuality => [rank, cuts, usd, changes, -rate],
        RecipeGoal::Cheapest => [usd, cuts, rank, changes, -rate],
        RecipeGoal::Fastest => [cuts, -rate, usd, changes, 0.0],
    }
}

/// Whether it costs more than is reasonable, or trains much less than the plan.
fn is_beyond(base: &Baseline<'_>, it: &Combination) -> bool {
    let usd = it.cost.usd().unwrap_or(Usd::ENDLESS).0;
    usd > parallelize::most_usd(base) || it.rank > precision_rank(base.plan).max(FAST_RANK)
}

fn compare(one: [f64; 5], other: [f64; 5]) -> std::cmp::Ordering {
    one.partial_cmp(&other).unwrap_or(std::cmp::Ordering::Equal)
}

/// The axes of a plan that does not fit.
fn axes(base: &Baseline<'_>, shelf: &Shelf) -> Vec<Axis> {
    let (task, training) = (base.plan.workload.task, &base.plan.workload.training);
    let tasks = [Task::Lora, Task::Qlora].into_iter().filter(|other| lighter(task, *other)).map(TrainingChange::Task);
    let when = |condition: bool, change| condition.then_some(change);
    let single = |change: Option<TrainingChange>| choices(change.into_iter());
    let lengths = [2, 4].map(|times| training.sequence_length / times);
    let shorter = lengths.into_iter().filter(|tokens| *tokens >= SHORTEST);
    let parallel = super::parallel(base).into_iter().filter(|it| !matches!(it, TrainingChange::Pipeline(_)));
    vec![
        choices(tasks),
        single(when(training.precision != Precision::Bf16, TrainingChange::Precision(Precision::Bf16))),
        single(when(!is_light(training.optimizer), TrainingChange::Optimizer(Optimizer::AdamW8bit))),
        single(when(training.micro_batch > 1, one_at_a_time(training))),
        single(when(!training.checkpointing, TrainingChange::Checkpointing)),
        single(when(training.attention != TrainingAttention::Flash, TrainingChange::Flash)),
        single(when(!is_apart(training.loss), TrainingChange::FusedLoss)),
        axis(shorter.map(|tokens| {
            let change = Change::Training(TrainingChange::Length(tokens));
            Alternative::cut(change, tokens as f64, training.sequence_length as f64)
        })),
        choices(parallel),
        machines(base, shelf),
    ]
}

fn choices(changes: impl Iterator<Item = TrainingChange>) -> Axis {
    axis(changes.map(|change| Alternative::of(Change::Training(change))))
}

const fn lighter(task: Task, other: Task) -> bool {
    matches!((task, other), (Task::Full, Task::Lora | Task::Qlora) | (Task::Lora, Task::Qlora))
}

/// More of the present cards, the cheapest others that hold it alone, the fastest of those within reason, and larger ones
/// that may be enough beside another change.
fn machines(base: &Baseline<'_>, shelf: &Shelf) -> Axis {
    let usd = |way: &Remedy| way.cost.usd().unwrap_or(Usd::ENDLESS).0;
    let mut priced: Vec<&Remedy> = shelf.swapped.iter().collect();
    priced.sort_by(|one, other| usd(one).total_cmp(&usd(other)));
    let cheapest: Vec<Change> = priced.iter().take(OFFERS).map(|way| way.change.clone()).collect();
    let most = parallelize::most_usd(base);
    priced.retain(|way| usd(way) <= most);
    priced.sort_by(|one, other| other.after.rate().total_cmp(&one.after.rate()));
    let fastest = priced.into_iter().take(OFFERS).map(|way| way.change.clone());
    let more = cards::more(base).map(|way| way.change);
    axis(more.into_iter().chain(cheapest).chain(fastest).chain(shop::larger(base)).map(Alternative::of))
}

/// Where the plan fits: more precision or more trained on the same cards; cheaper cards that still hold it; and more
/// speed from room that is free, or from other cards within reason.
fn better(base: &Baseline<'_>, shelf: &Shelf) -> Vec<(RecipeGoal, Combination)> {
    let (task, training) = (base.plan.workload.task, &base.plan.workload.training);
    let heavier = [Task::Lora, Task::Full].into_iter().filter(|other| lighter(*other, task)).map(TrainingChange::Task);
    let fused = (!is_apart(training.loss)).then_some(TrainingChange::FusedLoss);
    let exact = (training.optimizer == Optimizer::AdamW8bit).then_some(TrainingChange::Optimizer(Optimizer::AdamW));
    let present = precision_rank(base.plan);
    let here = search::fitting(
        base,
        &[
            choices(heavier),
            choices(richer(task, training.precision).map(TrainingChange::Precision).into_iter()),
            choices(exact.into_iter()),
            choices(fused.into_iter()),
        ],
    );
    let least = |it: &Combination| [it.rank, it.changes.len() as f64, -it.after.rate(), 0.0, 0.0];
    let quality = here.into_iter().filter(|it| it.rank < present).min_by(|a, b| compare(least(a), least(b)));
    let kept = training.checkpointing.then_some(TrainingChange::NoCheckpointing);
    let quick = search::fitting(base, &[choices(kept.into_iter()), choices(fused.into_iter())]);
    let most = parallelize::most_usd(base);
    let bought = search::bought(base, shelf).into_iter().filter(|it| it.cost.usd().is_some_and(|usd| usd.0 <= most));
    let faster = |found: Vec<Combination>| {
        let swift = found.into_iter().filter(|it| it.after.is_faster_than(&base.now));
        swift.min_by(|a, b| compare(key(RecipeGoal::Fastest, a), key(RecipeGoal::Fastest, b)))
    };
    let fastest = faster(quick).or_else(|| faster(bought.collect()));
    let goals = [
        (RecipeGoal::BestQuality, quality),
        (RecipeGoal::Cheapest, search::cheaper(base)),
        (RecipeGoal::Fastest, fastest),
    ];
    goals.into_iter().filter_map(|(goal, found)| Some((goal, found?))).collect()
}
