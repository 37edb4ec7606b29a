//! Plans that leave the window as files: made and written beside it, told when that is done.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;

use eframe::egui;

use super::App;
use super::platform::Ask;
use crate::catalog::Catalog;
use crate::catalog::frozen::RowDetail;
use crate::estimate::{Reader, estimate};
use crate::plan::Document;
use crate::scenes::palette::{DARK, LIGHT, Palette};
use crate::share::carrier::link::to_link;
use crate::share::sheet::Sheet;
use crate::share::{picture, report};
use crate::system::clock::today;
use crate::system::storage::{self, StorageError};
use crate::system::system_fault::SystemFault;
use crate::text::{self, DisplayUnits, Fault as _, Join, Key, Locale, Placeholder, foreign_path};
use crate::ui::command::PlanExport;

/// The ending of vector pictures.
const VECTORS: &str = "svg";

/// A file that is being made.
#[derive(Debug)]
pub(super) struct Exporting {
    path: PathBuf,
    done: Receiver<Result<(), String>>,
}

/// All that a file is made from.
struct Job {
    export: PlanExport,
    path: PathBuf,
    document: Document,
    shown: usize,
    title: String,
    catalog: Arc<Catalog>,
    locale: Locale,
    units: DisplayUnits,
    palette: &'static Palette,
}

impl App {
    /// Takes the plan that is shown along.
    pub(super) fn take_plan(&mut self, export: PlanExport, ctx: &egui::Context, frame: &eframe::Frame) {
        match export {
            PlanExport::Link => self.copy_link(ctx),
            PlanExport::Markdown => self.copy_markdown(ctx),
            PlanExport::Picture | PlanExport::Report => self.ask(Ask::Plan(export), ctx, frame),
        }
    }

    /// What the plan that is shown is called outside: as its document, and by its own name among several.
    pub(super) fn exported_title(&self) -> String {
        let (document, shown) = (self.session.document(), self.session.shown());
        let own = document.plans.get(shown).map(|plan| plan.name.trim()).unwrap_or_default();
        let own = if document.plans.len() > 1 { self.plan_title(shown) } else { own.to_owned() };
        let parts = [self.title(), own];
        self.locale().join(Join::Phrases, parts.iter().filter(|part| !part.is_empty()))
    }

    /// Starts to write the plan that is shown to a chosen file.
    pub(super) fn write_plan(&mut self, export: PlanExport, path: PathBuf, ctx: &egui::Context) {
        let dark = ctx.theme() == egui::Theme::Dark;
        let job = Job {
            export,
            path: path.clone(),
            document: self.kept_rows(RowDetail::Short),
            shown: self.session.shown(),
            title: self.exported_title(),
            catalog: Arc::clone(&self.catalog),
            locale: self.locale(),
            units: self.settings.shown(),
            palette: if dark { &DARK } else { &LIGHT },
        };
        let (send, done) = channel();
        let wake = self.outside.wake();
        let work = move || {
            // Nobody waits any more where the window is closed.
            let _ = send.send(job.run());
            wake();
        };
        // Where no thread can be started nothing is written, which is told.
        drop(thread::Builder::new().name("export".to_owned()).spawn(work));
        self.exporting.push(Exporting { path, done });
    }

    /// Tells what became of files that were being made.
    pub(super) fn receive_exports(&mut self, ctx: &egui::Context) {
        let (locale, time) = (self.locale(), ctx.input(|input| input.time));
        let mut told = Vec::new();
        self.exporting.retain(|export| match export.done.try_recv() {
            Err(TryRecvError::Empty) => true,
            Ok(result) => {
                told.push(result.map(|()| written(&export.path, locale)));
                false
            }
            Err(TryRecvError::Disconnected) => {
                told.push(Err(unwritable(&export.path).say(locale)));
                false
            }
        });
        for result in told {
            match result {
                Ok(line) => self.notices.remark(line, time),
                Err(line) => self.notices.add(line),
            }
        }
    }
}

fn written(path: &Path, locale: Locale) -> String {
    locale.sentence(Key::SceneWritten, &[(Placeholder::Name, &foreign_path(path))])
}

fn unwritable(path: &Path) -> StorageError {
    StorageError::unwritten(path, SystemFault::UNWRITABLE)
}

impl Job {
    /// Makes and writes the file.
    ///
    /// # Errors
    /// One line: why nothing was written.
    fn run(&self) -> Result<(), String> {
        text::show_as(self.units);
        let (locale, catalog) = (self.locale, &*self.catalog);
        let fault = || unwritable(&self.path).say(locale);
        let plan = &self.document.plans.get(self.shown).ok_or_else(fault)?.plan;
        let found = estimate(plan, catalog).map_err(|error| error.say(locale, Reader::Window).into_owned())?;
        // One that is too large for a text travels without.
        let link = to_link(&self.document).ok();
        let sheet = Sheet { title: &self.title, plan, estimate: &found, catalog, link: link.as_deref() };
        let vectors = self.path.extension().is_some_and(|it| it.eq_ignore_ascii_case(VECTORS));
        let bytes = match self.export {
            PlanExport::Report => report::page(&sheet, self.document.build.as_ref(), &today(), locale).into_bytes(),
            _ if vectors => picture::vectors(&sheet, self.palette, locale).into_bytes(),
            _ => picture::png(&sheet, self.palette, locale).ok_or_else(fault)?,
        };
        storage::write_bytes(&self.path, &bytes).map_err(|error| error.say(locale))
    }
}
