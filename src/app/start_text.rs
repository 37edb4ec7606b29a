//! What is entered into the field of the start page: a file, a plan as a text, a command, an error message, a model's name
//! or link.

use eframe::egui::Context;

use super::App;
use super::diagnosis::is_about_memory;
use super::platform::After;
use crate::advise::runs_well::plan_of;
use crate::catalog::{FoundModel, NoSuchModel, find_model};
use crate::plan::Document;
use crate::share::carrier::link;
use crate::share::launch::read::{self, CommandReader};
use crate::system::folders::from_home;
use crate::system::model_path::is_model_file;
use crate::text::{Fault, Key, Placeholder, one_line};
use crate::ui::start::StartViewState;

/// The longest name that is said back, in characters.
const SAID: usize = 60;

impl App {
    /// Begins with what was entered, or says why nothing came of it. Entered once more, it is the model that is most like it.
    pub(super) fn start_from(&mut self, text: &str, ctx: &Context) {
        let text = text.trim();
        let again = self.start.view.said.take().is_some();
        let path = from_home(text, self.outside.home());
        if path.is_file() {
            self.start.view = StartViewState::opened();
            if is_model_file(&path) {
                self.read_model(&path, ctx.input(|input| input.time));
            } else {
                self.leave(After::Open(path), ctx);
            }
        } else if link::is_in(text) {
            match link::from_link(text) {
                Ok(document) => self.begin(document),
                Err(error) => self.start.view.said = Some(error.say(self.locale())),
            }
        } else if is_about_memory(text) {
            self.open_diagnosis(Some(text));
        } else if read::is_command(text) {
            self.start_with_command(text, ctx.input(|input| input.time));
        } else {
            self.start_with_name(text, again);
        }
    }

    /// The plan that a command amounts to, on this machine.
    fn start_with_command(&mut self, text: &str, time: f64) {
        let machine = self.this_machine();
        let file = |_path: &str| None;
        let reader = CommandReader { catalog: &self.catalog, machine: &machine, file: &file };
        match reader.read(text) {
            Ok(read) => {
                let remark = read.remark().say(self.locale());
                self.begin(Document::of(read.plan));
                self.notices.remark(remark, time);
            }
            Err(fault) => self.start.view.said = Some(fault.say(self.locale())),
        }
    }

    /// The model that a name or link names, stored as it says; entered once more, the one that is most like it.
    fn start_with_name(&mut self, text: &str, again: bool) {
        match find_model(text, &self.catalog) {
            Ok(FoundModel { model, quantization, .. }) => {
                let mut plan = plan_of(model, &self.this_machine(), &self.catalog);
                if let Some(quantization) = quantization.filter(|it| it.kind() == plan.workload.runtime.reads()) {
                    plan.workload.quantization = quantization;
                }
                self.begin(Document::of(plan));
            }
            Err(unknown) => self.start_with_nearest(&unknown, again),
        }
    }

    fn start_with_nearest(&mut self, unknown: &NoSuchModel, again: bool) {
        let nearest = unknown.nearest.first().and_then(|id| self.catalog.model(id));
        let short: String = one_line(&unknown.name).chars().take(SAID).collect();
        match nearest.map(|model| (model.id.clone(), model.name.clone())) {
            Some((id, _)) if again => self.start_with_model(&id),
            Some((_, name)) => {
                let holes = [(Placeholder::Name, &*short), (Placeholder::Other, &*name)];
                self.start.view.said = Some(self.locale().sentence(Key::StartNoModel, &holes));
            }
            None => {
                let line = self.locale().sentence(Key::StartNothing, &[(Placeholder::Name, &short)]);
                self.start.view.said = Some(line);
            }
        }
    }
}
