//! Ways to make training fit: fewer bits and less kept first, then more cards, then offload.

use super::{Base, Change, Group, Way};
use crate::plan::{Loss, Offload, Optimizer, Precision, Task, Training, TrainingAttention, Workload};
use crate::text::{self, Hole, Key, Locale};

/// No sequence shorter than this is offered, in tokens.
const SHORTEST: u64 = 512;

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
    /// Attention keeps no scores.
    Flash,
    /// Output matrix and loss together, a few tokens at a time.
    FusedLoss,
    /// Shorter sequences, in tokens.
    Length(u64),
    /// Lower rank of the adapters.
    Rank(u32),
    /// Data-parallel cards share states out.
    Zero(u8),
    /// States, or states and weights, lie outside the cards between uses.
    Offload(Offload),
    /// Layer inputs wait in RAM.
    OffloadInputs,
}

impl TrainingChange {
    /// Makes the change.
    pub(super) fn apply(self, workload: &mut Workload) {
        let training = &mut workload.training;
        match self {
            Self::Task(task) => workload.task = task,
            Self::Precision(precision) => training.precision = precision,
            Self::Optimizer(optimizer) => training.optimizer = optimizer,
            Self::MicroBatch(sequences, times) => {
                (training.micro_batch, training.gradient_accumulation) = (sequences, times);
            }
            Self::Checkpointing => training.checkpointing = true,
            Self::Flash => training.attention = TrainingAttention::Flash,
            Self::FusedLoss => training.loss = Loss::Fused,
            Self::Length(tokens) => training.sequence_length = tokens,
            Self::Rank(rank) => training.lora_rank = rank,
            Self::Zero(stage) => training.zero_stage = stage,
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
    pub(super) fn words(self, locale: Locale, before: &Workload) -> String {
        let name = |key, name: &str| locale.sentence(key, &[(Hole::Name, name)]);
        let value = |key, value: &str| locale.sentence(key, &[(Hole::Value, value)]);
        let two = |key, now: &str, then: &str| locale.sentence(key, &[(Hole::Value, now), (Hole::Other, then)]);
        let training = &before.training;
        match self {
            Self::Task(task) => {
                let word = |task| locale.word(task_word(task));
                let holes = [(Hole::Name, word(task)), (Hole::Other, word(before.task))];
                locale.sentence(Key::WayTask, &holes)
            }
            Self::Precision(precision) => name(Key::WayPrecision, precision_name(precision)),
            Self::Optimizer(optimizer) => name(Key::WayOptimizer, optimizer_name(optimizer)),
            Self::MicroBatch(sequences, times) => {
                let (sequences, times) = (sequences.to_string(), times.to_string());
                locale.sentence(Key::WayMicroBatch, &[(Hole::Value, &sequences), (Hole::Count, &times)])
            }
            Self::Checkpointing => locale.word(Key::WayCheckpointing).to_owned(),
            Self::Flash => locale.word(Key::WayFlash).to_owned(),
            Self::FusedLoss => locale.word(Key::WayFusedLoss).to_owned(),
            Self::Length(tokens) => two(Key::WayLength, &text::count(tokens), &text::count(training.sequence_length)),
            Self::Rank(rank) => two(Key::WayRank, &rank.to_string(), &training.lora_rank.to_string()),
            Self::Zero(stage) => value(Key::WayZero, &stage.to_string()),
            Self::Offload(Offload::Parameters | Offload::Nvme) => locale.word(Key::WayOffloadAll).to_owned(),
            Self::Offload(_) => locale.word(Key::WayOffloadStates).to_owned(),
            Self::OffloadInputs => locale.word(Key::WayOffloadInputs).to_owned(),
        }
    }
}

const fn task_word(task: Task) -> Key {
    match task {
        Task::Serve => Key::Serve,
        Task::Full => Key::FullTune,
        Task::Lora => Key::Lora,
        Task::Qlora => Key::Qlora,
    }
}

const fn precision_name(precision: Precision) -> &'static str {
    match precision {
        Precision::Bf16 => "BF16",
        Precision::Bf16Master => "BF16, FP32 master",
        Precision::Amp => "AMP",
        Precision::Fp32 => "FP32",
    }
}

const fn optimizer_name(optimizer: Optimizer) -> &'static str {
    match optimizer {
        Optimizer::AdamW => "AdamW",
        Optimizer::AdamWForeach => "AdamW foreach",
        Optimizer::AdamW8bit => "AdamW 8-bit",
        Optimizer::PagedAdamW8bit => "Paged AdamW 8-bit",
        Optimizer::Adafactor => "Adafactor",
        Optimizer::Sgd => "SGD",
        Optimizer::SgdMomentum => "SGD momentum",
    }
}

