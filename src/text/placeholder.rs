//! The named holes of the sentences.

macro_rules! holes {
    ($($name:ident = $text:literal,)*) => {
        /// A named hole in a sentence.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the name in the sentences is the name here")]
        pub enum Placeholder { $($name,)* }

        impl Placeholder {
            /// Every hole.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// As the sentences spell it, without braces.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

holes! {
    Active = "active",
    AllLinear = "all-linear",
    Attention = "attention",
    Bits = "bits",
    Card = "card",
    Compute = "compute",
    Context = "context",
    Count = "count",
    DataParallel = "data_parallel",
    Excess = "excess",
    FlashAttention = "flash_attention",
    Free = "free",
    Generation = "generation",
    GpuMemoryUtilization = "gpu_memory_utilization",
    Kv = "kv",
    KvCache = "kv_cache",
    KvCacheV = "kv_cache_v",
    Lanes = "lanes",
    Layer = "layer",
    Layers = "layers",
    LoraRank = "lora_rank",
    LoraTargets = "lora_targets",
    MicroBatch = "micro_batch",
    Name = "name",
    Needed = "needed",
    Offload = "offload",
    OnGpu = "on_gpu",
    Optimizer = "optimizer",
    Other = "other",
    Overhead = "overhead",
    Params = "params",
    Parts = "parts",
    PipelineParallel = "pipeline_parallel",
    Platform = "platform",
    Pool = "pool",
    Query = "query",
    Ram = "ram",
    RamGbS = "ram_gb_s",
    SelectiveCheckpointing = "selective_checkpointing",
    SequenceLength = "sequence_length",
    Sharding = "sharding",
    Spilled = "spilled",
    SplitMode = "split_mode",
    Tensor = "tensor",
    TensorParallel = "tensor_parallel",
    Value = "value",
    Vram = "vram",
    ZeroStage = "zero_stage",
}
