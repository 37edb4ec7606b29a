//! A command that was pasted or a Modelfile that was dropped: offered as a plan, read on a thread of its own, since it may
//! name a file.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;

use eframe::egui::Context;

use super::App;
use super::notices::NoticeTopic;
use crate::plan::ModelChoice;
use crate::share::launch::read::{CommandFault, CommandReader, ReadCommand, tool_of};
use crate::system::storage;
use crate::system::{model_path, own_models};
use crate::text::{Fault, Key, Placeholder, foreign_path};

/// The longest Modelfile that is read, in bytes.
const MAX_MODELFILE: usize = 1 << 20;

/// A command that came from outside.
#[derive(Debug, Default)]
pub(super) struct CommandText {
    /// What was pasted and not yet taken.
    offered: Option<String>,
    /// What is being read.
    reading: Option<Receiver<Result<ReadCommand, CommandFault>>>,
}

impl App {
    /// Offers the plan that a pasted command amounts to.
    pub(super) fn offer_command(&mut self, text: String) {
        let Some(tool) = tool_of(&text) else { return };
        let line = self.locale().sentence(Key::CommandOffer, &[(Placeholder::Name, tool.name())]);
        self.command_text.offered = Some(text);
        self.notices.tell(NoticeTopic::Command, line);
    }

    /// Takes what was offered.
    pub(super) fn take_offered_command(&mut self, time: f64) {
        if let Some(text) = self.command_text.offered.take() {
            self.read_command(text, None, time);
        }
    }

    /// Reads a Modelfile; paths in it begin in its folder.
    pub(super) fn read_modelfile(&mut self, path: &std::path::Path, time: f64) {
        match storage::read(path, MAX_MODELFILE) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                self.read_command(text, path.parent().map(std::path::Path::to_owned), time);
            }
            Err(error) => self.notices.add(error.say(self.locale())),
        }
    }

    /// Starts to read a command onto the machine of the plan that is shown.
    fn read_command(&mut self, text: String, beside: Option<PathBuf>, time: f64) {
        let Some(machine) = self.session.plan().map(|plan| plan.machine.clone()) else { return };
        let (catalog, wake) = (Arc::clone(&self.catalog), self.outside.wake());
        let (sender, receiver) = mpsc::channel();
        let work = move || {
            let file = |name: &str| {
                model_path::named(name, beside.as_deref()).map(|read| read.map_err(|error| error.phrase()))
            };
            let read = CommandReader { catalog: &catalog, machine: &machine, file: &file }.read(&text);
            // Where another one was pasted meanwhile nobody wants the answer.
            let _ = sender.send(read);
            wake();
        };
        // A failed start drops the sender with `work`, and the receiver sees a closed channel.
        let _ = thread::Builder::new().name("read command".to_owned()).spawn(work);
        self.receive_command(receiver, self.outside.patience(), time);
    }

    /// Takes the plan in once it is read.
    pub(super) fn receive_commands(&mut self, ctx: &Context) {
        if let Some(receiver) = self.command_text.reading.take() {
            self.receive_command(receiver, std::time::Duration::ZERO, ctx.input(|input| input.time));
        }
    }

    fn receive_command(
        &mut self,
        receiver: Receiver<Result<ReadCommand, CommandFault>>,
        patience: std::time::Duration,
        time: f64,
    ) {
        match receiver.recv_timeout(patience) {
            Err(RecvTimeoutError::Timeout) => self.command_text.reading = Some(receiver),
            Err(RecvTimeoutError::Disconnected) => {}
            Ok(Ok(read)) => {
                let said = read.remark().say(self.locale());
                self.session.edit_plan(time, |plan| *plan = read.plan);
                self.notices.settle(NoticeTopic::Command);
                self.notices.add(said);
            }
            Ok(Err(fault)) => self.notices.add(fault.say(self.locale())),
        }
    }

    /// Keeps the model of the plan that is shown among the catalog's, where it was read from a file.
    pub(super) fn keep_model(&mut self, ctx: &Context) {
        let Some(ModelChoice::File { model, .. }) = self.session.plan().map(|plan| &plan.workload.model) else {
            return;
        };
        let locale = self.locale();
        let Some(folders) = self.outside.folders() else {
            return self.notices.add(locale.word(Key::ModelNoFolder));
        };
        let kept = own_models::entry(model, &self.catalog).map_err(|fault| fault.say(locale)).and_then(|entry| {
            own_models::keep(&entry, folders).map(|path| (entry, path)).map_err(|error| error.say(locale))
        });
        match kept {
            Ok((entry, path)) => {
                let place = foreign_path(&path);
                let holes = [(Placeholder::Name, entry.name.as_str()), (Placeholder::Other, place.as_str())];
                let said = locale.sentence(Key::ModelKept, &holes);
                self.reload_catalog();
                self.notices.remark(said, ctx.input(|input| input.time));
            }
            Err(line) => self.notices.add(line),
        }
    }
}
