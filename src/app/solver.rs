//! Limits and curves, worked out beside the window: they ask for hundreds of estimates.

use std::sync::Arc;

use super::background::{Background, BackgroundTask};
use crate::advise::inverse::{Limits, limits};
use crate::advise::sweep::{ContextPoint, SpeedCurves, memory_against_context};
use crate::catalog::Catalog;
use crate::plan::{ModelChoice, Plan};

/// Where the curve ends for a model of which it is not known how long its context may be, in tokens.
const USUAL: u64 = 131_072;

/// What was worked out for one plan.
#[derive(Debug, Default)]
pub(super) struct Solved {
    pub(super) plan: Plan,
    /// What still fits with all else equal.
    pub(super) limits: Limits,
    /// Memory against context.
    pub(super) curve: Vec<ContextPoint>,
    /// Speed against layers and against sequences.
    pub(super) speeds: SpeedCurves,
}

/// Works limits and curves out.
pub(super) type Solver = Background<Solved>;

impl BackgroundTask for Solved {
    type Question = Plan;

    const NAME: &'static str = "limits";

    /// What cannot be estimated has no limits and no curves; the estimate says why.
    fn of(plan: Plan, catalog: &Arc<Catalog>) -> Self {
        let limits = limits(&plan, catalog).unwrap_or_default();
        let curve = memory_against_context(&plan, catalog, longest(&plan, catalog)).unwrap_or_default();
        let speeds = SpeedCurves::of(&plan, catalog);
        Self { plan, limits, curve, speeds }
    }

    fn question(&self) -> &Plan {
        &self.plan
    }
}

/// Where the curve ends, in tokens: at what the model was trained for, or beyond where the plan asks for more.
fn longest(plan: &Plan, catalog: &Catalog) -> u64 {
    let trained = match &plan.workload.model {
        ModelChoice::Catalog(id) => catalog.model(id).and_then(|model| model.max_position_embeddings),
        ModelChoice::File { model, .. } => model.max_position_embeddings,
        ModelChoice::Size(_) => None,
    };
    let end = trained.unwrap_or(USUAL);
    let length = plan.workload.length();
    // Activations grow so steeply that the whole range would leave nothing to see.
    if plan.workload.task.trains() { end.min(length.saturating_mul(4).max(8192)) } else { end }.max(length)
}
