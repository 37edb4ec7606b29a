//! Three recipes that combine changes: the best quality, the cheapest, the fastest.
//!
//! A combination takes one option of each axis: weights, KV cache, context, sequences, what the engine can save, and the
//! machine. All combinations are asked about, so within the axes the answer is exact; the axes themselves are bounded
//! (`super::search`). The model and the task stay; where less is asked for, the recipe's name says so. Where nothing fits,
//! the recipes run with offload. No two are the same, and none is called what another row is more than it.

use super::search::{self, Combination};
use super::shop::Shelf;
use super::worth::{plan_rank, worst_loss};
use super::{Baseline, Change, Cost, PlanOutcome, Remedy, RemedyGroup, Standing, change, parallelize};
use crate::catalog::quality::QualityLoss;
use crate::estimate::Verdict;
use crate::plan::Plan;
use crate::units::Usd;

/// What a recipe is after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::EnumCount)]
pub enum RecipeGoal {
    /// The least loss of quality.
    BestQuality,
    /// The least money.
    Cheapest,
    /// The most tokens a second.
    Fastest,
}

impl RecipeGoal {
    /// All, in the order they are shown.
    pub const ALL: [Self; <Self as strum::EnumCount>::COUNT] = [Self::BestQuality, Self::Cheapest, Self::Fastest];
}

/// Changes that together make a plan fit, or fit better.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// What it is after.
    pub goal: RecipeGoal,
    /// The changes, in the order of the ladder.
    pub changes: Vec<Change>,
    /// The plan with all of them made.
    pub plan: Plan,
    /// What that plan comes to.
    pub after: PlanOutcome,
    /// What has to be bought.
    pub cost: Cost,
    /// The worse loss of weights and cache as they are then; `None` = nothing was measured.
    pub loss: Option<QualityLoss>,
    /// Another row is faster, but loses more quality or does less.
    pub outrun: bool,
}

impl Recipe {
    /// What it asks less of: shorter, fewer, or another way to train.
    pub fn cuts(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().flat_map(Change::parts).filter(|change| change.asks_less())
    }
}

/// Loss ranks as in `worth::quality_rank`: the cheapest recipe goes no further than "marked" if anything else fits.
const CHEAP_RANK: f64 = 3.5;
/// The fastest recipe goes no further than "small", or than what the plan loses already.
const FAST_RANK: f64 = 1.5;

pub(super) fn recipes(base: &Baseline<'_>, shelf: &Shelf, ways: &[Remedy]) -> Vec<Recipe> {
    let found = if base.now.fits() { better(base, shelf, ways) } else { fitting(base, shelf, ways) };
    found.into_iter().filter_map(|(goal, combination)| recipe(base, goal, &combination)).collect()
}

fn recipe(base: &Baseline<'_>, goal: RecipeGoal, found: &Combination) -> Option<Recipe> {
    if found.changes.is_empty() {
        return None;
    }
    let plan = change::changed(base.plan, &found.changes);
    // What still does not run is no recipe.
    let after = PlanOutcome::of(&plan, base.catalog).filter(|after| after.verdict != Verdict::DoesNotFit)?;
    let loss = worst_loss(&plan, super::parameters(&plan, base.catalog));
    Some(Recipe { goal, changes: found.changes.clone(), plan, after, cost: found.cost.clone(), loss, outrun: false })
}

/// Takes out what says nothing new: the same under a second name, the cheapest before the best before the fastest; and a
/// fastest that another row outruns, unless that row loses more quality or does less, which the name then says.
pub(super) fn settled(base: &Baseline<'_>, mut recipes: Vec<Recipe>, ways: &[Remedy]) -> Vec<Recipe> {
    const ORDER: [RecipeGoal; 3] = [RecipeGoal::Cheapest, RecipeGoal::BestQuality, RecipeGoal::Fastest];
    let trains = base.plan.workload.task.trains();
    let rank = |plan: &Plan| if trains { 0.0 } else { plan_rank(plan, super::parameters(plan, base.catalog)) };
    let most = rank(base.plan).max(FAST_RANK);
    let rows = || {
        let offered = ways.iter().filter(|way| way.standing == Standing::Offered && way.group != RemedyGroup::Spare);
        let rented = |change: &Change| matches!(change, Change::RentCards { .. });
        offered.filter(move |way| !rented(&way.change))
    };
    if let Some(fastest) = recipes.iter_mut().find(|recipe| recipe.goal == RecipeGoal::Fastest) {
        let reasonable = |way: &Remedy| way.cost.usd().is_some_and(|usd| usd.0 <= parallelize::most_usd(base));
        let equal =
            |way: &&Remedy| !way.change.asks_less() && rank(&way.plan) <= most && way.after.fits() && reasonable(way);
        let swifter = rows().filter(equal).max_by(|one, other| one.after.rate().total_cmp(&other.after.rate()));
        if let Some(way) = swifter.filter(|way| way.after.is_faster_than(&fastest.after)) {
            fastest.changes = way.change.parts().to_vec();
            fastest.plan = way.plan.clone();
            (fastest.after, fastest.cost) = (way.after, way.cost.clone());
            fastest.loss = worst_loss(&way.plan, super::parameters(&way.plan, base.catalog)).filter(|_| !trains);
        }
        fastest.outrun = rows().any(|way| way.after.is_faster_than(&fastest.after));
    }
    let swift = recipes.iter().map(|recipe| recipe.after.rate()).fold(0.0, f64::max);
    recipes.retain(|recipe| recipe.goal != RecipeGoal::Fastest || recipe.after.rate() >= swift || recipe.outrun);
    let mut plans: Vec<Plan> = Vec::new();
    let mut kept: Vec<Recipe> = Vec::new();
    for goal in ORDER {
        let of_goal = recipes.iter().find(|recipe| recipe.goal == goal);
        let Some(recipe) = of_goal.filter(|recipe| !plans.contains(&recipe.plan)) else { continue };
        plans.push(recipe.plan.clone());
        kept.push(recipe.clone());
    }
    kept.sort_by_key(|recipe| recipe.goal);
    kept
}

