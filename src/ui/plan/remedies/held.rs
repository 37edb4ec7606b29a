//! The ways as they were before one was applied: they stay under the pointer for a moment, so that nothing jumps.

use std::sync::Arc;
use std::time::Duration;

use eframe::egui::{Rect, Ui};

use crate::advise::remedies::Ladder;
use crate::plan::Plan;

/// How long they stay, in seconds.
const MOMENT: f64 = 2.0;

/// The ways of before.
#[derive(Debug, Clone)]
pub struct HeldWays {
    ways: Arc<(Plan, Ladder)>,
    /// The name of the way that was applied.
    pub(super) applied: String,
    /// Until when, in the window's seconds.
    until: f64,
    /// They go when the pointer does.
    under_pointer: bool,
}

impl PartialEq for HeldWays {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.ways, &other.ways) && self.until == other.until
    }
}

impl HeldWays {
    /// The ways that were shown in `rect` when one of them was applied.
    pub(super) fn after(ui: &Ui, rect: Rect, applied: String, plan: &Plan, ladder: &Ladder) -> Self {
        let until = ui.input(|input| input.time) + MOMENT;
        ui.ctx().request_repaint_after(Duration::from_secs_f64(MOMENT));
        let ways = Arc::new((plan.clone(), ladder.clone()));
        Self { ways, applied, until, under_pointer: ui.rect_contains_pointer(rect) }
    }

    /// Those that are still to be shown in `rect`.
    pub(super) fn current(ui: &Ui, rect: Rect, held: &mut Option<Self>) -> Option<Self> {
        let now = ui.input(|input| input.time);
        held.take_if(|held| now >= held.until || held.under_pointer && !ui.rect_contains_pointer(rect));
        held.clone()
    }

    /// The plan they were looked for, and the ways.
    pub(super) fn ways(&self) -> (&Plan, &Ladder) {
        (&self.ways.0, &self.ways.1)
    }
}
