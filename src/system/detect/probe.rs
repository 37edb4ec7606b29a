//! Who is asked, and how the answer reaches the window.

use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use super::child::Asker;
use super::nvml::NvmlReport;
use super::{Detected, NvmlState, graphics, host};
use crate::catalog::card::Vendor;
use crate::system::Wake;

/// How long the driver may take: it answers within a second or so, the first time after a start.
const PATIENCE: Duration = Duration::from_secs(5);

/// Finds out what a machine has. May take seconds, so it is asked off the window's thread.
pub trait Probe: Send {
    /// Asks anew.
    fn detect(&self) -> Detected;
}

/// A scripted answer, for tests.
impl Probe for Detected {
    fn detect(&self) -> Detected {
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
    root: PathBuf,
    patience: Duration,
}

impl ThisMachine {
    /// Asks the installed driver; or the library that `RIGPLAN_NVML` names, so that cards one does not have can be
    /// tried: `tests/fixtures/nvml/standin.c` is a library for that, and its head says how to build it.
    pub fn new() -> Self {
        Self { program: None, library: None, root: PathBuf::from("/"), patience: PATIENCE }
    }

    /// Asks the NVML library at `library` and no other, through the rigplan at `program`.
    pub fn asked_by(program: PathBuf, library: PathBuf) -> Self {
        Self { program: Some(program), library: Some(library), ..Self::new() }
    }

    /// The same, with the system's files under `root`.
    #[must_use]
    pub fn under(self, root: PathBuf) -> Self {
        Self { root, ..self }
    }

    /// The same, which waits so long for the driver.
    #[must_use]
    pub fn waiting(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }
}

impl Default for ThisMachine {
    fn default() -> Self {
        Self::new()
    }
}

impl Probe for ThisMachine {
    fn detect(&self) -> Detected {
        let asker =
            Asker { program: self.program.as_deref(), library: self.library.as_deref(), patience: self.patience };
        let NvmlReport { state, cards, unreadable } = asker.ask();
        let mut graphics = graphics::list(&self.root);
        if matches!(state, NvmlState::Ready { .. }) {
            graphics.retain(|chip| chip.vendor() != Some(Vendor::Nvidia));
        }
        Detected { nvml: state, cards, unreadable, graphics, host: host::ask(&self.root) }
    }
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
