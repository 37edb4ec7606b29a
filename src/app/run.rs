//! Runs commands after drawing: files, undo, theme, language, detection. Nothing here draws.

use eframe::egui::{self, ThemePreference, ViewportCommand};

use super::dialogs::Sheet;
use super::notices::NoticeTopic;
use super::plans::NameTarget;
use super::platform::{After, Ask};
use super::{App, prices};
use crate::advise::ranking::trial_of_size;
use crate::plan::ModelChoice;
use crate::system::recent::RecentFiles;
use crate::text::Key;
use crate::ui::command::{Command, PlanExport, SceneExport};
use crate::ui::widgets::tip;

/// Whether a dialog of the system is asked for, or may be.
fn of_files(command: &Command) -> bool {
    matches!(
        command,
        Command::New
            | Command::Open
            | Command::OpenModel
            | Command::OpenRecent(_)
            | Command::OpenText(_)
            | Command::Save
            | Command::SaveAs
            | Command::AddPlans
            | Command::ImportPrices
            | Command::ExportPrices
            | Command::OpenMachine
            | Command::SaveMachine
            | Command::TakeScene(SceneExport::Page | SceneExport::Picture)
            | Command::TakePlan(PlanExport::Picture | PlanExport::Report)
    )
}

impl App {
    /// Runs one command.
    pub(super) fn run(&mut self, command: Command, ctx: &egui::Context, frame: &eframe::Frame) {
        if of_files(&command) && self.outside.is_asking(ctx.input(|input| input.time)) {
            return;
        }
        let time = ctx.input(|input| input.time);
        if let Some(reason) = self.refusal(&command) {
            return self.notices.remark(self.locale().word(reason), time);
        }
        match command {
            Command::Show(tab) => self.tab = tab,
            Command::ShowScene(scene) => self.show_scene(scene),
            Command::TakeScene(export) => self.take_scene(export, ctx, frame),
            Command::Present => self.present(ctx),
            Command::KeepPrice { part, kind, usd } => {
                let kept = prices::keep(self.outside.folders(), part, kind, usd, self.locale());
                self.priced(kept);
            }
            Command::RefusePrice(reason) => self.priced(Err(reason)),
            Command::RevertPrice { part, kind } => {
                let reverted = prices::revert(self.outside.folders(), &part, kind, self.locale());
                self.priced(reverted);
            }
            Command::PriceBook => self.open_book(),
            Command::ImportPrices => self.ask(Ask::ImportPrices, ctx, frame),
            Command::ExportPrices => self.ask(Ask::ExportPrices, ctx, frame),
            Command::New if self.is_at_start() => self.run_start(Command::StartEmpty, ctx),
            Command::New => self.leave(After::New, ctx),
            Command::Duplicate => self.duplicate_document(time),
            Command::ClearRecent => self.outside.change_recent(RecentFiles::clear),
            Command::Open => self.ask(Ask::Open, ctx, frame),
            Command::OpenModel => self.ask(Ask::Model, ctx, frame),
            Command::LocalModels => self.open_local_models(),
            Command::ReadModel(path) => self.read_model(&path, time),
            Command::OpenRecent(path) => self.leave(After::Open(path), ctx),
            Command::OpenText(text) => self.open_text(text, ctx),
            Command::PastePlan => ctx.send_viewport_cmd(ViewportCommand::RequestPaste),
            Command::UseTodays => self.use_todays_rows(time),
            Command::AddPlans => self.ask(Ask::Plans, ctx, frame),
            Command::AddPlansOf(path) => self.add_plans_of(&path, time),
            Command::Save => self.save(None, ctx, frame),
            Command::SaveAs => self.ask(Ask::Save(None), ctx, frame),
            Command::Versions => self.open_versions(),
            Command::Undo => self.session.undo(),
            Command::Redo => self.session.redo(),
            Command::UseThisMachine => self.look_at_machine(),
            Command::OpenMachine => self.ask(Ask::OpenMachine, ctx, frame),
            Command::SaveMachine => self.ask(Ask::SaveMachine, ctx, frame),
            Command::LeaveMachine => self.machine.leave_file(),
            Command::MeasureBandwidth => self.measure_bandwidth(),
            Command::StopMeasuring => self.machine.stop_measuring(),
            Command::KeepRunning(pid) => self.keep_running(pid, ctx),
            Command::Copy(text) => self.copied(text, ctx),
            Command::Launch => self.open_launch(),
            Command::OfferCommand(text) => self.offer_command(text),
            Command::ReadModelfile(path) => self.read_modelfile(&path, time),
            Command::KeepModel => self.keep_model(ctx),
            Command::CopyLaunch => self.copy_launch(ctx),
            Command::CopySummary => self.copy_summary(ctx),
            Command::TakePlan(export) => self.take_plan(export, ctx, frame),
            Command::Palette => self.open_palette(ctx),
            Command::Diagnose(text) => self.open_diagnosis(text.as_deref()),
            // F1 asks for what is looked at.
            Command::Glossary(concept) => self.open_glossary(concept.or_else(|| tip::shown(ctx))),
            Command::Manual => self.dialogs.sheet = Some(Sheet::Manual),
            Command::KeyboardList => self.dialogs.sheet = Some(Sheet::Keyboard),
            Command::About => self.dialogs.sheet = Some(Sheet::About),
            Command::Notes => self.dialogs.sheet = Some(Sheet::Notes),
            Command::Measurements => self.open_measurements(),
            Command::Settings => self.dialogs.settings = true,
            Command::Quit => self.leave(After::Quit, ctx),
            other => self.run_on_plan(other, ctx, frame),
        }
    }

