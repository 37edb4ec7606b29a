//! What would become of the plan with another model or card, for the entries of a list that are in sight.

use std::collections::HashMap;

use super::PlanInputs;
use crate::estimate::{Verdict, estimate};
use crate::plan::Plan;
use crate::ui::widgets::picker::VerdictMark;
use crate::ui::words;

/// What could stand in the plan instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum PlanCandidate {
    /// A model of the catalog, by its place there.
    Model(usize),
    /// A model of the catalog in a program of its own, by its place there.
    Program(usize),
    /// A card of the catalog, by its place there, in one row of the machine or as a row of its own.
    Card {
        /// The row.
        row: usize,
        /// The card.
        card: usize,
    },
}

/// Verdicts that were asked for, kept until the plan changes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Candidates {
    of: Option<Plan>,
    found: HashMap<PlanCandidate, Option<Verdict>>,
}

impl Candidates {
    /// The verdict of the plan after this `change`; `None` where it is refused or cannot be known.
    pub(super) fn mark(
        &mut self,
        plan: &Plan,
        candidate: PlanCandidate,
        inputs: &PlanInputs<'_>,
        change: impl FnOnce(&mut Plan),
    ) -> Option<VerdictMark> {
        if self.of.as_ref() != Some(plan) {
            *self = Self { of: Some(plan.clone()), found: HashMap::new() };
        }
        let verdict = self.found.entry(candidate).or_insert_with(|| {
            let mut with = plan.clone();
            change(&mut with);
            estimate(&with, inputs.catalog).ok()?.verdict
        });
        verdict.map(|verdict| VerdictMark { verdict, words: inputs.locale.word(words::verdict(verdict)) })
    }
}
