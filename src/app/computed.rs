//! What follows from the plan, worked out once a change: the estimate, the limits on the sliders, the curve.

use crate::advise::inverse::Limits;
use crate::advise::sweep::ContextPoint;
use crate::catalog::Catalog;
use crate::estimate::{Estimate, EstimateError, estimate};
use crate::plan::Plan;

/// What follows from one plan.
#[derive(Debug)]
pub struct Computed {
    plan: Plan,
    /// Where everything lies, or why that cannot be said.
    pub estimate: Result<Estimate, EstimateError>,
    /// What still fits with all else equal.
    pub limits: Limits,
    /// Memory against context.
    pub curve: Vec<ContextPoint>,
}
