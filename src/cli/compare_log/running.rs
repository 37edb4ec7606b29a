//! Programs that run models on this machine, each held against the estimate of its command.

use serde::Serialize;

use super::{AgainstJson, keep, shown};
use crate::advise::compare::names::subject;
use crate::catalog::Catalog;
use crate::cli::args::CompareLogArgs;
use crate::cli::problem::Problem;
use crate::cli::{BAD, GOOD, catalog, json, print, say, this_machine};
use crate::share::launch::read::{CommandReader, ReadCommand, run_a_model};
use crate::share::runtime_log::RuntimeLog;
use crate::share::runtime_log::against::Against;
use crate::share::runtime_log::running::{Holding, running_against};
use crate::system::clock::today;
use crate::system::detect::{Detected, RunningEngine};
use crate::text::{Fault, Key, Locale, Placeholder};

/// A program beside the estimate of what it was told.
struct Compared {
    pid: u32,
    command: ReadCommand,
    log: RuntimeLog,
    against: Against,
}

/// Compares all of them, or the one of this number.
pub(super) fn run(args: &CompareLogArgs, locale: Locale) -> Result<u8, Problem> {
    let catalog = &*catalog(locale);
    let seen = this_machine();
    let mut engines = seen.engines(|program| run_a_model(&program.words));
    engines.retain(|engine| args.pid.is_none_or(|pid| engine.program.pid == pid));
    if engines.is_empty() {
        return Err(args.pid.map_or(Problem::NoneRuns, Problem::NoSuchProgram));
    }
    let mut compared = Vec::new();
    for engine in &engines {
        match compare(&seen, engine, catalog) {
            Ok(found) => compared.push(found),
            Err(problem) => {
                let (name, pid) = (&engine.program.name, engine.program.pid.to_string());
                say(&named(name, &pid, &problem.say(locale), locale));
            }
        }
    }
    if compared.is_empty() {
        return Ok(BAD);
    }
    let of = |found: &Compared| subject(&found.command.plan, catalog, locale);
    let out = if args.json {
        json::list(compared.iter().map(|found| RunningJson::of(found, of(found))))
    } else {
        let one = |found: &Compared| {
            let title = named(found.command.tool.name(), &found.pid.to_string(), &of(found), locale);
            shown(&found.against, &title, Key::LogMeasuredNow, locale)
        };
        compared.iter().map(one).collect::<Vec<_>>().join("\n").into_bytes()
    };
    print(&out)?;
    if !args.keep {
        return Ok(GOOD);
    }
    let kept = compared.iter().find(|found| !found.against.kept.is_empty()).ok_or(Problem::NothingToKeep)?;
    keep(&kept.against, locale)
}

fn named(name: &str, pid: &str, other: &str, locale: Locale) -> String {
    let holes = [(Placeholder::Name, name), (Placeholder::Value, pid), (Placeholder::Other, other)];
    locale.sentence(Key::LogRunning, &holes)
}

fn compare(seen: &Detected, engine: &RunningEngine<'_>, catalog: &Catalog) -> Result<Compared, Problem> {
    let machine = seen.machine_of(engine, catalog);
    let file = |name: &str| engine.program.model_file(name).map(|read| read.map_err(|error| error.phrase()));
    let command = CommandReader { catalog, machine: &machine, file: &file }
        .read_words(&engine.program.words, &engine.variables())?;
    let holding = Holding { vram: engine.vram.values().copied().collect(), ram: engine.ram_bytes };
    let (log, against) = running_against(&command, &holding, catalog, today().as_str())?;
    Ok(Compared { pid: engine.program.pid, command, log, against })
}

/// As scripts read it.
#[derive(Serialize)]
struct RunningJson<'a> {
    pid: u32,
    unread: &'a [String],
    #[serde(flatten)]
    against: AgainstJson<'a>,
}

impl<'a> RunningJson<'a> {
    fn of(found: &'a Compared, subject: String) -> Self {
        let against = AgainstJson::of(&found.against, &found.log, Some(&found.command.plan), subject.into());
        Self { pid: found.pid, unread: &found.command.unread, against }
    }
}
