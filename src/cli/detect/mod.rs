//! `rigplan detect`: what this machine has, or one that was written down elsewhere.

mod measure;
mod text;

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::args::DetectArgs;
use super::problem::Problem;
use super::words::said;
use super::{GOOD, catalog, json, print, shown, this_machine};
use crate::catalog::Catalog;
use crate::system::detect::{Detected, MAX_DESCRIPTION_BYTES, Probe, ThisMachine};
use crate::system::storage;
use crate::text::{Key, Locale, Placeholder, foreign_path};
use measure::measured;

/// How often the machine is looked at.
const EVERY: Duration = Duration::from_secs(1);
/// What makes a terminal show the next look in the place of the last.
const FROM_THE_TOP: &str = "\x1b[H\x1b[2J";

/// Shows a machine, once or again and again, or writes it to a file.
pub(super) fn run(args: &DetectArgs, locale: Locale) -> Result<u8, Problem> {
    let catalog = catalog(locale);
    let machine = match &args.file {
        Some(_) if args.watch => return Err(Problem::WatchFile),
        Some(path) => read(path)?,
        None if args.watch => return watch(args, &catalog, locale),
        None if args.measure => measured(args, locale)?,
        None => this_machine(),
    };
    if let Some(path) = &args.save {
        storage::write(path, &machine.described()).map_err(Problem::Storage)?;
        let line = said(locale, Key::FoundSaved, &[(Placeholder::Name, foreign_path(path))]);
        return shown(format!("{line}\n").as_bytes());
    }
    shown(&written(&machine, &catalog, args.json, locale))
}

fn written(machine: &Detected, catalog: &Catalog, as_json: bool, locale: Locale) -> Vec<u8> {
    if as_json { json::line(machine) } else { text::of(machine, catalog, locale) }
}

fn read(path: &Path) -> Result<Detected, Problem> {
    let bytes = storage::read(path, MAX_DESCRIPTION_BYTES).map_err(Problem::Storage)?;
    let broken = |fault| Problem::MachineFile { path: path.to_owned(), fault };
    Detected::from_description(&bytes).map_err(broken)
}

/// Looks every second, until nobody reads any more or the program is ended: one line of JSON each, or a text that a terminal
/// shows in one place.
fn watch(args: &DetectArgs, catalog: &Catalog, locale: Locale) -> Result<u8, Problem> {
    let mut watched = ThisMachine::new().watch();
    let top = if io::stdout().is_terminal() && !args.json { FROM_THE_TOP } else { "" };
    loop {
        let machine = watched.look();
        if let Some(path) = &args.save {
            storage::write(path, &machine.described()).map_err(Problem::Storage)?;
        }
        let mut out = top.as_bytes().to_vec();
        out.extend(written(&machine, catalog, args.json, locale));
        if !args.json && top.is_empty() {
            out.push(b'\n');
        }
        let mut output = io::stdout().lock();
        // A reader that has seen enough ends it.
        if output.write_all(&out).and_then(|()| output.flush()).is_err() {
            return print(&[]).map(|()| GOOD);
        }
        drop(output);
        thread::sleep(EVERY);
    }
}
