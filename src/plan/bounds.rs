//! The values that a plan may hold: wide enough for anything someone could mean, narrow enough that no sum overflows.

use std::fmt::{self, Debug};
use std::ops::RangeInclusive;

use super::{CardChoice, CardCount, GpuLayers, Machine, ModelChoice, Plan, Training, Workload};
use crate::text::{Key, Locale, Placeholder};

/// Tokens in a context, a prompt or a cache.
pub const TOKENS: RangeInclusive<u64> = 1..=100_000_000;
/// Sequences at once.
pub const SEQUENCES: RangeInclusive<u32> = 1..=65_536;
/// Tokens processed at once.
pub const UBATCH: RangeInclusive<u32> = 1..=65_536;
/// Layers of a model.
pub const LAYERS: RangeInclusive<u32> = 0..=100_000;
/// Parameters of a model known only by its size.
pub const PARAMETERS: RangeInclusive<u64> = 1_000_000..=1_000_000_000_000_000;
/// Cards of one kind.
pub const CARDS: RangeInclusive<u32> = 1..=1024;
/// Kinds of card in one machine.
pub const MAX_KINDS: usize = 64;
/// RAM or VRAM in GiB: up to 1 PiB.
pub const MEMORY_GIB: RangeInclusive<f64> = 0.001..=1_048_576.0;
/// VRAM of a detected card in bytes: up to 1 PiB.
pub const MEMORY_BYTES: RangeInclusive<u64> = 1..=1 << 50;
/// A bandwidth in GB/s.
pub const GB_S: RangeInclusive<f64> = 0.001..=1_000_000.0;
/// Share of a card that a server engine may take.
pub const UTILIZATION: RangeInclusive<f64> = 0.01..=1.0;
/// Tokens in one batch of a server engine.
pub const BATCHED_TOKENS: RangeInclusive<u32> = 1..=100_000_000;
/// Sequences of a micro-batch, and micro-batches of a step.
pub const BATCH: RangeInclusive<u32> = 1..=65_536;
/// Rank of `LoRA` adapters.
pub const LORA_RANK: RangeInclusive<u32> = 1..=65_536;
/// `ZeRO` stages.
pub const ZERO_STAGE: RangeInclusive<u8> = 0..=3;
/// Tokens of a data set.
pub const DATASET_TOKENS: RangeInclusive<u64> = 1..=1_000_000_000_000_000;
/// Times that a data set is gone through.
pub const EPOCHS: RangeInclusive<u32> = 1..=10_000;
/// Loader processes beside a card's own.
pub const WORKERS: RangeInclusive<u32> = 0..=1024;
/// Checkpoints on the disk.
pub const CHECKPOINTS: RangeInclusive<u32> = 0..=10_000;
/// Generations of PCI Express.
pub const PCIE_GEN: RangeInclusive<u8> = 1..=8;
/// Lanes of PCI Express.
pub const PCIE_LANES: RangeInclusive<u8> = 1..=32;

/// A value that no plan can hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct OutOfRange {
    /// In which plan of a document that holds several, from 0.
    pub plan: Option<usize>,
    /// The field, as a path such as `machine.cards[0].count`.
    pub field: String,
    /// What stands there.
    pub value: String,
    /// What may stand there.
    pub wanted: String,
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Locale::En))
    }
}

impl OutOfRange {
    /// What stands where, and what may.
    #[must_use]
    pub fn say(&self, locale: Locale) -> String {
        let holes = [
            (Placeholder::Name, self.field.as_str()),
            (Placeholder::Value, self.value.as_str()),
            (Placeholder::Other, self.wanted.as_str()),
        ];
        let words = locale.sentence(Key::ErrorOutOfRange, &holes);
        let Some(plan) = self.plan else { return words };
        let plan = (plan + 1).to_string();
        locale.sentence(Key::ErrorInPlan, &[(Placeholder::Count, &*plan), (Placeholder::Value, &*words)])
    }

    /// `value` stands in `field` where `wanted` should.
    pub(super) fn new(field: &str, value: impl Into<String>, wanted: impl Into<String>) -> Self {
        Self { plan: None, field: field.to_owned(), value: value.into(), wanted: wanted.into() }
    }

    /// The same error, saying in which of several plans.
    #[must_use]
    pub(super) fn in_plan(self, index: usize) -> Self {
        Self { plan: Some(index), ..self }
    }
}

impl Plan {
    /// Whether every value can be planned with. Ids are not looked up here.
    pub fn check(&self) -> Result<(), OutOfRange> {
        self.workload.check()?;
        self.machine.check()
    }
}

