//! One change of how a model is trained: what it does to a plan, and its words.

use crate::plan::inputs::Choice as _;
use crate::plan::{LossMethod, Offload, Optimizer, Precision, Task, TrainingAttention, Workload};
use crate::text::{self, Key, Locale, Placeholder};

/// One change of how a model is trained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrainingChange {
    /// Adapters instead of all weights, or beside weights in 4 bits.
    Task(Task),
    /// Another precision.
    Precision(Precision),
    /// Another optimizer.
    Optimizer(Optimizer),
    /// So many sequences at once, accumulated so often that a step has as many as before.
    MicroBatch(u32, u32),
    /// Layers keep their input only.
    Checkpointing,
    /// Layers keep everything, so none is run again.
    NoCheckpointing,
    /// Attention keeps no scores.
    Flash,
    /// Output matrix and loss together, a few tokens at a time.
    FusedLoss,
    /// Other sequences, in tokens.
    Length(u64),
    /// Another rank of the adapters.
    Rank(u32),
    /// Data-parallel cards share states out.
    Zero(u8),
    /// Layers are cut across so many devices, activations along the sequence.
    Tensor(u32),
    /// Layers are dealt out to so many devices.
    Pipeline(u32),
    /// States, or states and weights, lie outside the cards between uses.
    Offload(Offload),
    /// Layer inputs wait in RAM.
    OffloadInputs,
}

impl TrainingChange {
    /// Makes the change.
    pub(in crate::advise::remedies) fn apply(self, workload: &mut Workload) {
        let training = &mut workload.training;
        match self {
            Self::Task(task) => workload.task = task,
            Self::Precision(precision) => training.precision = precision,
            Self::Optimizer(optimizer) => training.optimizer = optimizer,
            Self::MicroBatch(sequences, times) => {
                (training.micro_batch, training.gradient_accumulation) = (sequences, times);
            }
            Self::Checkpointing => training.checkpointing = true,
            Self::NoCheckpointing => training.checkpointing = false,
            Self::Flash => training.attention = TrainingAttention::Flash,
            Self::FusedLoss => training.loss = LossMethod::Fused,
            Self::Length(tokens) => training.sequence_length = tokens,
            Self::Rank(rank) => training.lora_rank = rank,
            Self::Zero(stage) => training.zero_stage = stage,
            Self::Tensor(devices) => {
                training.sequence_parallel = true;
                training.data_parallel = None;
                workload.tensor_parallel = Some(devices);
            }
            Self::Pipeline(stages) => {
                // Less than one micro-batch a stage would leave stages idle.
                training.gradient_accumulation = training.gradient_accumulation.max(stages);
                training.data_parallel = None;
                training.pipeline_parallel = stages;
            }
            Self::Offload(offload) => {
                training.offload = offload;
                // Weights leave the cards with the last stage only.
                if offload == Offload::Parameters {
                    training.zero_stage = 3;
                }
            }
            Self::OffloadInputs => training.offload_checkpoints = true,
        }
    }

    /// The change as a heading; `before` is the workload that it changes.
    pub(in crate::advise::remedies) fn words(self, locale: Locale, before: &Workload) -> String {
        let name = |key, name: &str| locale.sentence(key, &[(Placeholder::Name, name)]);
        let value = |key, value: &str| locale.sentence(key, &[(Placeholder::Value, value)]);
        let two =
            |key, now: &str, then: &str| locale.sentence(key, &[(Placeholder::Value, now), (Placeholder::Other, then)]);
        let count = |key, count: u32| locale.sentence(key, &[(Placeholder::Count, &count.to_string())]);
        let training = &before.training;
        match self {
            Self::Task(task) => name(Key::WayTask, task.word().of(locale)),
            Self::Precision(precision) => name(Key::WayPrecision, precision.word().of(locale)),
            Self::Optimizer(optimizer) => name(Key::WayOptimizer, optimizer.word().of(locale)),
            Self::MicroBatch(sequences, 1) => value(Key::WayMicroBatchOnce, &sequences.to_string()),
            Self::MicroBatch(sequences, times) => {
                let (sequences, times) = (sequences.to_string(), times.to_string());
                locale.sentence(Key::WayMicroBatch, &[(Placeholder::Value, &sequences), (Placeholder::Count, &times)])
            }
            Self::Checkpointing => locale.word(Key::WayCheckpointing).to_owned(),
            Self::NoCheckpointing => locale.word(Key::WayNoCheckpointing).to_owned(),
            Self::Flash => locale.word(Key::WayFlash).to_owned(),
            Self::FusedLoss => locale.word(Key::WayFusedLoss).to_owned(),
            Self::Length(tokens) if tokens > training.sequence_length => {
                two(Key::WayLengthMore, &text::count(tokens), &text::count(training.sequence_length))
            }
            Self::Length(tokens) => two(Key::WayLength, &text::count(tokens), &text::count(training.sequence_length)),
            Self::Rank(rank) => two(Key::WayRank, &rank.to_string(), &training.lora_rank.to_string()),
            Self::Zero(stage) => value(Key::WayZero, &stage.to_string()),
            Self::Tensor(devices) => count(Key::WayTensor, devices),
            Self::Pipeline(stages) => count(Key::WayPipeline, stages),
            Self::Offload(Offload::Parameters | Offload::Nvme) => locale.word(Key::WayOffloadAll).to_owned(),
            Self::Offload(_) => locale.word(Key::WayOffloadStates).to_owned(),
            Self::OffloadInputs => locale.word(Key::WayOffloadInputs).to_owned(),
        }
    }
}
