//! My machine in the window: watched while it is shown and not a moment longer, with what is worked out for it beside the
//! window.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use eframe::egui::{self, Ui};

use super::App;
use super::engines::Engines;
use crate::advise::runs::upgrade::{Enclosure, upgrades};
use crate::advise::runs::{Run, ranked};
use crate::app::background::{BackgroundTask, Latest, OfMachine, OnMachine, Workers};
use crate::app::diagnosis::Diagnosis;
use crate::app::plans::letter;
use crate::catalog::Catalog;
use crate::catalog::platform::RamKind;
use crate::estimate::{Estimate, estimate};
use crate::plan::{Machine, Plan};
use crate::system::bandwidth::Measuring;
use crate::system::detect::history::History;
use crate::system::detect::{Detected, Feed, Host, MAX_DESCRIPTION_BYTES, MeasuredRates};
use crate::system::storage;
use crate::text::{Fault, Key, Placeholder, foreign_path};
use crate::ui::command::{Command, Tab};
use crate::ui::machine::{self, EngineLine, MachineInputs, MachineSection, MachineViewState, RunLine, UpgradeLine};

/// The ending of files that describe a machine.
pub(in crate::app) const EXTENSION: &str = "json";
/// How often the window shows how far a measurement is.
const PROGRESS: Duration = Duration::from_millis(100);
/// Models that are named of those that an upgrade brings.
const NAMED: usize = 3;

/// What runs on a machine.
#[derive(Debug)]
struct RankedHere(Vec<RunLine>);

impl OfMachine for RankedHere {
    const NAME: &'static str = "runs here";

    fn of(machine: &Machine, catalog: &Arc<Catalog>) -> Self {
        Self(ranked(machine, catalog).into_iter().map(line).collect())
    }
}

/// What could be bought for a machine.
#[derive(Debug)]
struct UpgradesHere {
    question: (Machine, Enclosure),
    upgrades: Vec<UpgradeLine>,
}

impl BackgroundTask for UpgradesHere {
    type Question = (Machine, Enclosure);

    const NAME: &'static str = "upgrades";

    fn of(question: Self::Question, catalog: &Arc<Catalog>) -> Self {
        let (machine, enclosure) = &question;
        let before = Plan { machine: machine.clone(), ..Plan::default() };
        let found = upgrades(machine, *enclosure, catalog).into_iter().map(|upgrade| {
            let gained = upgrade.gained.len();
            let names = upgrade
                .gained
                .iter()
                .take(NAMED)
                .filter_map(|place| Some(upgrade.runs.get(*place)?.model.name.clone()));
            let names = names.collect();
            // Of what becomes possible the best, else of all that runs.
            let first = upgrade.gained.first().copied().unwrap_or(0);
            let best = upgrade.runs.get(first).cloned().map(line);
            UpgradeLine {
                change: upgrade.change,
                before: before.clone(),
                cost: upgrade.cost,
                obstacle: upgrade.obstacle,
                gained,
                names,
                best,
            }
        });
        Self { upgrades: found.collect(), question }
    }

    fn question(&self) -> &Self::Question {
        &self.question
    }
}

fn line(run: Run<'_>) -> RunLine {
    RunLine {
        name: run.model.name.clone(),
        verdict: run.outcome.verdict,
        rate: run.outcome.decode.map(|rate| rate.expected),
        experts: run.outcome.experts,
        pace: run.pace,
        plan: run.plan,
    }
}

/// A machine that was saved elsewhere, and the name of its file.
#[derive(Debug)]
struct OpenedMachine {
    found: Detected,
    name: String,
}

/// The view, while it is shown and after.
#[derive(Debug)]
pub(in crate::app) struct MachineView {
    state: MachineViewState,
    /// Watches the machine while the view is shown.
    feed: Option<Feed>,
    history: History,
    runs: Latest<OnMachine<RankedHere>>,
    upgrades: Latest<UpgradesHere>,
    opened: Option<OpenedMachine>,
    /// What the plan that was shown last comes to; none where it cannot be estimated.
    planned: Option<(Plan, Option<Estimate>)>,
    /// What RAM and disk of this machine were measured to read.
    pub(in crate::app) rates: Option<MeasuredRates>,
    /// That is being measured.
    pub(super) measuring: Option<Measuring>,
    /// Programs that run models.
    pub(super) engines: Engines,
    /// What was pasted of a memory that ran out.
    pub(in crate::app) message: Diagnosis,
}

