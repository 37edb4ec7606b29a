//! Remedies to make a plan fit, as a ladder: ask for less, quantize, parallelize, offload last; and where it fits, what the
//! spare VRAM could buy. Each way is the plan with exactly its change made, and what it comes to is what
//! [`crate::estimate::estimate`] says of it, nothing else. Where layers or experts were placed by hand, the setting that
//! places them stands first, and everything else is judged as they are placed.

mod advice;
mod ask_less;
mod change;
mod cost;
mod first;
mod models;
mod normalize;
mod offload;
mod outcome;
mod parallelize;
mod programs;
mod quantize;
mod recipes;
mod rent;
mod room;
mod search;
mod settings;
mod shop;
mod software;
mod spare;
mod training;
pub(crate) mod words;
mod worth;

pub(in crate::advise) use models::{by_worth, writes_code};
pub(in crate::advise) use shop::is_for_sale;

pub use advice::{Advice, AdviceTopic, is_static};
pub use change::{Change, changed};
pub use cost::Cost;
pub use first::ChangeKind;
pub use outcome::PlanOutcome;
pub use recipes::{Recipe, RecipeGoal};
pub use rent::rented;
pub use training::TrainingChange;
pub(super) use worth::worst_loss;

use crate::catalog::Catalog;
use crate::catalog::quality::{QualityLoss, QuantizedPart, loss};
use crate::catalog::runtime::RamSpeed;
use crate::estimate::estimate;
use crate::plan::{ModelChoice, Plan};

/// The steps of the ladder, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::EnumCount)]
pub enum RemedyGroup {
    /// A setting of the engine that helps by itself; only where layers or experts were placed by hand.
    Settings,
    /// What the spare VRAM could buy; only where the plan fits.
    Spare,
    /// A shorter context, fewer sequences, a smaller model.
    AskLess,
    /// Fewer bits, and what the engine can save.
    Quantize,
    /// More or other cards.
    Parallelize,
    /// Layers or experts in RAM, and the RAM itself.
    Offload,
}

impl RemedyGroup {
    /// All of them, in the order of the ladder.
    pub const ALL: [Self; <Self as strum::EnumCount>::COUNT] =
        [Self::Settings, Self::Spare, Self::AskLess, Self::Quantize, Self::Parallelize, Self::Offload];
}

/// How a way relates to the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It helps and can be applied.
    Offered,
    /// It is what the plan does now.
    Now,
    /// People think of it, and it changes nothing.
    NoChange,
}

/// One way: a change, the plan it makes, and what that comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Remedy {
    /// On which step of the ladder.
    pub group: RemedyGroup,
    /// What is changed.
    pub change: Change,
    /// The plan with the change made.
    pub plan: Plan,
    /// What that plan comes to.
    pub after: PlanOutcome,
    /// What has to be bought.
    pub cost: Cost,
    /// What quality the change costs; `None` = nothing was measured, or it costs none.
    pub loss: Option<QualityLoss>,
    /// Whether it can be applied.
    pub standing: Standing,
}

/// All ways of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Ladder {
    /// What the plan comes to as it is.
    pub now: PlanOutcome,
    /// Up to three that somebody with experience would try before the others, each of another kind.
    pub first: Vec<Remedy>,
    /// Up to three combinations of changes.
    pub recipes: Vec<Recipe>,
    /// Everything that software alone can save, at no more than a small loss.
    pub software: Option<Remedy>,
    /// What helps and has no figure.
    pub advice: Vec<Advice>,
    /// The ways, by group in the order of the ladder.
    pub ways: Vec<Remedy>,
}

impl Ladder {
    /// The ways of one group.
    pub fn of(&self, group: RemedyGroup) -> impl Iterator<Item = &Remedy> {
        self.ways.iter().filter(move |way| way.group == group)
    }

    /// Remedies that can be applied.
    pub fn offered(&self) -> usize {
        self.ways.iter().filter(|way| way.standing == Standing::Offered).count()
    }
}

