//! Remedies to make training fit: fewer bits and less kept first, then more cards, then offload; and what the spare VRAM could buy
//! where it fits.

mod cards;
mod change;
mod recipes;

pub use change::TrainingChange;
pub(super) use recipes::{precision_rank, recipes};

use super::ask_less::{other_models, rounded};
use super::shop::Shelf;
use super::software::flash_kept;
use super::{Baseline, Change, Remedy, RemedyGroup, normalize, rent};
use crate::advise::inverse;
use crate::plan::{LossMethod, Offload, Optimizer, Precision, Task, Training, TrainingAttention};

/// No sequence shorter than this is offered, in tokens.
const SHORTEST: u64 = 512;

/// The ways of a plan that trains, on each step of the ladder in the order in which they are worth trying.
pub(super) fn ways(base: &Baseline<'_>, shelf: &Shelf) -> Vec<Remedy> {
    let (task, training) = (base.plan.workload.task, &base.plan.workload.training);
    let adapters = task != Task::Full;
    let better = |group, changes: Vec<TrainingChange>| {
        changes.into_iter().filter_map(move |change| base.better(group, Change::Training(change))).collect::<Vec<_>>()
    };
    let mut found = spare(base);
    found.extend(better(RemedyGroup::AskLess, asking_less(base, adapters)));
    found.extend(other_models(base));
    found.extend(better(RemedyGroup::Quantize, software(task, training)));
    found.extend(with_software(base));
    found.extend(flash_kept(base));
    found.extend(better(RemedyGroup::Parallelize, parallel(base)));
    found.extend(cards::ways(base, shelf));
    found.extend(rent::ways(base));
    found.extend(better(RemedyGroup::Offload, offload(training)));
    found
}

/// What a plan that fits has room for: longer sequences, more of them at once, layers that are not run again, more precision.
fn spare(base: &Baseline<'_>) -> Vec<Remedy> {
    if !base.now.fits() {
        return Vec::new();
    }
    let (task, training) = (base.plan.workload.task, &base.plan.workload.training);
    let trained = normalize::model(base.plan, base.catalog).and_then(|model| model.max_position_embeddings);
    let longest = inverse::largest_context_in_vram(base.plan, base.catalog);
    let longest = longest.map(|longest| trained.map_or(longest, |trained| longest.min(trained)));
    let most = inverse::most_sequences_in_vram(base.plan, base.catalog).map(|most| 1 << most.max(1).ilog2());
    let more = most.filter(|most| *most > training.micro_batch).map(|most| {
        let times = (training.gradient_accumulation * training.micro_batch).div_ceil(most).max(1);
        TrainingChange::MicroBatch(most, times)
    });
    let changes = [
        longest.filter(|longest| *longest > training.sequence_length).map(TrainingChange::Length),
        more,
        training.checkpointing.then_some(TrainingChange::NoCheckpointing),
        richer(task, training.precision).map(TrainingChange::Precision),
        (task == Task::Qlora).then_some(TrainingChange::Task(Task::Lora)),
        (task == Task::Lora).then_some(TrainingChange::Task(Task::Full)),
    ];
    let way = |change| base.way(RemedyGroup::Spare, Change::Training(change)).filter(|way| way.after.fits());
    changes.into_iter().flatten().filter_map(way).collect()
}

/// More precision than BF16 throughout.
pub(super) const fn richer(task: Task, precision: Precision) -> Option<Precision> {
    match (precision, task) {
        (Precision::Bf16, Task::Full) => Some(Precision::Bf16Master),
        (Precision::Bf16, _) => Some(Precision::Amp),
        _ => None,
    }
}

fn asking_less(base: &Baseline<'_>, adapters: bool) -> Vec<TrainingChange> {
    let training = &base.plan.workload.training;
    let half = training.sequence_length / 2;
    let rank = training.lora_rank / 2;
    let longest = inverse::largest_context_in_vram(base.plan, base.catalog).map(rounded);
    let longest = longest.filter(|longest| *longest < training.sequence_length && !base.now.fits());
    let lengths = match longest {
        Some(longest) => [Some(longest), None],
        None => [Some(half), Some(half / 2)],
    };
    let lengths = lengths.into_iter().flatten().filter(|tokens| *tokens >= SHORTEST).map(TrainingChange::Length);
    lengths.chain((adapters && rank > 0).then_some(TrainingChange::Rank(rank))).collect()
}

