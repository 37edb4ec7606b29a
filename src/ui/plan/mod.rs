//! The Plan view: inputs at the left, verdict, bars, table and plot in the center, ways to make it fit at the right.

mod bars;
mod candidates;
mod center;
mod drawer;
mod facts;
mod fit;
pub(super) mod hero;
mod inputs;
mod metrics;
mod plots;
mod remedies;
mod serving_lines;
mod table;
mod training_lines;
mod verdict;
mod why;

pub use candidates::Candidates;
pub use inputs::Altered;

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::{Rect, Stroke, Ui, UiBuilder};

use super::command::Command;
use super::theme::{Tokens, space};
use super::widgets::looked_at;
use crate::advise::concurrency::Concurrency;
use crate::advise::inverse::Limits;
use crate::advise::remedies::{Ladder, RemedyGroup};
use crate::advise::sweep::{ContextPoint, SpeedCurves};
use crate::catalog::Catalog;
use crate::estimate::explain::{Explanation, Figure};
use crate::estimate::{Estimate, EstimateError};
use crate::plan::{CardCount, Plan};
use crate::text::Locale;
use crate::units::Bytes;

/// What the view draws besides the plan.
#[derive(Clone, Copy)]
pub struct PlanInputs<'a> {
    /// Where everything lies, or why that cannot be said.
    pub estimate: Result<&'a Estimate, &'a EstimateError>,
    /// What still fits with all else equal.
    pub limits: &'a Limits,
    /// Memory against context.
    pub curve: &'a [ContextPoint],
    /// The ways to make it fit, with the plan that they were looked for; `None` = not known yet.
    pub ways: Option<(&'a Plan, &'a Ladder)>,
    /// Speed against layers and against sequences.
    pub speeds: &'a SpeedCurves,
    /// Models, cards and platforms.
    pub catalog: &'a Catalog,
    /// The language.
    pub locale: Locale,
    /// What is free just now on each device of the estimate, where these are the detected ones; else empty.
    pub free_now: &'a [Bytes],
    /// What the plan that is previewed comes to, where one is.
    pub preview: Option<&'a Estimate>,
    /// A speed measured now would be that of the card of the plan.
    pub measurable: bool,
    /// Why a figure is what it is; asked for the one figure that is looked at.
    pub explain: &'a dyn Fn(&Plan, Figure) -> Option<Explanation>,
}

/// What the view remembers that is no part of the plan.
#[expect(clippy::struct_excessive_bools, reason = "each is a part of the view that is open or not")]
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct PlanViewState {
    /// The advanced options are unfolded.
    pub advanced: bool,
    /// The figure that was looked at last.
    #[serde(skip)]
    pub why: Option<Figure>,
    /// The ways are open over the center, in a narrow window.
    #[serde(skip)]
    pub ways_open: bool,
    /// The inputs are open over the center, in a window too narrow for both.
    #[serde(skip)]
    pub inputs_open: bool,
    /// The cards to return to when "CPU only" is switched off.
    #[serde(skip)]
    pub cards_before: Vec<CardCount>,
    /// Which plot stands where not all have room.
    pub plot: PlotChoice,
    /// The plan of the way that is looked at: the bars show what it would come to.
    #[serde(skip)]
    pub preview: Option<Plan>,
    /// The ways as they were before one was applied, for a moment.
    #[serde(skip)]
    pub held: Option<remedies::HeldWays>,
    /// The groups whose ways that are too little are shown.
    #[serde(skip)]
    pub unfolded: Vec<RemedyGroup>,
    /// What was last entered to find how many sequences people need.
    #[serde(skip)]
    pub people: Concurrency,
    /// What would become of the plan with other models and cards.
    #[serde(skip)]
    pub candidates: Candidates,
    /// The program beside the plan's own model whose inputs the panel shows, by its row.
    #[serde(skip)]
    pub program: Option<usize>,
    /// What the last choice of a task or an engine brought along.
    #[serde(skip)]
    pub altered: Option<Altered>,
    /// Model files that lie on this machine, as far as they were looked for.
    #[serde(skip)]
    pub local: Arc<[LocalFile]>,
    /// The list of models is open: they are to be looked for.
    #[serde(skip)]
    pub wants_local: bool,
}

/// A model file that lies on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalFile {
    /// Where it is read from.
    pub path: PathBuf,
    /// As its program calls it.
    pub name: String,
    /// Size, whether it fits, and how fast it runs.
    pub fact: String,
}

/// One plot of the view.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum PlotChoice {
    /// Memory against context.
    Context,
    /// Decode speed against layers on the GPU.
    #[default]
    Layers,
    /// Throughput and latency against sequences.
    Sequences,
    /// Memory over the moments of a training step, which earlier versions wrote as `Moments`.
    #[serde(alias = "Moments")]
    Phases,
    /// Memory against the sequence length of training.
    Length,
}

/// Shows the view in what is left of `ui`; effects are returned.
pub fn show(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>, state: &mut PlanViewState) -> Vec<Command> {
    let mut commands = Vec::new();
    let whole = ui.available_rect_before_wrap();
    let t = Tokens::of(ui);
    let drawn = drawer::is_needed(whole.width());
    let (left, center) = whole.split_left_right_at_x(if drawn { whole.left() } else { whole.left() + space::PANEL });
    ui.painter().rect_filled(center, 0, t.bg);
    if !drawn {
        ui.painter().rect_filled(left, 0, t.panel);
        ui.painter().vline(left.right(), left.y_range(), Stroke::new(1.0, t.line));
        part(ui, "inputs", left, |ui| inputs::show(ui, plan, inputs, state, &mut commands));
    }
    // A narrow window has a button for the ways, below the center.
    let (center, right) = match remedies::width(whole.width()) {
        Some(width) => center.split_left_right_at_x(center.right() - width),
        None => remedies::strip(center),
    };
    part(ui, "center", center, |ui| center::show(ui, plan, inputs, state, &mut commands));
    if remedies::width(whole.width()).is_some() {
        ui.painter().rect_filled(right, 0, t.panel);
        ui.painter().vline(right.left(), right.y_range(), Stroke::new(1.0, t.line));
        part(ui, "ways", right, |ui| remedies::panel(ui, plan, inputs, state, &mut commands));
    } else {
        part(ui, "ways", right, |ui| remedies::overlay(ui, whole, (plan, inputs), state, &mut commands));
        if drawn {
            part(ui, "drawer", right, |ui| drawer::show(ui, whole, (plan, inputs), state, &mut commands));
        }
    }
    ui.advance_cursor_after_rect(whole);
    looked_at::settle(ui.ctx());
    commands
}

fn part(ui: &mut Ui, salt: &'static str, rect: Rect, show: impl FnOnce(&mut Ui)) {
    ui.scope_builder(UiBuilder::new().id_salt(salt).max_rect(rect), |ui| {
        ui.shrink_clip_rect(rect);
        show(ui);
    });
}
