//! Tensors that lie on a card beside those of a step.

/// In the order in which a run brings them there, in bytes, and what becomes of a step's gradients.
#[derive(Debug, Clone, Default)]
pub(super) struct LastingTensors {
    /// Weights, adapters, master copies and buffers.
    pub(super) weights: Vec<u64>,
    /// States that the optimizer makes at its first step.
    pub(super) states: Vec<u64>,
    /// What it works with at each: tensor by tensor, all of each at once.
    pub(super) working: Vec<Vec<u64>>,
    /// Cards that share out each gradient as soon as it is there.
    pub(super) shares: u64,
    /// Gradients of further micro-batches are added to those that lie there.
    pub(super) accumulates: bool,
}
