//! From a request to a plan: names looked up, ranges checked, contradictions refused.

use super::models::Models;
use super::problem::Problem;
use super::request::{Cards, Request};
use super::resident::ResidentRequest;
use crate::catalog::Catalog;
use crate::estimate::EstimateError;
use crate::plan::{CardChoice, CardCount, Drafter, Input, Machine, ModelChoice, Plan};

impl Request {
    /// Puts what the request gives into `plan`, which keeps the rest.
    pub(super) fn apply(&self, plan: &mut Plan, catalog: &Catalog, models: &mut Models) -> Result<(), Problem> {
        let stored_as_usual = plan.workload.quantization == plan.workload.usual_quantization(catalog);
        if let Some(model) = &self.model {
            plan.workload.model = models.choose(model, catalog)?;
        }
        for (input, value) in self.given() {
            input.set(plan, value).map_err(EstimateError::from)?;
        }
        if stored_as_usual && !self.gives(Input::Quant) {
            plan.workload.quantization = plan.workload.usual_quantization(catalog);
        }
        if let ModelChoice::File { model, .. } = &plan.workload.model
            && !model.file_tensors.is_empty()
        {
            if self.gives(Input::Quant) {
                return Err(Problem::QuantOfFile);
            }
            plan.workload.quantization = model.file_quantization.unwrap_or(plan.workload.quantization);
        }
        if let Some(shares) = &self.tensor_split {
            plan.workload.tensor_split.clone_from(shares);
        }
        if let Some(rules) = &self.override_tensors {
            plan.workload.override_tensors.clone_from(rules);
        }
        if let Some(name) = &self.speculative {
            plan.workload.speculation.drafter = Drafter::of_name(name);
        }
        self.apply_cards(&mut plan.machine)?;
        if let Some(id) = &self.platform {
            plan.machine.platform = Some(id.clone());
        }
        if let Some(rows) = &self.also {
            return apply_rows(rows, plan, catalog, models);
        }
        // Other cards than those that the rows were placed on.
        if self.machine.is_some() || self.card.is_some() || self.cards.is_some() {
            plan.settle_residents();
        }
        Ok(())
    }

    fn apply_cards(&self, machine: &mut Machine) -> Result<(), Problem> {
        if let Some(Cards(kinds)) = &self.machine {
            if self.card.is_some() || self.cards.is_some() || self.card_memory_gib.is_some() {
                return Err(Problem::MachineBesideCard);
            }
            machine.cards = kinds
                .iter()
                .map(|kind| kind.placed().map_err(|error| Problem::from(EstimateError::OutOfRange(error))))
                .collect::<Result<_, Problem>>()?;
            return Ok(());
        }
        if self.cards == Some(0) {
            machine.cards.clear();
            return Ok(());
        }
        if self.card.is_none() && self.cards.is_none() && self.card_memory_gib.is_none() {
            return Ok(());
        }
        if machine.cards.len() > 1 && self.card.is_none() {
            return Err(Problem::SeveralKinds);
        }
        let first = machine.cards.drain(..).next().or_else(|| Machine::default().cards.pop());
        let (mut card, count, mut memory_gib) = first
            .map_or((CardChoice::Catalog(String::new()), 1, None), |kind| (kind.card, kind.count, kind.memory_gib));
        if let Some(id) = &self.card {
            card = CardChoice::Catalog(id.clone());
            memory_gib = None;
        }
        let memory_gib = self.card_memory_gib.or(memory_gib);
        machine.cards.push(CardCount { memory_gib, ..CardCount::of(card, self.cards.unwrap_or(count)) });
        Ok(())
    }
}

/// What runs beside, on the cards that the request leaves the plan with.
fn apply_rows(
    rows: &[ResidentRequest],
    plan: &mut Plan,
    catalog: &Catalog,
    models: &mut Models,
) -> Result<(), Problem> {
    let placed = |(row, given): (usize, &ResidentRequest)| {
        let placed = given.placed(&plan.machine, catalog, models);
        placed.map_err(|problem| Problem::InRow { row, problem: Box::new(problem) })
    };
    plan.also = rows.iter().enumerate().map(placed).collect::<Result<_, _>>()?;
    Ok(())
}
