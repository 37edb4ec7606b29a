//! What an estimate answers.

use thiserror::Error;

use super::speed::Speed;
use super::training::{Indivisible, TrainingStep};
use crate::catalog::memory::MemorySizeError;
use crate::catalog::runtime::Backend;
use crate::units::{Band, Bytes};

/// What a plan needs, where it lies, and whether that fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// The judgement over all devices and the host; `None` where parts cannot be known.
    pub verdict: Option<Verdict>,
    /// Parameters of the model.
    pub params: Option<u64>,
    /// The model's weights as the file holds them.
    pub weights: Option<Bytes>,
    /// Bits a weight, all tensors counted.
    pub bits_per_weight: Option<f64>,
    /// One entry a device, in device order; empty on CPU only.
    pub devices: Vec<DeviceEstimate>,
    /// What lies in the machine's RAM.
    pub host: HostEstimate,
    /// Layers that the model has, the output layer included (`gpu_layers` of the devices add up to at most this).
    pub layers: u32,
    /// How fast it runs.
    pub speed: Speed,
    /// The moments of one training step; `None` where nothing is trained or the layout is not known.
    pub training: Option<Box<TrainingStep>>,
    /// What is unwise or assumed.
    pub warnings: Vec<Warning>,
}

/// The four verdicts, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Everything lies where it was asked, with room.
    Fits,
    /// It fits at the expected overhead, with little room.
    Tight,
    /// Part lies in RAM because the plan says so, and both hold.
    Offload,
    /// A device or the RAM is exceeded.
    DoesNotFit,
}

/// The components of memory in one place. `None` = cannot be known; zero = does not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// Weights.
    pub weights: Option<Bytes>,
    /// Keys and values of all sequences.
    pub kv_cache: Option<Bytes>,
    /// State of recurrent layers of all sequences.
    pub recurrent_state: Option<Bytes>,
    /// The engine's compute buffer.
    pub compute: Option<Bytes>,
    /// Activations that no compute buffer holds: a server engine's peak, or what training saves for the backward pass.
    pub activations: Option<Bytes>,
    /// Gradients.
    pub gradients: Option<Bytes>,
    /// Optimizer states and master weights.
    pub optimizer: Option<Bytes>,
}

impl Parts {
    /// Nothing at all.
    pub const NOTHING: Self = Self {
        weights: Some(Bytes::ZERO),
        kv_cache: Some(Bytes::ZERO),
        recurrent_state: Some(Bytes::ZERO),
        compute: Some(Bytes::ZERO),
        activations: Some(Bytes::ZERO),
        gradients: Some(Bytes::ZERO),
        optimizer: Some(Bytes::ZERO),
    };

    /// Serving that cannot be laid out: what belongs to training still does not apply.
    pub const UNKNOWN: Self =
        Self { weights: None, kv_cache: None, recurrent_state: None, compute: None, ..Self::NOTHING };

    /// The sum, or `None` where a part cannot be known.
    #[must_use]
    pub fn total(&self) -> Option<Bytes> {
        let serving = self.weights? + self.kv_cache? + self.recurrent_state? + self.compute?;
        Some(serving + self.activations? + self.gradients? + self.optimizer?)
    }
}

/// What lies on one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceEstimate {
    /// Index into `machine.cards` of the plan.
    pub card: usize,
    /// Memory as the driver reports it.
    pub capacity: Bytes,
    /// What a program is offered, a screen subtracted.
    pub usable: Bytes,
    /// `usable` follows a rule instead of a measurement.
    pub usable_is_estimate: bool,
    /// One memory with the host.
    pub unified: bool,
    /// The compute library that drives it.
    pub backend: Backend,
    /// The components.
    pub parts: Parts,
    /// What a server engine reserves for the KV cache, of which `parts.kv_cache` is what the plan needs; `None` where
    /// no pool is reserved.
    pub kv_pool: Option<Bytes>,
    /// Context, driver and library memory that no buffer line shows.
    pub overhead: Band<Bytes>,
    /// Components and expected overhead.
    pub total: Option<Bytes>,
    /// `usable - total`, zero where exceeded; with a pool, what of the pool the plan leaves.
    pub free: Option<Bytes>,
    /// `total - usable`, zero where it holds; with a pool, what it lacks.
    pub excess: Option<Bytes>,
    /// Layers on this device, the output layer counted.
    pub gpu_layers: u32,
    /// The judgement over this device.
    pub verdict: Option<Verdict>,
}

/// What lies in the machine's RAM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostEstimate {
    /// RAM of the machine.
    pub capacity: Bytes,
    /// Taken by the operating system and other programs.
    pub os: Bytes,
    /// The components.
    pub parts: Parts,
    /// The output buffer (logits and embeddings handed to the program).
    pub output: Option<Bytes>,
    /// The most that llama-server's prompt cache may take; not part of `total`.
    pub prompt_cache: Bytes,
    /// Components and output buffer, without the operating system.
    pub total: Option<Bytes>,
    /// What is left of the RAM.
    pub free: Option<Bytes>,
    /// What is missing.
    pub excess: Option<Bytes>,
    /// The judgement over the RAM.
    pub verdict: Option<Verdict>,
}

