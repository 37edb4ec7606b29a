//! Copies for communication, and weights gathered from other devices, by phase.
//!
//! Sources: `torch/distributed/fsdp` (`_runtime_utils.py`: the next unit is gathered ahead, of the root's nothing is freed before the
//! step), `DeepSpeed` (`stage3.py`).

use crate::estimate::answer::TrainingPhase;

/// Layers whose weights are gathered: the one in use and the next. As many layers' gradients wait to be scattered.
pub(super) const GATHERED_LAYERS: f64 = 2.0;

/// Bytes of one device.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Buffers {
    /// Gathered weights of one layer.
    pub(super) layer: f64,
    /// Those of embedding and output matrix.
    pub(super) ends: f64,
    /// Gradients on their way.
    pub(super) communicated: f64,
    /// FSDP: all of it is gone at the optimizer's step, and the first layer is the last to be gathered.
    pub(super) freed: bool,
}

impl Buffers {
    pub(super) fn at(&self, phase: TrainingPhase) -> f64 {
        self.layers(phase) * self.layer + self.others(phase) * (self.ends + self.communicated)
    }

    /// How many layers are gathered.
    pub(super) const fn layers(&self, phase: TrainingPhase) -> f64 {
        match phase {
            TrainingPhase::OptimizerStep if self.freed => 0.0,
            TrainingPhase::FirstLayerBackward | TrainingPhase::EmbeddingBackward if self.freed => 1.0,
            _ => GATHERED_LAYERS,
        }
    }

    /// How often the rest is there.
    pub(super) const fn others(&self, phase: TrainingPhase) -> f64 {
        if self.freed && matches!(phase, TrainingPhase::OptimizerStep) { 0.0 } else { 1.0 }
    }
}
