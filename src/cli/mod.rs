//! The headless face: estimates, lists and detection for scripts and terminals. Its input and output are a contract.

pub mod args;
pub mod builder;
pub mod jsonl;
pub mod problem;
pub mod request;

mod answer;
mod assumed;
mod cards;
mod columns;
mod detect;
mod estimate;
mod estimate_text;
mod json;
mod lists;
mod models;
mod rejected;
mod remedies;
mod request_flags;
mod request_json;
mod resolve;
mod speed;
mod training_run;
mod training_table;
mod words;

use std::borrow::Cow;
use std::io::{self, Write};
use std::process::ExitCode;

use crate::catalog::Catalog;
use crate::system::detect::{Probe, ThisMachine, ask_driver};
use crate::system::folders::{Folders, read_overlay};
pub use args::{Cli, HeadlessCommand, ListAction};
use problem::{Problem, shortened};

/// Fits, or fits tightly; also a list or a stream that was written.
const GOOD: u8 = 0;
/// Runs with offload, or does not fit.
const SHORT: u8 = 1;
/// Bad input.
const BAD: u8 = 2;

/// Runs a command that needs no window.
pub fn run(command: &HeadlessCommand) -> ExitCode {
    let done = match command {
        HeadlessCommand::Estimate(args) => estimate::run(args),
        HeadlessCommand::Cards { action: Some(ListAction::List { json }), .. } => {
            shown(&lists::cards(&catalog(), *json))
        }
        HeadlessCommand::Cards { plan: Some(plan), json, .. } => cards::run(plan, *json),
        HeadlessCommand::Cards { plan: None, .. } => Err(Problem::Usage(
            "name the plan to rank cards for with --plan FILE, or list them with cards list".to_owned(),
        )),
        HeadlessCommand::Build(args) => builder::run(args),
        HeadlessCommand::Models { action: ListAction::List { json } } => shown(&lists::models(&catalog(), *json)),
        HeadlessCommand::Detect { json } => shown(&detect::show(&ThisMachine::new().detect(), &catalog(), *json)),
        HeadlessCommand::AskDriver => shown(&ask_driver()),
    };
    match done {
        Ok(code) => code.into(),
        Err(problem) => refuse(&problem.to_string()),
    }
}

fn shown(text: &[u8]) -> Result<u8, Problem> {
    print(text).map(|()| GOOD)
}

/// The built-in catalog with the user's own tables over it. A table that cannot be used is said so and left out.
fn catalog() -> Cow<'static, Catalog> {
    let overlay = Folders::of_user().map(|folders| read_overlay(&folders.overlay())).unwrap_or_default();
    for problem in &overlay.problems {
        say(problem);
    }
    if overlay.files.is_empty() {
        return Cow::Borrowed(Catalog::embedded());
    }
    let (catalog, errors) = Catalog::with_overlay(&overlay.files);
    for error in errors {
        say(&error.to_string());
    }
    Cow::Owned(catalog)
}

/// What is said of a command line that clap refuses (or of `--help`), and the exit code for it.
pub fn refuse_arguments(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        let text = format!("{}\n", error.to_string().trim_end());
        return match print(text.as_bytes()) {
            Ok(()) => GOOD.into(),
            Err(problem) => refuse(&problem.to_string()),
        };
    }
    let text = error.to_string();
    let message: Vec<&str> = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"))
        .filter(|line| !line.is_empty())
        .collect();
    let message = message.join("; ");
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    refuse(&format!("{message}; see rigplan --help"))
}

/// One line on standard error.
fn refuse(message: &str) -> ExitCode {
    say(message);
    BAD.into()
}

fn say(message: &str) {
    let line = shortened(message);
    // Where even this cannot be written, the exit code still says that something was wrong.
    let _ = writeln!(io::stderr(), "rigplan: {line}");
}

/// Writes to standard output. A reader that has seen enough (`| head`) is no error.
fn print(text: &[u8]) -> Result<(), Problem> {
    let mut output = io::stdout().lock();
    output.write_all(text).and_then(|()| output.flush()).or_else(written)
}

#[expect(clippy::needless_pass_by_value, reason = "takes the place of an error handler")]
fn written(error: io::Error) -> Result<(), Problem> {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(Problem::Usage(format!("cannot write the answer: {error}"))),
    }
}
