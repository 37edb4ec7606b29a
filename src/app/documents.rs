//! The document and its file: leaving, opening, saving, asking where. Nothing is lost without a question.

use std::path::{Path, PathBuf};

use eframe::egui::{self, ViewportCommand};

use super::App;
use super::dialogs::{ChangedFileChoice, Conflict, ConflictCause, PathDialog};
use super::files::{self, ReadFile, Written};
use super::keeper::SavedText;
use super::notices::NoticeTopic;
use super::platform::{After, Ask, DialogAnswer, Near};
use super::session::Session;
use super::watcher::FileNews;
use crate::catalog::frozen::RowDetail;
use crate::plan::Document;
use crate::share::sheet::file_name;
use crate::system::model_path::is_model_file;
use crate::system::versions::Versions;
use crate::text::{Key, Placeholder};

/// A dialog that nobody can have cancelled so fast, in seconds: the system has none.
const NO_DIALOG: f64 = 0.5;

impl App {
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
        self.stop_adding();
        for about in
            [NoticeTopic::Restored, NoticeTopic::ChangedElsewhere, NoticeTopic::AlsoOpen, NoticeTopic::KeptRows]
        {
            self.notices.settle(about);
        }
        match after {
            After::New => {
                self.session = Session::new(Document::default(), None);
                self.open_start();
            }
            After::Open(path) => self.open(&path),
            After::OpenText(text) => self.take_text(&text),
            After::OpenVersion(path) => self.open_version(&path, ctx.input(|input| input.time)),
            After::Quit => {
                self.may_close = true;
                ctx.send_viewport_cmd(ViewportCommand::Close);
            }
        }
    }

    /// Opens a file; where that fails the present document stays.
    pub(super) fn open(&mut self, path: &Path) {
        match files::read(path, self.locale()) {
            Ok(read) => {
                let document = self.settled(read.document);
                self.session = Session::new(document, read.file);
                self.show_document();
                self.outside.change_recent(|recent| recent.add(path));
                self.sweep_beside(path);
            }
            Err(line) => {
                self.notices.add(line);
                if !path.exists() {
                    self.outside.change_recent(|recent| recent.forget(path));
                }
            }
        }
    }

    /// Saves where the document lies, or asks where; then goes on. What another program wrote there meanwhile is not
    /// replaced without a question.
    pub(super) fn save(&mut self, then: Option<After>, ctx: &egui::Context, frame: &eframe::Frame) {
        match self.session.file() {
            Some(file) if file.is_changed() => {
                self.dialogs.conflict = Some(Conflict { cause: ConflictCause::Changed, then });
            }
            Some(_) if !self.watcher.agreed && self.watcher.look_before_saving().is_some_and(|it| it.elsewhere) => {
                self.dialogs.conflict = Some(Conflict { cause: ConflictCause::AlsoOpen, then });
            }
            Some(file) => self.save_over(&file.path.clone(), then, ctx),
            None => self.ask(Ask::Save(then), ctx, frame),
        }
    }

    /// Saves to `path` whatever lies there; a failure is told.
    fn save_over(&mut self, path: &Path, then: Option<After>, ctx: &egui::Context) {
        if let Err(line) = self.write(path, then, ctx) {
            self.notices.tell(NoticeTopic::SaveFailed, line);
        }
    }

    /// Goes on as was answered where the file was changed by another program.
    pub(super) fn settle_conflict(&mut self, choice: ChangedFileChoice, ctx: &egui::Context, frame: &eframe::Frame) {
        let Some(Conflict { then, .. }) = self.dialogs.conflict.take() else { return };
        match (choice, self.session.path().map(Path::to_owned)) {
            (ChangedFileChoice::SaveAs, _) => self.ask(Ask::Save(then), ctx, frame),
            (ChangedFileChoice::Overwrite, Some(path)) => {
                self.watcher.agreed = true;
                self.save_over(&path, then, ctx);
            }
            (ChangedFileChoice::Reload, _) => self.reload(ctx),
            (ChangedFileChoice::Overwrite | ChangedFileChoice::Cancel, _) => {}
        }
    }

    /// Takes what the file holds now.
    pub(super) fn reload(&mut self, ctx: &egui::Context) {
        let time = ctx.input(|input| input.time);
        let Some(path) = self.session.path().map(Path::to_owned) else { return };
        match files::read(&path, self.locale()) {
            Ok(ReadFile { document, file: Some(file) }) => {
                let document = self.settled(document);
                self.session.reload(document, file, time);
                self.notices.settle(NoticeTopic::ChangedElsewhere);
                self.notices.settle(NoticeTopic::Restored);
            }
            // Something else than a plan file lies there by now.
            Ok(ReadFile { file: None, .. }) => self.leave(After::Open(path), ctx),
            Err(line) => self.notices.add(line),
        }
    }

    /// Looks at the file: at once where the window comes to the front, else at what was noticed beside it.
    pub(super) fn look_at_file(&mut self, at_once: bool) {
        let news = if at_once { self.watcher.look().or_else(|| self.watcher.news()) } else { self.watcher.news() };
        self.hear(news);
    }

    /// Says what is new about the file, once for each change: another program wrote to it, another window has it open.
    pub(super) fn hear(&mut self, news: Option<FileNews>) {
        let Some(FileNews { file, changed, elsewhere }) = news else { return };
        let line = |key| self.locale().sentence(key, &[(Placeholder::Name, &file.name())]);
        let (written, open) = (line(Key::ChangedElsewhere), line(Key::AlsoOpen));
        if changed.is_some_and(|now| self.session.tell(now)) {
            self.notices.tell(NoticeTopic::ChangedElsewhere, written);
        }
        if self.watcher.elsewhere != elsewhere {
            self.watcher.elsewhere = elsewhere;
            if elsewhere {
                self.notices.tell(NoticeTopic::AlsoOpen, open);
            } else {
                self.watcher.agreed = false;
                self.notices.settle(NoticeTopic::AlsoOpen);
            }
        }
    }

    /// Goes on with the document as it stands; what another program wrote is what saving replaces. A file that is no plan any
    /// more is asked about when it is saved.
    pub(super) fn keep_mine(&mut self) {
        let Some(path) = self.session.path().map(Path::to_owned) else { return };
        if let Ok(ReadFile { document: mut theirs, file: Some(file) }) = files::read(&path, self.locale()) {
            // As the document at hand holds its rows: only those that are others by now.
            theirs.settle_rows(&self.base);
            self.session.keep_over(theirs, file);
        }
    }

    /// Writes the document to `path`, then goes on.
    ///
    /// # Errors
    /// One line: which file and why.
    fn write(&mut self, path: &Path, then: Option<After>, ctx: &egui::Context) -> Result<(), String> {
        let document = self.session.document().clone();
        let versions = self.outside.folders().map(Versions::of);
        let Written { file, text, before } =
            files::write(path, &self.kept_rows(RowDetail::Whole), versions.as_ref(), self.locale())?;
        if let Some(keeper) = &self.keeper {
            keeper.saved(SavedText { file: path.to_owned(), text, before });
        }
        for about in [NoticeTopic::SaveFailed, NoticeTopic::Restored, NoticeTopic::ChangedElsewhere] {
            self.notices.settle(about);
        }
        let said = self.locale().sentence(Key::Saved, &[(Placeholder::Name, &file.name())]);
        self.notices.confirm(NoticeTopic::Saved, said, ctx.input(|input| input.time));
        self.outside.change_recent(|recent| recent.add(path));
        self.session.mark_saved(document, file);
        self.sweep_beside(path);
        if let Some(after) = then {
            self.leave_now(after, ctx);
        }
        Ok(())
    }

    pub(super) fn ask(&mut self, ask: Ask, ctx: &egui::Context, frame: &eframe::Frame) {
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
    pub(super) fn answered(&mut self, answer: DialogAnswer, ctx: &egui::Context) {
        let DialogAnswer { ask, path, asked } = answer;
        match (ask, path) {
            (ask, Some(path)) => {
                let about = if matches!(ask, Ask::Save(_)) { NoticeTopic::SaveFailed } else { NoticeTopic::Itself };
                if let Err(line) = self.chosen(ask, path, ctx) {
                    self.notices.tell(about, line);
                }
            }
            (ask, None) if ctx.input(|input| input.time) - asked < NO_DIALOG => {
                let typed = self.path_to_type(&ask);
                self.dialogs.path = Some(PathDialog { ask, typed, replaces: None, fault: None });
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
            Ask::Scene(export) => {
                let scene = self.explain.view.scene().map_or("scene", |scene| scene.id.name());
                format!("rigplan-{scene}.{}", export.extension())
            }
            Ask::Plan(export) => {
                file_name(&self.exported_title(), export.endings().first().copied().unwrap_or_default())
            }
            Ask::SaveMachine => format!("machine.{}", super::machine::view::EXTENSION),
            Ask::Open | Ask::Plans | Ask::Model | Ask::ImportPrices | Ask::OpenMachine => String::new(),
        }
    }

    /// Goes on with a chosen or typed path.
    ///
    /// # Errors
    /// One line: why nothing came of it.
    pub(super) fn chosen(&mut self, ask: Ask, path: PathBuf, ctx: &egui::Context) -> Result<(), String> {
        let path = ask.named(path);
        match ask {
            Ask::Open if is_model_file(&path) => self.read_model(&path, ctx.input(|input| input.time)),
            Ask::Open => {
                // Nobody is asked about unsaved changes for a file that cannot be opened.
                files::read(&path, self.locale())?;
                self.leave(After::Open(path), ctx);
            }
            Ask::Plans => self.add_plans_of(&path, ctx.input(|input| input.time)),
            Ask::Model => self.read_model(&path, ctx.input(|input| input.time)),
            Ask::Save(then) => self.write(&path, then, ctx)?,
            Ask::ImportPrices => self.import_prices(&path),
            Ask::ExportPrices => self.export_prices(&path),
            Ask::Scene(export) => self.write_scene(export, &path, ctx)?,
            Ask::Plan(export) => self.write_plan(export, path, ctx),
            Ask::OpenMachine => self.open_machine(&path)?,
            Ask::SaveMachine => self.save_machine(&path, ctx.input(|input| input.time))?,
        }
        Ok(())
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
