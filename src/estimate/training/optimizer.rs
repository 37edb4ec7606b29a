//! What an optimizer keeps of one tensor, and what it works with at its step.
//!
//! Sources: `torch/optim/adamw.py` (two moments in the parameter's type, a step counter that is a tensor), bitsandbytes 0.50.2
//! (`optim/optimizer.py`: 8-bit states from 4,096 elements on, in blocks of 256), `transformers/optimization.py` (Adafactor),
//! KellerJordan/Muon `muon.py` (`zeropower_via_newtonschulz5`: matrices of the layers have a momentum, which five Newton-Schulz
//! iterations in 16 bits make orthogonal; Adam for all else), jiaweizzhao/GaLore `galore_torch` (`adamw.py`, `galore_projector.py`:
//! Adam over a gradient that is projected along the shorter side of its matrix, by vectors of its singular value decomposition;
//! arXiv:2403.03507).

use super::stored::{ROUND, rounded};
use super::tensor_groups::{TensorGroup, TrainingRole};
use crate::plan::{Optimizer, Precision, Training};

/// bitsandbytes keeps the states of smaller tensors in 32 bits (`min_8bit_size`).
pub(super) const LEAST_8BIT: u64 = 4096;
/// Elements of 8-bit states that share one scale.
pub(super) const SCALE_BLOCK: u64 = 256;
/// Tensors that an optimizer keeps of one parameter at most: two moments and the scales of both.
const MOST_MOMENTS: usize = 4;
/// Tensors of a matrix' size that a Newton-Schulz iteration holds beside the gradient: the matrix, it times a number, its product
/// with the square, and the sum of both.
const ITERATION_MATRICES: usize = 4;
/// Squares of the shorter side beside them: the matrix times itself, and that taken on.
const ITERATION_SQUARES: usize = 2;
/// Bytes of an element there, and of one of a decomposition.
const ITERATION_WIDTH: u64 = 2;
const DECOMPOSED_WIDTH: u64 = 4;

/// Muon takes matrices of the layers; embeddings, the output matrix, norms and biases are left to Adam.
const fn is_orthogonalized(group: &TensorGroup) -> bool {
    group.is_linear() || group.is_of_experts() || matches!(group.role, TrainingRole::Router)
}

/// The longer and the shorter side of a linear layer's matrix that `GaLore` projects: one whose shorter side is above the rank.
fn projected(group: &TensorGroup, training: &Training) -> Option<(u64, u64)> {
    let (short, long) = (group.inputs.min(group.outputs), group.inputs.max(group.outputs));
    (group.is_linear() && u64::from(training.galore_rank) < short).then_some((long, short))
}

/// Elements of the moments that Muon and `GaLore` keep of one tensor.
pub(super) fn moment_elements(group: &TensorGroup, training: &Training) -> u64 {
    match training.optimizer {
        Optimizer::Muon if is_orthogonalized(group) => group.elements(),
        Optimizer::GaLore => 2 * projected_elements(group, training),
        Optimizer::Muon => 2 * group.elements(),
        _ => 0,
    }
}

/// Elements of a gradient as `GaLore` hands it on.
fn projected_elements(group: &TensorGroup, training: &Training) -> u64 {
    projected(group, training).map_or_else(|| group.elements(), |(long, _)| u64::from(training.galore_rank) * long)
}

/// Elements of what `GaLore` projects a tensor's gradient with.
pub(super) fn projection_elements(group: &TensorGroup, training: &Training) -> u64 {
    let short = projected(group, training).filter(|_| training.optimizer == Optimizer::GaLore);
    short.map_or(0, |(_, short)| u64::from(training.galore_rank) * short)
}