/// Fewer bits, smaller micro-batches, and what need not be kept.
fn software(task: Task, training: &Training) -> Vec<TrainingChange> {
    let half = training.micro_batch / 2;
    let times = training.gradient_accumulation.saturating_mul(2);
    [
        (training.precision != Precision::Bf16).then_some(TrainingChange::Precision(Precision::Bf16)),
        (task == Task::Full).then_some(TrainingChange::Task(Task::Lora)),
        (task != Task::Qlora && task.trains()).then_some(TrainingChange::Task(Task::Qlora)),
        (!is_light(training.optimizer)).then_some(TrainingChange::Optimizer(Optimizer::AdamW8bit)),
        (half > 0).then_some(TrainingChange::MicroBatch(half, times)),
        (half > 1).then_some(one_at_a_time(training)),
        (!training.checkpointing).then_some(TrainingChange::Checkpointing),
        (training.attention != TrainingAttention::Flash).then_some(TrainingChange::Flash),
        (!is_apart(training.loss)).then_some(TrainingChange::FusedLoss),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// At this stage the weights are shared out as well.
const SHARES_WEIGHTS: u8 = 3;

/// Adapters that fit only with what else software saves for free, and on several cards with the weights shared out.
fn with_software(base: &Baseline<'_>) -> Vec<Remedy> {
    let (task, training) = (base.plan.workload.task, &base.plan.workload.training);
    let free: Vec<Change> = [
        (training.attention != TrainingAttention::Flash).then_some(TrainingChange::Flash),
        (!is_apart(training.loss)).then_some(TrainingChange::FusedLoss),
    ]
    .into_iter()
    .flatten()
    .map(Change::Training)
    .collect();
    let devices: u32 = base.plan.machine.cards.iter().map(|kind| kind.count).sum();
    // Several cards share out the base that adapters lie beside (FSDP, `ZeRO 3`).
    let share = (devices > 1 && training.zero_stage < SHARES_WEIGHTS)
        .then_some(Change::Training(TrainingChange::Zero(SHARES_WEIGHTS)));
    let beside: Vec<Vec<Change>> =
        [free.clone(), share.clone().into_iter().collect(), share.into_iter().chain(free).collect()]
            .into_iter()
            .filter(|changes: &Vec<Change>| !changes.is_empty())
            .collect();
    if base.now.fits() {
        return Vec::new();
    }
    let tasks = [Task::Lora, Task::Qlora].into_iter().filter(|other| match task {
        Task::Full => true,
        Task::Lora => *other == Task::Qlora,
        Task::Qlora | Task::Serve => false,
    });
    let together = tasks.filter_map(|task| {
        let change = Change::Training(TrainingChange::Task(task));
        let alone = base.way(RemedyGroup::Quantize, change.clone())?;
        if alone.after.fits() {
            return None;
        }
        beside.iter().find_map(|more| {
            let all = [std::slice::from_ref(&change), more.as_slice()].concat();
            base.better(RemedyGroup::Quantize, Change::Together(all)).filter(|way| way.after.fits())
        })
    });
    together.collect()
}

/// One sequence at once, and as many before a step as now.
const fn one_at_a_time(training: &Training) -> TrainingChange {
    TrainingChange::MicroBatch(1, training.gradient_accumulation.saturating_mul(training.micro_batch))
}

/// Whether the optimizer keeps a byte or less of each state.
const fn is_light(optimizer: Optimizer) -> bool {
    matches!(
        optimizer,
        Optimizer::AdamW8bit
            | Optimizer::PagedAdamW8bit
            | Optimizer::Adafactor
            | Optimizer::GaLore
            | Optimizer::Sgd
            | Optimizer::SgdMomentum
    )
}

/// Whether the loss never has all logits.
const fn is_apart(loss: LossMethod) -> bool {
    matches!(loss, LossMethod::Fused | LossMethod::Chunked)
}

/// How the present cards could share the model.
fn parallel(base: &Baseline<'_>) -> Vec<TrainingChange> {
    let workload = &base.plan.workload;
    let devices: u32 = base.plan.machine.cards.iter().map(|kind| kind.count).sum();
    if devices < 2 {
        return Vec::new();
    }
    let alone = workload.tensor_parallel.unwrap_or(1) == 1 && workload.training.pipeline_parallel == 1;
    (workload.training.zero_stage + 1..=3)
        .map(TrainingChange::Zero)
        .chain(alone.then_some(TrainingChange::Tensor(devices)))
        .chain((alone && workload.training.zero_stage < 2).then_some(TrainingChange::Pipeline(devices)))
        .collect()
}

fn offload(training: &Training) -> Vec<TrainingChange> {
    [
        (training.checkpointing && !training.offload_checkpoints).then_some(TrainingChange::OffloadInputs),
        (training.offload == Offload::None).then_some(TrainingChange::Offload(Offload::Optimizer)),
        matches!(training.offload, Offload::None | Offload::Optimizer)
            .then_some(TrainingChange::Offload(Offload::Parameters)),
    ]
    .into_iter()
    .flatten()
    .collect()
}
