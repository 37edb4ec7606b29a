//! Why a number is what it is: the formula, the numbers put in, and how sure it is. Built on demand.

use std::cmp::Reverse;

use super::explanation::ExplainRequest;
pub use super::explanation::{Beside, Certainty, Explanation, Factor, Figure, Quantity, Term};
use super::{DeviceEstimate, Estimate, EstimateError, chosen, estimate, llamacpp, server, training};
use crate::catalog::Catalog;
use crate::plan::{Plan, Runtime};
use crate::text::Key;

/// Explains `figure` of `plan`, devices and host together.
///
/// # Errors
/// What [`estimate`] refuses.
pub fn explain(plan: &Plan, catalog: &Catalog, figure: Figure) -> Result<Explanation, EstimateError> {
    let found = &estimate(plan, catalog)?;
    let model = &chosen::model(plan, catalog, &mut chosen::TypicalModels::default())?;
    let asked = &ExplainRequest { plan, catalog, model, figure, found };
    if figure == Figure::Usable {
        return Ok(usable(found));
    }
    let explained = match plan.workload.runtime {
        _ if plan.workload.task.trains() => training::explain::explain(asked)?,
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
