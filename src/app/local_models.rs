//! Model files on this machine: looked for and judged beside the window, listed in a dialog, on the start page and among models.

use std::path::Path;
use std::sync::Arc;

use eframe::egui::{Context, vec2};

use super::App;
use super::background::BackgroundTask;
use super::modal::{heading, modal};
use crate::advise::on_machine::{can_be_read_along, come_of, plan_of_choice};
use crate::catalog::Catalog;
use crate::plan::{Machine, ModelChoice, Plan};
use crate::system::local_models::{LocalModel, Places, find};
use crate::system::model_path;
use crate::text::{Fault, Key, Locale, decimal, gib};
use crate::ui::command::Command;
use crate::ui::local_models::{self, LocalRow};
use crate::ui::plan::LocalFile;
use crate::ui::start::PlanGlance;
use crate::ui::theme::space;
use crate::ui::widgets::button::{ButtonLook, button};
use crate::units::Bytes;

/// The dialog is no larger, and leaves so much of the window around it.
const LARGEST: (f32, f32) = (860.0, 620.0);
const AROUND: f32 = 96.0;

/// Where is looked, for which machine, in which language.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LocalQuestion {
    places: Places,
    machine: Machine,
    locale: Locale,
}

/// What lies on the machine.
#[derive(Debug)]
pub(super) struct LocalHere {
    question: LocalQuestion,
    rows: Vec<LocalRow>,
    /// A plan for each row; `None` where the file cannot be read.
    plans: Vec<Option<Plan>>,
    /// Those that can be planned, as the list of models has them.
    files: Arc<[LocalFile]>,
    cut: bool,
}

impl BackgroundTask for LocalHere {
    type Question = LocalQuestion;

    const NAME: &'static str = "local models";

    fn of(question: LocalQuestion, catalog: &Arc<Catalog>) -> Self {
        let found = find(&question.places);
        let judged = found.models.iter().map(|model| judged(model, &question, catalog));
        let (rows, plans): (Vec<LocalRow>, Vec<Option<Plan>>) = judged.unzip();
        let file = |row: &LocalRow| LocalFile {
            path: row.path.clone(),
            name: row.name.clone(),
            fact: format!("{} · {} · {}", row.size, row.verdict, row.speed),
        };
        let files = rows.iter().filter(|row| row.can_plan).map(file).collect();
        Self { rows, plans, files, cut: found.cut, question }
    }

    fn question(&self) -> &LocalQuestion {
        &self.question
    }
}

/// A model file as a row, and its plan.
fn judged(model: &LocalModel, question: &LocalQuestion, catalog: &Catalog) -> (LocalRow, Option<Plan>) {
    let locale = question.locale;
    let none = || locale.word(Key::NoData).to_owned();
    let (plan, problem) = match model_path::read(&model.path) {
        Ok(read) => {
            let choice = ModelChoice::File { path: model.path.clone(), model: Arc::new(read) };
            (Some(plan_of_choice(choice, &question.machine, catalog)), None)
        }
        Err(error) => (None, Some(error.fault.phrase().say(locale))),
    };
    let outcome = plan.as_ref().and_then(|plan| come_of(plan, catalog));
    let verdict = outcome.map(|outcome| locale.word(outcome.verdict.word()).to_owned());
    let speed = outcome.and_then(|outcome| outcome.decode).map(|rate| format!("{} tok/s", decimal(rate.expected, 1)));
    let row = LocalRow {
        name: model.name.clone(),
        store: model.store.name(),
        size: gib(Bytes(model.bytes).gib(), 2),
        verdict: problem.or(verdict).unwrap_or_else(none),
        speed: speed.unwrap_or_else(none),
        can_plan: plan.is_some(),
        runs_well: outcome.as_ref().is_some_and(can_be_read_along),
        path: model.path.clone(),
        glance: plan.as_ref().map(|plan| PlanGlance::of(plan, catalog)).unwrap_or_default(),
    };
    (row, plan)
}

impl LocalHere {
    /// All of them, as rows.
    pub(super) fn rows(&self) -> &[LocalRow] {
        &self.rows
    }

    /// The plan of the model that is read from this path.
    fn plan_of(&self, path: &Path) -> Option<Plan> {
        let place = self.rows.iter().position(|row| row.path == path)?;
        self.plans.get(place)?.clone()
    }
}

impl App {
    /// Opens the dialog and looks anew.
    pub(super) fn open_local_models(&mut self) {
        self.local.forget();
        self.dialogs.local_models = true;
    }

    /// Looks for model files beside the window, where that was not done for this machine yet; those that are known.
    pub(super) fn local_models(&mut self) -> &[LocalRow] {
        let places = Places::of(self.outside.home(), |name| std::env::var_os(name));
        let question = LocalQuestion { places, machine: self.this_machine(), locale: self.locale() };
        self.local.refresh(&question, &self.catalog);
        self.local.answer().map(LocalHere::rows).unwrap_or_default()
    }

    /// Those that are known already, without looking for more.
    pub(super) fn known_local_models(&self) -> Arc<[LocalFile]> {
        self.local.answer().map(|found| Arc::clone(&found.files)).unwrap_or_default()
    }

    /// The plan of the model file at this path on this machine.
    pub(super) fn local_plan(&self, path: &Path) -> Option<Plan> {
        self.local.answer()?.plan_of(path)
    }

    /// Draws the dialog while it is open.
    pub(super) fn draw_local_models(&mut self, ctx: &Context, frame: &eframe::Frame) {
        if !self.dialogs.local_models {
            return;
        }
        let locale = self.locale();
        self.local_models();
        let found = self.local.answer();
        let room = ctx.content_rect().size();
        let size = vec2((room.x - AROUND).min(LARGEST.0), (room.y - AROUND).min(LARGEST.1));
        let (mut planned, mut closed) = (None, false);
        let shown = modal("local models", ctx).show(ctx, |ui| {
            ui.set_width(size.x);
            ui.set_max_height(size.y);
            heading(ui, locale.word(Key::LocalModels));
            ui.add_space(space::S);
            let rows = found.map(|found| (found.rows.as_slice(), found.cut));
            planned = local_models::show(ui, rows, locale);
            ui.add_space(space::M);
            closed = button(ui, locale.word(Key::Close), ButtonLook::Primary, None).clicked();
        });
        let plan = planned.and_then(|place| {
            let found = found?;
            Some((found.rows.get(place)?.name.clone(), found.plans.get(place)?.clone()?))
        });
        if let Some((name, plan)) = plan {
            self.dialogs.local_models = false;
            self.run(Command::ApplyWay { name, plan: Box::new(plan) }, ctx, frame);
            self.tab = crate::ui::command::Tab::Plan;
        } else if closed || shown.should_close() {
            self.dialogs.local_models = false;
        } else {
            return;
        }
        ctx.request_repaint();
    }
}