/// The plan that ways are looked for, and what is known of it.
struct Baseline<'a> {
    plan: &'a Plan,
    catalog: &'a Catalog,
    now: PlanOutcome,
    /// Parameters of the model, all experts counted.
    parameters: u64,
    /// What is sold to hold cards.
    housing: &'a (dyn room::Housing + 'a),
}

impl Baseline<'_> {
    /// The way that `change` makes, whatever it comes to; `None` where the plan could not be estimated.
    fn way(&self, group: RemedyGroup, change: Change) -> Option<Remedy> {
        let plan = change::changed(self.plan, std::slice::from_ref(&change));
        let after = PlanOutcome::of(&plan, self.catalog)?;
        let (cost, loss) = (self.cost(&change), self.loss(&change));
        Some(Remedy { group, change, plan, after, cost, loss, standing: Standing::Offered })
    }

    /// The way that `change` makes, where it is better than the plan as it is and takes no more memory for no better
    /// quality.
    fn better(&self, group: RemedyGroup, change: Change) -> Option<Remedy> {
        self.way(group, change).filter(|way| way.after.improves(&self.now) && worth::is_sensible(self, way))
    }

    /// What quality a change costs against full precision: the worst of its parts.
    fn loss(&self, change: &Change) -> Option<QualityLoss> {
        let losses = change.parts().iter().filter_map(method).map(|part| loss(part, self.parameters));
        losses.collect::<Option<Vec<_>>>()?.into_iter().max_by_key(|it| (it.word, it.is_doubtful()))
    }

    fn cost(&self, change: &Change) -> Cost {
        match change {
            Change::AddCards { card, count } | Change::ShareCards { card, count, .. } => {
                self.catalog.card(card).map_or(Cost::NoPrice, |card| Cost::of_cards(card, *count))
            }
            Change::SwapCards { card, count } => {
                let whole = self.catalog.card(card).map_or(Cost::NoPrice, |card| Cost::of_cards(card, *count));
                // Who has not bought the cards of the plan pays the difference.
                let spared = if self.plan.machine.owned { None } else { shop::present_value(self) };
                whole.instead_of(spared.map(crate::units::Usd))
            }
            Change::RentCards { card, count } => rent::cost(self, card, *count),
            Change::FasterRam { speed, .. } => self.ram_cost(Some(*speed), self.plan.machine.ram_gib),
            Change::Ram(gib) => self.ram_cost(None, gib - self.plan.machine.ram_gib),
            Change::Together(parts) => {
                let cost = |part: &Change| match part {
                    Change::NewHost { .. } => room::cost(self, change),
                    // A new host comes with its RAM.
                    Change::Ram(_) if parts.iter().any(|it| matches!(it, Change::NewHost { .. })) => Cost::Nothing,
                    part => self.cost(part),
                };
                parts.iter().map(cost).fold(Cost::Nothing, Cost::and)
            }
            Change::NewHost { .. } => room::cost(self, change),
            _ => Cost::Nothing,
        }
    }

    /// So many GiB of RAM, of the present speed unless another is wanted.
    fn ram_cost(&self, speed: Option<RamSpeed>, gib: f64) -> Cost {
        let present = offload::present_ram(self.plan, self.catalog);
        let bought = present.and_then(|ram| Some((speed.unwrap_or(ram.speed), (ram.dimm?, ram.socket))));
        bought.map_or(Cost::NoPrice, |(speed, of)| Cost::of_ram(speed, of, gib, self.catalog))
    }
}

/// What a change stores in fewer bits, where it does.
pub const fn method(change: &Change) -> Option<QuantizedPart> {
    match change {
        Change::Weights(quantization) | Change::Engine(_, quantization) => Some(QuantizedPart::Weights(*quantization)),
        Change::KvCache(precision) => Some(QuantizedPart::KvCache(*precision)),
        _ => None,
    }
}

