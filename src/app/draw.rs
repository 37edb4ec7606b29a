//! Draws the window from its parts, and takes what was done in each.

use std::path::PathBuf;

use eframe::egui::{self, PointerButton, ViewportCommand};

use super::App;
use super::dialogs::{self, PathDialog, TypedPath, UnsavedChoice};
use super::files::KnownFile;
use super::history::Moment;
use super::measure::is_measurable;
use super::notices::{NoticeTopic, Reply};
use super::plans::{NameTarget, Naming};
use super::preferences::{self, OwnTables, PreferencesAction};
use super::ranked::Ranked;
use super::top_bar::TopBar;
use crate::catalog::Catalog;
use crate::catalog::parts::CircuitId;
use crate::system::clock::today;
use crate::system::folders::Folders;
use crate::system::language;
use crate::system::model_path::{is_model_file, is_modelfile};
use crate::system::show_folder::show_folder;
use crate::text::{Currency, Fault};
use crate::ui::builder::{self, BuildInputs};
use crate::ui::cards::{self, CardsInputs};
use crate::ui::command::{Command, Tab};
use crate::ui::plan::{self, PlanInputs};

impl App {
    pub(super) fn draw_top(&mut self, ui: &mut egui::Ui, commands: &mut Vec<Command>) {
        let title = self.title();
        let plans: Vec<String> = (0..self.session.document().plans.len()).map(|place| self.plan_title(place)).collect();
        let offered = self.offered();
        let bar = TopBar {
            title: &title,
            unsaved: self.session.is_unsaved(),
            offered: &offered,
            recent: self.outside.recent(),
            plans: (&plans, self.session.shown()),
            notes: &self.session.document().notes,
            locale: self.locale(),
            tab: self.tab,
            at_start: self.is_at_start(),
        };
        let mut naming = self.naming.take();
        let done = bar.show(ui, &mut naming);
        self.naming = naming;
        commands.extend(done.commands);
        if done.rename {
            self.begin_naming(NameTarget::Document);
        }
        if let Some(Naming { what, typed }) = done.named {
            self.name(what, typed, ui.input(|input| input.time));
        }
    }

    pub(super) fn draw_plan(&mut self, ui: &mut egui::Ui, commands: &mut Vec<Command>) {
        let locale = self.locale();
        self.list_local_models();
        let catalog: &Catalog = &self.catalog;
        let Some(plan) = self.session.plan_mut() else { return };
        self.computed.refresh(plan, &self.catalog, self.detected.as_ref());
        self.computed.preview(self.view.preview.as_ref(), &self.catalog);
        let computed = &self.computed;
        let inputs = PlanInputs {
            estimate: self.computed.estimate.as_ref(),
            limits: &self.computed.solved.limits,
            curve: &self.computed.solved.curve,
            ways: self.computed.ways(),
            speeds: &self.computed.solved.speeds,
            catalog,
            locale,
            free_now: &self.computed.free_now,
            preview: self.computed.previewed(),
            measurable: is_measurable(plan, self.computed.estimate.as_ref().ok(), catalog),
            explain: &|plan, figure| computed.explain(plan, catalog, figure),
        };
        egui::CentralPanel::default().frame(egui::Frame::NONE).show(ui, |ui| {
            commands.extend(plan::show(ui, plan, &inputs, &mut self.view));
        });
    }

    /// Model files on this machine for the list of models, looked for once that is open.
    fn list_local_models(&mut self) {
        if self.view.wants_local {
            self.local_models();
        }
        self.view.local = self.known_local_models();
    }

    pub(super) fn draw_cards(&mut self, ui: &mut egui::Ui, commands: &mut Vec<Command>) {
        let locale = self.locale();
        let Some(plan) = self.session.plan() else { return };
        self.ranker.refresh(plan, &self.catalog);
        let mut budget = self.session.budget();
        let inputs = CardsInputs {
            plan,
            offers: self.ranker.ranked.as_ref().map(Ranked::offers),
            generation: self.ranker.generation,
            catalog: &self.catalog,
            locale,
        };
        egui::CentralPanel::default().frame(egui::Frame::NONE).show(ui, |ui| {
            commands.extend(cards::show(ui, &inputs, &mut budget, &mut self.cards));
        });
        self.session.set_budget(budget);
    }

    pub(super) fn draw_build(&mut self, ui: &mut egui::Ui, commands: &mut Vec<Command>) {
        let locale = self.locale();
        let Some(plan) = self.session.plan() else { return };
        let mut request = self.session.build();
        let outlet = CircuitId::usual(language::tag().as_deref(), locale);
        self.builder.refresh(&request, plan, (&today(), outlet), &self.catalog);
        let inputs = BuildInputs { plan, columns: self.builder.columns(), catalog: &self.catalog, outlet, locale };
        egui::CentralPanel::default().frame(egui::Frame::NONE).show(ui, |ui| {
            commands.extend(builder::show(ui, &mut request, &inputs, &mut self.build));
        });
        self.session.set_build(request);
    }

