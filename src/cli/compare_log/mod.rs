//! `rigplan compare-log`: a runtime's log, or a program that runs, held against the estimate, part by part.

mod running;

use std::borrow::Cow;
use std::path::Path;

use serde::Serialize;

use crate::advise::compare::names::subject;
use crate::catalog::Catalog;
use crate::catalog::speed::Timed;
use crate::cli::args::CompareLogArgs;
use crate::cli::columns::{Align, columns};
use crate::cli::problem::Problem;
use crate::cli::{GOOD, catalog, diagnose, json, opened, print, say};
use crate::plan::{Machine, Plan};
use crate::share::launch::read::CommandFault;
use crate::share::runtime_log::against::{Against, against, alone};
use crate::share::runtime_log::plan::LoggedPlan;
use crate::share::runtime_log::{LogTool, MAX_BYTES, Part, Place, RuntimeLog, words};
use crate::system::calibration::{keep_overhead, keep_speeds};
use crate::system::clock::today;
use crate::system::folders::Folders;
use crate::text::{Key, Locale, Placeholder, decimal, foreign_path, one_line};
use crate::units::Band;

/// Reads the log, holds it against the plan, and keeps what it tells of the machine where that is asked for.
pub(super) fn run(args: &CompareLogArgs, locale: Locale) -> Result<u8, Problem> {
    if args.running {
        return running::run(args, locale);
    }
    let mut catalog = catalog(locale);
    let text = diagnose::text(args.file.as_deref(), MAX_BYTES)?;
    let log = RuntimeLog::read(&text).ok_or(Problem::NoLog)?;
    let given = args
        .plan
        .as_deref()
        .map(|path: &Path| opened::first_plan(path, args.rows, &mut catalog, locale))
        .transpose()?;
    let catalog: &Catalog = &catalog;
    let machine = given.as_ref().map_or_else(Machine::default, |plan| plan.machine.clone());
    let logged = log.plan(&machine, catalog);
    let (plan, logged): (Option<&Plan>, Option<&LoggedPlan>) = match (&given, &logged) {
        (Some(plan), logged) => (Some(plan), logged.as_ref().ok()),
        (None, Ok(logged)) => (Some(&logged.plan), Some(logged)),
        // What it says is of use alone; what cannot be a plan is told.
        (None, Err(CommandFault::NoModel(_) | CommandFault::UnknownModel(_))) => (None, None),
        (None, Err(fault)) => return Err(Problem::LogWithoutPlan(fault.clone())),
    };
    let (found, of) = match plan {
        Some(plan) => (against(&log, plan, logged, catalog, today().as_str())?, subject(plan, catalog, locale)),
        None => (alone(&log), log.model().unwrap_or_default().to_owned()),
    };
    let out = if args.json {
        json::line(&AgainstJson::of(&found, &log, plan, of.as_str().into()))
    } else if of.is_empty() {
        shown(&found, log.tool().map_or("", LogTool::title), Key::LogActual, locale).into_bytes()
    } else {
        let tool = log.tool().map_or("", LogTool::name);
        let title = locale.sentence(Key::LogOf, &[(Placeholder::Name, tool), (Placeholder::Value, &of)]);
        shown(&found, &title, Key::LogActual, locale).into_bytes()
    };
    print(&out)?;
    if args.keep { keep(&found, locale) } else { Ok(GOOD) }
}

/// Keeps what can be.
fn keep(found: &Against, locale: Locale) -> Result<u8, Problem> {
    if found.kept.is_empty() {
        return Err(Problem::NothingToKeep);
    }
    let folders = Folders::of_user().ok_or(Problem::NoFolder)?;
    let mut paths = Vec::new();
    if let Some(own) = &found.kept.overhead {
        paths.push(keep_overhead(own, &folders).map_err(Problem::Unkept)?);
    }
    if !found.kept.speeds.is_empty() {
        paths.push(keep_speeds(&found.kept.speeds, &folders).map_err(Problem::Unkept)?);
    }
    for path in paths {
        say(&locale.sentence(Key::LogKept, &[(Placeholder::Name, &foreign_path(&path))]));
    }
    Ok(GOOD)
}

