//! What follows from the plan, worked out once a change: the estimate, the limits on the sliders, the curve.

use crate::advise::inverse::Limits;
use crate::advise::sweep::ContextPoint;
use crate::catalog::Catalog;
use crate::estimate::{Estimate, EstimateError};
use crate::plan::Plan;

/// What follows from one plan.
#[derive(Debug)]
pub(super) struct Computed {
    plan: Plan,
    /// Where everything lies, or why that cannot be said.
    pub(super) estimate: Result<Estimate, EstimateError>,
    /// What still fits with all else equal.
    pub(super) limits: Limits,
    /// Memory against context.
    pub(super) curve: Vec<ContextPoint>,
}

impl Computed {
    /// What follows from `plan`.
    pub(super) fn of(plan: &Plan, _catalog: &Catalog) -> Self {
        Self {
            plan: plan.clone(),
            estimate: Err(EstimateError::Refused("not yet")),
            limits: Limits::default(),
            curve: Vec::new(),
        }
    }

    /// Works everything out anew where `plan` is another one.
    pub(super) fn refresh(&mut self, plan: &Plan, catalog: &Catalog) {
        if !self.holds_for(plan) {
            *self = Self::of(plan, catalog);
        }
    }

    /// Whether `plan` is the one that this follows from.
    pub(super) fn holds_for(&self, plan: &Plan) -> bool {
        self.plan == *plan
    }
}
