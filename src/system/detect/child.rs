//! The driver's library is foreign code that may hang, crash or end the program, and a file of the kernel may never answer.
//! So they are asked by processes of their own: this program started anew, which writes what it heard as one line of JSON.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::marker::PhantomData;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use super::answerer::{LIBRARY, ROOT, Subject};
use super::{DriverFault, NvmlState};
use crate::text::foreign;

/// More than 256 cards with all their slices need; a broken library may write without end.
const MOST_BYTES: u64 = 1 << 20;
/// How often it is looked whether the process has ended, once it has said its last.
const LOOK: Duration = Duration::from_millis(5);

/// How such a process is started.
#[derive(Debug, Clone, Copy)]
pub(super) struct Starter<'a> {
    /// The program to start; this one where none is given.
    pub(super) program: Option<&'a Path>,
    /// The library; the one in the environment, or the installed one, where none is given.
    pub(super) library: Option<&'a Path>,
    /// Where the system's files lie; where the environment says so, or at `/`, where none is given.
    pub(super) root: Option<&'a Path>,
    /// How long an answer is waited for.
    pub(super) patience: Duration,
}

/// Why nothing was answered.
#[derive(Debug)]
pub(super) enum Silence {
    /// No process could be started.
    NotStarted(io::Error),
    /// No thread could be started that reads.
    NoReader,
    /// It took longer than anybody waits.
    TimedOut(Duration),
    /// It ended.
    Ended(ExitStatus),
    /// Nobody could tell how it ended.
    Lost(io::Error),
    TooMuch,
}

/// What came out of the process.
enum Heard<T> {
    Answer(T),
    /// It closed its output without an answer.
    Nothing,
    TooMuch,
}

/// A process that answers, as often as it is asked.
pub(super) struct Answerer<T> {
    child: Option<Child>,
    questions: Option<ChildStdin>,
    heard: Receiver<Heard<T>>,
    /// It was asked already: the first answer comes unasked.
    asked: bool,
    patience: Duration,
    answers: PhantomData<T>,
}

impl<T: DeserializeOwned + Send + 'static> Answerer<T> {
    pub(super) fn start(starter: Starter<'_>, subject: Subject) -> Result<Self, Silence> {
        let mut child = spawn(starter, subject).map_err(Silence::NotStarted)?;
        let (sender, heard) = mpsc::channel();
        if let Some(output) = child.stdout.take() {
            let read = move || {
                let mut output = BufReader::new(output);
                loop {
                    let heard = hear(&mut output);
                    let last = !matches!(heard, Heard::Answer(_));
                    if sender.send(heard).is_err() || last {
                        return;
                    }
                }
            };
            // Where no thread can be started the sender is dropped, and the channel says so.
            let _ = thread::Builder::new().name(subject.argument().to_owned()).spawn(read);
        }
        let (questions, patience) = (child.stdin.take(), starter.patience);
        Ok(Self { child: Some(child), questions, heard, asked: false, patience, answers: PhantomData })
    }

    /// What it says now, never later than its patience. After a silence it is of no use any more.
    pub(super) fn ask(&mut self) -> Result<T, Silence> {
        let deadline = Instant::now() + self.patience;
        if std::mem::replace(&mut self.asked, true)
            && let Some(questions) = &mut self.questions
        {
            // Fails where it has ended; then it is heard below.
            let _ = questions.write_all(b"\n");
        }
        match self.heard.recv_timeout(self.patience) {
            Ok(Heard::Answer(answer)) => Ok(answer),
            Ok(Heard::Nothing) => Err(self.ended(deadline)),
            Ok(Heard::TooMuch) => Err(Silence::TooMuch),
            Err(RecvTimeoutError::Timeout) => Err(Silence::TimedOut(self.patience)),
            Err(RecvTimeoutError::Disconnected) => Err(Silence::NoReader),
        }
    }

    /// How a process ended that said nothing.
    fn ended(&mut self, deadline: Instant) -> Silence {
        let Some(child) = &mut self.child else { return Silence::NoReader };
        loop {
            match child.try_wait() {
                Ok(Some(status)) => return Silence::Ended(status),
                Err(error) => return Silence::Lost(error),
                Ok(None) if Instant::now() >= deadline => return Silence::TimedOut(self.patience),
                Ok(None) => thread::sleep(LOOK),
            }
        }
    }
}

impl<T> Drop for Answerer<T> {
    /// Ends the process. One that hangs in the kernel does not die of it: nothing waits for it but a thread of its own.
    fn drop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        // Fails where it has ended by itself.
        let _ = child.kill();
        let _ = thread::Builder::new().name("an answerer's end".to_owned()).spawn(move || child.wait());
    }
}

fn spawn(starter: Starter<'_>, subject: Subject) -> io::Result<Child> {
    let program = starter.program.map_or_else(std::env::current_exe, |program| Ok(program.to_owned()))?;
    let mut command = Command::new(program);
    for (variable, value) in [(LIBRARY, starter.library), (ROOT, starter.root)] {
        if let Some(value) = value {
            command.env(variable, value);
        }
    }
    command.arg(subject.argument()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()
}

/// Reads lines until one is an answer: whatever else a library wrote is passed over.
fn hear<T: DeserializeOwned>(output: &mut impl BufRead) -> Heard<T> {
    let mut output = output.take(MOST_BYTES);
    let mut line = Vec::new();
    loop {
        line.clear();
        match output.read_until(b'\n', &mut line) {
            Ok(0) if output.limit() == 0 => return Heard::TooMuch,
            Ok(0) | Err(_) => return Heard::Nothing,
            Ok(_) => {}
        }
        if let Ok(answer) = serde_json::from_slice(&line) {
            return Heard::Answer(answer);
        }
    }
}

impl Silence {
    /// What it says of the driver, whose library it was.
    pub(super) fn of_driver(self) -> NvmlState {
        let said = |error: &io::Error| foreign(&error.to_string()).into_owned();
        match self {
            Self::NotStarted(error) => NvmlState::NotAsked { reason: said(&error), fault: Some(error.into()) },
            Self::NoReader => NvmlState::NotAsked { fault: None, reason: "no thread to read".to_owned() },
            Self::TimedOut(patience) => NvmlState::TimedOut { seconds: patience.as_secs() },
            Self::Ended(status) => NvmlState::Ended { signal: signal(status), code: status.code() },
            Self::Lost(error) => NvmlState::Failed { fault: DriverFault::System, reason: said(&error) },
            Self::TooMuch => NvmlState::Failed {
                fault: DriverFault::WroteTooMuch,
                reason: format!("it wrote more than {MOST_BYTES} bytes"),
            },
        }
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
const fn signal(_status: ExitStatus) -> Option<i32> {
    None
}
