//! The plans of another file, added to those of the document: the file is read on a thread of its own.

use std::path::Path;
use std::sync::mpsc;
use std::thread;

use eframe::egui::Context;

use super::awaited::{Awaited, Waited};
use super::notices::NoticeTopic;
use super::{App, files};
use crate::plan::Document;
use crate::text::{Key, Placeholder, foreign_path};

/// What is read: a document, or why there is none.
type ReadPlans = Result<Document, String>;
/// The file that is being read.
pub(super) type Adding = Awaited<ReadPlans>;

impl App {
    /// Reads a plan file and adds its plans, in place of one that is still being read; where that fails nothing changes.
    pub(super) fn add_plans_of(&mut self, path: &Path, time: f64) {
        self.stop_adding();
        let locale = self.locale();
        let line = locale.sentence(Key::ReadingPlans, &[(Placeholder::Name, &files::name(path))]);
        let adding = Awaited::new(path, (NoticeTopic::ReadingPlans, line), |_| {
            let (told, answer) = mpsc::channel();
            let (wake, of) = (self.outside.wake(), path.to_owned());
            let read = move || {
                // Fails where nobody waits any more.
                drop(told.send(files::read(&of, locale).map(|read| read.document)));
                wake();
            };
            // Where no thread can be started the channel closes, which is said.
            drop(thread::Builder::new().name("plans".to_owned()).spawn(read));
            answer
        });
        let waited = adding.begin(self.outside.patience(), &mut self.notices, locale);
        self.take_plans(waited, time);
    }

    /// Takes the plans in once they are read; Escape gives them up.
    pub(super) fn receive_adding(&mut self, ctx: &Context) {
        let Some(adding) = self.adding.take() else { return };
        let locale = self.locale();
        let waited = adding.look(ctx, &mut self.notices, locale);
        self.take_plans(waited, ctx.input(|input| input.time));
    }

    /// Gives up what is being read.
    pub(super) fn stop_adding(&mut self) {
        if let Some(adding) = self.adding.take() {
            adding.stop(&mut self.notices);
        }
    }

    fn take_plans(&mut self, waited: Waited<ReadPlans>, time: f64) {
        match waited {
            Waited::Still(adding) => self.adding = Some(adding),
            Waited::GivenUp => {}
            Waited::Come(path, Some(Ok(mut document))) => {
                document.settle_rows(&self.base);
                // They count with their own rows; of what both use a document has one.
                let rows = std::mem::take(&mut document.frozen);
                let (own, others) = self.session.document().part_rows(rows, &self.base);
                let changes = self.catalog.changed_rows(&others);
                if !changes.is_empty() {
                    let parts = self.said_changes(&changes);
                    let holes = [(Placeholder::Name, &*files::name(&path)), (Placeholder::Parts, &parts)];
                    self.notices.add(self.locale().sentence(Key::AddedRows, &holes));
                }
                let kept = self.base.changed_rows(&own);
                if !kept.is_empty() {
                    let parts = [(Placeholder::Parts, &*self.said_changes(&kept))];
                    self.notices.tell(NoticeTopic::KeptRows, self.locale().sentence(Key::KeptRows, &parts));
                }
                self.compare_with(document.plans, own, time);
            }
            Waited::Come(_, Some(Err(line))) => self.notices.add(line),
            Waited::Come(path, None) => self.notices.add(foreign_path(&path)),
        }
    }
}
