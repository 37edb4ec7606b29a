//! Which defaults were filled in: every input that the request left out and that something reads, with the value taken.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::request::Request;
use crate::catalog::Catalog;
use crate::estimate::device::{default_backend, devices};
use crate::estimate::server::settings::EngineSettings;
use crate::plan::inputs::InputValue;
use crate::plan::{CardChoice, Input, ModelChoice, Plan, ResidentPlace, Runtime};

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

/// The same of a row of `also`, whose plan is `own`; `place` where nobody said where it lies.
pub(super) fn of_row<S: Serializer>(
    serializer: S,
    request: Option<&Request>,
    place: Option<&impl Serialize>,
    own: &Plan,
    catalog: &Catalog,
) -> Result<S::Ok, S::Error> {
    let mut list = List { map: serializer.serialize_map(None)?, written: Ok(()) };
    if let Some(request) = request {
        inputs(&mut list, request, own, catalog, Input::is_of_resident);
    }
    if let Some(place) = place
        && list.written.is_ok()
    {
        list.written = list.map.serialize_entry(ResidentPlace::KEY, place);
    }
    list.written?;
    list.map.end()
}

fn members<M: SerializeMap>(list: &mut List<M>, request: &Request, plan: &Plan, catalog: &Catalog) {
    inputs(list, request, plan, catalog, |_| true);
}

fn inputs<M: SerializeMap>(
    list: &mut List<M>,
    request: &Request,
    plan: &Plan,
    catalog: &Catalog,
    asked: fn(Input) -> bool,
) {
    let settings = settings(plan, catalog);
    for input in Input::all().filter(|input| asked(*input) && !request.gives(*input) && input.is_read(plan)) {
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
                list.value(input, count.map_or(InputValue::Unset, |count| InputValue::Whole(count.into())));
            }
            Input::TensorSplit | Input::OverrideTensors | Input::Also => {}
            Input::Speculative => list.write(input, plan.workload.speculation.drafter.name()),
            // Beside layers that are given there is nothing to choose.
            Input::CpuExperts if !plan.workload.places_experts() => {
                list.value(input, InputValue::Whole(plan.workload.asked_experts().into()));
            }
            input => match input.get(plan) {
                InputValue::Unset => list.value(input, left_open(input, plan, catalog, settings.as_ref())),
                value => list.value(input, value),
            },
        }
    }
}

fn settings<'a>(plan: &Plan, catalog: &'a Catalog) -> Option<EngineSettings<'a>> {
    if plan.workload.task.trains() || plan.workload.runtime == Runtime::LlamaCpp {
        return None;
    }
    devices(plan, catalog).and_then(|devices| EngineSettings::of(plan, catalog, &devices)).ok()
}

/// What stands for an input that the plan leaves open.
fn left_open(input: Input, plan: &Plan, catalog: &Catalog, settings: Option<&EngineSettings<'_>>) -> InputValue {
    let engine = |of: fn(&EngineSettings<'_>) -> InputValue| settings.map_or(InputValue::Unset, of);
    match input {
        Input::Depth => InputValue::Whole(plan.workload.context),
        Input::Backend => match plan.machine.cards.first().map(|kind| &kind.card) {
            Some(CardChoice::Catalog(id)) => {
                catalog.card(id).map_or(InputValue::Unset, |card| InputValue::Choice(default_backend(card) as u8))
            }
            _ => InputValue::Unset,
        },
        Input::DraftTokens => InputValue::Whole(plan.workload.speculation.ahead(plan.workload.runtime).into()),
        Input::DraftQuant => InputValue::Choice(plan.workload.quantization as u8),
        Input::TensorParallel if plan.workload.task.trains() => InputValue::Whole(1),
        Input::TensorParallel => engine(|it| InputValue::Whole(it.ranks)),
        Input::GpuMemoryUtilization => engine(|it| InputValue::Real(it.utilization)),
        Input::MaxNumSeqs => engine(|it| InputValue::Whole(it.max_num_seqs)),
        Input::MaxBatchedTokens => engine(|it| InputValue::Whole(it.max_batched_tokens)),
        _ => InputValue::Unset,
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

    fn value(&mut self, input: Input, value: InputValue) {
        match value {
            InputValue::Unset => {}
            InputValue::Switch(on) => self.write(input, &on),
            InputValue::Whole(number) => self.write(input, &number),
            InputValue::Real(number) => self.write(input, &number),
            InputValue::Choice(place) => self.write(input, input.entry().kind.name(place)),
            InputValue::Version(version) => self.write(input, &version.to_string()),
        }
    }
}
