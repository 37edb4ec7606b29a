//! One of the plans that are compared, and what it comes to.

use super::price::PlanPrice;
use crate::advise::inverse::largest_context_as_judged;
use crate::catalog::Catalog;
use crate::estimate::{Estimate, EstimateError, Estimator, Verdict};
use crate::plan::Plan;
use crate::units::Bytes;

/// The longest context at which a plan runs as it does: a search, which may come later than the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Not known yet.
    Pending,
    /// Not even the shortest.
    Nothing,
    /// So many tokens.
    Tokens(u64),
}

impl Reach {
    /// Searches for it.
    pub fn of(plan: &Plan, catalog: &Catalog) -> Self {
        largest_context_as_judged(plan, catalog).map_or(Self::Nothing, Self::Tokens)
    }
}

/// One plan and what it comes to.
#[derive(Debug, Clone)]
pub struct Side {
    /// The plan.
    pub plan: Plan,
    /// What it needs and how fast it runs, or why that cannot be said.
    pub answer: Result<Estimate, EstimateError>,
    /// What its cards cost; `None` = of some no price counts.
    pub price: Option<PlanPrice>,
    /// The longest context at which it runs as it does.
    pub reach: Reach,
}

impl Side {
    /// Everything but the longest context.
    pub fn of(plan: &Plan, catalog: &Catalog, estimator: &mut Estimator) -> Self {
        Self {
            answer: estimator.estimate(plan, catalog),
            price: PlanPrice::of(plan, catalog),
            reach: Reach::Pending,
            plan: plan.clone(),
        }
    }

    /// Everything.
    pub fn searched(plan: &Plan, catalog: &Catalog, estimator: &mut Estimator) -> Self {
        Self { reach: Reach::of(plan, catalog), ..Self::of(plan, catalog, estimator) }
    }

    /// The estimate, where there is one.
    pub fn estimate(&self) -> Option<&Estimate> {
        self.answer.as_ref().ok()
    }

    /// The same, where the plan runs at all.
    pub fn running(&self) -> Option<&Estimate> {
        self.estimate().filter(|it| it.verdict.is_some_and(|verdict| verdict != Verdict::DoesNotFit))
    }

    /// Whether it trains.
    pub fn trains(&self) -> bool {
        self.plan.workload.task.trains()
    }

    /// What lies in RAM.
    pub(super) fn in_ram(&self) -> Option<Bytes> {
        self.running()?.host.total
    }

    /// Whether the model does not fit into VRAM alone.
    pub(super) fn offloads(&self) -> bool {
        self.running().is_some_and(|it| it.verdict == Some(Verdict::Offload))
    }
}
