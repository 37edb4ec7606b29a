//! Who is asked, and how the answer reaches the window.

use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::answerer::Subject;
use super::child::{Answerer, Silence, Starter};
use super::nvml::NvmlReport;
use super::system::SystemReport;
use super::{Detected, NvmlState, processes};
use crate::catalog::card::Vendor;
use crate::system::Wake;

/// How long the driver may take: it answers within a second or so, the first time after a start.
const PATIENCE: Duration = Duration::from_secs(5);

/// Finds out what a machine has. May take seconds, so it is asked off the window's thread.
pub trait Probe: Send {
    /// Asks anew.
    fn detect(&self) -> Detected;

    /// Asks again and again, sooner than by [`Self::detect`].
    fn watch(&self) -> Box<dyn Watch>;
}

/// A machine that is asked again and again.
pub trait Watch: Send {
    /// What it has just now.
    fn look(&mut self) -> Detected;
}

/// A scripted answer, for tests.
impl Probe for Detected {
    fn detect(&self) -> Detected {
        self.clone()
    }

    fn watch(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}

impl Watch for Detected {
    fn look(&mut self) -> Detected {
        self.clone()
    }
}

/// The machine that the program runs on.
#[derive(Debug, Clone)]
pub struct ThisMachine {
    /// The program that asks the driver: this one, started anew.
    program: Option<PathBuf>,
    library: Option<PathBuf>,
    /// Where the system's files lie: `/` but for tests.
    root: Option<PathBuf>,
    patience: Duration,
}

impl ThisMachine {
    /// Asks the installed driver; or the library that `RIGPLAN_NVML` names, so that cards one does not have can be
    /// tried: `tests/fixtures/nvml/standin.c` is a library for that, and its head says how to build it. The system's files
    /// lie under the folder that `RIGPLAN_ROOT` names, where it does.
    pub fn new() -> Self {
        Self { program: None, library: None, root: None, patience: PATIENCE }
    }

    /// Asks the NVML library at `library` and no other, through the rigplan at `program`.
    pub fn asked_by(program: PathBuf, library: PathBuf) -> Self {
        Self { program: Some(program), library: Some(library), ..Self::new() }
    }

    /// The same, with the system's files under `root`.
    #[must_use]
    pub fn under(self, root: PathBuf) -> Self {
        Self { root: Some(root), ..self }
    }

    /// The same, which waits so long for the driver.
    #[must_use]
    pub fn waiting(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    fn starter(&self) -> Starter<'_> {
        Starter {
            program: self.program.as_deref(),
            library: self.library.as_deref(),
            root: self.root.as_deref(),
            patience: self.patience,
        }
    }
}

impl Default for ThisMachine {
    fn default() -> Self {
        Self::new()
    }
}

impl Probe for ThisMachine {
    fn detect(&self) -> Detected {
        Watched::of(self.clone()).look()
    }

    fn watch(&self) -> Box<dyn Watch> {
        Box::new(Watched::of(self.clone()))
    }
}

/// The processes that answer for a machine, for as long as they do.
struct Watched {
    machine: ThisMachine,
    driver: Option<Answerer<NvmlReport>>,
    system: Option<Answerer<SystemReport>>,
}

impl Watched {
    const fn of(machine: ThisMachine) -> Self {
        Self { machine, driver: None, system: None }
    }
}

impl Watch for Watched {
    fn look(&mut self) -> Detected {
        let starter = self.machine.starter();
        // Both are started before either is waited for.
        let driver = ready(&mut self.driver, starter, Subject::Driver);
        let system = ready(&mut self.system, starter, Subject::System);
        let silent = |silence: Silence| NvmlReport { state: silence.of_driver(), ..NvmlReport::default() };
        let said = driver.and_then(|()| heard(&mut self.driver)).map_or_else(silent, NvmlReport::believable);
        let SystemReport { mut graphics, host, programs, places } =
            system.and_then(|()| heard(&mut self.system)).unwrap_or_default();
        let NvmlReport { state, mut cards, unreadable } = said;
        processes::beside_driver(&mut cards, &graphics);
        if matches!(state, NvmlState::Ready { .. }) {
            graphics.retain(|chip| chip.vendor() != Some(Vendor::Nvidia) || chip.integrated);
        }
        Detected { nvml: state, cards, unreadable, graphics, host, places, programs }
    }
}

/// Sees to it that there is a process to be asked.
fn ready<T: DeserializeOwned + Send + 'static>(
    asked: &mut Option<Answerer<T>>,
    starter: Starter<'_>,
    subject: Subject,
) -> Result<(), Silence> {
    if asked.is_none() {
        *asked = Some(Answerer::start(starter, subject)?);
    }
    Ok(())
}

/// What it says; one that says nothing is given up.
fn heard<T: DeserializeOwned + Send + 'static>(asked: &mut Option<Answerer<T>>) -> Result<T, Silence> {
    let said = asked.as_mut().map_or(Err(Silence::NoReader), Answerer::ask);
    if said.is_err() {
        *asked = None;
    }
    said
}

/// Detects on a thread of its own and calls `wake` when the answer lies in the channel.
///
/// Where the thread cannot be started or dies, the channel is closed without an answer.
pub fn detect_in_background(probe: impl Probe + 'static, wake: Wake) -> Receiver<Detected> {
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        // The window may be closed by now; then nobody wants the answer.
        let _ = sender.send(probe.detect());
        wake();
    };
    // A failed start drops the sender with `work`, and the receiver sees a closed channel.
    let _ = thread::Builder::new().name("detect".to_owned()).spawn(work);
    receiver
}
