//! Which defaults were filled in: every input that the request left out and that something reads, with the value taken.

use super::json::Json;
use super::request::Request;
use crate::catalog::Catalog;
use crate::estimate::device::{default_backend, devices};
use crate::estimate::server::settings::Settings;
use crate::plan::inputs::Value;
use crate::plan::{CardChoice, Input, ModelChoice, Plan, Runtime};

/// Appends the members of the `assumed` object. Inputs without a default (a bandwidth nobody gave) are not listed.
pub(super) fn write(json: &mut Json<'_>, request: &Request, plan: &Plan, catalog: &Catalog) {
    let mut list = List { json, empty: true };
    let settings = settings(plan, catalog);
    for input in Input::all().filter(|input| input.is_read(plan) && !request.gives(*input)) {
        match input {
            Input::Model => {
                if let ModelChoice::Catalog(id) = &plan.workload.model {
                    list.text(input, id);
                }
            }
            Input::Card | Input::Cards if request.machine.is_some() => {}
            Input::Card => {
                if let Some(CardChoice::Catalog(id)) = plan.machine.cards.first().map(|kind| &kind.card) {
                    list.text(input, id);
                }
            }
            Input::Cards => {
                let count = plan.machine.cards.first().map(|kind| kind.count);
                list.value(input, count.map_or(Value::Unset, |count| Value::Whole(count.into())));
            }
            input => match input.get(plan) {
                Value::Unset => list.value(input, left_open(input, plan, catalog, settings.as_ref())),
                value => list.value(input, value),
            },
        }
    }
}

fn settings<'a>(plan: &Plan, catalog: &'a Catalog) -> Option<Settings<'a>> {
    if plan.workload.task.trains() || plan.workload.runtime == Runtime::LlamaCpp {
        return None;
    }
    devices(plan, catalog).and_then(|devices| Settings::of(plan, catalog, &devices)).ok()
}

/// What stands for an input that the plan leaves open.
fn left_open(input: Input, plan: &Plan, catalog: &Catalog, settings: Option<&Settings<'_>>) -> Value {
    let engine = |of: fn(&Settings<'_>) -> Value| settings.map_or(Value::Unset, of);
    match input {
        Input::Depth => Value::Whole(plan.workload.context),
        Input::Backend => match plan.machine.cards.first().map(|kind| &kind.card) {
            Some(CardChoice::Catalog(id)) => {
                catalog.card(id).map_or(Value::Unset, |card| Value::Choice(default_backend(card) as u8))
            }
            _ => Value::Unset,
        },
        Input::TensorParallel if plan.workload.task.trains() => Value::Whole(1),
        Input::TensorParallel => engine(|it| Value::Whole(it.ranks)),
        Input::GpuMemoryUtilization => engine(|it| Value::Real(it.utilization)),
        Input::MaxNumSeqs => engine(|it| Value::Whole(it.max_num_seqs)),
        Input::MaxBatchedTokens => engine(|it| Value::Whole(it.max_batched_tokens)),
        _ => Value::Unset,
    }
}

/// Members of an object, with the commas between them.
struct List<'j, 'b> {
    json: &'j mut Json<'b>,
    empty: bool,
}

impl List<'_, '_> {
    fn key(&mut self, input: Input) {
        self.json.raw(if self.empty { "\"" } else { ",\"" });
        self.json.raw(input.entry().key);
        self.json.raw("\":");
        self.empty = false;
    }

    fn text(&mut self, input: Input, text: &str) {
        self.key(input);
        self.json.value(text);
    }

    fn name(&mut self, input: Input, name: &str) {
        self.key(input);
        self.json.raw("\"");
        self.json.raw(name);
        self.json.raw("\"");
    }

    fn value(&mut self, input: Input, value: Value) {
        match value {
            Value::Unset => {}
            Value::Switch(on) => {
                self.key(input);
                self.json.raw(if on { "true" } else { "false" });
            }
            Value::Whole(number) => {
                self.key(input);
                self.json.number(number);
            }
            Value::Real(number) => {
                self.key(input);
                self.json.value(&number);
            }
            Value::Choice(place) => self.name(input, input.entry().kind.name(place)),
            Value::Version(version) => self.text(input, &version.to_string()),
        }
    }
}
