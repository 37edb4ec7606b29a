//! Runs commands after drawing: files, undo, theme, language, detection. Nothing here draws.

use std::path::{Path, PathBuf};

use eframe::egui::{self, ThemePreference, ViewportCommand};

use super::App;
use super::dialogs::PathDialog;
use super::platform::{After, Answer, Ask, Near};
use super::session::Session;
use super::{files, prices};
use crate::advise::ranking::trial;
use crate::plan::Document;
use crate::text::{Key, Placeholder};
use crate::ui::command::Command;

/// A dialog that nobody can have cancelled so fast, in seconds: the system has none.
const NO_DIALOG: f64 = 0.5;

impl App {
    /// Runs one command.
    pub(super) fn run(&mut self, command: Command, ctx: &egui::Context, frame: &eframe::Frame) {
        let of_files = matches!(
            command,
            Command::New
                | Command::Open
                | Command::OpenModel
                | Command::OpenRecent(_)
                | Command::Save
                | Command::SaveAs
                | Command::ImportPrices
                | Command::ExportPrices
        );
        if of_files && self.outside.is_asking(ctx.input(|input| input.time)) {
            return;
        }
        match command {
            Command::Show(tab) => self.tab = tab,
            Command::UseCard { card, count } => self.use_card(&card, count, ctx.input(|input| input.time)),
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
            Command::New => self.leave(After::New, ctx),
            Command::Open => self.ask(Ask::Open, ctx, frame),
            Command::OpenModel => self.ask(Ask::Model, ctx, frame),
            Command::ReadModel(path) => self.read_model(&path, ctx.input(|input| input.time)),
            Command::OpenRecent(path) => self.leave(After::Open(path), ctx),
            Command::Save => self.save(None, ctx, frame),
            Command::SaveAs => self.ask(Ask::Save(None), ctx, frame),
            Command::Undo => self.session.undo(),
            Command::Redo => self.session.redo(),
            Command::SwitchTheme => {
                let dark = ctx.theme() == egui::Theme::Dark;
                self.settings.theme = if dark { ThemePreference::Light } else { ThemePreference::Dark };
            }
            Command::SwitchLanguage => self.settings.language = Some(self.locale().other()),
            Command::UseThisMachine => {
                self.machine_wanted = true;
                self.outside.detect();
            }
            Command::Copy(text) => ctx.copy_text(text),
            Command::Apply(plan) => self.session.edit_plan(ctx.input(|input| input.time), |shown| *shown = *plan),
            Command::Measurements => self.open_measurements(),
            Command::Settings => self.dialogs.settings = true,
            Command::Quit => self.leave(After::Quit, ctx),
        }
    }

    /// Does what means leaving the document, after asking where something would be lost.
    pub(super) fn leave(&mut self, after: After, ctx: &egui::Context) {
        if self.session.is_unsaved() {
            self.dialogs.leaving = Some(after);
        } else {
            self.leave_now(after, ctx);
        }
    }

    /// Does what means leaving the document; what is unsaved is lost.
    pub(super) fn leave_now(&mut self, after: After, ctx: &egui::Context) {
        self.outside.forget_question();
        self.stop_reading();
        match after {
            After::New => self.session = Session::new(Document::default(), None),
            After::Open(path) => self.open(&path),
            After::Quit => {
                self.may_close = true;
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
        }
    }

    /// Opens a file; where that fails the present document stays.
    pub(super) fn open(&mut self, path: &Path) {
        match files::read(path, self.locale()) {
            Ok(document) => {
                if document.plans.len() > 1 {
                    let count = document.plans.len().to_string();
                    self.notices.add(self.locale().sentence(Key::SeveralPlans, &[(Placeholder::Count, &count)]));
                }
                self.session = Session::new(document, Some(path.to_owned()));
                self.outside.change_recent(|recent| recent.add(path));
            }
            Err(line) => {
                self.notices.add(line);
                if !path.exists() {
                    self.outside.change_recent(|recent| recent.forget(path));
                }
            }
        }
    }

    /// Puts so many of a card in place of the plan's cards, as it was ranked; one step to undo.
    fn use_card(&mut self, card: &str, count: u32, time: f64) {
        let Some(card) = self.catalog.card(card) else { return };
        self.session.edit_plan(time, |plan| *plan = trial(plan, card, count));
    }

    /// Saves where the document lies, or asks where; then goes on.
    pub(super) fn save(&mut self, then: Option<After>, ctx: &egui::Context, frame: &eframe::Frame) {
        match self.session.path().map(Path::to_owned) {
            Some(path) => self.write(path, then, ctx),
            None => self.ask(Ask::Save(then), ctx, frame),
        }
    }

    fn write(&mut self, path: PathBuf, then: Option<After>, ctx: &egui::Context) {
        let document = self.session.document().clone();
        match files::write(&path, &document, self.locale()) {
            Ok(()) => {
                self.outside.change_recent(|recent| recent.add(&path));
                self.session.mark_saved(document, path);
                if let Some(after) = then {
                    self.leave_now(after, ctx);
                }
            }
            Err(line) => self.notices.add(line),
        }
    }

    fn ask(&mut self, ask: Ask, ctx: &egui::Context, frame: &eframe::Frame) {
        let name = self.suggested_name(&ask);
        let near = Near {
            frame,
            locale: self.locale(),
            time: ctx.input(|input| input.time),
            path: self.session.path(),
            name: &name,
        };
        self.outside.ask(ask, &near);
    }

    /// Goes on with what a file dialog came to.
    pub(super) fn answered(&mut self, answer: Answer, ctx: &egui::Context) {
        let Answer { ask, path, asked } = answer;
        match (ask, path) {
            (ask, Some(path)) => self.chosen(ask, path, ctx),
            (ask, None) if ctx.input(|input| input.time) - asked < NO_DIALOG => {
                let typed = self.path_to_type(&ask);
                self.dialogs.path = Some(PathDialog { ask, typed, replaces: None });
            }
            (_, None) => {}
        }
    }

    /// Where typing a path starts: in the folder at hand, with a name to save under.
    fn path_to_type(&self, ask: &Ask) -> String {
        let beside = self.session.path().and_then(Path::parent).map(Path::to_owned);
        let folder = beside.unwrap_or_else(|| self.outside.documents().to_owned());
        folder.join(self.suggested_name(ask)).display().to_string()
    }

    /// The name to save under; none where something is opened.
    fn suggested_name(&self, ask: &Ask) -> String {
        match ask {
            Ask::Save(_) => files::suggested_name(&self.title()),
            Ask::ExportPrices => format!("prices.{}", super::book::EXTENSION),
            Ask::Open | Ask::Model | Ask::ImportPrices => String::new(),
        }
    }

    /// Goes on with a chosen or typed path.
    pub(super) fn chosen(&mut self, ask: Ask, path: PathBuf, ctx: &egui::Context) {
        let path = ask.named(path);
        match ask {
            Ask::Open => self.leave(After::Open(path), ctx),
            Ask::Model => self.read_model(&path, ctx.input(|input| input.time)),
            Ask::Save(then) => self.write(path, then, ctx),
            Ask::ImportPrices => self.import_prices(&path),
            Ask::ExportPrices => self.export_prices(&path),
        }
    }

    /// What the document is called: its name, else its file's, else that it has none.
    pub(super) fn title(&self) -> String {
        let name = self.session.document().name.trim();
        if !name.is_empty() {
            return name.to_owned();
        }
        let stem = self.session.path().and_then(Path::file_stem).map(|stem| stem.to_string_lossy().into_owned());
        stem.unwrap_or_else(|| self.locale().word(Key::Untitled).to_owned())
    }
}