impl MachineView {
    /// A view that is not shown: nothing is watched or worked out before it is.
    pub(in crate::app) fn new(workers: &Workers) -> Self {
        Self {
            state: MachineViewState::default(),
            feed: None,
            history: History::default(),
            runs: Latest::new(workers),
            upgrades: Latest::new(workers),
            opened: None,
            planned: None,
            rates: None,
            measuring: None,
            engines: Engines::new(workers),
            message: Diagnosis::default(),
        }
    }

    /// What was found, with what was measured of it before.
    pub(in crate::app) fn with_rates(&self, found: Detected) -> Detected {
        let host = Host { measured: self.rates.clone().or(found.host.measured), ..found.host };
        Detected { host, ..found }
    }

    /// It is not shown: what watches ends.
    pub(in crate::app) fn rest(&mut self) {
        self.feed = None;
        self.message.stay();
    }

    /// Makes everything be worked out anew.
    pub(in crate::app) fn forget(&mut self) {
        self.runs.forget();
        self.upgrades.forget();
        self.planned = None;
        self.engines.forget();
    }

    /// Shows which memory ran out.
    pub(in crate::app) fn show_ran_out(&mut self) {
        self.state.section = MachineSection::RanOut;
    }

    /// Breaks a measurement off.
    pub(in crate::app) fn stop_measuring(&mut self) {
        self.measuring = None;
    }

    /// Shows this computer again.
    pub(in crate::app) fn leave_file(&mut self) {
        self.opened = None;
    }
}

impl App {
    pub(in crate::app) fn draw_machine(&mut self, ui: &mut Ui, commands: &mut Vec<Command>, frame: &eframe::Frame) {
        self.watch_machine(ui);
        if self.machine.state.section == MachineSection::RanOut {
            self.renew_diagnosis();
        }
        let locale = self.locale();
        let engines = self.engines_now();
        if self.machine.measuring.is_some() {
            // Nobody else wakes the window while it goes on.
            ui.ctx().request_repaint_after(PROGRESS);
        }
        let letter = letter(self.session.shown());
        let is_planned = self.estimate_planned();
        let shown = self.machine.opened.as_ref().map(|opened| &opened.found).or(self.detected.as_ref());
        let machine = shown.map(|found| self.machine_of(found, &Machine::default()));
        let enclosure = Enclosure {
            ram: self.machine.state.enclosure.ram.or_else(|| shown.and_then(ram_kind)),
            ..self.machine.state.enclosure
        };
        let section = self.machine.state.section;
        let (mut runs, mut upgrades) = (None, None);
        if let Some(machine) = machine {
            if section == MachineSection::Runs {
                self.machine.runs.refresh(&machine, &self.catalog);
                runs =
                    self.machine.runs.answer().filter(|it| *it.question() == machine).map(|it| it.found.0.as_slice());
            }
            let question = (machine, enclosure);
            if section == MachineSection::Upgrades {
                self.machine.upgrades.refresh(&question, &self.catalog);
                upgrades = self
                    .machine
                    .upgrades
                    .answer()
                    .filter(|it| it.question == question)
                    .map(|it| it.upgrades.as_slice());
            }
        }
        let mut message = std::mem::take(&mut self.machine.message.state);
        let mut asked = None;
        let mut state = MachineViewState { enclosure, ..self.machine.state.clone() };
        let inputs = MachineInputs {
            found: self.machine.opened.as_ref().map(|opened| &opened.found).or(self.detected.as_ref()),
            broken: self.start.broken,
            file: self.machine.opened.as_ref().map(|opened| opened.name.as_str()),
            planned: self
                .machine
                .planned
                .as_ref()
                .filter(|_| is_planned)
                .and_then(|(_, estimate)| Some((estimate.as_ref()?, letter.as_str()))),
            history: &self.machine.history,
            runs,
            upgrades,
            engines: &engines,
            measuring: self.machine.measuring.as_ref().map(|measuring| measuring.progress.share()),
            catalog: &self.catalog,
            locale,
        };
        egui::CentralPanel::default().frame(egui::Frame::NONE).show(ui, |ui| {
            let (done, said) = machine::show(ui, &inputs, &mut state, &mut message);
            commands.extend(done);
            asked = said;
        });
        self.machine.state = state;
        self.machine.message.state = message;
        if let Some(action) = asked {
            self.act_on_message(action, ui.ctx(), frame);
        }
    }