    /// Draws the notices and does what was answered to them.
    pub(super) fn draw_notices(&mut self, ctx: &egui::Context) {
        let time = ctx.input(|input| input.time);
        match self.notices.show(ctx, self.locale(), self.session.version()) {
            Some((_, Reply::Undo)) => self.session.undo(),
            Some((_, Reply::Reload)) => self.reload(ctx),
            Some((_, Reply::UseTodays)) => self.use_todays_rows(time),
            Some((_, Reply::TakeCommand)) => self.take_offered_command(time),
            Some((_, Reply::KeepMine)) => self.keep_mine(),
            Some((NoticeTopic::ReadingPlans, Reply::StopReading)) => self.stop_adding(),
            Some((_, Reply::StopReading)) => self.stop_reading(),
            Some((_, Reply::ShowYuan)) => self.settings.currency = Currency::Cny,
            Some((_, Reply::Discard)) => self.session.discard(time),
            Some((_, Reply::Keep | Reply::Dismiss)) => {}
            None => return,
        }
        ctx.request_repaint();
    }

    pub(super) fn draw_dialogs(&mut self, ctx: &egui::Context, frame: &eframe::Frame) {
        let locale = self.locale();
        if self.dialogs.leaving.is_some() {
            let choice = dialogs::unsaved(ctx, locale, &self.title());
            if let Some(choice) = choice
                && let Some(after) = self.dialogs.leaving.take()
            {
                match choice {
                    UnsavedChoice::Save => self.save(Some(after), ctx, frame),
                    UnsavedChoice::Discard => self.leave_now(after, ctx),
                    UnsavedChoice::Cancel => {}
                }
                ctx.request_repaint();
            }
        }
        if let Some(conflict) = &self.dialogs.conflict {
            let name = self.session.file().map(KnownFile::name).unwrap_or_default();
            if let Some(choice) = conflict.show(ctx, locale, &name) {
                self.settle_conflict(choice, ctx, frame);
                ctx.request_repaint();
            }
        }
        if let Some(mut typing) = self.dialogs.path.take() {
            match dialogs::path(ctx, locale, self.outside.home(), &mut typing) {
                // What was typed survives a failure, so that it can be mended.
                Some(TypedPath::Path(path)) => {
                    if let Err(line) = self.chosen(typing.ask.clone(), path, ctx) {
                        self.dialogs.path = Some(PathDialog { fault: Some(line), ..typing });
                    }
                    ctx.request_repaint();
                }
                Some(TypedPath::Cancelled) => ctx.request_repaint(),
                None => self.dialogs.path = Some(typing),
            }
        }
        self.draw_measurements(ctx);
        self.draw_help(ctx);
        self.draw_machine_sheet(ctx);
        self.draw_glossary(ctx);
        self.draw_manual(ctx);
        self.draw_launch(ctx);
        self.draw_versions(ctx);
        self.draw_local_models(ctx, frame);
        if self.dialogs.settings {
            let folder = self.outside.folders().map(Folders::overlay);
            let own = OwnTables { folder: folder.as_deref(), problems: &self.catalog_problems };
            let done = preferences::show(ctx, &mut self.settings, locale, &own);
            match (done, folder) {
                (Some(PreferencesAction::Closed), _) => self.dialogs.settings = false,
                (Some(PreferencesAction::ShowFolder), Some(folder)) => {
                    if let Err(fault) = show_folder(&folder) {
                        self.notices.add(fault.say(locale));
                        self.dialogs.settings = false;
                    }
                }
                (Some(PreferencesAction::Reload), _) => self.reload_tables(ctx),
                (_, None) | (None, _) => {}
            }
        }
    }

    /// The title of the window's frame follows the document's.
    pub(super) fn show_title(&mut self, ctx: &egui::Context) {
        let mark = if self.session.is_unsaved() { "• " } else { "" };
        let title =
            if self.is_at_start() { "rigplan".to_owned() } else { format!("{mark}{} – rigplan", self.title()) };
        if title != self.window_title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.window_title = title;
        }
    }
}

/// What the pointer did in this frame.
pub(super) fn moment(ctx: &egui::Context) -> Moment {
    ctx.input(|input| Moment {
        time: input.time,
        pressed: input.pointer.button_pressed(PointerButton::Primary),
        held: input.pointer.any_down(),
        released: input.pointer.any_released(),
    })
}

/// A file dropped on the window is opened, or read where it describes a model; over the comparison the plans of a file are
/// added to it. Of several files, the first.
pub(super) fn dropped(ctx: &egui::Context, tab: Tab) -> Option<Command> {
    ctx.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_owned())).map(|path| opened(path, tab))
}

/// What is done with a file that was handed to the window.
pub(super) fn opened(path: PathBuf, tab: Tab) -> Command {
    match tab {
        _ if is_modelfile(&path) => Command::ReadModelfile(path),
        _ if path.is_dir() || is_model_file(&path) => Command::ReadModel(path),
        Tab::Compare => Command::AddPlansOf(path),
        _ => Command::OpenRecent(path),
    }
}
