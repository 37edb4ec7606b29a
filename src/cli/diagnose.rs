//! `rigplan diagnose`: which memory ran out, read from an error or a log.

use std::path::Path;

use serde::Serialize;

use super::language_flag::Language;
use super::opened::RowArgs;
use super::problem::Problem;
use super::{GOOD, catalog, json, opened, print};
use crate::advise::diagnose::{Cure, Finding, Kind, MAX_BYTES, Tool, diagnose, words};
use crate::catalog::Catalog;
use crate::estimate::Verdict;
use crate::plan::{Document, Plan};
use crate::share::carrier::link::to_link;
use crate::share::runtime_log::cures::CuresOnPlan;
use crate::system::log_text;
use crate::text::{Key, Locale, one_line};

/// Where a path is standard input.
const STANDARD_INPUT: &str = "-";

/// The end of a file or of standard input, at most so many bytes.
pub(super) fn text(file: Option<&Path>, most: usize) -> Result<String, Problem> {
    Ok(match file.filter(|file| *file != Path::new(STANDARD_INPUT)) {
        Some(file) => log_text::of_file(file, most)?,
        None => log_text::of_standard_input(most)?,
    })
}

/// Reads the file, or standard input. Data is in English unless a language was `named`. Where the text names a model, or a
/// plan file is given, the cures are changes of that plan too.
pub(super) fn run(
    file: Option<&Path>,
    (plan, rows): (Option<&Path>, RowArgs),
    as_json: bool,
    locale: Locale,
    named: Option<Language>,
) -> Result<u8, Problem> {
    let locale = if as_json { named.map_or(Locale::En, Locale::from) } else { locale };
    let text = text(file, MAX_BYTES)?;
    let finding = diagnose(&text).ok_or(Problem::NoMemoryNamed)?;
    let mut catalog = catalog(locale);
    let given = plan.map(|path| opened::first_plan(path, rows, &mut catalog, locale)).transpose()?;
    let planned = CuresOnPlan::of(&text, &finding, given.as_ref(), &catalog);
    let speech = |planned| Spoken { planned, catalog: &catalog, locale };
    let spoken = planned.as_ref().map(speech);
    let out = if as_json {
        json::line(&FindingJson::of(&finding, spoken.as_ref(), locale))
    } else {
        said(&finding, spoken.as_ref(), locale)
    };
    print(&out).map(|()| GOOD)
}

/// The cures as changes of a plan, with what their words need.
struct Spoken<'a> {
    planned: &'a CuresOnPlan,
    catalog: &'a Catalog,
    locale: Locale,
}

impl Spoken<'_> {
    fn head(&self) -> String {
        self.planned.head(self.catalog, self.locale)
    }

    fn line(&self, cure: Cure) -> Option<String> {
        self.planned.planned(cure).map(|planned| self.planned.line(planned, self.catalog, self.locale))
    }
}

/// As a terminal shows it.
fn said(finding: &Finding, spoken: Option<&Spoken<'_>>, locale: Locale) -> Vec<u8> {
    let mut lines = vec![words::headline(finding, locale)];
    lines.extend(words::figures(finding, locale));
    lines.extend(finding.note.map(|note| locale.word(note.key()).to_owned()));
    if !finding.cures.is_empty() {
        lines.extend([String::new(), locale.word(Key::RanOutCures).to_owned()]);
        lines.extend(spoken.filter(|spoken| !spoken.planned.cures.is_empty()).map(Spoken::head));
    }
    for (place, cure) in finding.cures.iter().enumerate() {
        lines.push(format!("{}. {}", place + 1, locale.word(cure.key())));
        lines.extend(spoken.and_then(|spoken| spoken.line(*cure)).map(|line| format!("   {line}")));
    }
    if !finding.looks.is_empty() {
        lines.extend([String::new(), locale.word(Key::RanOutLooks).to_owned()]);
    }
    let looks = finding.looks.iter().enumerate();
    lines.extend(looks.map(|(place, look)| format!("{}. {}", place + 1, locale.word(look.key()))));
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
    /// The plan that the text is about, where it names a model or one was given.
    plan: Option<&'a Plan>,
    /// The cures that are changes of that plan, in the order of the cures.
    ways: Vec<WayJson<'a>>,
}

/// A cure as a change of the plan.
#[derive(Serialize)]
struct WayJson<'a> {
    /// Which of the cures, from 0.
    cure: usize,
    change: String,
    verdict: Verdict,
    /// What the memory that ran out would then hold.
    held_bytes: u64,
    plan: &'a Plan,
    /// The plan as one text, which `rigplan TEXT` opens.
    link: Option<String>,
}

impl<'a> FindingJson<'a> {
    fn of(finding: &Finding, spoken: Option<&Spoken<'a>>, locale: Locale) -> Self {
        let ways = finding.cures.iter().enumerate().filter_map(|(place, cure)| {
            let spoken = spoken?;
            let planned = spoken.planned.planned(*cure)?;
            let change = spoken.planned.change(planned, spoken.catalog, spoken.locale);
            let (verdict, held) = (planned.after.verdict, planned.held.0);
            let link = to_link(&Document::of(planned.plan.clone())).ok();
            Some(WayJson { cure: place, change, verdict, held_bytes: held, plan: &planned.plan, link })
        });
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
            plan: spoken.map(|spoken| &spoken.planned.about.plan),
            ways: ways.collect(),
        }
    }
}
