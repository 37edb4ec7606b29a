//! What an engine refuses, or what is not estimated.

use thiserror::Error;

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
    /// More stages than layers.
    TooManyStages {
        /// Layers of the model.
        layers: u64,
    },
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
    /// Layers cut across cards of several boxes.
    TensorBoxes,
    /// An engine that runs in one box alone.
    OneBox,
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
    /// Keys and values of different types where both are one row.
    OneCacheType,
    /// Heads that are no multiple of the blocks of the cache.
    HeadSize,
    /// The model's own layer for further tokens is to guess, and its files have none.
    NoNextToken,
    /// A rule sends tensors to a buffer that there is none of.
    UnknownBuffer,
    /// A device that there is none of is to have all.
    MainGpu {
        /// Its place.
        place: u32,
        /// Devices of the machine.
        devices: u32,
    },
    /// Rules for tensors beside layers that are cut across cards.
    CutTensors,
    /// A draft model beside a server engine.
    ServerDraft,
    /// The part that sees in RAM, with an engine that runs all on the cards.
    ServerVision,
    /// The part that sees is to be loaded, and the model has none of known size.
    NoVision,
    /// A device would hold more than any machine has.
    AbovePebibyte,
}

/// What parallel parts would share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    /// Attention heads, by tensor parallelism.
    Heads,
    /// Width of an MLP or expert, by tensor parallelism.
    Width,
    /// Layers, by a pipeline.
    Layers,
    /// Devices, by tensor × pipeline parallel.
    Devices,
}

/// Parts that do not divide what they share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Indivisible {
    /// What is shared.
    pub shared: Shared,
    /// How much of it there is.
    pub of: u64,
    /// Into how many parts it should go.
    pub parts: u64,
    /// The nearest number of parts that divides it.
    pub nearest: u64,
}