/// As a terminal shows it, `actual` over what was measured.
fn shown(found: &Against, title: &str, actual: Key, locale: Locale) -> String {
    let mut out = format!("{title}\n\n");
    let head = [Key::LogEstimated, actual, Key::LogDifference].map(|key| locale.word(key).to_owned());
    let [estimated, actual, difference] = head;
    let mut rows = vec![[String::new(), String::new(), estimated, actual, difference]];
    let mut before = None;
    for row in &found.rows {
        let place = if before == Some(row.place) { String::new() } else { words::place(row.place, locale) };
        before = Some(row.place);
        rows.push([
            place,
            locale.word(row.part.word()).to_owned(),
            row.estimated.map_or_else(|| locale.word(Key::NoData).to_owned(), |bytes| words::amount(bytes.0)),
            words::amount(row.actual.bytes),
            words::difference(row, locale),
        ]);
    }
    for row in &found.speeds {
        let name = locale.word(if row.actual.test == Timed::Decode { Key::Decode } else { Key::Prefill });
        let band =
            |it: Band<f64>| format!("{} ({}–{})", decimal(it.expected, 1), decimal(it.low, 1), decimal(it.high, 1));
        rows.push([
            String::new(),
            format!("{name} (tok/s)"),
            row.estimated.map_or_else(|| locale.word(Key::NoData).to_owned(), band),
            decimal(row.actual.tokens_per_s, 1),
            String::new(),
        ]);
    }
    out.push_str(&columns([Align::Left, Align::Left, Align::Right, Align::Right, Align::Right], &rows));
    if !found.reasons.is_empty() {
        out.extend([format!("\n{}\n", locale.word(Key::LogWhy))]);
        for reason in &found.reasons {
            out.extend([format!("- {}\n", one_line(&words::reason(reason, locale)))]);
        }
    }
    if let Some(kept) = words::kept(found, locale) {
        out.extend([format!("\n{}\n", locale.sentence(Key::LogKeepHead, &[(Placeholder::Value, &kept)]))]);
        out.extend([format!("{}\n", locale.word(Key::LogKeepOnly))]);
    }
    out
}

/// As scripts read it: bytes are whole numbers, null where the estimate knows none.
#[derive(Serialize)]
struct AgainstJson<'a> {
    tool: Option<&'static str>,
    model: Option<&'a str>,
    subject: Cow<'a, str>,
    parts: Vec<PartJson>,
    speed: Vec<SpeedJson>,
    reasons: Vec<String>,
    keeps: KeptJson,
    /// Null where the log names no model that is known.
    plan: Option<&'a Plan>,
}

#[derive(Serialize)]
struct PartJson {
    /// The device's number; null for RAM.
    device: Option<u32>,
    part: &'static str,
    estimated_bytes: Option<u64>,
    actual_bytes: u64,
    difference_bytes: Option<i64>,
    same: bool,
}

#[derive(Serialize)]
struct SpeedJson {
    test: &'static str,
    tokens: u64,
    actual_tokens_per_s: f64,
    estimated_tokens_per_s: Option<BandJson>,
}

#[derive(Serialize)]
struct BandJson {
    low: f64,
    expected: f64,
    high: f64,
}

#[derive(Serialize)]
struct KeptJson {
    overhead_bytes: Option<u64>,
    speeds: usize,
}

impl<'a> AgainstJson<'a> {
    fn of(found: &Against, log: &'a RuntimeLog, plan: Option<&'a Plan>, subject: Cow<'a, str>) -> Self {
        let parts = found.rows.iter().map(|row| PartJson {
            device: match row.place {
                Place::Device(number) => Some(number),
                Place::Host => None,
            },
            part: Part::name(row.part),
            estimated_bytes: row.estimated.map(|bytes| bytes.0),
            actual_bytes: row.actual.bytes,
            difference_bytes: row.difference().and_then(|bytes| i64::try_from(bytes).ok()),
            same: row.agrees(),
        });
        let speed = found.speeds.iter().map(|row| SpeedJson {
            test: if row.actual.test == Timed::Decode { "decode" } else { "prefill" },
            tokens: row.actual.tokens,
            actual_tokens_per_s: row.actual.tokens_per_s,
            estimated_tokens_per_s: row.estimated.map(|it| BandJson {
                low: it.low,
                expected: it.expected,
                high: it.high,
            }),
        });
        Self {
            tool: log.tool().map(LogTool::name),
            model: log.model(),
            subject,
            parts: parts.collect(),
            speed: speed.collect(),
            reasons: found.reasons.iter().map(|reason| words::reason(reason, Locale::En)).collect(),
            keeps: KeptJson {
                overhead_bytes: found.kept.overhead.as_ref().map(|own| own.mib << 20),
                speeds: found.kept.speeds.len(),
            },
            plan,
        }
    }
}
