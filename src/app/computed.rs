//! What follows from the plan, worked out once a change: the estimate at once, limits, curve and ways as they come.

use std::cell::RefCell;
use std::sync::Arc;

use super::background::Background;
use super::machine::free_now;
use super::remedies::Remedies;
use super::solver::{Solved, Solver};
use crate::advise::remedies::Ladder;
use crate::catalog::Catalog;
use crate::estimate::explain::{Explanation, Figure, explain};
use crate::estimate::{Estimate, EstimateError, Estimator};
use crate::plan::Plan;
use crate::system::detect::Detected;
use crate::units::Bytes;

/// What follows from one plan.
#[derive(Debug)]
pub(super) struct Computed {
    /// `None` = to be worked out anew.
    plan: Option<Plan>,
    estimator: Estimator,
    solver: Solver,
    seeker: Background<Remedies>,
    /// Where everything lies, or why that cannot be said.
    pub(super) estimate: Result<Estimate, EstimateError>,
    /// Limits and curve; for a moment after a change still those of the plan before.
    pub(super) solved: Solved,
    ways: Remedies,
    /// What the plan that is looked at in passing comes to.
    preview: Option<(Plan, Option<Estimate>)>,
    /// Free VRAM of each device just now, where the plan's cards are this machine's; else empty.
    pub(super) free_now: Vec<Bytes>,
    /// The explanation that was asked for last: it is looked at for many frames.
    explained: RefCell<Option<(Figure, Option<Explanation>)>>,
}

impl Computed {
    /// Nothing yet.
    pub(super) fn new(solver: Solver, seeker: Background<Remedies>, catalog: &Catalog) -> Self {
        // Of no plan that is shown: the first refresh replaces it.
        let mut estimator = Estimator::default();
        let estimate = estimator.estimate(&Plan::default(), catalog);
        Self {
            plan: None,
            estimator,
            solver,
            seeker,
            estimate,
            solved: Solved::default(),
            ways: Remedies::default(),
            preview: None,
            free_now: Vec::new(),
            explained: RefCell::default(),
        }
    }

    /// Works everything out anew where `plan` is another one than before.
    pub(super) fn refresh(&mut self, plan: &Plan, catalog: &Arc<Catalog>, found: Option<&Detected>) {
        if self.holds_for(plan) {
            return;
        }
        self.plan = Some(plan.clone());
        self.estimate = self.estimator.estimate(plan, catalog);
        self.free_now = free_now(found, plan, catalog);
        self.explained.take();
        self.solver.send(plan, catalog);
        self.seeker.send(plan, catalog);
        let (solved, ways) = (self.solver.wait(plan, catalog), self.seeker.wait(plan, catalog));
        self.take(solved, ways);
    }

    /// Takes limits, curve and ways where they have come meanwhile.
    pub(super) fn receive(&mut self, catalog: &Arc<Catalog>) {
        let (solved, ways) = (self.solver.answer(catalog), self.seeker.answer(catalog));
        self.take(solved, ways);
    }

    /// Keeps what belongs to the plan at hand.
    fn take(&mut self, solved: Option<Solved>, ways: Option<Remedies>) {
        let plan = self.plan.as_ref();
        if let Some(solved) = solved.filter(|solved| plan == Some(&solved.plan)) {
            self.solved = solved;
        }
        if let Some(ways) = ways.filter(|ways| plan == Some(&ways.plan)) {
            self.ways = ways;
        }
    }

    /// Works out what the plan comes to that is looked at in passing, where there is one.
    pub(super) fn preview(&mut self, plan: Option<&Plan>, catalog: &Catalog) {
        let known = self.preview.as_ref().map(|(plan, _)| plan);
        if known != plan {
            self.preview = plan.map(|plan| (plan.clone(), self.estimator.estimate(plan, catalog).ok()));
        }
    }

    /// The same.
    pub(super) fn previewed(&self) -> Option<&Estimate> {
        self.preview.as_ref()?.1.as_ref()
    }

    /// The ways, with the plan that they were looked for: for a moment after a change still the one before.
    pub(super) fn ways(&self) -> Option<(&Plan, &Ladder)> {
        Some((&self.ways.plan, self.ways.ladder.as_ref()?))
    }

    /// Why a figure of `plan` is what it is.
    pub(super) fn explain(&self, plan: &Plan, catalog: &Catalog, figure: Figure) -> Option<Explanation> {
        let mut kept = self.explained.borrow_mut();
        match &*kept {
            Some((of, explanation)) if *of == figure && self.holds_for(plan) => explanation.clone(),
            _ => {
                let explanation = explain(plan, catalog, figure).ok();
                *kept = self.holds_for(plan).then(|| (figure, explanation.clone()));
                explanation
            }
        }
    }

    /// Whether `plan` is the one that this follows from.
    pub(super) fn holds_for(&self, plan: &Plan) -> bool {
        self.plan.as_ref() == Some(plan)
    }

    /// Makes the next refresh work everything out anew.
    pub(super) fn forget(&mut self) {
        self.plan = None;
        self.preview = None;
    }
}
