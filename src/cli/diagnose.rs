//! `rigplan diagnose`: which memory ran out, read from an error or a log.

use std::path::Path;

use serde::Serialize;

use super::args::Language;
use super::problem::Problem;
use super::{GOOD, json, print};
use crate::advise::diagnose::{Finding, Kind, MAX_BYTES, Tool, diagnose, words};
use crate::system::log_text;
use crate::text::{Key, Locale, one_line};

/// Where a path is standard input.
const STANDARD_INPUT: &str = "-";

/// Reads the file, or standard input. Data is in English unless a language was `named`.
pub(super) fn run(file: Option<&Path>, as_json: bool, locale: Locale, named: Option<Language>) -> Result<u8, Problem> {
    let locale = if as_json { named.map_or(Locale::En, Locale::from) } else { locale };
    let text = match file.filter(|file| *file != Path::new(STANDARD_INPUT)) {
        Some(file) => log_text::of_file(file, MAX_BYTES)?,
        None => log_text::of_standard_input(MAX_BYTES)?,
    };
    let finding = diagnose(&text).ok_or(Problem::NoMemoryNamed)?;
    let out = if as_json { json::line(&FindingJson::of(&finding, locale)) } else { said(&finding, locale) };
    print(&out).map(|()| GOOD)
}

/// As a terminal shows it.
fn said(finding: &Finding, locale: Locale) -> Vec<u8> {
    let mut lines = vec![words::headline(finding, locale)];
    lines.extend(words::figures(finding, locale));
    lines.extend(finding.note.map(|note| locale.word(note.key()).to_owned()));
    let lists = [
        (Key::RanOutCures, finding.cures.iter().map(|cure| cure.key()).collect::<Vec<_>>()),
        (Key::RanOutLooks, finding.looks.iter().map(|look| look.key()).collect()),
    ];
    for (head, keys) in lists.into_iter().filter(|(_, keys)| !keys.is_empty()) {
        lines.extend([String::new(), locale.word(head).to_owned()]);
        lines.extend(keys.iter().enumerate().map(|(place, key)| format!("{}. {}", place + 1, locale.word(*key))));
    }
    let mut out: String = lines.iter().map(|line| one_line(line)).collect::<Vec<_>>().join("\n");
    out.push('\n');
    out.into_bytes()
}

/// As the contract spells it: null where the text does not say.
#[derive(Serialize)]
struct FindingJson<'a> {
    memory: &'static str,
    kind: Option<&'static str>,
    tool: Option<&'static str>,
    device: Option<u32>,
    asked_bytes: Option<u64>,
    free_bytes: Option<u64>,
    total_bytes: Option<u64>,
    reserved_unallocated_bytes: Option<u64>,
    cures: Vec<&'a str>,
    /// Where to look to tell what the text does not.
    look: Vec<&'a str>,
    note: Option<&'a str>,
}

impl FindingJson<'_> {
    fn of(finding: &Finding, locale: Locale) -> Self {
        let amounts = finding.amounts;
        Self {
            memory: finding.memory.name(),
            kind: finding.kind.map(Kind::name),
            tool: finding.tool.map(Tool::name),
            device: finding.device,
            asked_bytes: amounts.asked,
            free_bytes: amounts.free,
            total_bytes: amounts.total,
            reserved_unallocated_bytes: amounts.reserved_unallocated,
            cures: finding.cures.iter().map(|cure| locale.word(cure.key())).collect(),
            look: finding.looks.iter().map(|look| locale.word(look.key())).collect(),
            note: finding.note.map(|note| locale.word(note.key())),
        }
    }
}