    /// Runs a command that changes the plans of the document, or goes from one to another.
    fn run_on_plan(&mut self, command: Command, ctx: &egui::Context, frame: &eframe::Frame) {
        let time = ctx.input(|input| input.time);
        let since = self.since(time);
        match command {
            Command::UseCard { card, size_gib, count } => self.use_card(&card, size_gib, count, time),
            Command::UseModel(id) => {
                let catalog = &self.catalog;
                self.session.edit_plan(time, |plan| plan.workload.choose_model(ModelChoice::Catalog(id), catalog));
            }
            Command::InNewPlan(command) => {
                self.session.copy_first(true);
                self.run(*command, ctx, frame);
                self.session.copy_first(false);
            }
            Command::Compare(plans) => self.compare_with(plans, Vec::new(), time),
            Command::ShowPlan(place) if place < self.session.document().plans.len() => self.session.show(place),
            Command::ShowPlan(_) => {}
            Command::NextPlan => self.step_plan(1),
            Command::PreviousPlan => self.step_plan(self.session.document().plans.len().saturating_sub(1)),
            Command::DuplicatePlan => self.duplicate_plan(time),
            Command::RenamePlan => self.begin_naming(NameTarget::Plan),
            Command::MovePlan { from, to } => self.move_plan(from, to, time),
            Command::PlanLeft => self.move_plan(self.session.shown(), self.session.shown().saturating_sub(1), time),
            Command::PlanRight => self.move_plan(self.session.shown(), self.session.shown() + 1, time),
            Command::DeletePlan => self.delete_plan(time),
            Command::ResetPlan => self.reset_plan(time),
            Command::Apply(plan) => {
                self.session.edit_plan(time, |shown| *shown = *plan);
                self.did(Key::DidTake, &self.plan_title(self.session.shown()), since);
            }
            Command::ApplyWay { name, plan } => {
                self.session.edit_plan(time, |shown| *shown = *plan);
                self.did(Key::DidApply, &name, since);
            }
            Command::AskBuild { name, request } => {
                self.session.ask_build(*request, time);
                self.did(Key::DidApply, &name, since);
            }
            other @ (Command::StartFrom(_)
            | Command::StartWithModel(_)
            | Command::StartWithFile(_)
            | Command::StartWithMachine
            | Command::StartEmpty
            | Command::StartTemplate(_)
            | Command::ForgetRecent(_)) => self.run_start(other, ctx),
            other => self.run_on_view(&other, ctx),
        }
    }

    /// Runs a command that changes how everything looks.
    fn run_on_view(&mut self, command: &Command, ctx: &egui::Context) {
        match command {
            Command::SwitchTheme => {
                let dark = ctx.theme() == egui::Theme::Dark;
                self.settings.theme = if dark { ThemePreference::Light } else { ThemePreference::Dark };
            }
            Command::SwitchLanguage => {
                let to = self.locale().other();
                if self.settings.switch_language(to) {
                    self.notices.tell(NoticeTopic::Yuan, to.word(Key::YuanOffer).to_owned());
                }
            }
            Command::ZoomIn => egui::gui_zoom::zoom_in(ctx),
            Command::ZoomOut => egui::gui_zoom::zoom_out(ctx),
            Command::ZoomReset => ctx.set_zoom_factor(1.0),
            _ => {}
        }
    }

    /// Puts so many of a card in place of the plan's cards, as it was ranked; one step to undo.
    fn use_card(&mut self, card: &str, size_gib: Option<f64>, count: u32, time: f64) {
        let Some(card) = self.catalog.card(card) else { return };
        let since = self.since(time);
        let catalog = &self.catalog;
        self.session.edit_plan(time, |plan| *plan = trial_of_size(plan, card, size_gib, count, catalog));
        self.did(Key::DidTake, &self.plan_title(self.session.shown()), since);
    }
}
