//! A training as all its devices run it, and what each of them holds: its share of the model states, buffers of sharding, and
//! the heights of the phases.

use super::buffers::{Buffers, GATHERED_LAYERS};
use super::device_share::{DeviceShare, InRam};
use super::dim::{Dim, Dims};
use super::form::ProductSplit;
use super::laws::Law;
use super::method::Keeps;
use super::parallel::Grid;
use super::phases::{DevicePart, PhaseHeights};
use super::program::ProgramPart;
use super::states::States;
use super::stored::rounded;
use super::trained_model::TrainedModel;
use crate::plan::bounds::MEMORY_BYTES;
use crate::plan::{Offload, Optimizer, Precision, Sharding, Task, Training};

/// Elements of `DeepSpeed`'s buckets (`reduce_bucket_size`, `allgather_bucket_size` 5e8), two of them where communication
/// overlaps.
pub(super) const BUCKET_ELEMENTS: f64 = 5e8;
pub(super) const BUCKETS: u32 = 2;

/// What the devices of a plan have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct TrainingRun<'a> {
    pub(super) task: Task,
    pub(super) training: &'a Training,
    pub(super) model: &'a TrainedModel,
    pub(super) states: &'a States,
    pub(super) law: &'static Law,
    pub(super) keeps: Keeps,
    pub(super) dims: &'a Dims,
    pub(super) grid: Grid,
}

