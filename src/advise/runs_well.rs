//! Models of the catalog that run well on a machine: fast enough to read along with, the best thought of first.

use super::remedies::{by_worth, writes_code};
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::estimate::{Verdict, estimate};
use crate::plan::{LEAST_DECODE, Machine, ModelChoice, Plan};

/// A model that runs well, as it is usually stored.
#[derive(Debug, Clone, PartialEq)]
pub struct RunsWell<'a> {
    /// The model.
    pub model: &'a Model,
    /// It on the machine, all else as in a new plan.
    pub plan: Plan,
}

/// Up to so many models that run well on `machine`, each of another family, in the order of what people say who compared
/// answers blindly.
pub fn runs_well<'a>(machine: &Machine, catalog: &'a Catalog, most: usize) -> Vec<RunsWell<'a>> {
    let mut models: Vec<&Model> =
        catalog.models().filter(|model| model.total_parameters.is_some() && !writes_code(&model.name)).collect();
    models.sort_by(|one, other| by_worth(catalog, other, one));
    let mut found: Vec<RunsWell<'a>> = Vec::new();
    for model in models {
        if found.len() == most {
            break;
        }
        if found.iter().any(|better| better.model.family == model.family) {
            continue;
        }
        let plan = plan_of(model, machine, catalog);
        if is_well(&plan, model, catalog) {
            found.push(RunsWell { model, plan });
        }
    }
    found
}

/// A model on a machine, stored as usual, all else as in a new plan.
pub fn plan_of(model: &Model, machine: &Machine, catalog: &Catalog) -> Plan {
    let mut plan = Plan { machine: machine.clone(), ..Plan::default() };
    plan.workload.choose_model(ModelChoice::Catalog(model.id.clone()), catalog);
    plan
}

/// Whether it runs, within what it was trained for, and fast enough to read along with.
fn is_well(plan: &Plan, model: &Model, catalog: &Catalog) -> bool {
    let trained = model.max_position_embeddings.is_none_or(|trained| trained >= plan.workload.length());
    let Some(answer) = Some(plan).filter(|_| trained).and_then(|plan| estimate(plan, catalog).ok()) else {
        return false;
    };
    let runs = answer.verdict.is_some_and(|verdict| verdict != Verdict::DoesNotFit);
    runs && answer.speed.decode.is_some_and(|rate| rate.expected >= LEAST_DECODE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{CardChoice, CardCount};

    #[test]
    fn what_runs_well_runs_and_differs_in_family() {
        let catalog = Catalog::embedded();
        let card = |id: &str| CardCount::of(CardChoice::Catalog(id.to_owned()), 1);
        for cards in [vec![card("rtx-3060-12gb")], vec![card("h100-sxm5")], vec![]] {
            let machine = Machine { cards, ram_gib: 32.0, ..Machine::default() };
            let found = runs_well(&machine, catalog, 3);
            assert_eq!(found.len(), 3, "{:?}", machine.cards);
            for (place, run) in found.iter().enumerate() {
                let answer = estimate(&run.plan, catalog).unwrap();
                assert!(answer.verdict.unwrap() < Verdict::DoesNotFit, "{}", run.model.name);
                assert!(answer.speed.decode.unwrap().expected >= LEAST_DECODE, "{}", run.model.name);
                assert!(found[..place].iter().all(|other| other.model.family != run.model.family));
            }
        }
        let small = Machine { cards: vec![], ram_gib: 4.5, ..Machine::default() };
        assert!(runs_well(&small, catalog, 3).len() < 3, "hardly any");
    }
}
