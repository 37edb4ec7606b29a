//! Programs that run models on this machine: their commands are read beside the window, what they hold is held against the estimate as
//! often as it is looked at.

use std::sync::Arc;

use eframe::egui;

use super::App;
use crate::advise::compare::names::subject;
use crate::app::background::{BackgroundTask, Latest, Workers};
use crate::app::diagnosis::rows;
use crate::catalog::Catalog;
use crate::plan::Machine;
use crate::share::launch::read::{CommandReader, ReadCommand, run_a_model};
use crate::share::runtime_log::against::Calibration;
use crate::share::runtime_log::running::{Holding, running_against};
use crate::share::runtime_log::words;
use crate::system::clock::today;
use crate::system::detect::{Detected, RunningProgram};
use crate::text::{Fault, Key, Locale, Phrase, Placeholder};
use crate::ui::machine::EngineLine;

/// More engines than are listed.
const MOST: usize = 6;

/// How one program was started, on which part of the machine.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Told {
    /// Without what it holds, which changes.
    program: RunningProgram,
    set: Vec<(String, String)>,
    machine: Machine,
}

/// What the commands amount to.
#[derive(Debug)]
pub(super) struct ReadEngines {
    told: Vec<Told>,
    read: Vec<Result<ReadCommand, Phrase>>,
}

impl BackgroundTask for ReadEngines {
    type Question = Vec<Told>;

    const NAME: &'static str = "running engines";

    fn of(told: Vec<Told>, catalog: &Arc<Catalog>) -> Self {
        let read = |told: &Told| {
            let file = |name: &str| told.program.model_file(name).map(|read| read.map_err(|error| error.phrase()));
            let reader = CommandReader { catalog, machine: &told.machine, file: &file };
            reader.read_words(&told.program.words, &told.set).map_err(|fault| fault.phrase())
        };
        Self { read: told.iter().map(read).collect(), told }
    }

    fn question(&self) -> &Vec<Told> {
        &self.told
    }
}

/// The programs of the last look.
#[derive(Debug)]
pub(super) struct Engines {
    read: Latest<ReadEngines>,
    lines: Vec<(EngineLine, Calibration)>,
}

impl Engines {
    pub(super) fn new(workers: &Workers) -> Self {
        Self { read: Latest::new(workers), lines: Vec::new() }
    }

    pub(super) fn forget(&mut self) {
        self.read.forget();
    }

    /// Takes what a look has seen.
    pub(super) fn refresh(&mut self, found: &Detected, catalog: &Arc<Catalog>, locale: Locale) {
        let engines = found.engines(|program| run_a_model(&program.words));
        let told: Vec<Told> = engines
            .iter()
            .take(MOST)
            .map(|engine| Told {
                program: RunningProgram {
                    ram_bytes: None,
                    mapped_bytes: None,
                    swap_bytes: None,
                    vram: Vec::new(),
                    ..engine.program.clone()
                },
                set: engine.variables(),
                machine: found.machine_of(engine, catalog),
            })
            .collect();
        if told.is_empty() {
            self.lines.clear();
            return;
        }
        self.read.refresh(&told, catalog);
        let Some(answer) = self.read.answer().filter(|answer| answer.told == told) else { return };
        let catalog: &Catalog = catalog;
        let line = |(engine, read): (_, &Result<ReadCommand, Phrase>)| line(engine, read, (catalog, locale));
        self.lines = engines.iter().zip(&answer.read).map(line).collect();
    }

    pub(super) fn lines(&self) -> Vec<EngineLine> {
        self.lines.iter().map(|(line, _)| line.clone()).collect()
    }

    fn kept(&self, pid: u32) -> Option<&Calibration> {
        self.lines.iter().find(|(line, _)| line.pid == pid).map(|(_, kept)| kept)
    }
}

fn line(
    engine: &crate::system::detect::RunningEngine<'_>,
    read: &Result<ReadCommand, Phrase>,
    (catalog, locale): (&Catalog, Locale),
) -> (EngineLine, Calibration) {
    let pid = engine.program.pid;
    let titled = |name: &str, of: &str| {
        let number = pid.to_string();
        let holes = [(Placeholder::Name, name), (Placeholder::Value, &*number), (Placeholder::Other, of)];
        locale.sentence(Key::LogRunning, &holes)
    };
    let bare = |words: String| {
        let title = titled(&engine.program.name, "");
        let title = title.trim_end_matches([' ', ':', '：']).to_owned();
        let line = EngineLine { pid, title, rows: Vec::new(), reasons: vec![words], kept: None, plan: None };
        (line, Calibration::default())
    };
    let command = match read {
        Ok(command) => command,
        Err(fault) => return bare(fault.say(locale)),
    };
    let holding = Holding { vram: engine.vram.values().copied().collect(), ram: engine.ram_bytes };
    let Ok((_, found)) = running_against(command, &holding, catalog, today().as_str()) else {
        return bare(locale.word(Key::VerdictUnknown).to_owned());
    };
    let line = EngineLine {
        pid,
        title: titled(command.tool.name(), &subject(&command.plan, catalog, locale)),
        // Measured before planned, as it is read.
        rows: rows(&found, locale).into_iter().map(|[name, planned, now, apart]| [name, now, planned, apart]).collect(),
        reasons: found.reasons.iter().map(|reason| words::reason(reason, locale)).collect(),
        kept: words::kept(&found, locale),
        plan: Some(Box::new(command.plan.clone())),
    };
    (line, found.kept)
}

impl App {
    /// Keeps what a program that runs tells of this machine.
    pub(in crate::app) fn keep_running(&mut self, pid: u32, ctx: &egui::Context) {
        if let Some(kept) = self.machine.engines.kept(pid).cloned() {
            self.keep_calibrated(&kept, ctx);
        }
    }
}
