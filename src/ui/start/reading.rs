//! What a plan comes to, in one figure: its speed, or where it has none what it needs.

use super::MiniBar;
use crate::catalog::Catalog;
use crate::estimate::{Estimate, Verdict, estimate};
use crate::plan::{Plan, Runtime};
use crate::text;
use crate::ui::words;
use crate::units::Bytes;

/// The one figure of a plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// Tokens a second, over all sequences.
    TokensPerSecond(f64),
    /// What it needs in all, where nothing runs or no speed is known.
    Needs(Bytes),
}

impl Reading {
    /// The figure of a plan with this estimate; none where nothing is known.
    pub fn of(plan: &Plan, estimate: &Estimate) -> Option<Self> {
        let speed = &estimate.speed;
        let trains = plan.workload.task.trains();
        let rate = match plan.workload.runtime {
            _ if trains => speed.train,
            Runtime::LlamaCpp if plan.workload.sequences == 1 => speed.decode,
            _ => speed.decode_total,
        };
        let runs = estimate.verdict.is_some_and(|verdict| verdict != Verdict::DoesNotFit);
        let rate = rate.filter(|_| runs).map(|rate| Self::TokensPerSecond(rate.expected));
        rate.or_else(|| estimate.needed().map(Self::Needs))
    }

    /// As it is written.
    pub fn write(self) -> String {
        match self {
            Self::TokensPerSecond(rate) => format!("{} tok/s", text::figure(rate)),
            Self::Needs(bytes) => words::gib(bytes),
        }
    }
}

/// A plan at a glance.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlanGlance {
    /// How it is judged; none where that cannot be known.
    pub verdict: Option<Verdict>,
    /// Its one figure.
    pub reading: Option<Reading>,
    /// What lies where; none where that cannot be known.
    pub bar: Option<MiniBar>,
}

impl PlanGlance {
    /// What `estimate` says of a plan.
    pub fn of(plan: &Plan, catalog: &Catalog) -> Self {
        let Ok(estimate) = estimate(plan, catalog) else { return Self::default() };
        Self { verdict: estimate.verdict, reading: Reading::of(plan, &estimate), bar: MiniBar::of(&estimate) }
    }
}