impl Workload {
    fn check(&self) -> Result<(), OutOfRange> {
        if let ModelChoice::Size(parameters) = self.model {
            within("workload.model", parameters, &PARAMETERS)?;
        }
        within("workload.context", self.context, &TOKENS)?;
        within("workload.sequences", self.sequences, &SEQUENCES)?;
        within("workload.prompt_tokens", self.prompt_tokens, &(0..=*TOKENS.end()))?;
        if let Some(depth) = self.depth {
            within("workload.depth", depth, &(0..=*TOKENS.end()))?;
        }
        within("workload.ubatch", self.ubatch, &UBATCH)?;
        if let GpuLayers::Count(layers) = self.gpu_layers {
            within("workload.gpu_layers", layers, &LAYERS)?;
        }
        within("workload.cpu_experts", self.cpu_experts, &LAYERS)?;
        within("workload.prompt_cache_gib", self.prompt_cache_gib, &(0.0..=*MEMORY_GIB.end()))?;
        optional("workload.tensor_parallel", self.tensor_parallel, &CARDS)?;
        let server = &self.server;
        optional("workload.server.gpu_memory_utilization", server.gpu_memory_utilization, &UTILIZATION)?;
        optional("workload.server.max_num_seqs", server.max_num_seqs, &SEQUENCES)?;
        optional("workload.server.max_batched_tokens", server.max_batched_tokens, &BATCHED_TOKENS)?;
        self.training.check()
    }
}

impl Training {
    fn check(&self) -> Result<(), OutOfRange> {
        within("workload.training.sequence_length", self.sequence_length, &TOKENS)?;
        within("workload.training.micro_batch", self.micro_batch, &BATCH)?;
        within("workload.training.gradient_accumulation", self.gradient_accumulation, &BATCH)?;
        within("workload.training.lora_rank", self.lora_rank, &LORA_RANK)?;
        within("workload.training.zero_stage", self.zero_stage, &ZERO_STAGE)?;
        within("workload.training.pipeline_parallel", self.pipeline_parallel, &CARDS)?;
        optional("workload.training.data_parallel", self.data_parallel, &CARDS)?;
        within("workload.training.dataset_tokens", self.dataset_tokens, &DATASET_TOKENS)?;
        within("workload.training.epochs", self.epochs, &EPOCHS)?;
        within("workload.training.loader_workers", self.loader_workers, &WORKERS)?;
        within("workload.training.checkpoints_kept", self.checkpoints_kept, &CHECKPOINTS)
    }
}

impl Machine {
    fn check(&self) -> Result<(), OutOfRange> {
        if self.cards.len() > MAX_KINDS {
            let value = format!("a list of {}", self.cards.len());
            return Err(OutOfRange::new("machine.cards", value, format!("a list of at most {MAX_KINDS}")));
        }
        self.cards.iter().enumerate().try_for_each(|(index, card)| card.check(index))?;
        within("machine.ram_gib", self.ram_gib, &MEMORY_GIB)?;
        optional("machine.ram_gb_s", self.ram_gb_s, &GB_S)?;
        optional("machine.pcie_gen", self.pcie_gen, &PCIE_GEN)?;
        optional("machine.pcie_lanes", self.pcie_lanes, &PCIE_LANES)?;
        optional("machine.disk_gb_s", self.disk_gb_s, &GB_S)
    }
}

impl CardCount {
    fn check(&self, index: usize) -> Result<(), OutOfRange> {
        // The path is written only where something is wrong: this is asked for every estimate.
        let here = |error: OutOfRange| OutOfRange { field: format!("machine.cards[{index}].{}", error.field), ..error };
        within("count", self.count, &CARDS).map_err(here)?;
        if let CardChoice::Detected { memory_bytes, .. } = self.card {
            within("card.memory_bytes", memory_bytes, &MEMORY_BYTES).map_err(here)?;
        }
        optional("memory_gib", self.memory_gib, &MEMORY_GIB).map_err(here)
    }
}

/// NaN lies in no range, so it is refused like any other.
#[inline]
fn within<T: PartialOrd + Debug + Copy>(field: &str, value: T, range: &RangeInclusive<T>) -> Result<(), OutOfRange> {
    if range.contains(&value) { Ok(()) } else { Err(outside(field, value, range)) }
}

/// Apart from [`within`], which every estimate goes through many times.
#[cold]
fn outside<T: Debug>(field: &str, value: T, range: &RangeInclusive<T>) -> OutOfRange {
    // Written the way it is read: 1e300, not 301 digits.
    OutOfRange::new(field, format!("{value:?}"), format!("from {:?} to {:?}", range.start(), range.end()))
}

#[inline]
fn optional<T: PartialOrd + Debug + Copy>(
    field: &str,
    value: Option<T>,
    range: &RangeInclusive<T>,
) -> Result<(), OutOfRange> {
    value.map_or(Ok(()), |value| within(field, value, range))
}
