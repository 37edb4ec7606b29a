//! What one device holds, and where it is fullest.

use super::phases::{Height, PhaseHeights};
use crate::estimate::answer::TrainingPhase;

/// Everything that one device holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct DeviceShare {
    pub(super) weights: f64,
    pub(super) optimizer: f64,
    /// Copies for communication, and weights gathered from other devices.
    pub(super) buffers: f64,
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
        let mut peak = (TrainingPhase::OptimizerStep, Height::default());
        for (phase, height) in self.heights.phases() {
            if height.total() > peak.1.total() {
                peak = (phase, height);
            }
        }
        peak
    }

    /// All that lies on the device at its peak.
    pub(super) fn total(&self) -> f64 {
        self.weights + self.optimizer + self.buffers + self.positions + self.peak().1.total()
    }
}
