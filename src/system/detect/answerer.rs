//! In the process that may be ended: it answers once, and again for every line that it is sent, until nobody is there to
//! ask any more.

use std::ffi::OsStr;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use serde::Serialize;

use super::nvml::Driver;
use super::system::System;

/// The variable that names another library than the installed one.
pub(super) const LIBRARY: &str = "RIGPLAN_NVML";
/// The variable that names a folder in which the system's files lie, as one that was recorded elsewhere.
pub(super) const ROOT: &str = "RIGPLAN_ROOT";
/// When a process whose answer nobody waits for any more ends itself: later than anybody waits.
const LAST: Duration = Duration::from_secs(30);

/// What such a process answers for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// NVIDIA's driver, by its library.
    Driver,
    /// The system's own lists, and tools of other makers.
    System,
}

impl Subject {
    /// The argument that makes this program answer for it and do nothing else.
    pub(super) const fn argument(self) -> &'static str {
        match self {
            Self::Driver => "ask-driver",
            Self::System => "ask-system",
        }
    }

    /// The one that an argument of this program asks for.
    pub fn asked_by(argument: &OsStr) -> Option<Self> {
        [Self::Driver, Self::System].into_iter().find(|subject| argument == subject.argument())
    }

    /// Answers on standard output.
    pub fn serve(self) {
        let named = |variable| std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
        let root = named(ROOT).unwrap_or_else(|| PathBuf::from("/"));
        match self {
            Self::Driver => {
                let mut driver = Driver::new(named(LIBRARY), &root);
                serve(|| driver.ask());
            }
            Self::System => {
                let mut system = System::new(&root);
                serve(|| system.ask());
            }
        }
    }
}

fn serve<T: Serialize>(mut answer: impl FnMut() -> T) {
    let deadline = deadline();
    let (mut questions, mut question) = (io::stdin().lock(), Vec::new());
    loop {
        // Fails where no thread could be started: then it is ended from outside alone.
        let _ = deadline.send(());
        let said = serde_json::to_string(&answer()).unwrap_or_default();
        let _ = deadline.send(());
        // On a line of its own: a library may have written to the same place.
        let mut output = io::stdout().lock();
        if write!(output, "\n{said}\n").and_then(|()| output.flush()).is_err() {
            return;
        }
        question.clear();
        if !questions.read_until(b'\n', &mut question).is_ok_and(|bytes| bytes > 0) {
            return;
        }
    }
}

/// Ends the process where an answer takes too long; told when one is begun, and when it is there. The process that waits may
/// be gone; nothing else ends a thread that hangs in foreign code, and an orderly exit would run that code again.
fn deadline() -> Sender<()> {
    let (sender, told) = mpsc::channel();
    let watch = move || {
        while told.recv().is_ok() {
            match told.recv_timeout(LAST) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => std::process::abort(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    };
    let _ = thread::Builder::new().name("deadline".to_owned()).spawn(watch);
    sender
}
