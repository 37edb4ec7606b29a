//! Programs that may run a model: how they were started, and what they hold of each memory. They are told to whoever sits at the
//! machine and never written down: a command may name anything.

mod drm;
mod listed;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::graphics::GraphicsChip;
use super::reading::VramProcess;
use super::{Detected, figures};
use crate::catalog::Catalog;
use crate::plan::{Machine, ModelChoice};
use crate::system::model_path::{self, ModelPathError};
pub(super) use listed::Listed;

/// How far up the parents of a program are followed.
const HIGHEST: usize = 8;

/// A program that may run a model.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningProgram {
    /// Its number.
    pub pid: u32,
    /// The number of the program that started it.
    pub parent: Option<u32>,
    /// The name of its file without the folder.
    pub name: String,
    /// The program and what it was told, word by word; what follows a secret's name is left out.
    pub words: Vec<String>,
    /// Variables that engines are told by.
    pub set: Vec<(String, String)>,
    /// Where its paths begin.
    pub folder: Option<PathBuf>,
    /// RAM in bytes, pages of files that it maps included.
    pub ram_bytes: Option<u64>,
    /// Of that pages of files, in bytes: the system takes them back at any time.
    pub mapped_bytes: Option<u64>,
    /// Swap in bytes.
    pub swap_bytes: Option<u64>,
    /// VRAM in bytes by the address of the chip, as the kernel's driver of it counts.
    pub vram: Vec<(String, u64)>,
}

/// A program that was told to run a model, with all that it started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningEngine<'a> {
    /// The one that was told.
    pub program: &'a RunningProgram,
    /// VRAM in bytes by the place of the device in the list of all; devices of which it holds nothing are left out, and so are
    /// all where the driver does not tell.
    pub vram: BTreeMap<usize, u64>,
    /// RAM in bytes of all of them together.
    pub ram_bytes: Option<u64>,
    /// Of that pages of files, in bytes.
    pub mapped_bytes: Option<u64>,
}

impl Detected {
    /// The programs that were told to run a model, as `is_command` says of their words, each with those that it started. One
    /// that only waits for models (as Ollama's server does) is none of them.
    pub fn engines<'a>(&'a self, is_command: impl Fn(&RunningProgram) -> bool) -> Vec<RunningEngine<'a>> {
        let by_pid: BTreeMap<u32, &RunningProgram> = self.programs.iter().map(|it| (it.pid, it)).collect();
        let told: Vec<u32> = self.programs.iter().filter(|it| is_command(it)).map(|it| it.pid).collect();
        let owner = |pid: u32| -> Option<u32> {
            let above = std::iter::successors(Some(pid), |pid| by_pid.get(pid).and_then(|it| it.parent));
            // A wrapper that was typed the same command stands above the program itself: the lowest one counts.
            above.take(HIGHEST).find(|pid| told.contains(pid))
        };
        let mut engines: BTreeMap<u32, RunningEngine<'a>> = BTreeMap::new();
        for program in &self.programs {
            let Some(told) = owner(program.pid).and_then(|pid| by_pid.get(&pid).copied()) else { continue };
            let engine = engines.entry(told.pid).or_insert_with(|| RunningEngine {
                program: told,
                vram: BTreeMap::new(),
                ram_bytes: None,
                mapped_bytes: None,
            });
            let sum = |sum: &mut Option<u64>, more: Option<u64>| {
                *sum = match (*sum, more) {
                    (Some(sum), Some(more)) => Some(sum.saturating_add(more)),
                    (sum, more) => sum.or(more),
                };
            };
            sum(&mut engine.ram_bytes, program.ram_bytes);
            sum(&mut engine.mapped_bytes, program.mapped_bytes);
        }
        for (device, processes) in self.processes() {
            for process in processes {
                if let (Some(pid), Some(bytes)) = (owner(process.pid), process.vram_bytes)
                    && let Some(engine) = engines.get_mut(&pid)
                    && bytes > 0
                {
                    let held = engine.vram.entry(device).or_insert(0);
                    *held = held.saturating_add(bytes);
                }
            }
        }
        engines.into_values().collect()
    }

    /// The programs on each device, by its place in the list of all.
    fn processes(&self) -> impl Iterator<Item = (usize, &[VramProcess])> {
        let cards = self.cards.iter().map(|card| &card.now);
        let all = cards.chain(self.graphics.iter().map(|chip| &chip.now)).enumerate();
        all.map(|(place, now)| (place, now.processes.as_deref().unwrap_or_default()))
    }

    /// The machine of a plan that an engine runs on: the devices that it holds, all where the driver does not tell.
    pub fn machine_of(&self, engine: &RunningEngine<'_>, catalog: &Catalog) -> Machine {
        let before = Machine { cards: Vec::new(), ..Machine::default() };
        if engine.vram.is_empty() {
            let machine = self.machine(&before, catalog);
            // One that was told and holds nothing is none of the cards'.
            let told = self.processes().any(|(_, processes)| !processes.is_empty());
            return if told { Machine { cards: Vec::new(), ..machine } } else { machine };
        }
        let devices: Vec<usize> = engine.vram.keys().copied().collect();
        self.only(&devices).machine(&before, catalog)
    }

    /// The machine with these of its devices alone, by their places in the list of all.
    #[must_use]
    pub fn only(&self, devices: &[usize]) -> Self {
        let count = self.cards.len();
        let mut machine = self.clone();
        let mut place = 0..;
        machine.cards.retain(|_| place.next().is_some_and(|place| devices.contains(&place)));
        let mut place = count..;
        machine.graphics.retain(|_| place.next().is_some_and(|place| devices.contains(&place)));
        machine
    }
}

