//! What training tools have in common.

use crate::plan::Plan;

/// Whether a model is trained by copies alone: neither cut across cards nor in stages, which these tools leave to others; and
/// by the allocator as it is, whose other segments are asked for in the environment, where no file of theirs reaches.
pub(super) fn alone(plan: &Plan) -> bool {
    let training = &plan.workload.training;
    let whole = plan.workload.tensor_parallel.unwrap_or(1) == 1 && training.pipeline_parallel <= 1;
    plan.workload.task.trains() && whole && !training.sequence_parallel && !training.expandable_segments
}
