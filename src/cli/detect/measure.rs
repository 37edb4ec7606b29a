//! `rigplan detect --measure`: what RAM and disk read, measured now and kept.

use crate::cli::args::DetectArgs;
use crate::cli::problem::Problem;
use crate::cli::words::said;
use crate::cli::{say, this_machine};
use crate::system::bandwidth::{DiskPlace, Progress, keep, measure};
use crate::system::clock::today;
use crate::system::detect::Detected;
use crate::system::folders::{self, Folders};
use crate::text::{Fault, Key, Locale, Placeholder, foreign_path};

/// This machine with what was measured. What could not be is said and left as it was.
pub(super) fn measured(args: &DetectArgs, locale: Locale) -> Result<Detected, Problem> {
    let mut machine = this_machine();
    let folders = Folders::of_user().ok_or(Problem::NoFolder)?;
    let place = DiskPlace::of(args.disk.clone().unwrap_or_else(folders::documents));
    say(locale.word(Key::BandwidthRuns));
    let found = measure(&place, machine.host.ram_free_bytes(), &Progress::default());
    for (key, result) in [(Key::BandwidthRam, found.ram), (Key::BandwidthDisk, found.disk)] {
        if let Err(fault) = result {
            let holes = [(Placeholder::Name, locale.word(key).to_owned()), (Placeholder::Value, fault.say(locale))];
            say(&said(locale, Key::BandwidthNone, &holes));
        }
    }
    if found.ram.is_ok() || found.disk.is_ok() {
        machine.host.measured =
            Some(keep(&found, today().as_str(), &machine.host, &folders).map_err(Problem::Storage)?);
        let path = foreign_path(&folders.rates());
        say(&said(locale, Key::LogKept, &[(Placeholder::Name, path)]));
    }
    Ok(machine)
}