impl RunningEngine<'_> {
    /// Variables that it is told by; which cards it may see is left out where it is known which it holds.
    pub fn variables(&self) -> Vec<(String, String)> {
        let set = self.program.set.iter();
        set.filter(|(name, _)| self.vram.is_empty() || !name.ends_with("_VISIBLE_DEVICES")).cloned().collect()
    }
}

impl RunningProgram {
    /// The model that its command names by a path, or by a name of Ollama's; `None` where it names none that leads anywhere. Paths
    /// begin where the program does, within its container too.
    pub fn model_file(&self, name: &str) -> Option<Result<ModelChoice, ModelPathError>> {
        let own = PathBuf::from("/proc").join(self.pid.to_string()).join("root");
        let inside = || {
            let path = own.join(Path::new(name).strip_prefix("/").ok()?);
            path.exists().then(|| model_path::named(path.to_str()?, None))?
        };
        model_path::named(name, self.folder.as_deref()).or_else(inside)
    }
}

/// Adds to the chips what the kernel's drivers count for each program, where nobody else told of it.
pub(super) fn beside(chips: &mut [GraphicsChip], programs: &[RunningProgram]) {
    for chip in chips.iter_mut().filter(|chip| !chip.integrated) {
        for program in programs {
            let Some((_, bytes)) = program.vram.iter().find(|(address, _)| *address == chip.pci_bus_id) else {
                continue;
            };
            let processes = chip.now.processes.get_or_insert_default();
            if processes.iter().all(|known| known.pid != program.pid) {
                processes.push(VramProcess {
                    pid: program.pid,
                    name: figures::name(Some(program.name.clone())),
                    vram_bytes: Some(*bytes),
                    ram_bytes: program.ram_bytes,
                    swap_bytes: program.swap_bytes,
                });
            }
        }
    }
}

/// Whether the system's own files lie there.
fn is_this_system(root: &Path) -> bool {
    root == Path::new("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::detect::{CardReading, DetectedCard};

    fn program(pid: u32, parent: u32, words: &[&str], ram: u64) -> RunningProgram {
        RunningProgram {
            pid,
            parent: Some(parent),
            name: words[0].to_owned(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            ram_bytes: Some(ram),
            ..RunningProgram::default()
        }
    }

    fn card(held: &[(u32, u64)]) -> DetectedCard {
        let process =
            |(pid, bytes): &(u32, u64)| VramProcess { pid: *pid, vram_bytes: Some(*bytes), ..VramProcess::default() };
        let processes = Some(held.iter().map(process).collect());
        DetectedCard { now: CardReading { processes, ..CardReading::default() }, ..DetectedCard::default() }
    }

    #[test]
    fn what_an_engine_started_counts_for_it() {
        let machine = Detected {
            cards: vec![card(&[(12, 5), (99, 1)]), card(&[]), card(&[(13, 7)])],
            programs: vec![
                program(10, 1, &["python3", "vllm", "serve"], 1),
                program(11, 10, &["VLLM::EngineCore"], 2),
                program(12, 11, &["VLLM::Worker_TP0"], 4),
                program(13, 11, &["VLLM::Worker_TP1"], 8),
                program(20, 1, &["ollama", "serve"], 16),
            ],
            ..Detected::default()
        };
        let engines = machine.engines(|it| it.words.iter().any(|word| word == "vllm"));
        assert_eq!(engines.len(), 1);
        assert_eq!((engines[0].program.pid, engines[0].ram_bytes), (10, Some(15)));
        assert_eq!(engines[0].vram, BTreeMap::from([(0, 5), (2, 7)]));
        let only = machine.only(&[0, 2]);
        assert_eq!((only.cards.len(), &only.cards[1]), (2, &machine.cards[2]));
    }

    #[test]
    fn parents_that_name_each_other_end() {
        let machine = Detected {
            programs: vec![program(1, 2, &["python"], 1), program(2, 1, &["python"], 1)],
            ..Detected::default()
        };
        assert_eq!(machine.engines(|_| false), []);
    }
}
