//! Why a number is what it is: the formula, the numbers put in, and how sure it is. Built on demand.

use std::cmp::Reverse;

use super::estimator::trained;
use super::explanation::ExplainRequest;
pub use super::explanation::{Beside, Certainty, Explanation, Factor, Figure, Quantity, Term};
use super::{
    DeviceEstimate, Estimate, EstimateError, Parts, ResidentEstimate, chosen, estimate, llamacpp, server, training,
};
use crate::catalog::Catalog;
use crate::plan::{Plan, Runtime};
use crate::text::Key;
use crate::units::Bytes;

/// Explains `figure` of `plan`, devices and host together.
///
/// # Errors
/// What [`estimate`] refuses.
pub fn explain(plan: &Plan, catalog: &Catalog, figure: Figure) -> Result<Explanation, EstimateError> {
    let found = &estimate(plan, catalog)?;
    let model = &chosen::model(plan, catalog, &mut chosen::TypicalModels::default())?;
    let asked = &ExplainRequest { plan, catalog, model, figure, found };
    match figure {
        Figure::Usable => return Ok(usable(found)),
        Figure::Also => return Ok(residents(found)),
        _ => {}
    }
    let explained = match plan.workload.runtime {
        _ if plan.workload.task.trains() => {
            trained(model, |trained| training::explain::explain(asked, trained)).transpose()?.flatten()
        }
        Runtime::LlamaCpp => llamacpp::explain::explain(asked),
        _ => server::explain::explain(asked)?,
    };
    let mut explained = explained.unwrap_or_else(|| Explanation::unknown(figure));
    // What is asked for comes before what it is spent on.
    if figure != Figure::KvPool {
        explained.terms.sort_by_key(|term| Reverse(term.bytes));
    }
    Ok(explained)
}

fn usable(found: &Estimate) -> Explanation {
    let term = |device: &DeviceEstimate| Term {
        beside: Beside::Whole(device.capacity),
        ..Term::plain(Key::Usable, device.usable)
    };
    let measured = found.devices.iter().all(|device| !device.usable_is_estimate);
    Explanation {
        terms: found.devices.iter().map(term).collect(),
        result: Some(found.devices.iter().map(|device| device.usable).sum()),
        certainty: if measured { Certainty::Measured } else { Certainty::Estimate },
        ..Explanation::unknown(Figure::Usable)
    }
}

/// The parts of all places together.
fn places(found: &Estimate) -> Parts {
    found.parts_in_vram() + found.host.parts
}

/// What of pools is reserved beyond what is needed.
fn unused(found: &Estimate) -> Option<Bytes> {
    found.devices.iter().map(|device| Some(device.held()? - device.total? - device.cached)).sum()
}

/// What other programs take, by what they take it for; the engine's law is that of a plan of its own.
fn residents(found: &Estimate) -> Explanation {
    let alone = || found.also.iter().filter_map(|resident| resident.alone.as_deref());
    let result = found.also.iter().map(ResidentEstimate::held).sum::<Option<Bytes>>();
    let sum = |of: fn(&Estimate) -> Option<Bytes>| alone().map(of).sum::<Option<Bytes>>();
    let terms = [
        (Key::Weights, sum(|it| places(it).loaded())),
        (Key::KvCache, sum(|it| places(it).kv_cache)),
        (Key::RecurrentState, sum(|it| places(it).recurrent_state)),
        (Key::ComputeBuffer, sum(|it| Some(places(it).compute? + places(it).beside?))),
        (Key::Activations, sum(|it| places(it).activations)),
        (Key::KvPool, sum(unused)),
        (Key::RuntimeOverhead, sum(|it| Some(it.overhead()))),
        (Key::HostBuffers, sum(|it| it.host.output)),
    ];
    let terms = terms.into_iter().filter_map(|(name, bytes)| Some(Term::plain(name, bytes?)));
    let mut terms: Vec<Term> = terms.filter(|term| term.bytes > Bytes::ZERO && result.is_some()).collect();
    terms.sort_by_key(|term| Reverse(term.bytes));
    let certainty = if result.is_some() { Certainty::Estimate } else { Certainty::Unknown };
    Explanation { terms, result, certainty, ..Explanation::unknown(Figure::Also) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{Logits, ModelChoice};

    #[test]
    fn the_compute_buffer_names_its_largest_tensors_and_they_add_up() {
        for (id, logits, largest) in [
            ("llama-3.1-8b", Logits::All, Key::RoleLogits),
            ("llama-3.1-8b", Logits::Last, Key::RoleFeedForward),
            // It does not fit: weights that lie in RAM are copied to the card for large batches.
            ("gpt-oss-120b", Logits::Last, Key::RoleWeight),
        ] {
            let mut plan = Plan::default();
            plan.workload.model = ModelChoice::Catalog(id.to_owned());
            plan.workload.logits = logits;
            let why = explain(&plan, Catalog::embedded(), Figure::Compute).unwrap();
            assert_eq!(why.terms.first().map(|term| term.name), Some(largest), "{id}: {:?}", why.terms);
            assert_eq!(Some(why.terms.iter().map(|term| term.bytes).sum()), why.result, "{id}");
        }
    }

    #[test]
    fn logits_of_a_whole_batch_say_their_product() {
        let mut plan = Plan::default();
        plan.workload.logits = Logits::All;
        let why = explain(&plan, Catalog::embedded(), Figure::Compute).unwrap();
        assert_eq!(why.terms[0].factors.iter().map(|factor| factor.value).collect::<Vec<_>>(), [512.0, 128_256.0, 4.0]);
    }

    #[test]
    fn a_plain_cache_is_one_product() {
        let why = explain(&Plan::default(), Catalog::embedded(), Figure::KvCache).unwrap();
        let [term] = why.terms.as_slice() else { panic!("{:?}", why.terms) };
        let factors: Vec<f64> = term.factors.iter().map(|factor| factor.value).collect();
        assert_eq!(factors, [2.0, 32.0, 8.0, 128.0, 8192.0, 1.0, 2.0]);
    }
}
