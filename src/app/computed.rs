//! What follows from the plan, worked out once a change: the estimate, the limits on the sliders, the curve.

use super::machine::free_now;
use crate::advise::inverse::Limits;
use crate::advise::sweep::ContextPoint;
use crate::catalog::Catalog;
use crate::estimate::{Estimate, EstimateError, estimate};
use crate::plan::Plan;
use crate::system::detect::Detected;
use crate::units::Bytes;

/// What follows from one plan.
#[derive(Debug)]
pub(super) struct Computed {
    /// `None` = to be worked out anew.
    plan: Option<Plan>,
    /// Where everything lies, or why that cannot be said.
    pub(super) estimate: Result<Estimate, EstimateError>,
    /// What still fits with all else equal.
    pub(super) limits: Limits,
    /// Memory against context.
    pub(super) curve: Vec<ContextPoint>,
    /// Free VRAM of each device just now, where the plan's cards are this machine's; else empty.
    pub(super) free_now: Vec<Bytes>,
}

impl Computed {
    /// What follows from `plan` on the machine that was `found`.
    pub(super) fn of(plan: &Plan, catalog: &Catalog, found: Option<&Detected>) -> Self {
        Self {
            estimate: estimate(plan, catalog),
            limits: Limits::default(),
            curve: Vec::new(),
            free_now: free_now(found, plan, catalog),
            plan: Some(plan.clone()),
        }
    }

    /// Works everything out anew where `plan` is another one.
    pub(super) fn refresh(&mut self, plan: &Plan, catalog: &Catalog, found: Option<&Detected>) {
        if !self.holds_for(plan) {
            *self = Self::of(plan, catalog, found);
        }
    }

    /// Whether `plan` is the one that this follows from.
    pub(super) fn holds_for(&self, plan: &Plan) -> bool {
        self.plan.as_ref() == Some(plan)
    }

    /// Makes the next refresh work everything out anew.
    pub(super) fn forget(&mut self) {
        self.plan = None;
    }
}
