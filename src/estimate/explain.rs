//! Why a number is what it is: the formula, the numbers put in, and how sure it is. Built on demand.

pub use super::explanation::{Beside, Certainty, Explanation, Factor, Figure, Quantity, Role, Term, TermName};
use super::{DeviceEstimate, Estimate, EstimateError, chosen, estimate, llamacpp, server, training};
use crate::catalog::Catalog;
use crate::catalog::runtime::Backend;
use crate::plan::{ModelChoice, Plan, Runtime};
use crate::units::Bytes;

/// Where the laws come from.
const ENGINE: &str = "llama.cpp 0.5.0-dev, commit 0c1e57098";

/// Explains `figure` of `plan`, devices and host together.
///
/// # Errors
/// What [`estimate`] refuses.
pub fn explain(plan: &Plan, catalog: &Catalog, figure: Figure) -> Result<Explanation, EstimateError> {
    let found = estimate(plan, catalog)?;
    let model = chosen::model(plan, catalog, &mut chosen::TypicalModels::default())?;
    if plan.workload.task.trains()
        && let Some((lines, result, certainty, source)) =
            training::explain::explain((plan, catalog), &model, figure, &found)?
    {
        return Ok(Explanation { figure, lines, terms: Vec::new(), result, certainty, source });
    }
    if plan.workload.runtime != Runtime::LlamaCpp
        && !plan.workload.task.trains()
        && let Some((lines, result, certainty, source)) =
            server::explain::explain((plan, catalog), &model, figure, &found)?
    {
        return Ok(Explanation { figure, lines, terms: Vec::new(), result, certainty, source });
    }
    let assumed = matches!(plan.workload.model, ModelChoice::Size(_));
    let result = match figure {
        Figure::Weights => total(&found, |parts| parts.weights),
        Figure::KvCache => total(&found, |parts| parts.kv_cache),
        Figure::RecurrentState => total(&found, |parts| parts.recurrent_state),
        Figure::Compute => total(&found, |parts| parts.compute),
        Figure::HostBuffers => found.host.output,
        Figure::Overhead => Some(found.overhead()),
        Figure::Usable => Some(found.devices.iter().map(|device| device.usable).sum()),
        Figure::Activations | Figure::Gradients | Figure::Adapter | Figure::Optimizer | Figure::KvPool => None,
    };
    let certainty = match figure {
        _ if result.is_none() => Certainty::Unknown,
        Figure::Usable if found.devices.iter().all(|device| !device.usable_is_estimate) => Certainty::Measured,
        Figure::Overhead | Figure::Usable => Certainty::Estimate,
        _ if assumed || plan.workload.quantization.needs_importance_matrix() => Certainty::Estimate,
        // The allocator was replayed with CUDA's rules.
        Figure::Compute if found.devices.iter().any(|device| device.backend != Backend::Cuda) => Certainty::Estimate,
        _ => Certainty::Exact,
    };
    let terms = match figure {
        Figure::Weights => llamacpp::explain::weights(&found, result),
        Figure::KvCache => llamacpp::explain::kv_cache(plan, &model, result),
        Figure::RecurrentState => llamacpp::explain::recurrent_state(plan, &model, result),
        Figure::Compute => llamacpp::explain::compute((plan, catalog), &model, &found, result),
        Figure::HostBuffers => llamacpp::explain::host_buffers(plan, &model, result),
        Figure::Overhead => overhead(&found),
        Figure::Usable => usable(&found),
        Figure::Activations | Figure::Gradients | Figure::Adapter | Figure::Optimizer | Figure::KvPool => Vec::new(),
    };
    Ok(Explanation { figure, lines: Vec::new(), terms, result, certainty, source: source(figure, plan, catalog) })
}

fn source(figure: Figure, plan: &Plan, catalog: &Catalog) -> String {
    match figure {
        Figure::Overhead => catalog.overhead(plan.workload.backend.unwrap_or(Backend::Cuda)).source.clone(),
        // Said by the formula already.
        Figure::Usable
        | Figure::Activations
        | Figure::Gradients
        | Figure::Adapter
        | Figure::Optimizer
        | Figure::KvPool => String::new(),
        Figure::Weights => format!("{ENGINE}, llama-quant.cpp"),
        Figure::KvCache => format!("{ENGINE}, llama-kv-cache.cpp"),
        Figure::RecurrentState => format!("{ENGINE}, llama-memory-recurrent.cpp"),
        Figure::Compute | Figure::HostBuffers => format!("{ENGINE}, ggml-alloc.c"),
    }
}

fn total(found: &Estimate, part: fn(&super::Parts) -> Option<Bytes>) -> Option<Bytes> {
    found.devices.iter().map(|device| part(&device.parts)).chain([part(&found.host.parts)]).sum()
}

/// Cards that are alike, with the band of one.
fn overhead(found: &Estimate) -> Vec<Term> {
    let term = |devices: &[DeviceEstimate]| {
        let band = devices.first()?.overhead;
        let count = devices.len() as u64;
        let factors = [Factor::count(Quantity::Cards, count), Factor::count(Quantity::CardBytes, band.expected.0)];
        let term = Term::product(TermName::Overhead, factors, Bytes(count * band.expected.0));
        Some(Term { beside: Beside::Band(band), ..term })
    };
    found.devices.chunk_by(|one, next| one.overhead == next.overhead).filter_map(term).collect()
}

fn usable(found: &Estimate) -> Vec<Term> {
    let term = |device: &DeviceEstimate| Term {
        beside: Beside::Whole(device.capacity),
        ..Term::plain(TermName::Usable, device.usable)
    };
    found.devices.iter().map(term).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Logits;

    #[test]
    fn the_compute_buffer_names_its_largest_tensors_and_they_add_up() {
        for (id, logits, largest) in [
            ("llama-3.1-8b", Logits::All, Role::Logits),
            ("llama-3.1-8b", Logits::Last, Role::FeedForward),
            // It does not fit: weights that lie in RAM are copied to the card for large batches.
            ("gpt-oss-120b", Logits::Last, Role::Weight),
        ] {
            let mut plan = Plan::default();
            plan.workload.model = ModelChoice::Catalog(id.to_owned());
            plan.workload.logits = logits;
            let why = explain(&plan, Catalog::embedded(), Figure::Compute).unwrap();
            assert_eq!(
                why.terms.first().map(|term| term.name),
                Some(TermName::Tensors(largest)),
                "{id}: {:?}",
                why.terms
            );
            assert_eq!(Some(why.terms.iter().map(|term| term.bytes).sum()), why.result, "{id}");
            assert_eq!(why.terms.last().map(|term| term.name), Some(TermName::Others), "{id}: the rest comes last");
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
