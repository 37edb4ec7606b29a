//! Norms of a block.

use super::ops::SINGLE;
use super::recipe::Run;
use super::tensor::Tensor;

/// A norm of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::estimate::training) enum NormKind {
    /// Llama's.
    Rms,
    /// `OLMo` 2's: weights are multiplied in 32 bits.
    RmsWide,
    /// Gemma's: the same with weights that count from one.
    RmsPlusOne,
    /// With a mean, in one kernel.
    Layer,
    /// With a mean and without a bias, in 32 bits (Cohere).
    LayerWide,
}

/// What normalizes queries and keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::estimate::training) enum HeadNorm {
    None,
    /// Each head by itself.
    Each,
    /// All heads together.
    All,
}

impl NormKind {
    /// Norms rows of so many elements.
    pub(super) fn run(self, run: &Run<'_>, x: &Tensor, row: f64) -> Tensor {
        let weight = run.weight(row);
        match self {
            Self::Rms => run.tape.rms_norm(x, row, Some(&weight)),
            Self::RmsWide => run.tape.rms_norm_wide(x, row, &weight),
            Self::RmsPlusOne => {
                let weight = run.tape.cast(&weight, SINGLE);
                run.tape.rms_norm_wide(x, row, &run.tape.scale(&weight))
            }
            Self::LayerWide => run.tape.layer_norm_wide(x, row, &weight),
            Self::Layer => run.tape.layer_norm(x, row, &weight, &run.weight(row)),
        }
    }
}
