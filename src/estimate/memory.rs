//! What memory is taken for.

/// The components of memory, in stacking order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Memory {
    /// Weights.
    Weights,
    /// KV cache, and the state of recurrent layers.
    Kv,
    /// Compute buffer, activations, host buffers.
    Compute,
    /// Runtime overhead, other processes.
    Overhead,
    /// Operating system and other programs.
    Os,
    /// Gradients.
    Gradients,
    /// Optimizer states and master weights.
    Optimizer,
    /// Adapters of `LoRA`.
    Adapter,
    /// Other programs of the plan.
    Also,
}
