//! Windows, which keeps what Linux shows as files in its registry, its management objects and its counters: one PowerShell, which
//! every Windows has, is started and answers in JSON as often as it is asked. It costs more than reading a file, so it is asked
//! seldom and never waited for, but for the first time.
//!
//! Cards' memory is `HardwareInformation.qwMemorySize` of the driver, else what `DXGI` described to the registry; what is held of it
//! are the counters of the task manager. Classes and values have the same names in every language of Windows.

mod report;

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread;
use std::time::{Duration, Instant};

pub(super) use report::Report;

use super::small_file::text;
use super::tool::is_own;

/// What is asked. It holds no double quotes, so that it passes as one argument.
const QUESTIONS: &str = include_str!("ask.ps1");
/// What was recorded elsewhere.
pub(super) const RECORDED: &str = "windows.json";
/// How long the first answer is waited for: others wait for what else the system tells.
const FIRST: Duration = Duration::from_secs(3);
/// How seldom it is asked again: each time costs Windows some hundredths of a second.
const SELDOM: Duration = Duration::from_secs(5);
/// More than a machine full of cards and programs needs, in bytes.
const MOST: u64 = 4 << 20;

/// Windows, asked again and again.
pub(super) struct Windows {
    asker: Option<Asker>,
    known: Option<Report>,
}

impl Windows {
    /// That of this machine, or of one whose answer lies in a file under a root of its own; `None` elsewhere.
    pub(super) fn of(root: &Path) -> Option<Self> {
        if is_own(root) {
            let asker = cfg!(windows).then(|| Asker::start("powershell.exe", QUESTIONS))??;
            return Some(Self { asker: Some(asker), known: None });
        }
        let known = Report::read(&text(&root.join(RECORDED))?)?;
        Some(Self { asker: None, known: Some(known) })
    }

    /// What it said last.
    pub(super) fn report(&mut self) -> Option<&Report> {
        if let Some(asker) = &mut self.asker {
            self.known = asker.latest().or_else(|| self.known.take());
        }
        self.known.as_ref()
    }
}

/// The process that answers, and a thread that listens to it.
struct Asker {
    child: Child,
    questions: Option<ChildStdin>,
    heard: Receiver<Report>,
    asked: Instant,
    /// One that never answered, or ended, is left alone.
    is_over: bool,
    patience: Duration,
}

impl Asker {
    fn start(program: &str, questions: &str) -> Option<Self> {
        let mut command = Command::new(program);
        command
            .args(["-NoLogo", "-NoProfile", "-NonInteractive", "-Command"])
            .arg(questions.replace(['\r', '\n'], " "));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        without_window(&mut command);
        let mut child = command.spawn().ok()?;
        let (sender, heard) = mpsc::channel();
        let output = child.stdout.take()?;
        let listen = move || {
            let mut output = BufReader::new(output);
            let mut line = Vec::new();
            loop {
                line.clear();
                match output.by_ref().take(MOST).read_until(b'\n', &mut line) {
                    Ok(bytes) if bytes > 0 => {}
                    _ => return,
                }
                if let Some(report) = Report::read(&String::from_utf8_lossy(&line))
                    && sender.send(report).is_err()
                {
                    return;
                }
            }
        };
        thread::Builder::new().name("powershell".to_owned()).spawn(listen).ok()?;
        let questions = child.stdin.take();
        Some(Self { child, questions, heard, asked: Instant::now(), is_over: false, patience: FIRST })
    }

    /// What came since; the first time it is waited for.
    fn latest(&mut self) -> Option<Report> {
        if self.is_over {
            return None;
        }
        let deadline = Instant::now() + std::mem::take(&mut self.patience);
        let mut latest: Option<Report> = None;
        // What is there comes first, what it does takes longer to ask.
        while !latest.as_ref().is_some_and(Report::is_whole) {
            let left = deadline.saturating_duration_since(Instant::now());
            let Some(report) =
                Some(left).filter(|left| !left.is_zero()).and_then(|left| self.heard.recv_timeout(left).ok())
            else {
                break;
            };
            latest = Some(report);
        }
        loop {
            match self.heard.try_recv() {
                Ok(report) => latest = Some(report),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    self.is_over = true;
                    break;
                }
            }
        }
        if self.asked.elapsed() >= SELDOM
            && let Some(questions) = &mut self.questions
        {
            self.asked = Instant::now();
            // Fails where it has ended, which the listener tells.
            let _ = questions.write_all(b"\n");
        }
        latest
    }
}

impl Drop for Asker {
    fn drop(&mut self) {
        // Fails where it has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program with a window of its own starts one of the console without.
#[cfg(windows)]
fn without_window(command: &mut Command) {
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    std::os::windows::process::CommandExt::creation_flags(command, CREATE_NO_WINDOW);
}

#[cfg(not(windows))]
const fn without_window(_command: &mut Command) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_questions_pass_as_one_argument() {
        assert!(!QUESTIONS.contains('"'), "Windows takes quotes out of arguments");
        // Lines are joined: each statement has to end by itself.
        let open = |line: &&str| !line.ends_with([';', '{', '|', '(']);
        assert_eq!(QUESTIONS.lines().map(str::trim).find(open), None);
    }

    /// Stands in for PowerShell where there is a shell.
    #[cfg(unix)]
    #[test]
    fn one_that_answers_is_heard_and_one_that_hangs_is_not_waited_for_twice() {
        let folder = tempfile::tempdir().unwrap();
        let start = |name: &str, script: &str| {
            use std::os::unix::fs::PermissionsExt;
            let path = folder.path().join(name);
            std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
            Asker::start(path.to_str().unwrap(), QUESTIONS).unwrap()
        };
        let mut answers = start(
            "answers",
            "echo noise; echo '{\"housing\":[9]}'; echo '{\"housing\":[9],\"held\":[]}'; cat > /dev/null",
        );
        let said = answers.latest().expect("an answer");
        assert_eq!(said.housing(), ["9"]);
        assert!(answers.latest().is_none(), "nothing new");
        let mut hangs = start("hangs", "exec sleep 60");
        hangs.patience = Duration::from_millis(50);
        let began = Instant::now();
        assert!(hangs.latest().is_none() && hangs.latest().is_none());
        assert!(began.elapsed() < FIRST);
        let mut ends = start("ends", "exit 1");
        assert!(ends.latest().is_none());
    }
}
