//! The headless face: estimates, lists and detection for scripts and terminals. Its input and output are a contract.

pub mod args;
pub mod builder;
pub mod jsonl;
pub mod problem;
pub mod request;

mod also;
mod answer;
mod arguments;
mod assumed;
mod card_filter;
mod cards;
mod columns;
mod compare;
mod compare_log;
mod detect;
mod diagnose;
mod estimate;
mod estimate_text;
mod explain;
mod export;
mod help;
mod import;
mod json;
mod language_flag;
mod launch;
mod lists;
mod local;
mod models;
mod opened;
mod rejected;
mod remedies;
mod request_flags;
mod request_json;
mod resident;
mod resolve;
mod runs;
mod speed;
mod training_run;
mod training_table;
mod twice;
mod words;

use std::borrow::Cow;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::FromArgMatches as _;

use crate::catalog::Catalog;
use crate::system::bandwidth::recall;
use crate::system::detect::{Detected, Probe as _, Subject, ThisMachine};
use crate::system::folders::Folders;
use crate::system::language;
use crate::system::own_tables::catalog_of;
use crate::text::{Fault, Key, Locale, Placeholder};
pub use args::{CardsAction, Cli, HeadlessCommand, ModelsAction};
pub use help::command_line;
use language_flag::Language;
use problem::{Problem, shortened};

/// Fits, or fits tightly; also a list or a stream that was written.
const GOOD: u8 = 0;
/// Runs with offload, or does not fit.
const SHORT: u8 = 1;
/// Bad input.
const BAD: u8 = 2;
/// So many faults of the user's tables are said, a line each.
const MOST_FAULTS: usize = 20;

/// What was typed asks for.
#[derive(Debug)]
pub enum Invocation {
    /// The window.
    Window {
        /// With this plan.
        file: Option<PathBuf>,
        /// What is said where there can be none is said in this language.
        locale: Locale,
        /// The language that was asked for.
        named: Option<Locale>,
    },
    /// Something that is done.
    Done(ExitCode),
}

/// Does what was typed, the program's own name first, unless that is to open the window.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Invocation {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    // Nothing that a person types: it stands in no help and no completion.
    if let [_, asked] = arguments.as_slice()
        && let Some(subject) = Subject::asked_by(asked)
    {
        subject.serve();
        return Invocation::Done(GOOD.into());
    }
    let locale = language_of(&arguments);
    let parsed =
        command_line(locale).try_get_matches_from(arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    let done = match parsed {
        Ok(Cli { command: None, file, lang }) => {
            return Invocation::Window { file, locale, named: lang.map(Locale::from) };
        }
        Ok(Cli { command: Some(_), file: Some(_), .. }) => Err(Problem::FileBesideCommand),
        Ok(Cli { command: Some(command), file: None, lang }) => execute(&command, locale, lang),
        Err(error) if error.use_stderr() => Err(Problem::Arguments(arguments::fault(&error))),
        Err(help) => shown(format!("{}\n", help.to_string().trim_end()).as_bytes()),
    };
    Invocation::Done(match done {
        Ok(code) => code.into(),
        Err(problem) => {
            say(&problem.say(locale));
            BAD.into()
        }
    })
}

/// The language that `--lang` names, else the system's: needed before anything is parsed, for the help itself is said in it.
fn language_of(arguments: &[OsString]) -> Locale {
    let named = arguments.iter().zip(arguments.iter().skip(1).map(Some).chain([None])).find_map(|(argument, next)| {
        let argument = argument.to_str()?;
        argument.strip_prefix("--lang=").or_else(|| next.filter(|_| argument == "--lang")?.to_str())
    });
    match named {
        Some("en") => Locale::En,
        Some("zh") => Locale::Zh,
        _ => language::of_system(),
    }
}

/// Runs a command that needs no window, in `locale`; `named` where that was asked for.
fn execute(command: &HeadlessCommand, locale: Locale, named: Option<Language>) -> Result<u8, Problem> {
    match command {
        HeadlessCommand::Estimate(args) => estimate::run(args, locale),
        HeadlessCommand::Cards(args) => match (&args.action, &args.plan) {
            (Some(_), Some(_)) => Err(Problem::PlanBesideList),
            (Some(CardsAction::List { json, filter }), None) => {
                // The options may stand before the word or behind it.
                let filters = [&args.filter, &**filter];
                shown(&lists::cards(&catalog(locale), filters, *json || args.json, locale))
            }
            (None, Some(plan)) => cards::run(plan, args, locale),
            (None, None) => Err(Problem::NothingToRank),
        },
        HeadlessCommand::Build(args) => builder::run(args, locale),
        HeadlessCommand::Compare(args) => compare::run(args, locale),
        HeadlessCommand::Models { action: ModelsAction::List { json } } => {
            shown(&lists::models(&catalog(locale), *json, locale))
        }
        HeadlessCommand::Models { action: ModelsAction::Local { json } } => local::run(*json, locale),
        HeadlessCommand::Runs(args) => runs::run(args, locale),
        HeadlessCommand::Import(args) => import::run(args, locale),
        HeadlessCommand::Launch(args) => launch::run(args, locale),
        HeadlessCommand::Explain(args) => explain::run(args, locale, named),
        HeadlessCommand::Export(args) => export::run(args, locale),
        HeadlessCommand::Diagnose { file, plan, rows, json } => {
            diagnose::run(file.as_deref(), (plan.as_deref(), *rows), *json, locale, named)
        }
        HeadlessCommand::CompareLog(args) => compare_log::run(args, locale),
        HeadlessCommand::Detect(args) => detect::run(args, locale),
    }
}

fn shown(text: &[u8]) -> Result<u8, Problem> {
    print(text).map(|()| GOOD)
}

/// The built-in catalog with the user's own tables over it. A table that cannot be used is said so and left out.
fn catalog(locale: Locale) -> Cow<'static, Catalog> {
    let (catalog, faults) = catalog_of(Folders::of_user().as_ref());
    for fault in faults.iter().take(MOST_FAULTS) {
        say(&fault.say(locale));
    }
    if let Some(more) = faults.len().checked_sub(MOST_FAULTS).filter(|more| *more > 0) {
        say(&locale.sentence(Key::BookMoreLines, &[(Placeholder::Count, &more.to_string())]));
    }
    catalog
}

/// This machine as it is now, with what was measured of it before.
fn this_machine() -> Detected {
    let mut found = ThisMachine::new().detect();
    found.host.measured = Folders::of_user().and_then(|folders| recall(&found.host, &folders));
    found
}

/// One line on standard error.
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

fn written(error: io::Error) -> Result<(), Problem> {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(Problem::Unwritten(error.into())),
    }
}
