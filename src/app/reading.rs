//! A model file that is being read: on a thread of its own, since a large one takes seconds.

use std::path::Path;
use std::sync::Arc;

use eframe::egui::Context;

use super::App;
use super::awaited::{Awaited, Waited};
use super::notices::NoticeTopic;
use crate::plan::ModelChoice;
use crate::system::model_path::ReadModel;
use crate::text::{Fault, Key, Placeholder, foreign_path};

/// The file that is being read.
pub(super) type Reading = Awaited<ReadModel>;

impl App {
    /// Reads the model that a file describes into the plan, in place of one that is still being read; where that fails
    /// the plan stays as it is.
    pub(super) fn read_model(&mut self, path: &Path, time: f64) {
        self.stop_reading();
        let name = path.file_name().map_or_else(|| foreign_path(path), |name| foreign_path(Path::new(name)));
        let line = self.locale().sentence(Key::ReadingModel, &[(Placeholder::Name, &name)]);
        let start = |progress| self.outside.read_model(path, progress);
        let reading = Awaited::new(path, (NoticeTopic::ReadingModel, line), start);
        // Most are read before the next frame: nothing flickers then.
        let locale = self.locale();
        let waited = reading.begin(self.outside.patience(), &mut self.notices, locale);
        self.take_model(waited, time);
    }

    /// Takes the model in once it is read; Escape gives it up.
    pub(super) fn receive_reading(&mut self, ctx: &Context) {
        let Some(reading) = self.reading.take() else { return };
        let locale = self.locale();
        let waited = reading.look(ctx, &mut self.notices, locale);
        self.take_model(waited, ctx.input(|input| input.time));
    }

    /// Gives up what is being read.
    pub(super) fn stop_reading(&mut self) {
        if let Some(reading) = self.reading.take() {
            reading.stop(&mut self.notices);
        }
    }

    fn take_model(&mut self, waited: Waited<ReadModel>, time: f64) {
        match waited {
            Waited::Still(reading) => self.reading = Some(reading),
            Waited::GivenUp => {}
            Waited::Come(path, Some(Ok(model))) => {
                let model = ModelChoice::File { path, model: Arc::new(model) };
                let catalog = &self.catalog;
                self.session.edit_plan(time, |plan| plan.workload.choose_model(model, catalog));
                self.show_document();
            }
            Waited::Come(_, Some(Err(error))) => self.notices.add(error.say(self.locale())),
            Waited::Come(path, None) => self.notices.add(foreign_path(&path)),
        }
    }
}
