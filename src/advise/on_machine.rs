//! A model that is at hand, as it runs on a machine.

use super::remedies::PlanOutcome;
use crate::catalog::Catalog;
use crate::estimate::Verdict;
use crate::plan::{LEAST_DECODE, Machine, ModelChoice, Plan, Runtime};

/// A model on a machine, all else as in a new plan: a GGUF file under llama.cpp, any other files under the server engine that
/// the cards have one for, else Transformers.
pub fn plan_of_choice(model: ModelChoice, machine: &Machine, catalog: &Catalog) -> Plan {
    let mut plan = Plan { machine: machine.clone(), ..Plan::default() };
    let is_gguf = model.known(catalog).is_none_or(|known| !known.file_tensors.is_empty());
    if !is_gguf {
        let runtime = if machine.cards.is_empty() { Runtime::Transformers } else { Runtime::Vllm };
        plan.workload.choose_runtime(runtime);
    }
    let stored = model.known(catalog).and_then(|known| known.file_quantization);
    plan.workload.model = model;
    plan.workload.quantization =
        stored.filter(|_| is_gguf).unwrap_or_else(|| plan.workload.usual_quantization(catalog));
    let trained =
        plan.workload.model.known(catalog).and_then(|known| known.max_position_embeddings).unwrap_or(u64::MAX);
    plan.workload.context = plan.workload.context.min(trained);
    plan.workload.prompt_tokens = plan.workload.prompt_tokens.min(plan.workload.context);
    plan
}

/// What it comes to; `None` where it cannot be estimated or judged.
pub fn come_of(plan: &Plan, catalog: &Catalog) -> Option<PlanOutcome> {
    PlanOutcome::of(plan, catalog)
}

/// Whether that runs, fast enough to be read along.
pub fn can_be_read_along(outcome: &PlanOutcome) -> bool {
    outcome.verdict != Verdict::DoesNotFit && outcome.rate() >= LEAST_DECODE
}
