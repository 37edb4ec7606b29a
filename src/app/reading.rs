//! A model file that is being read: on a thread of its own, since a large one takes seconds.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use eframe::egui::{Context, Key as Press};

use super::App;
use crate::plan::ModelChoice;
use crate::system::model_path::ReadModel;
use crate::text::{Fault, Key, Placeholder, foreign_path};

/// The file that is being read.
#[derive(Debug)]
pub(super) struct Reading {
    path: PathBuf,
    answer: Receiver<ReadModel>,
    /// What is said meanwhile.
    notice: String,
}

impl App {
    /// Reads the model that a file describes into the plan, in place of one that is still being read; where that fails
    /// the plan stays as it is.
    pub(super) fn read_model(&mut self, path: &Path, time: f64) {
        self.stop_reading();
        let name = path.file_name().map_or_else(|| foreign_path(path), |name| foreign_path(Path::new(name)));
        let notice = self.locale().sentence(Key::ReadingModel, &[(Placeholder::Name, &name)]);
        let reading = Reading { path: path.to_owned(), answer: self.outside.read_model(path), notice };
        // Most are read before the next frame: nothing flickers then.
        let patience = self.outside.patience();
        if let Some(reading) = self.receive_model(reading, patience, time) {
            self.notices.add(reading.notice.clone());
            self.reading = Some(reading);
        }
    }

    /// Takes the model in once it is read; Escape gives it up.
    pub(super) fn receive_reading(&mut self, ctx: &Context) {
        let Some(reading) = self.reading.take() else { return };
        if ctx.input(|input| input.key_pressed(Press::Escape)) {
            self.notices.withdraw(&reading.notice);
            return;
        }
        self.reading = self.receive_model(reading, Duration::ZERO, ctx.input(|input| input.time));
    }

    /// Gives up what is being read; the thread ends by itself.
    pub(super) fn stop_reading(&mut self) {
        if let Some(reading) = self.reading.take() {
            self.notices.withdraw(&reading.notice);
        }
    }

    /// Waits that long for the model; what is still being read comes back.
    fn receive_model(&mut self, reading: Reading, patience: Duration, time: f64) -> Option<Reading> {
        let answer = match reading.answer.recv_timeout(patience) {
            Ok(answer) => Some(answer),
            Err(RecvTimeoutError::Timeout) => return Some(reading),
            Err(RecvTimeoutError::Disconnected) => None,
        };
        self.notices.withdraw(&reading.notice);
        match answer {
            Some(Ok(model)) => {
                let model = ModelChoice::File { path: reading.path, model: Arc::new(model) };
                let catalog = &self.catalog;
                self.session.edit_plan(time, |plan| plan.workload.choose_model(model, catalog));
            }
            Some(Err(error)) => self.notices.add(error.say(self.locale())),
            // No thread could be started.
            None => self.notices.add(foreign_path(&reading.path)),
        }
        None
    }
}