/// Bytes of the tensors that Muon and `GaLore` work with on one tensor whose gradient has `width` bytes an element, all at once.
/// What the solver of the decomposition takes for itself is not known.
pub(super) fn working(group: &TensorGroup, width: u64, training: &Training) -> Vec<u64> {
    let short = group.inputs.min(group.outputs);
    let squares = group.matrices * short * short;
    match training.optimizer {
        Optimizer::Muon if is_orthogonalized(group) => {
            let matrices = std::iter::repeat_n(ITERATION_WIDTH * group.elements(), ITERATION_MATRICES);
            let squares = std::iter::repeat_n(ITERATION_WIDTH * squares, ITERATION_SQUARES);
            matrices.chain(squares).map(rounded).collect()
        }
        // The gradient in 32 bits where it is not, and the vectors of both sides.
        Optimizer::GaLore if projected(group, training).is_some() => {
            let copy = (width < DECOMPOSED_WIDTH).then_some(group.elements());
            let all = copy.into_iter().chain([group.elements(), squares]);
            all.map(|elements| rounded(DECOMPOSED_WIDTH * elements)).collect()
        }
        _ => Vec::new(),
    }
}

/// The same in all.
pub(super) fn working_bytes(group: &TensorGroup, width: u64, training: &Training) -> u64 {
    match training.optimizer {
        Optimizer::Muon | Optimizer::GaLore => working(group, width, training).iter().sum(),
        _ => 0,
    }
}

/// Rows and columns of a tensor's matrices, each rounded up; of what is no matrix its elements.
pub(super) const fn factored(group: &TensorGroup) -> u64 {
    if group.outputs > 1 {
        group.matrices * (rounded(4 * group.outputs) + rounded(4 * group.inputs)) / 4
    } else {
        rounded(4 * group.elements()) / 4
    }
}

/// Optimizer states of one tensor whose type has `width` bytes, master copy included.
pub(super) fn optimizer(group: &TensorGroup, width: u64, training: &Training) -> u64 {
    master(group, training) + moments(group, width, training).iter().sum::<u64>()
}

/// The master copy of one tensor.
pub(super) fn master(group: &TensorGroup, training: &Training) -> u64 {
    if training.precision == Precision::Bf16Master { rounded(4 * group.elements()) } else { 0 }
}

/// What an optimizer keeps of one tensor whose type has `width` bytes, tensor by tensor; 0 = no more.
pub(super) fn moments(group: &TensorGroup, width: u64, training: &Training) -> [u64; MOST_MOMENTS] {
    let elements = group.elements();
    // The projection is of the gradient's type.
    let projection = rounded(width * projection_elements(group, training));
    let width = if training.precision == Precision::Bf16Master { 4 } else { width };
    match training.optimizer {
        Optimizer::AdamW | Optimizer::AdamWForeach => {
            let moment = rounded(width * elements);
            [ROUND, moment, moment, 0]
        }
        Optimizer::AdamW8bit | Optimizer::PagedAdamW8bit if elements < LEAST_8BIT => {
            let moment = rounded(4 * elements);
            [moment, moment, 0, 0]
        }
        Optimizer::AdamW8bit | Optimizer::PagedAdamW8bit => {
            let (moment, scales) = (rounded(elements), rounded(4 * elements.div_ceil(SCALE_BLOCK)));
            [moment, moment, scales, scales]
        }
        // For each row and column of a matrix.
        Optimizer::Adafactor if group.outputs > 1 => {
            let [rows, columns] = [group.outputs, group.inputs].map(|each| group.matrices * rounded(4 * each));
            [rows, columns, 0, 0]
        }
        Optimizer::Adafactor => [rounded(4 * elements), 0, 0, 0],
        Optimizer::Muon if is_orthogonalized(group) => [rounded(width * elements), 0, 0, 0],
        Optimizer::Muon => {
            let moment = rounded(width * elements);
            [moment, moment, 0, 0]
        }
        Optimizer::GaLore => {
            let moment = rounded(width * projected_elements(group, training));
            [moment, moment, projection, 0]
        }
        Optimizer::Sgd => [0; MOST_MOMENTS],
        Optimizer::SgdMomentum => [rounded(width * elements), 0, 0, 0],
    }
}