/// The ways of a plan that trains, on each step of the ladder in the order in which they are worth trying.
pub(super) fn ways(base: &Base<'_>) -> Vec<Way> {
    let (task, training) = (base.plan.workload.task, &base.plan.workload.training);
    let adapters = task != Task::Full;
    let changes = asking_less(training, adapters)
        .into_iter()
        .map(|change| (Group::AskLess, change))
        .chain(software(task, training).into_iter().map(|change| (Group::Quantize, change)))
        .chain((training.zero_stage + 1..=3).map(|stage| (Group::Parallelize, TrainingChange::Zero(stage))))
        .chain(offload(training).into_iter().map(|change| (Group::Offload, change)));
    let mut found: Vec<Way> =
        changes.filter_map(|(group, change)| base.better(group, Change::Training(change))).collect();
    found.extend(same_cards(base));
    found.sort_by_key(|way| way.group);
    found
}

fn asking_less(training: &Training, adapters: bool) -> Vec<TrainingChange> {
    let half = training.sequence_length / 2;
    let rank = training.lora_rank / 2;
    [
        (half >= SHORTEST).then_some(TrainingChange::Length(half)),
        (half / 2 >= SHORTEST).then_some(TrainingChange::Length(half / 2)),
        (adapters && rank > 0).then_some(TrainingChange::Rank(rank)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn software(task: Task, training: &Training) -> Vec<TrainingChange> {
    let light = matches!(training.optimizer, Optimizer::AdamW8bit | Optimizer::PagedAdamW8bit | Optimizer::Adafactor);
    let narrow = training.precision == Precision::Bf16;
    let half = training.micro_batch / 2;
    let times = training.gradient_accumulation.saturating_mul(2);
    [
        (task == Task::Full).then_some(TrainingChange::Task(Task::Lora)),
        (task != Task::Qlora).then_some(TrainingChange::Task(Task::Qlora)),
        (!light).then_some(TrainingChange::Optimizer(Optimizer::AdamW8bit)),
        (!narrow).then_some(TrainingChange::Precision(Precision::Bf16)),
        (half > 0).then_some(TrainingChange::MicroBatch(half, times)),
        (half > 1).then_some(TrainingChange::MicroBatch(
            1,
            training.gradient_accumulation.saturating_mul(training.micro_batch),
        )),
        (!training.checkpointing).then_some(TrainingChange::Checkpointing),
        (training.attention == TrainingAttention::Eager).then_some(TrainingChange::Flash),
        (!matches!(training.loss, Loss::Fused | Loss::Chunked)).then_some(TrainingChange::FusedLoss),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn offload(training: &Training) -> Vec<TrainingChange> {
    [
        (training.offload == Offload::None).then_some(TrainingChange::Offload(Offload::Optimizer)),
        matches!(training.offload, Offload::None | Offload::Optimizer)
            .then_some(TrainingChange::Offload(Offload::Parameters)),
        (training.checkpointing && !training.offload_checkpoints).then_some(TrainingChange::OffloadInputs),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Another card of the same kind, where the plan has one kind and shares something out.
fn same_cards(base: &Base<'_>) -> Option<Way> {
    let [kind] = base.plan.machine.cards.as_slice() else { return None };
    let crate::plan::CardChoice::Catalog(id) = &kind.card else { return None };
    base.better(Group::Parallelize, Change::AddCards { card: id.clone(), count: kind.count })
}
