//! Remedies to make it fit, worked out beside the window: they ask for thousands of estimates.

use std::sync::Arc;

use super::background::BackgroundTask;
use crate::advise::remedies::{Ladder, ladder};
use crate::catalog::Catalog;
use crate::plan::Plan;

/// A frame waits this much shorter for the ways than for what comes at once.
pub(super) const LESS_PATIENT: u32 = 16;

/// The ways of one plan.
#[derive(Debug, Default)]
pub(super) struct Remedies {
    pub(super) plan: Plan,
    /// `None` where the plan cannot be estimated.
    pub(super) ladder: Option<Ladder>,
}

impl BackgroundTask for Remedies {
    type Question = Plan;

    const NAME: &'static str = "ways";

    fn of(plan: Plan, catalog: &Arc<Catalog>) -> Self {
        let ladder = ladder(&plan, catalog);
        Self { plan, ladder }
    }

    fn question(&self) -> &Plan {
        &self.plan
    }
}
