//! The driver's library is foreign code that may hang, crash or end the program. So it is loaded by a process of its own:
//! this program started anew with [`ASK_DRIVER`], which writes what the library said as one line of JSON.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::nvml::{self, NvmlReport};
use super::{DriverFault, NvmlState};
use crate::text::foreign;

/// The argument that makes this program ask the driver and nothing else.
pub const ASK_DRIVER: &str = "ask-driver";
/// The variable that names another library than the installed one.
const LIBRARY: &str = "RIGPLAN_NVML";
/// More than 256 cards with all their slices need; a broken library may write without end.
const MOST_BYTES: u64 = 1 << 20;
/// When a process that nobody waits for any more ends itself: later than anybody waits.
const LAST: Duration = Duration::from_secs(30);
/// How often it is looked whether the process has ended, once it has said its last.
const LOOK: Duration = Duration::from_millis(5);

/// In the process that asks: the answer as it is written to standard output.
pub fn ask_driver() -> Vec<u8> {
    // The process that waits for this one may be gone. Nothing else ends a thread that hangs in foreign code, and an orderly
    // exit would run that code again.
    let _ = thread::Builder::new().name("deadline".to_owned()).spawn(|| {
        thread::sleep(LAST);
        std::process::abort();
    });
    let library = std::env::var_os(LIBRARY).filter(|path| !path.is_empty());
    let answer = nvml::ask(library.as_deref().map(Path::new));
    // On a line of its own: a library may have written to the same place.
    serde_json::to_string(&answer).map(|line| format!("\n{line}\n").into_bytes()).unwrap_or_default()
}

/// Asks through another process.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asker<'a> {
    /// The program to start; this one where none is given.
    pub(super) program: Option<&'a Path>,
    /// The library; the one in the environment, or the installed one, where none is given.
    pub(super) library: Option<&'a Path>,
    pub(super) patience: Duration,
}

/// What came out of the process.
enum Heard {
    Answer(NvmlReport),
    /// It closed its output without an answer.
    Nothing,
    TooMuch,
}

impl Asker<'_> {
    /// What the library said, or why it said nothing; never later than `patience`.
    pub(super) fn ask(&self) -> NvmlReport {
        let deadline = Instant::now() + self.patience;
        let mut child = match self.start() {
            Ok(child) => child,
            Err(error) => {
                let reason = foreign(&error.to_string()).into_owned();
                let state = NvmlState::NotAsked { fault: Some(error.into()), reason };
                return NvmlReport { state, ..NvmlReport::default() };
            }
        };
        let (sender, heard) = mpsc::channel();
        if let Some(output) = child.stdout.take() {
            // Where no thread can be started the sender is dropped, and the channel says so.
            let _ = thread::Builder::new().name("driver".to_owned()).spawn(move || sender.send(hear(output)));
        }
        let state = match heard.recv_timeout(self.patience) {
            Ok(Heard::Answer(answer)) => {
                end(child);
                return answer.believable();
            }
            Ok(Heard::Nothing) => ended(&mut child, deadline).unwrap_or_else(|| self.timed_out()),
            Ok(Heard::TooMuch) => NvmlState::Failed {
                fault: DriverFault::WroteTooMuch,
                reason: format!("it wrote more than {MOST_BYTES} bytes"),
            },
            Err(RecvTimeoutError::Timeout) => self.timed_out(),
            Err(RecvTimeoutError::Disconnected) => {
                NvmlState::NotAsked { fault: None, reason: "no thread to read".to_owned() }
            }
        };
        end(child);
        NvmlReport { state, ..NvmlReport::default() }
    }

    fn start(&self) -> io::Result<Child> {
        let program = self.program.map_or_else(std::env::current_exe, |program| Ok(program.to_owned()));
        let start = |program| {
            let mut command = Command::new(program);
            if let Some(library) = self.library {
                command.env(LIBRARY, library);
            }
            command.arg(ASK_DRIVER).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()
        };
        program.and_then(start)
    }

    const fn timed_out(&self) -> NvmlState {
        NvmlState::TimedOut { seconds: self.patience.as_secs() }
    }
}

/// Reads lines until one is an answer: whatever else a library wrote is passed over.
fn hear(output: impl Read) -> Heard {
    let mut output = BufReader::new(output.take(MOST_BYTES));
    let mut line = Vec::new();
    loop {
        line.clear();
        match output.read_until(b'\n', &mut line) {
            Ok(0) if output.get_ref().limit() == 0 => return Heard::TooMuch,
            Ok(0) | Err(_) => return Heard::Nothing,
            Ok(_) => {}
        }
        if let Ok(answer) = serde_json::from_slice(&line) {
            return Heard::Answer(answer);
        }
    }
}

/// How a process ended that said nothing; `None` where it goes on beyond the deadline.
fn ended(child: &mut Child, deadline: Instant) -> Option<NvmlState> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(NvmlState::Ended { signal: signal(status), code: status.code() }),
            Err(error) => {
                let reason = foreign(&error.to_string()).into_owned();
                return Some(NvmlState::Failed { fault: DriverFault::System, reason });
            }
            Ok(None) if Instant::now() >= deadline => return None,
            Ok(None) => thread::sleep(LOOK),
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

/// Ends the process. One that hangs in the kernel does not die of it: nothing waits for it but a thread of its own.
fn end(mut child: Child) {
    // Fails where it has ended by itself.
    let _ = child.kill();
    let _ = thread::Builder::new().name("driver's end".to_owned()).spawn(move || child.wait());
}
