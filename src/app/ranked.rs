//! The ranking of cards that the Cards view shows, worked out beside the window whenever the plan is another one.

use super::background::{Answer, Background};
use crate::advise::ranking::{Offer, rank};
use crate::catalog::Catalog;
use crate::estimate::EstimateError;
use crate::plan::Plan;

/// Every card for one plan.
#[derive(Debug)]
pub(super) struct Ranked {
    plan: Plan,
    /// The rows, or why the plan cannot be estimated on any card.
    pub(super) offers: Result<Vec<Offer<'static>>, EstimateError>,
}

impl Answer for Ranked {
    type Question = Plan;

    const NAME: &'static str = "ranking";

    fn of(plan: Plan, catalog: &'static Catalog) -> Self {
        let offers = rank(&plan, catalog);
        Self { plan, offers }
    }

    fn question(&self) -> &Plan {
        &self.plan
    }
}

/// The newest ranking, and the one that is asked for.
#[derive(Debug)]
pub(super) struct Ranker {
    background: Background<Ranked>,
    asked: Option<Plan>,
    /// For a moment after a change still that of the plan before; `None` until the first has come.
    pub(super) ranked: Option<Ranked>,
    /// Counts the rankings, so that what follows from one is worked out once.
    pub(super) generation: u64,
}

impl Ranker {
    pub(super) fn new(background: Background<Ranked>) -> Self {
        Self { background, asked: None, ranked: None, generation: 0 }
    }

    /// Asks where `plan` is another one than before.
    pub(super) fn refresh(&mut self, plan: &Plan) {
        if self.asked.as_ref() == Some(plan) {
            return;
        }
        self.asked = Some(plan.clone());
        let answer = self.background.ask(plan);
        self.take(answer);
    }

    /// Takes the ranking where it has come meanwhile.
    pub(super) fn receive(&mut self) {
        let answer = self.background.answer().filter(|ranked| self.asked.as_ref() == Some(&ranked.plan));
        self.take(answer);
    }

    /// Whether it was `plan` that was asked about last.
    pub(super) fn asks_for(&self, plan: &Plan) -> bool {
        self.asked.as_ref() == Some(plan)
    }

    fn take(&mut self, answer: Option<Ranked>) {
        if answer.is_some() {
            self.ranked = answer;
            self.generation += 1;
        }
    }
}
