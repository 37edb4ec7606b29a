//! One step of training, phase by phase, and how long the job takes.

use strum::{EnumCount, VariantArray};

use crate::units::{Band, Bytes};

/// The phases of a training step, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, EnumCount, VariantArray)]
#[serde(rename_all = "snake_case")]
pub enum TrainingPhase {
    /// Forward pass, the output matrix included.
    Forward,
    /// The loss is calculated.
    Loss,
    /// Backward through loss and output matrix.
    LossBackward,
    /// Backward through the last layer, which comes first: most activations are still there.
    LastLayerBackward,
    /// Backward through the first layer: most gradients are there.
    FirstLayerBackward,
    /// Backward through the embedding.
    EmbeddingBackward,
    /// The optimizer's step.
    OptimizerStep,
}

/// One training step on the device that holds most.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingStep {
    /// Index of that device.
    pub device: usize,
    /// The phases in order; the device has no part in those that are absent.
    pub phases: Vec<PhaseBytes>,
    /// The phase at which most lies there: what the estimate's parts are.
    pub peak: TrainingPhase,
    /// Trained parameters of the whole model.
    pub trained: u64,
    /// Adapters on each device, part of its weights; zero where all weights are trained.
    pub adapter: Bytes,
    /// One checkpoint of the run on the disk: what is trained, and its optimizer states.
    pub checkpoint: Bytes,
    /// Those that stay there.
    pub disk: Bytes,
    /// How long the job takes; `None` = no data.
    pub time: Option<JobTime>,
}

/// What lies on a device at the fullest instant of one phase, runtime overhead left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PhaseBytes {
    /// Which phase.
    pub phase: TrainingPhase,
    /// Weights and adapters.
    pub weights: Bytes,
    /// Optimizer states and master copy.
    pub optimizer: Bytes,
    /// Copies for communication, and weights gathered from other devices.
    pub buffers: Bytes,
    /// Gradients.
    pub gradients: Bytes,
    /// Activations kept for the backward pass.
    pub activations: Bytes,
    /// What only lies there for this moment.
    pub temporaries: Bytes,
    /// What of the last two is logits, the loss and their gradients.
    pub logits: Bytes,
}

impl TrainingStep {
    /// What lies on the device at `phase`; `None` where it has no part in it.
    pub fn at(&self, phase: TrainingPhase) -> Option<&PhaseBytes> {
        self.phases.iter().find(|it| it.phase == phase)
    }
}

impl PhaseBytes {
    /// All of it.
    pub fn total(&self) -> Bytes {
        self.weights + self.optimizer + self.buffers + self.gradients + self.activations + self.temporaries
    }
}

/// How long the whole job takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JobTime {
    /// Tokens a second over all cards.
    pub tokens_per_s: Band<f64>,
    /// Hours for the data set and epochs of the plan.
    pub hours: Band<f64>,
    /// W that the cards draw; `None` where the power of one is not known.
    pub power_w: Option<Band<f64>>,
    /// kWh that they take.
    pub energy_kwh: Option<Band<f64>>,
    /// Optimizer steps.
    pub steps: f64,
    /// Share of a step in which a card waits for the pipeline.
    pub bubble: f64,
    /// The share of the cards' rate was measured on cards of this kind.
    pub measured: bool,
}

impl JobTime {
    /// Seconds of the whole job.
    pub fn job_seconds(&self) -> Band<f64> {
        self.hours.map(|hours| hours * 3600.0)
    }

    /// Seconds of one optimizer step, all its micro-batches.
    pub fn step_seconds(&self) -> Band<f64> {
        self.job_seconds().map(|seconds| seconds / self.steps.max(1.0))
    }
}