/// The best for each goal among combinations that fit; among others where none does.
fn fitting(base: &Baseline<'_>, shelf: &Shelf, ways: &[Remedy]) -> Vec<(RecipeGoal, Combination)> {
    let mut found = search::fitting(base, &search::axes(base, shelf, ways));
    if found.is_empty() {
        found = search::offloading(base, ways);
    }
    RecipeGoal::ALL.into_iter().filter_map(|goal| Some((goal, pick(base, goal, &found)?.clone()))).collect()
}

/// The combination that is best for `goal`: the least in its key, figure by figure.
fn pick<'a>(base: &Baseline<'_>, goal: RecipeGoal, found: &'a [Combination]) -> Option<&'a Combination> {
    let most = parallelize::most_usd(base);
    let now = plan_rank(base.plan, base.parameters);
    let present = now.max(FAST_RANK);
    let usd = |it: &Combination| it.cost.usd().unwrap_or(Usd::ENDLESS).0;
    // The best quality is no worse than the present one, the cheapest has a price, the fastest is within reason.
    let serves = |it: &&Combination| match goal {
        RecipeGoal::BestQuality => it.rank <= now && usd(it) <= most,
        RecipeGoal::Cheapest => it.cost.usd().is_some(),
        RecipeGoal::Fastest => usd(it) <= most && it.rank <= present,
    };
    let key = |it: &Combination| {
        let (rank, cuts, rate) = (it.rank, it.cuts, it.after.rate());
        match goal {
            RecipeGoal::BestQuality => [rank, cuts, usd(it), -rate, 0.0],
            // Precision and what is asked for are given up in equal parts.
            RecipeGoal::Cheapest => [f64::from(u8::from(rank > CHEAP_RANK)), usd(it), rank + cuts, cuts, -rate],
            RecipeGoal::Fastest => [cuts, -rate, usd(it), rank, 0.0],
        }
    };
    found.iter().filter(serves).min_by(|a, b| key(a).partial_cmp(&key(b)).unwrap_or(std::cmp::Ordering::Equal))
}

/// Where the plan fits: a better word for quality and more speed, on the same machine where they can be had, and the
/// cheapest cards that still hold it.
fn better(base: &Baseline<'_>, shelf: &Shelf, ways: &[Remedy]) -> Vec<(RecipeGoal, Combination)> {
    let here = search::fitting(base, &search::spare_axes(base, ways));
    let quality = best_quality(base, here.iter()).cloned().or_else(|| {
        let bought = search::fitting(base, &search::bought_precision(base, shelf));
        best_quality(base, within(base, &bought)).cloned()
    });
    let fastest = fastest(base, here.iter()).cloned().or_else(|| {
        let bought = search::bought(base, shelf);
        fastest(base, within(base, &bought)).cloned()
    });
    let mut recipes = Vec::new();
    recipes.extend(quality.map(|it| (RecipeGoal::BestQuality, it)));
    recipes.extend(search::cheaper(base).map(|it| (RecipeGoal::Cheapest, it)));
    recipes.extend(fastest.map(|it| (RecipeGoal::Fastest, it)));
    recipes
}

/// What costs no more than speed and quality are worth.
fn within<'a>(base: &Baseline<'_>, found: &'a [Combination]) -> impl Iterator<Item = &'a Combination> {
    let most = parallelize::most_usd(base);
    found.iter().filter(move |it| it.cost.usd().is_some_and(|usd| usd.0 <= most))
}

/// A better word than the plan has now; of several the cheapest, then the fastest.
fn best_quality<'a>(base: &Baseline<'_>, found: impl Iterator<Item = &'a Combination>) -> Option<&'a Combination> {
    let present = plan_rank(base.plan, base.parameters);
    let key = |it: &Combination| [it.rank, it.cost.usd().unwrap_or(Usd::ENDLESS).0, -it.after.rate()];
    found.filter(|it| it.rank < present).min_by(|a, b| key(a).partial_cmp(&key(b)).unwrap_or(std::cmp::Ordering::Equal))
}

/// Faster than the plan is now without losing more than a little quality.
fn fastest<'a>(base: &Baseline<'_>, found: impl Iterator<Item = &'a Combination>) -> Option<&'a Combination> {
    let present = plan_rank(base.plan, base.parameters).max(FAST_RANK);
    found
        .filter(|it| it.rank <= present && it.after.is_faster_than(&base.now))
        .max_by(|a, b| a.after.rate().total_cmp(&b.after.rate()))
}