impl TrainingRun<'_> {
    /// What a device on a stage of the pipeline holds.
    pub(super) fn share(&self, stage: u64) -> DeviceShare {
        let Self { training, model, grid, .. } = self;
        let data = grid.data as f64;
        let part = self.part(stage);
        let whole = part.states.weights as f64;
        let (weights, gathered) = if training.zero_stage >= 3 {
            let ends = self.own_ends(&part) * self.end();
            let held = if self.params_offloaded() { 0.0 } else { whole / data };
            (held, [(whole - ends) / part.layers, ends].map(|whole| whole * self.gathered_width()))
        } else {
            (whole, [0.0; 2])
        };
        let [layer, ends] = gathered;
        let sharded = part.states.optimizer as f64 / if training.zero_stage >= 1 { data } else { 1.0 };
        let on_card = if training.offload == Offload::None { sharded } else { 0.0 };
        DeviceShare {
            weights,
            optimizer: on_card,
            buffers: Buffers { layer, ends, communicated: self.communication(&part), freed: self.is_fsdp() },
            positions: (2 * rounded(2 * model.head_dim)) as f64,
            heights: self.heights(stage, &part),
            layers: model.layers / grid.pipeline,
            in_ram: self.in_ram(&part, whole, sharded),
            blocks: self.reserved(stage, *MEMORY_BYTES.end()),
        }
    }

    /// What a card on a stage holds of weights and states before they are sharded.
    pub(super) fn states_of(&self, stage: u64) -> States {
        let groups = self.model.of_stage(self.grid.pipeline, stage);
        States::of(&groups, self.grid.tensor, self.task, self.training)
    }

    /// Bytes of an embedding as a card holds it.
    pub(super) fn end(&self) -> f64 {
        (self.states.base_width * self.model.vocabulary.div_ceil(self.grid.tensor) * self.model.hidden_size) as f64
    }

    /// The heights of the phases: replayed where a program is written, by the table of laws otherwise.
    fn heights(&self, stage: u64, part: &DevicePart<'_>) -> PhaseHeights {
        match self.model.replayed(&self.program_part(stage), self.states) {
            Some(replayed) => part.replayed_heights(&replayed),
            None => part.heights(),
        }
    }

    /// What a stage runs.
    pub(super) fn program_part(&self, stage: u64) -> ProgramPart {
        // What a step does not depend on is as if it were not given.
        let training = Training {
            gradient_accumulation: 1,
            optimizer: Optimizer::default(),
            reentrant_checkpointing: false,
            double_quantization: false,
            expandable_segments: false,
            zero_stage: 0,
            sharding: Sharding::default(),
            offload: Offload::None,
            pipeline_parallel: 1,
            data_parallel: None,
            dataset_tokens: 0,
            epochs: 0,
            dataset_in_ram: false,
            loader_workers: 0,
            checkpoints_kept: 0,
            ..*self.training
        };
        ProgramPart {
            task: self.task,
            training,
            first: self.first_like(stage),
            layers: self.model.layers / self.grid.pipeline,
            embedding: stage == 0,
            head: stage == self.grid.pipeline - 1,
            tensor: self.grid.tensor,
            loss_chunk: self.model.loss_chunk(self.training),
        }
    }

    /// The first layer of the first stage whose layers are like those of this one.
    fn first_like(&self, stage: u64) -> u64 {
        let layers = self.model.layers / self.grid.pipeline;
        let first = stage * layers;
        self.model.program.as_ref().map_or(first, |program| program.first_like(first, layers))
    }

    /// The law of a stage.
    pub(super) fn part(&self, stage: u64) -> DevicePart<'_> {
        let Self { training, model, grid, .. } = self;
        let last = grid.pipeline - 1;
        // 1F1B: earlier stages have more micro-batches under way.
        let under_way = (grid.pipeline - stage).min(u64::from(training.gradient_accumulation));
        DevicePart {
            law: self.law,
            dims: self.dims,
            states: self.states_of(stage),
            training,
            task: self.task,
            split: ProductSplit { tensor: grid.tensor as f64, sequence: training.sequence_parallel },
            layers: (model.layers / grid.pipeline) as f64,
            embedding: stage == 0,
            head: stage == last,
            tied: model.tied,
            table: (model.vocabulary * model.hidden_size) as f64,
            gradient_share: if training.zero_stage >= 2 { 1.0 / grid.data as f64 } else { 1.0 },
            waiting: (under_way.max(1) - 1) as f64,
            hoards: self.is_fsdp() && self.hoards(),
        }
    }

    /// Weights are gathered in the type that runs: how much narrower that is.
    pub(super) fn gathered_width(&self) -> f64 {
        let narrow = self.task == Task::Full && self.states.base_width == 4 && !self.is_fp32();
        if narrow { 0.5 } else { 1.0 }
    }

    /// How many of embedding and output matrix lie on a stage.
    pub(super) fn own_ends(&self, part: &DevicePart<'_>) -> f64 {
        let one_matrix = self.model.tied && part.embedding && part.head;
        f64::from(u8::from(part.embedding) + u8::from(part.head && !one_matrix))
    }

    /// Cards share by FSDP.
    fn is_fsdp(&self) -> bool {
        self.training.zero_stage >= 1 && self.training.sharding == Sharding::Fsdp && self.grid.data > 1
    }

    /// Seen of adapters on units whose other weights are frozen, not where all is trained (torch 2.15, FSDP 1).
    fn hoards(&self) -> bool {
        self.training.checkpointing && self.training.reentrant_checkpointing && self.task != Task::Full
    }

    fn is_fp32(&self) -> bool {
        self.training.precision == Precision::Fp32
    }

    const fn params_offloaded(&self) -> bool {
        matches!(self.training.offload, Offload::Parameters | Offload::Nvme)
    }

    /// Copies of gradients on their way between the cards that run different sequences.
    fn communication(&self, part: &DevicePart<'_>) -> f64 {
        if self.grid.data == 1 {
            return 0.0;
        }
        let states = &part.states;
        let width = states.trained_width as f64;
        match (self.training.zero_stage, self.training.sharding) {
            // DDP's buckets are a second copy of all gradients.
            (0, _) => part.all_gradients(),
            // Gradients of two layers before they are scattered.
            (_, Sharding::Fsdp) => GATHERED_LAYERS * width * states.trained_in_layers as f64 / part.layers,
            (_, Sharding::DeepSpeed) => f64::from(BUCKETS) * width * BUCKET_ELEMENTS.min(part.all_gradients() / width),
        }
    }

    /// What a device has put into RAM (or, with `NVMe`, onto the disk): `DeepSpeed`'s CPU Adam keeps a master copy, two moments
    /// and gradients in FP32.
    fn in_ram(&self, part: &DevicePart<'_>, whole: f64, optimizer: f64) -> InRam {
        let data = self.grid.data as f64;
        let trained = part.all_gradients() / self.states.trained_width as f64 / data;
        let offloaded = self.training.offload != Offload::None;
        let when = |condition: bool, bytes: f64| if condition { bytes } else { 0.0 };
        let deepspeed = self.training.sharding == Sharding::DeepSpeed;
        let checkpoints = self.training.offload_checkpoints && self.training.checkpointing;
        let inputs = self.states.base_width as f64 * part.dims.get(Dim::Tokens) * part.dims.get(Dim::HiddenSize);
        let inputs = if part.split.sequence { inputs / part.split.tensor } else { inputs };
        InRam {
            weights: when(self.params_offloaded(), whole / data),
            optimizer: when(offloaded, if deepspeed { 12.0 * trained } else { optimizer }),
            gradients: when(offloaded, if deepspeed { 4.0 } else { self.states.trained_width as f64 } * trained),
            activations: when(checkpoints, part.layers * inputs),
        }
    }
}
