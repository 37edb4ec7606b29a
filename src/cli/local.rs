//! `rigplan models local`: model files on this machine, with their exact sizes, and how they run here.

use std::sync::Arc;

use serde::Serialize;

use super::columns::{Align, columns, known};
use super::json::{self, sorted};
use super::problem::Problem;
use super::words::verdict;
use super::{GOOD, catalog, print, say, this_machine};
use crate::advise::on_machine::{come_of, plan_of_choice};
use crate::advise::remedies::PlanOutcome;
use crate::catalog::Catalog;
use crate::estimate::Verdict;
use crate::plan::{Machine, ModelChoice};
use crate::system::local_models::{LocalModel, Places, find};
use crate::system::model_path;
use crate::text::{Fault, Key, Locale, decimal, gib};
use crate::units::{Band, Bytes};

/// Lists them.
pub(super) fn run(as_json: bool, locale: Locale) -> Result<u8, Problem> {
    let catalog = &*catalog(locale);
    let machine = this_machine().machine(&Machine::default(), catalog);
    let found = find(&Places::of_user());
    let judged: Vec<Judged<'_>> =
        found.models.iter().map(|model| Judged::of(model, &machine, catalog, locale)).collect();
    if found.cut {
        say(locale.word(Key::LocalCut));
    }
    let out = if as_json { json::list(judged.iter().map(LocalJson::of)) } else { shown(&judged, locale) };
    print(&out).map(|()| GOOD)
}

/// A model file and how it runs here; or why it cannot be read.
struct Judged<'a> {
    model: &'a LocalModel,
    outcome: Option<PlanOutcome>,
    problem: Option<String>,
}

impl<'a> Judged<'a> {
    fn of(model: &'a LocalModel, machine: &Machine, catalog: &Catalog, locale: Locale) -> Self {
        match model_path::read(&model.path) {
            Ok(read) => {
                let choice = ModelChoice::File { path: model.path.clone(), model: Arc::new(read) };
                let outcome = come_of(&plan_of_choice(choice, machine, catalog), catalog);
                Self { model, outcome, problem: None }
            }
            Err(error) => Self { model, outcome: None, problem: Some(error.fault.phrase().say(locale)) },
        }
    }
}

fn shown(judged: &[Judged<'_>], locale: Locale) -> Vec<u8> {
    if judged.is_empty() {
        return format!("{}\n", locale.word(Key::LocalNone)).into_bytes();
    }
    let head = [Key::LocalStore, Key::ColumnName, Key::ColumnGib, Key::ColumnVerdict, Key::RunsSpeed];
    let mut rows = vec![head.map(|key| locale.word(key).to_owned())];
    rows.extend(judged.iter().map(|it| {
        let outcome = it.outcome.as_ref();
        [
            it.model.store.name().to_owned(),
            it.model.name.clone(),
            gib(Bytes(it.model.bytes).gib(), 2),
            it.problem.clone().unwrap_or_else(|| known(outcome.map(|it| verdict(it.verdict, locale)), locale)),
            known(outcome.and_then(|it| it.decode).map(|rate| decimal(rate.expected, 1)), locale),
        ]
    }));
    columns([Align::Left, Align::Left, Align::Right, Align::Left, Align::Right], &rows).into_bytes()
}

/// As scripts read it.
#[derive(Serialize)]
struct LocalJson<'a> {
    store: &'static str,
    name: &'a str,
    path: std::borrow::Cow<'a, str>,
    bytes: u64,
    verdict: Option<Verdict>,
    #[serde(serialize_with = "sorted")]
    decode_tokens_per_s: Option<Band<f64>>,
    problem: Option<&'a str>,
}

impl<'a> LocalJson<'a> {
    fn of(judged: &'a Judged<'a>) -> Self {
        Self {
            store: judged.model.store.name(),
            name: &judged.model.name,
            path: judged.model.path.to_string_lossy(),
            bytes: judged.model.bytes,
            verdict: judged.outcome.as_ref().map(|it| it.verdict),
            decode_tokens_per_s: judged.outcome.as_ref().and_then(|it| it.decode),
            problem: judged.problem.as_deref(),
        }
    }
}
