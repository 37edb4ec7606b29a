//! What the targets share.

use std::sync::Arc;

use rigplan::catalog::Catalog;
use rigplan::catalog::model::Model;
use rigplan::estimate::estimate;
use rigplan::plan::{ModelChoice, Plan, Runtime, Task};

const RUNTIMES: [Runtime; 6] =
    [Runtime::LlamaCpp, Runtime::Vllm, Runtime::Sglang, Runtime::Tgi, Runtime::TensorRtLlm, Runtime::Transformers];
const TRAINING: [Task; 3] = [Task::Full, Task::Lora, Task::Qlora];

/// Estimates a model with every engine and every task, the rest of the plan by default.
pub fn estimate_model(model: Model) {
    let mut plan = Plan::default();
    plan.workload.model = ModelChoice::File { path: "fuzzed".into(), model: Arc::new(model) };
    estimate_as_every_job(plan);
}

/// Estimates a plan with every engine and every task in place of its own.
pub fn estimate_as_every_job(mut plan: Plan) {
    plan.workload.task = Task::Serve;
    for runtime in RUNTIMES {
        plan.workload.choose_runtime(runtime);
        drop(estimate(&plan, Catalog::embedded()));
    }
    for task in TRAINING {
        plan.workload.task = task;
        drop(estimate(&plan, Catalog::embedded()));
    }
}