/// What is unwise but possible, or assumed because it is not known. The words are in the locales.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// The context is above what the model was trained for.
    ContextAboveTrained {
        /// `max_position_embeddings`.
        trained: u64,
    },
    /// The tensors cannot be laid out from known facts: parts are unknown.
    LayoutUnknown,
    /// Known only by its size: a typical shape is assumed.
    TypicalShape,
    /// Flash attention is off because the backend has no kernel for this head size, or a quantized V needs it.
    FlashAttentionUnavailable,
    /// The type needs an importance matrix: the mix with one is used.
    ImportanceMatrix,
    /// The memory that a program is offered on this card is a rule, not a measurement.
    UsableEstimated,
    /// Nobody named the speed of the RAM that the plan reads: an assumption stands in, with a wide band.
    RamSpeedAssumed {
        /// GB/s.
        gb_s: f64,
    },
    /// More devices than the engine runs in one process.
    ManyDevices {
        /// The most it runs.
        most: usize,
    },
    /// What the engine takes is known from few logs, or carried over from another engine or version.
    ThinEvidence,
    /// The engine calls the way in which the devices share the layers experimental.
    ExperimentalSplit,
    /// The cards have no arithmetic for the format: weights are unpacked to 16 bits while they are read.
    UnpackedFormat,
    /// More sequences than the engine runs at once: the others wait.
    Queued {
        /// The most it runs at once.
        most: u64,
    },
    /// More ranks than key and value heads: ranks hold copies of the cache.
    CopiedHeads,
    /// Devices that hold nothing, since fewer ranks share the model.
    IdleDevices,
    /// Training's laws were not read off this family of layers: those of the nearest stand in.
    NearestFamily,
    /// What dropout keeps is not known for adapters of experts, and left out.
    DropoutLeftOut,
    /// Selective recomputation beside attention that keeps no scores, or beside layers that are rebuilt: it changes nothing.
    SelectiveIdle,
    /// Fused experts stay unquantized under nf4.
    UnquantizedExperts,
    /// Adapters on every linear layer include those of all experts, which are multiplied out.
    ExpertAdapters,
    /// The engine takes so large a share that context and graphs may find no room beside it.
    LittleBesidePool,
}

/// Why a plan cannot be estimated.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum EstimateError {
    /// No such model.
    UnknownModel {
        /// What was asked.
        id: String,
        /// The nearest ids.
        nearest: Vec<String>,
    },
    /// No such card.
    UnknownCard {
        /// What was asked.
        id: String,
        /// The nearest ids.
        nearest: Vec<String>,
    },
    /// A value out of range.
    OutOfRange(#[from] crate::plan::OutOfRange),
    /// A memory size that the card is not sold with.
    CardMemory(#[from] MemorySizeError),
    /// A combination that the engine refuses, or that is not estimated.
    Refused(#[from] Refusal),
}

/// A combination that the engine refuses, or that is not estimated. The words are in the locales.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// A precision of servers, which has no GGUF type.
    ServerPrecision,
    /// An engine without constants.
    Engine,
    /// A GGUF file type with a server engine.
    GgufServer,
    /// A precision of the KV cache that servers do not have.
    ServerCache,
    /// A server engine without a card.
    ServerOnCpu,
    /// A server engine on a backend that it does not have.
    ServerBackend,
    /// A card below the least compute capability.
    OldCard,
    /// BF16 on a card without it.
    NoBfloat16,
    /// A format without kernels for the card.
    FormatUnsupported,
    /// More ranks than devices.
    TooManyRanks,
    /// Ranks that do not divide the heads.
    Heads,
    /// Layers cut across cards without flash attention.
    TensorFlash,
    /// Layers cut across cards with a quantized KV cache.
    TensorCache,
    /// Layers cut across cards of an architecture that the engine does not cut.
    TensorArchitecture,
    /// Layers cut across cards by a compute library that does not.
    TensorBackend,
    /// More cells than any machine holds.
    TooManyCells,
    /// More devices than one engine runs.
    TooManyDevices,
    /// A KV cache in 8-bit floats.
    Fp8Cache,
    /// Quantized values without flash attention.
    QuantizedValues,
    /// Training without a card.
    TrainingOnCpu,
    /// Parts that do not divide what they share.
    Indivisible(Indivisible),
    /// More parts than devices.
    TooManyParts {
        /// Tensor × pipeline × data parallel.
        parts: u64,
        /// Devices of the machine.
        devices: u64,
    },
    /// More rank than the narrowest matrix has rows.
    RankAboveWidth {
        /// The rank.
        rank: u32,
        /// Rows or columns of the matrix.
        width: u64,
    },
    /// Stages that share gradients beside a pipeline.
    ZeroPipeline,
    /// Weights in RAM without a stage that shares them.
    OffloadStage,
    /// More tokens than any step has.
    TooManyTokens,
    /// Heads that are no multiple of the blocks of the cache.
    HeadSize,
}
