//! Experts that lie in RAM while all else of their layers lies on devices.

use crate::units::Bytes;

/// Experts that lie in RAM while all else of their layers lies on devices.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExpertsInRam {
    /// Those of the first so many layers of the model: what the engine is told (`--n-cpu-moe`). Layers without experts and
    /// layers that are in RAM themselves count along.
    pub first: u32,
    /// Layers of which that is so.
    pub layers: u32,
    /// What they take in RAM.
    pub bytes: Bytes,
    /// The devices share the layers otherwise than they would by themselves, which the engine must be told
    /// (`--tensor-split`).
    pub own_split: bool,
}