    /// The programs that run models here, as of the last look.
    fn engines_now(&mut self) -> Vec<EngineLine> {
        if self.machine.opened.is_some() || self.machine.state.section != MachineSection::Live {
            return Vec::new();
        }
        let locale = self.locale();
        if let Some(found) = &self.detected {
            self.machine.engines.refresh(found, &self.catalog, locale);
        }
        self.machine.engines.lines()
    }

    /// Works out what the plan that is shown comes to where it is for these cards; whether it is.
    fn estimate_planned(&mut self) -> bool {
        let found = self.detected.as_ref().filter(|_| self.machine.opened.is_none());
        let Some((plan, found)) = self.session.plan().zip(found) else { return false };
        let ours =
            !plan.machine.cards.is_empty() && found.machine(&plan.machine, &self.catalog).cards == plan.machine.cards;
        if ours && self.machine.planned.as_ref().is_none_or(|(known, _)| known != plan) {
            self.machine.planned = Some((plan.clone(), estimate(plan, &self.catalog).ok()));
        }
        ours
    }

    /// Takes what was seen, and asks for the next look; not while a file or nothing at all is shown.
    fn watch_machine(&mut self, ui: &Ui) {
        let hidden = ui.input(|input| input.viewport().minimized == Some(true));
        if hidden || self.machine.opened.is_some() {
            return self.machine.rest();
        }
        let seen = self.machine.feed.get_or_insert_with(|| self.outside.watch()).take();
        if let Some(found) = seen {
            self.machine.history.add(ui.input(|input| input.time), &found, &self.catalog);
            self.detected = Some(self.machine.with_rates(found));
        }
    }

    /// Shows the machine that a file describes.
    ///
    /// # Errors
    /// One line: which file, and what is wrong with it.
    pub(in crate::app) fn open_machine(&mut self, path: &Path) -> Result<(), String> {
        let locale = self.locale();
        let bytes = storage::read(path, MAX_DESCRIPTION_BYTES).map_err(|fault| fault.say(locale))?;
        let found = Detected::from_description(&bytes).map_err(|fault| {
            let (name, words) = (foreign_path(path), fault.say(locale));
            locale.sentence(Key::ProblemMachineFile, &[(Placeholder::Name, &*name), (Placeholder::Value, &*words)])
        })?;
        let name = crate::app::files::name(path);
        self.machine.opened = Some(OpenedMachine { found, name });
        self.tab = Tab::Machine;
        Ok(())
    }

    /// Writes the machine that is shown to a file.
    ///
    /// # Errors
    /// One line: why nothing was written.
    pub(in crate::app) fn save_machine(&mut self, path: &Path, time: f64) -> Result<(), String> {
        let locale = self.locale();
        let shown = self.machine.opened.as_ref().map(|opened| &opened.found).or(self.detected.as_ref());
        let Some(found) = shown else { return Err(locale.word(Key::MachineBroken).to_owned()) };
        storage::write(path, &found.described()).map_err(|fault| fault.say(locale))?;
        let name = foreign_path(path);
        self.notices.remark(locale.sentence(Key::SceneWritten, &[(Placeholder::Name, &*name)]), time);
        Ok(())
    }
}

/// The kind of RAM that was found, where it is one that is sold.
fn ram_kind(found: &Detected) -> Option<RamKind> {
    match found.host.ram_kind.as_deref()? {
        "DDR4" => Some(RamKind::DDR4),
        "DDR5" => Some(RamKind::DDR5),
        _ => None,
    }
}
