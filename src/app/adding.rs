//! The plans of another file, added to those of the document: the file is read on a thread of its own.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use eframe::egui::{Context, Key as Press};

use super::{App, files};
use crate::plan::Document;
use crate::text::{Key, Placeholder, foreign_path};

/// The file that is being read.
#[derive(Debug)]
pub(super) struct Adding {
    path: PathBuf,
    answer: Receiver<Result<Document, String>>,
    /// What is said meanwhile.
    notice: String,
}

impl App {
    /// Reads a plan file and adds its plans, in place of one that is still being read; where that fails nothing changes.
    pub(super) fn add_plans_of(&mut self, path: &Path, time: f64) {
        self.stop_adding();
        let locale = self.locale();
        let notice = locale.sentence(Key::ReadingPlans, &[(Placeholder::Name, &files::name(path))]);
        let (told, answer) = mpsc::channel();
        let (wake, of) = (self.outside.wake(), path.to_owned());
        let read = move || {
            // Fails where nobody waits any more.
            drop(told.send(files::read(&of, locale).map(|read| read.document)));
            wake();
        };
        // Where no thread can be started the channel closes, which is said.
        drop(thread::Builder::new().name("plans".to_owned()).spawn(read));
        let adding = Adding { path: path.to_owned(), answer, notice };
        let patience = self.outside.patience();
        if let Some(adding) = self.receive_plans(adding, patience, time) {
            self.notices.add(adding.notice.clone());
            self.adding = Some(adding);
        }
    }

    /// Takes the plans in once they are read; Escape gives them up.
    pub(super) fn receive_adding(&mut self, ctx: &Context) {
        let Some(adding) = self.adding.take() else { return };
        if ctx.input(|input| input.key_pressed(Press::Escape)) {
            self.notices.withdraw(&adding.notice);
            return;
        }
        self.adding = self.receive_plans(adding, Duration::ZERO, ctx.input(|input| input.time));
    }

    /// Gives up what is being read; the thread ends by itself.
    pub(super) fn stop_adding(&mut self) {
        if let Some(adding) = self.adding.take() {
            self.notices.withdraw(&adding.notice);
        }
    }

    /// Waits that long for the plans; what is still being read comes back.
    fn receive_plans(&mut self, adding: Adding, patience: Duration, time: f64) -> Option<Adding> {
        let answer = match adding.answer.recv_timeout(patience) {
            Ok(answer) => Some(answer),
            Err(RecvTimeoutError::Timeout) => return Some(adding),
            Err(RecvTimeoutError::Disconnected) => None,
        };
        self.notices.withdraw(&adding.notice);
        match answer {
            Some(Ok(mut document)) => {
                // One comparison counts with one set of tables: those of the document that is open.
                let changes = document.settle_rows(&self.base);
                if !changes.is_empty() {
                    let parts = self.said_changes(&changes);
                    self.notices.add(self.locale().sentence(
                        Key::AddedRows,
                        &[(Placeholder::Name, &files::name(&adding.path)), (Placeholder::Parts, &parts)],
                    ));
                }
                self.compare_with(document.plans, time);
            }
            Some(Err(line)) => self.notices.add(line),
            None => self.notices.add(foreign_path(&adding.path)),
        }
        None
    }
}
