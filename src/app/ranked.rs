//! The ranking of cards that the Cards view shows, worked out beside the window whenever the plan is another one.

use std::sync::Arc;

use self_cell::self_cell;

use super::background::{Background, BackgroundTask};
use crate::advise::ranking::{Offer, own, rank};
use crate::catalog::Catalog;
use crate::estimate::EstimateError;
use crate::plan::Plan;

/// The rows, or why the plan cannot be estimated on any card.
type Offers<'a> = Result<Vec<Offer<'a>>, EstimateError>;

self_cell! {
    /// The rows with the catalog whose cards they name.
    struct OffersOf {
        owner: Arc<Catalog>,
        #[covariant]
        dependent: Offers,
    }

    impl {Debug}
}

/// Every card for one plan.
#[derive(Debug)]
pub(super) struct Ranked {
    plan: Plan,
    offers: OffersOf,
}

impl Ranked {
    /// The rows, or why the plan cannot be estimated on any card.
    pub(super) fn offers(&self) -> Result<&[Offer<'_>], &EstimateError> {
        self.offers.borrow_dependent().as_deref()
    }
}

impl BackgroundTask for Ranked {
    type Question = Plan;

    const NAME: &'static str = "ranking";

    fn of(plan: Plan, catalog: &Arc<Catalog>) -> Self {
        let offers = OffersOf::new(Arc::clone(catalog), |catalog| {
            let mut offers = rank(&plan, catalog)?;
            offers.extend(own(&plan, catalog, &offers));
            Ok(offers)
        });
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
    pub(super) fn refresh(&mut self, plan: &Plan, catalog: &Arc<Catalog>) {
        if self.asked.as_ref() == Some(plan) {
            return;
        }
        self.asked = Some(plan.clone());
        let answer = self.background.ask(plan, catalog);
        self.take(answer);
    }

    /// Takes the ranking where it has come meanwhile.
    pub(super) fn receive(&mut self, catalog: &Arc<Catalog>) {
        let answer = self.background.answer(catalog).filter(|ranked| self.asked.as_ref() == Some(&ranked.plan));
        self.take(answer);
    }

    /// Whether it was `plan` that was asked about last.
    pub(super) fn asks_for(&self, plan: &Plan) -> bool {
        self.asked.as_ref() == Some(plan)
    }

    /// Makes the next refresh ask anew.
    pub(super) fn forget(&mut self) {
        self.asked = None;
    }

    fn take(&mut self, answer: Option<Ranked>) {
        if answer.is_some() {
            self.ranked = answer;
            self.generation += 1;
        }
    }
}
