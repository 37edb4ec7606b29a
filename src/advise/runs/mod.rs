//! What runs on a machine: every model of the catalog that does, the best first.

pub mod upgrade;

use super::remedies::{PlanOutcome, by_worth};
use super::runs_well::plan_of;
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::quality::{LossWord, QuantizedPart, loss};
use crate::catalog::quantization::Quantization;
use crate::estimate::Verdict;
use crate::plan::{LEAST_DECODE, Machine, Plan};

/// How well a model runs, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// Fast enough to be read along.
    Reads,
    /// It runs; of its speed there is no data.
    Unknown,
    /// It runs, slower than one reads.
    Slow,
}

/// A model as it runs on a machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Run<'a> {
    /// The model.
    pub model: &'a Model,
    /// It on the machine, all else as in a new plan: layers and experts where the engine puts them.
    pub plan: Plan,
    /// What that comes to: a verdict other than [`Verdict::DoesNotFit`], the speed.
    pub outcome: PlanOutcome,
    /// How well it runs.
    pub pace: Pace,
}

/// The models of `catalog` that run on `machine`, each as it runs best: those that are fast enough to be read along first, of
/// these the ones that people who compared answers blindly think most of; of those alike what fits before what lies in
/// RAM in part, then the faster.
///
/// A model is taken as it is usually stored, and in fewer bits only where it then runs better and loses no more than is
/// just noticeable; its context is that of a new plan, or shorter where it was trained for less.
pub fn ranked<'a>(machine: &Machine, catalog: &'a Catalog) -> Vec<Run<'a>> {
    let models = catalog.models().filter(|model| model.total_parameters.is_some());
    let mut found: Vec<Run<'a>> = models.filter_map(|model| best(model, machine, catalog)).collect();
    found.sort_by(|one, other| {
        let pace = one.pace.cmp(&other.pace);
        let fit = || one.outcome.verdict.cmp(&other.outcome.verdict);
        let rate = || other.outcome.rate().total_cmp(&one.outcome.rate());
        pace.then_with(|| by_worth(catalog, other.model, one.model)).then_with(fit).then_with(rate)
    });
    found
}

/// A model as it runs best; `None` where it does not.
pub fn best<'a>(model: &'a Model, machine: &Machine, catalog: &'a Catalog) -> Option<Run<'a>> {
    let mut plan = plan_of(model, machine, catalog);
    let trained = model.max_position_embeddings.unwrap_or(u64::MAX);
    plan.workload.context = plan.workload.context.min(trained);
    plan.workload.prompt_tokens = plan.workload.prompt_tokens.min(plan.workload.context);
    let usual = run(model, plan.clone(), catalog);
    if usual.as_ref().is_some_and(|run| run.pace != Pace::Slow) {
        return usual;
    }
    let coarser = coarser(&plan, model).into_iter().filter_map(|quantization| {
        plan.workload.quantization = quantization;
        run(model, plan.clone(), catalog)
    });
    // The first that is better: of those alike the one with more bits.
    usual.into_iter().chain(coarser).min_by_key(|run| run.pace)
}

fn run<'a>(model: &'a Model, plan: Plan, catalog: &Catalog) -> Option<Run<'a>> {
    let outcome = PlanOutcome::of(&plan, catalog).filter(|outcome| outcome.verdict != Verdict::DoesNotFit)?;
    let pace = match outcome.decode {
        None => Pace::Unknown,
        Some(rate) if rate.expected >= LEAST_DECODE => Pace::Reads,
        Some(_) => Pace::Slow,
    };
    Some(Run { model, plan, outcome, pace })
}

/// Fewer bits than the plan's, most bits first, that lose no more than is noticeable.
fn coarser(plan: &Plan, model: &Model) -> Vec<Quantization> {
    let bits = |it: Quantization| it.facts().map_or(0.0, |facts| facts.bits_per_weight);
    let (usual, parameters) = (bits(plan.workload.quantization), model.total_parameters.unwrap_or_default());
    let fair = |it: &Quantization| {
        let loss = loss(QuantizedPart::Weights(*it), parameters);
        bits(*it) < usual && loss.is_some_and(|loss| loss.word <= LossWord::Noticeable)
    };
    let mut found: Vec<Quantization> = plan.workload.runtime.precisions().iter().copied().filter(fair).collect();
    found.sort_by(|one, other| bits(*other).total_cmp(&bits(*one)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{CardChoice, CardCount};

    fn machine(card: Option<&str>, ram_gib: f64) -> Machine {
        let count = |id: &str| CardCount::of(CardChoice::Catalog(id.to_owned()), 1);
        Machine { cards: card.into_iter().map(count).collect(), ram_gib, ..Machine::default() }
    }

    fn ids(runs: &[Run<'_>]) -> Vec<String> {
        runs.iter().map(|run| run.model.id.clone()).collect()
    }

    #[test]
    fn what_is_ranked_runs_and_the_readable_stands_first() {
        let catalog = Catalog::embedded();
        for (card, ram) in [(Some("rtx-3060-12gb"), 32.0), (None, 16.0)] {
            let found = ranked(&machine(card, ram), catalog);
            assert!(!found.is_empty() && found.is_sorted_by_key(|run| run.pace), "{card:?}");
            for run in &found {
                assert!(run.outcome.verdict != Verdict::DoesNotFit, "{}", run.model.id);
                assert_eq!(run.pace == Pace::Reads, run.outcome.rate() >= LEAST_DECODE, "{}", run.model.id);
                let trained = run.model.max_position_embeddings.unwrap_or(u64::MAX);
                assert!(run.plan.workload.context <= trained, "{}", run.model.id);
            }
        }
    }

    #[test]
    fn more_memory_never_takes_a_model_away() {
        let catalog = Catalog::embedded();
        let small = ids(&ranked(&machine(Some("rtx-3060-12gb"), 16.0), catalog));
        for larger in [machine(Some("rtx-3060-12gb"), 64.0), machine(Some("rtx-3090"), 16.0)] {
            let found = ids(&ranked(&larger, catalog));
            let lost: Vec<_> = small.iter().filter(|id| !found.contains(id)).collect();
            assert!(lost.is_empty(), "{lost:?}");
        }
    }

    #[test]
    fn experts_may_lie_in_ram() {
        let catalog = Catalog::embedded();
        let found = ranked(&machine(Some("rtx-3060-12gb"), 96.0), catalog);
        let mixture = found.iter().find(|run| run.outcome.experts > 0).expect("a mixture whose experts lie in RAM");
        assert_eq!(mixture.outcome.verdict, Verdict::Offload);
    }

    #[test]
    fn a_card_without_a_known_speed_still_runs_what_it_holds() {
        let card = CardChoice::Detected { name: "Novel".to_owned(), memory_bytes: 24 << 30 };
        let cards = vec![CardCount::of(card, 1)];
        let found = ranked(&Machine { cards, ram_gib: 32.0, ..Machine::default() }, Catalog::embedded());
        assert!(found.iter().any(|run| run.pace == Pace::Unknown && run.outcome.verdict == Verdict::Fits));
    }
}