/// Parameters of the model that a plan names, all experts counted: as published, else as its tensors add up, since a
/// `config.json` does not say them; zero where they are not known.
pub fn parameters(plan: &Plan, catalog: &Catalog) -> u64 {
    let known = match &plan.workload.model {
        ModelChoice::Catalog(id) => catalog.model(id).and_then(|model| model.total_parameters),
        ModelChoice::File { model, .. } => model.total_parameters,
        ModelChoice::Size(parameters) => Some(*parameters),
    };
    known.or_else(|| estimate(plan, catalog).ok()?.params).unwrap_or_default()
}

/// What a change stores in fewer bits, all its parts together.
pub fn methods(change: &Change) -> impl Iterator<Item = QuantizedPart> {
    change.parts().iter().filter_map(method)
}

/// All ways of `plan`; `None` where it cannot be estimated or judged.
pub fn ladder(plan: &Plan, catalog: &Catalog) -> Option<Ladder> {
    let now = PlanOutcome::of(plan, catalog)?;
    let houses = room::Houses::of(catalog);
    let base = Baseline { plan, catalog, now, parameters: parameters(plan, catalog), housing: &houses };
    let shelf = shop::Shelf::of(&base);
    let mut ways = settings::ways(&base);
    ways.extend(if plan.workload.task.trains() { training::ways(&base, &shelf) } else { serving(&base, &shelf) });
    ways.retain(|way| way.standing != Standing::Offered || has_effect(&base, way));
    let recipes = settings::recipes(&base).unwrap_or_else(|| recipes_of(&base, &shelf, &ways));
    let recipes = recipes::settled(&base, recipes, &ways);
    let software = software::alone(&base, &ways);
    let first = first::of(&base, &ways);
    let advice = advice::of(&base, &ways);
    Some(Ladder { now, first, recipes, software, advice, ways })
}

fn serving(base: &Baseline<'_>, shelf: &shop::Shelf) -> Vec<Remedy> {
    let mut ways = spare::ways(base);
    ways.extend(ask_less::ways(base));
    ways.extend(quantize::ways(base));
    ways.extend(parallelize::ways(base, shelf));
    ways.extend(rent::ways(base));
    ways.extend(offload::ways(base));
    ways.extend(programs::ways(base));
    ways.sort_by(|a, b| (a.group, rank(a)).partial_cmp(&(b.group, rank(b))).unwrap_or(std::cmp::Ordering::Equal));
    ways
}

fn recipes_of(base: &Baseline<'_>, shelf: &shop::Shelf, ways: &[Remedy]) -> Vec<Recipe> {
    if base.plan.workload.task.trains() {
        training::recipes(base, shelf, ways)
    } else {
        recipes::recipes(base, shelf, ways)
    }
}

/// Whether anything comes of a change: what is bought in vain or spelled otherwise for the same is not offered.
fn has_effect(base: &Baseline<'_>, way: &Remedy) -> bool {
    way.plan != *base.plan && (way.group == RemedyGroup::Spare || !way.after.is_like(&base.now))
}

/// Within a group: what is so now, then the best speed per dollar (what costs nothing first, the fastest of it first),
/// then what has no price, then what changes nothing. Smaller comes first. What lowers precision begins with the least
/// loss of quality: it is free and fast, the more so the worse the model then answers.
fn rank(way: &Remedy) -> (u8, f64, u8, f64) {
    let rate = way.after.rate();
    let harm = if way.group == RemedyGroup::Quantize { harm(way) } else { 0.0 };
    match (way.standing, way.cost.usd().map(|usd| usd.0)) {
        (Standing::Now, _) => (0, 0.0, 0, 0.0),
        (Standing::NoChange, _) => (2, 0.0, 0, 0.0),
        (Standing::Offered, Some(usd)) if usd <= 0.0 => (1, harm, 0, -rate),
        // Without a speed the cheaper one is the better bargain.
        (Standing::Offered, Some(usd)) => (1, harm, 1, if rate > 0.0 { -rate / usd } else { usd }),
        (Standing::Offered, None) => (1, harm, 2, -rate),
    }
}

/// How much quality a way loses by its word: what was never measured lies between "noticeable" and "marked".
fn harm(way: &Remedy) -> f64 {
    methods(&way.change).next().map_or(0.0, |_| worth::word_rank(way.loss))
}
