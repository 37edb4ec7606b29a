//! Which defaults were filled in: every input that the request left out and that something reads, with the value taken.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::request::Request;
use crate::catalog::Catalog;
use crate::estimate::device::{default_backend, devices};
use crate::estimate::server::settings::Settings;
use crate::plan::inputs::Value;
use crate::plan::{CardChoice, Input, ModelChoice, Plan, Runtime};

/// The `assumed` object, empty where a file gave the keys that no request did. Inputs without a default (a bandwidth nobody
/// gave) are not listed.
pub(super) fn serialize<S: Serializer>(
    serializer: S,
    request: Option<&Request>,
    plan: &Plan,
    catalog: &Catalog,
) -> Result<S::Ok, S::Error> {
    let mut list = List { map: serializer.serialize_map(None)?, written: Ok(()) };
    if let Some(request) = request {
        members(&mut list, request, plan, catalog);
    }
    list.written?;
    list.map.end()
}

fn members<M: SerializeMap>(list: &mut List<M>, request: &Request, plan: &Plan, catalog: &Catalog) {
    let settings = settings(plan, catalog);
    for input in Input::all().filter(|input| !request.gives(*input) && input.is_read(plan)) {
        match input {
            Input::Model => {
                if let ModelChoice::Catalog(id) = &plan.workload.model {
                    list.write(input, id);
                }
            }
            Input::Card | Input::Cards if request.machine.is_some() => {}
            Input::Card => {
                if let Some(CardChoice::Catalog(id)) = plan.machine.cards.first().map(|kind| &kind.card) {
                    list.write(input, id);
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

/// Members of an object; the first that cannot be written is the last.
struct List<M: SerializeMap> {
    map: M,
    written: Result<(), M::Error>,
}

impl<M: SerializeMap> List<M> {
    fn write(&mut self, input: Input, value: &(impl Serialize + ?Sized)) {
        if self.written.is_ok() {
            self.written = self.map.serialize_entry(input.entry().key, value);
        }
    }

    fn value(&mut self, input: Input, value: Value) {
        match value {
            Value::Unset => {}
            Value::Switch(on) => self.write(input, &on),
            Value::Whole(number) => self.write(input, &number),
            Value::Real(number) => self.write(input, &number),
            Value::Choice(place) => self.write(input, input.entry().kind.name(place)),
            Value::Version(version) => self.write(input, &version.to_string()),
        }
    }
}
