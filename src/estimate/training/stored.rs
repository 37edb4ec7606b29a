//! What a weight takes where it is stored: in the type that runs, or quantized.
//!
//! Sources: bitsandbytes 0.50.2 (`functional.py`: nf4 in blocks of 64, their scales in blocks of 256; `nn/modules.py`: 8 bits with
//! an FP32 scale for each row), `AutoGPTQ` 0.7 (`qlinear_cuda.py`: `qweight`, `qzeros`, `scales`, `g_idx`).

use super::tensor_groups::TensorGroup;
use crate::plan::{BaseQuant, Task, Training};

/// What the CUDA caching allocator rounds every tensor up to.
pub(super) const ROUND: u64 = 512;
/// Weights that share one scale in nf4, and scales that share one of the second level.
pub(super) const NF4_BLOCK: u64 = 64;
pub(super) const NF4_SCALES: u64 = 256;
/// Weights of a column that share one scale and zero in a GPTQ checkpoint.
pub(super) const GPTQ_GROUP: u64 = 128;
/// Bytes of a group's scale in 16 bits and of its zero in 4.
pub(super) const GPTQ_SCALE: f64 = 2.5;

/// A tensor rounded as the allocator rounds it.
pub(super) const fn rounded(bytes: u64) -> u64 {
    bytes.next_multiple_of(ROUND)
}

/// Bytes of one tensor of the base.
pub(super) fn stored(group: &TensorGroup, task: Task, training: &Training, width: u64) -> u64 {
    let matrix = group.inputs * group.outputs;
    match quantized(group, task, training) {
        None => rounded(width * group.elements()),
        Some(BaseQuant::Nf4) => group.matrices * nf4(matrix, training.double_quantization),
        Some(BaseQuant::Int8) => group.matrices * (rounded(matrix) + rounded(4 * group.outputs)),
        Some(BaseQuant::Gptq) => group.matrices * gptq(group.inputs, group.outputs),
    }
}

/// The part of a stored tensor that is one piece: what is left are small ones, its scales and tables.
pub(super) fn codes(group: &TensorGroup, task: Task, training: &Training, width: u64) -> u64 {
    let elements = group.elements();
    match quantized(group, task, training) {
        None => rounded(width * elements),
        Some(BaseQuant::Nf4 | BaseQuant::Gptq) => rounded(elements.div_ceil(2)),
        Some(BaseQuant::Int8) => rounded(elements),
    }
}

/// How this tensor is quantized; norms, embeddings and the output matrix never are.
pub(super) const fn quantized(group: &TensorGroup, task: Task, training: &Training) -> Option<BaseQuant> {
    if group.is_linear() || training.quantized_experts && group.is_of_experts() {
        training.quantized_base(task)
    } else {
        None
    }
}

/// A matrix in nf4: codes, scales of blocks, the table of 16 values, and the second level of scales.
fn nf4(elements: u64, double: bool) -> u64 {
    let (codes, blocks) = (rounded(elements.div_ceil(2)), elements.div_ceil(NF4_BLOCK));
    if double {
        let second = rounded(4 * blocks.div_ceil(NF4_SCALES)) + rounded(4 * NF4_SCALES);
        codes + rounded(blocks) + rounded(64) + rounded(4) + second
    } else {
        codes + rounded(4 * blocks) + rounded(64)
    }
}

/// A matrix in GPTQ: codes, scales and zeros of groups, and which group a row is in.
fn gptq(inputs: u64, outputs: u64) -> u64 {
    let groups = inputs.div_ceil(GPTQ_GROUP) * outputs;
    rounded((inputs * outputs).div_ceil(2)) + rounded(2 * groups) + rounded(groups.div_ceil(2)) + rounded(4 * inputs)
}
