//! What one device holds, and where it is fullest.

use super::buffers::Buffers;
use super::phases::{Height, PhaseHeights};
use super::reserved::Reserved;
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
    /// What the allocator reserves where no card limits it, where a step was replayed.
    pub(super) blocks: Option<Reserved>,
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

    /// Bytes of segments beside the tensors that lie in them: what no card gets back.
    pub(super) fn fragments(&self) -> f64 {
        self.blocks.map_or(0.0, |blocks| blocks.fragments() as f64)
    }

    /// Bytes of segments that no tensor of the peak uses, which the card gets back before memory is out; weights gathered ahead
    /// have blocks of their own.
    pub(super) fn cached(&self) -> f64 {
        let gathered = if self.buffers.freed { self.buffers.at(TrainingPhase::Forward) } else { 0.0 };
        self.blocks.map_or_else(|| self.unlent_by_phases(), |blocks| blocks.cached() as f64) + gathered
    }

    /// Where no step was replayed: blocks of a layer are too small for logits, those of logits are free when a layer is at work.
    fn unlent_by_phases(&self) -> f64 {
        let of = |wanted: TrainingPhase| self.heights.phases().find(|(phase, _)| *phase == wanted).map(|it| it.1);
        let logits = of(TrainingPhase::LossBackward).map_or(0.0, |height| height.logits);
        let layer = of(TrainingPhase::LastLayerBackward).map_or(0.0, |height| height.temporaries);
        logits.clamp(0.0, layer.max(0.0))
    }

    /// All that lies on the device at its peak.
    pub(super) fn total(&self) -> f64 {
        let (phase, height) = self.peak();
        self.weights + self.optimizer + self.buffers.at(phase) + self.positions + height.total()
    }
}
