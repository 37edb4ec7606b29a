//! What one device holds, and where it is fullest.

use super::buffers::Buffers;
use super::phases::{Height, PhaseHeights};
use crate::estimate::answer::TrainingPhase;

/// Everything that one device holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct DeviceShare {
    pub(super) weights: f64,
    pub(super) optimizer: f64,
    pub(super) buffers: Buffers,
    /// Tables of positions, beside the weights.
    pub(super) positions: f64,
    pub(super) heights: PhaseHeights,
    pub(super) layers: u64,
    /// What of it lies in RAM.
    pub(super) in_ram: InRam,
}

/// What one device has put into RAM or onto the disk.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct InRam {
    pub(super) weights: f64,
    pub(super) optimizer: f64,
    pub(super) gradients: f64,
    pub(super) activations: f64,
}

impl DeviceShare {
    /// The phase at which most lies on the device, and what lies there.
    pub(super) fn peak(&self) -> (TrainingPhase, Height) {
        let total = |(phase, height): &(TrainingPhase, Height)| height.total() + self.buffers.at(*phase);
        let mut peak = (TrainingPhase::OptimizerStep, Height::default());
        for reached in self.heights.phases() {
            if total(&reached) > total(&peak) {
                peak = reached;
            }
        }
        peak
    }

    /// Blocks that the allocator keeps for one phase and cannot lend to another: those of a layer are too small for logits,
    /// those of logits are free when a layer is at work; weights gathered ahead have blocks of their own.
    pub(super) fn unlent(&self) -> f64 {
        let of = |wanted: TrainingPhase| self.heights.phases().find(|(phase, _)| *phase == wanted).map(|it| it.1);
        let logits = of(TrainingPhase::LossBackward).map_or(0.0, |height| height.logits);
        let layer = of(TrainingPhase::LastLayerBackward).map_or(0.0, |height| height.temporaries);
        let gathered = if self.buffers.freed { self.buffers.at(TrainingPhase::Forward) } else { 0.0 };
        logits.clamp(0.0, layer.max(0.0)) + gathered
    }

    /// All that lies on the device at its peak.
    pub(super) fn total(&self) -> f64 {
        let (phase, height) = self.peak();
        self.weights + self.optimizer + self.buffers.at(phase) + self.positions + height.total()
    }
}
