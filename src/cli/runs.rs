//! `rigplan runs`: the models that run on this machine, the best first.

use serde::Serialize;

use super::args::RunsArgs;
use super::columns::{Align, columns, known};
use super::json::{self, sorted};
use super::problem::Problem;
use super::words::verdict;
use super::{GOOD, catalog, opened, print, this_machine};
use crate::advise::runs::{Pace, Run, ranked};
use crate::catalog::Catalog;
use crate::estimate::Verdict;
use crate::plan::Machine;
use crate::text::{Key, Locale, Placeholder, decimal, gib};
use crate::units::{Band, Bytes};

/// So many are listed for people; the others are counted.
const LISTED: usize = 30;

/// Ranks the models on this machine, or on that of a plan.
pub(super) fn run(args: &RunsArgs, locale: Locale) -> Result<u8, Problem> {
    let mut catalog = catalog(locale);
    let machine = match &args.plan {
        Some(path) => opened::first_plan(path, args.rows, &mut catalog, locale)?.machine,
        None => this_machine().machine(&Machine::default(), &catalog),
    };
    let runs = ranked(&machine, &catalog);
    let out = if args.json {
        json::list(runs.iter().map(RunJson::of))
    } else {
        shown(&runs, &machine, &catalog, args.all, locale)
    };
    print(&out).map(|()| GOOD)
}

/// As a terminal shows it.
fn shown(runs: &[Run<'_>], machine: &Machine, catalog: &Catalog, all: bool, locale: Locale) -> Vec<u8> {
    let cards = machine.cards.iter().map(|kind| {
        let name = match &kind.card {
            crate::plan::CardChoice::Catalog(id) => catalog.card(id).map_or(id.as_str(), |card| card.name.as_str()),
            crate::plan::CardChoice::Detected { name, .. } => name,
        };
        if kind.count == 1 { name.to_owned() } else { format!("{} × {name}", kind.count) }
    });
    let cards: Vec<String> = cards.collect();
    let cards = if cards.is_empty() { locale.word(Key::CpuOnly).to_owned() } else { cards.join(" + ") };
    let ram = gib(machine.ram_gib, 0);
    let mut text =
        format!("{}\n", locale.sentence(Key::RunsOn, &[(Placeholder::Name, &cards), (Placeholder::Value, &ram)]));
    if runs.is_empty() {
        text.extend([format!("{}\n", locale.word(Key::StartRunsNone))]);
        return text.into_bytes();
    }
    let head = [Key::ColumnName, Key::WeightPrecision, Key::ColumnVerdict, Key::RunsNeeds, Key::RunsSpeed];
    let mut rows = vec![head.map(|key| locale.word(key).to_owned())];
    let most = if all { runs.len() } else { LISTED };
    rows.extend(runs.iter().take(most).map(|run| {
        [
            run.model.name.clone(),
            run.plan.workload.quantization.to_string(),
            verdict(run.outcome.verdict, locale).to_owned(),
            gib(run.outcome.needed.gib(), 1),
            known(run.outcome.decode.map(|rate| decimal(rate.expected, 1)), locale),
        ]
    }));
    text.push_str(&columns([Align::Left, Align::Left, Align::Left, Align::Right, Align::Right], &rows));
    let left = runs.len().saturating_sub(most);
    if left > 0 {
        text.extend([format!("{}\n", locale.sentence(Key::RunsMore, &[(Placeholder::Count, &left.to_string())]))]);
    }
    text.into_bytes()
}

/// As scripts read it: null where there is no data.
#[derive(Serialize)]
struct RunJson<'a> {
    model: &'a str,
    name: &'a str,
    quant: String,
    context: u64,
    verdict: Verdict,
    pace: Pace,
    needed_bytes: Bytes,
    in_ram_bytes: Bytes,
    #[serde(serialize_with = "sorted")]
    decode_tokens_per_s: Option<Band<f64>>,
}

impl<'a> RunJson<'a> {
    fn of(run: &'a Run<'a>) -> Self {
        Self {
            model: &run.model.id,
            name: &run.model.name,
            quant: run.plan.workload.quantization.to_string(),
            context: run.plan.workload.context,
            verdict: run.outcome.verdict,
            pace: run.pace,
            needed_bytes: run.outcome.needed,
            in_ram_bytes: run.outcome.in_ram,
            decode_tokens_per_s: run.outcome.decode,
        }
    }
}
