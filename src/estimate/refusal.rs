//! What an engine refuses, or what is not estimated.

use thiserror::Error;

use super::training::Indivisible;

/// A combination that the engine refuses, or that is not estimated. The words are for scripts; those of the window
/// are in the locales.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    /// A precision of servers, which has no GGUF type.
    #[error("llama.cpp reads GGUF files only: choose a GGUF type such as Q4_K_M instead of a server's precision")]
    ServerPrecision,
    /// An engine without constants.
    #[error("nothing is known about this engine's memory: choose another")]
    Engine,
    /// A GGUF file type with a server engine.
    #[error(
        "server engines read safetensors checkpoints, not GGUF files: choose bf16, fp8, int4, awq or another server precision"
    )]
    GgufServer,
    /// A precision of the KV cache that servers do not have.
    #[error(
        "server engines store the KV cache in 16 bits or in fp8: use f16, bf16 or fp8 for both kv_cache and kv_cache_v"
    )]
    ServerCache,
    /// A server engine without a card.
    #[error("this engine is not estimated on a CPU: choose a card, or transformers or llama.cpp")]
    ServerOnCpu,
    /// A server engine on a backend that it does not have.
    #[error("this engine does not run on this kind of card: choose llama.cpp")]
    ServerBackend,
    /// A card below the least compute capability.
    #[error("this engine needs compute capability 7.0 (Volta) or newer: choose a newer card or llama.cpp")]
    OldCard,
    /// BF16 on a card without it.
    #[error("this card has no bf16 (it needs compute capability 8.0): use fp16")]
    NoBfloat16,
    /// A format without kernels for the card.
    #[error("this engine has no kernels for this format on this card: choose fp16 or int4")]
    FormatUnsupported,
    /// More ranks than devices.
    #[error("tensor_parallel is more than the machine's devices: add cards or lower it")]
    TooManyRanks,
    /// Ranks that do not divide the heads.
    #[error(
        "tensor_parallel must divide the attention heads, and divide or be a multiple of the key and value heads: give another number"
    )]
    Heads,
    /// Layers cut across cards without flash attention.
    #[error("split_mode \"tensor\" needs flash attention: turn it on or use \"layer\"")]
    TensorFlash,
    /// Layers cut across cards with a quantized KV cache.
    #[error("split_mode \"tensor\" has no quantized KV cache: use f16 for kv_cache and kv_cache_v, or \"layer\"")]
    TensorCache,
    /// Layers cut across cards of an architecture that the engine does not cut.
    #[error("llama.cpp does not cut this model's layers across cards: use split_mode \"layer\"")]
    TensorArchitecture,
    /// Layers cut across cards by a compute library that does not.
    #[error("split_mode \"tensor\" runs on CUDA and ROCm: use \"layer\"")]
    TensorBackend,
    /// More cells than any machine holds.
    #[error("context × sequences is above 17 billion tokens: ask for less")]
    TooManyCells,
    /// More devices than one engine runs.
    #[error("more than 250 devices (1,024 when training): plan one machine at a time")]
    TooManyDevices,
    /// A KV cache in 8-bit floats.
    #[error("llama.cpp has no fp8 KV cache: use q8_0")]
    Fp8Cache,
    /// Quantized values without flash attention.
    #[error("llama.cpp quantizes the V cache only with flash attention: turn it on or use f16 for kv_cache_v")]
    QuantizedValues,
    /// Training without a card.
    #[error("training is not estimated on a CPU: choose a card")]
    TrainingOnCpu,
    /// Parts that do not divide what they share.
    #[error(transparent)]
    Indivisible(#[from] Indivisible),
    /// More parts than devices.
    #[error(
        "{parts} parallel parts need as many devices, and there are {devices}: add cards or lower tensor_parallel, pipeline_parallel or data_parallel"
    )]
    TooManyParts {
        /// Tensor × pipeline × data parallel.
        parts: u64,
        /// Devices of the machine.
        devices: u64,
    },
    /// More rank than the narrowest matrix has rows.
    #[error("lora_rank {rank} is above the narrowest matrix with an adapter: give at most {width}")]
    RankAboveWidth {
        /// The rank.
        rank: u32,
        /// Rows or columns of the matrix.
        width: u64,
    },
    /// Stages that share gradients beside a pipeline.
    #[error("DeepSpeed runs a pipeline with ZeRO 0 or 1 only: give zero_stage 1, pipeline_parallel 1 or sharding fsdp")]
    ZeroPipeline,
    /// Weights in RAM without a stage that shares them.
    #[error("weights are offloaded with ZeRO 3 only: give zero_stage 3, or offload optimizer")]
    OffloadStage,
    /// More tokens than any step has.
    #[error("sequence_length × micro_batch is above 17 billion tokens: ask for less")]
    TooManyTokens,
    /// Heads that are no multiple of the blocks of the cache.
    #[error("the head size is no multiple of this KV type's block: use f16 for the KV cache")]
    HeadSize,
}
