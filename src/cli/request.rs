//! One request: the keys of the script contract, each optional. The same struct is filled from JSON and from flags.

use clap::Args;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::names::{Name, gpu_layers, named};
use crate::catalog::quantization::{KvPrecision, Quantization};
use crate::plan::{
    Backend, GpuLayers, Logits, LoraTargets, Loss, Offload, OperatingSystem, Optimizer, Precision, Runtime,
    RuntimeVersion, Sharding, SplitMode, Task, TrainingAttention,
};

/// The keys that change a plan; what is left out keeps the plan's value.
#[derive(Debug, Default, PartialEq, Args, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Request {
    /// Echoed in the answer: a JSON string or number as it was written.
    #[arg(skip)]
    #[serde(deserialize_with = "raw")]
    pub id: Option<String>,
    /// A model's id in the catalog, or the path of a config.json, .gguf or safetensors file or folder.
    #[arg(long, value_name = "ID|PATH")]
    pub model: Option<String>,
    /// Precision of the weights, e.g. `Q4_K_M`.
    #[arg(long, value_name = "NAME", value_parser = Quantization::from_name)]
    #[serde(deserialize_with = "named")]
    pub quant: Option<Quantization>,
    /// The engine: llama.cpp, vllm, sglang, tgi, tensorrt-llm or transformers.
    #[arg(long, value_name = "NAME", value_parser = Runtime::from_name)]
    #[serde(deserialize_with = "named")]
    pub runtime: Option<Runtime>,
    /// The engine's version or the month of its build, e.g. 2024-05; current where left out.
    #[arg(long, value_name = "VERSION", value_parser = RuntimeVersion::from_name)]
    #[serde(deserialize_with = "named")]
    pub runtime_version: Option<RuntimeVersion>,
    /// The compute library: cuda, rocm, vulkan, metal, sycl, cpu; by the card's maker where left out.
    #[arg(long, value_name = "NAME", value_parser = Backend::from_name)]
    #[serde(deserialize_with = "named")]
    pub backend: Option<Backend>,
    /// What is done with the model: serve, or training as full, lora or qlora.
    #[arg(long, value_name = "NAME", value_parser = Task::from_name)]
    #[serde(deserialize_with = "named")]
    pub task: Option<Task>,
    /// Tokens a sequence; with a unified cache the pool that all sequences share.
    #[arg(long, value_name = "TOKENS")]
    pub context: Option<u64>,
    /// Sequences at once.
    #[arg(long, value_name = "N")]
    pub sequences: Option<u32>,
    /// All sequences share one KV cache.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub unified_kv: Option<bool>,
    /// Precision of the KV cache, e.g. `q8_0`.
    #[arg(long, value_name = "NAME", value_parser = KvPrecision::from_name)]
    #[serde(deserialize_with = "named")]
    pub kv_cache: Option<KvPrecision>,
    /// Precision of the values where it differs from the keys.
    #[arg(long, value_name = "NAME", value_parser = KvPrecision::from_name)]
    #[serde(deserialize_with = "named")]
    pub kv_cache_v: Option<KvPrecision>,
    /// Flash attention.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub flash_attention: Option<bool>,
    /// Tokens processed at once.
    #[arg(long, value_name = "TOKENS")]
    pub ubatch: Option<u32>,
    /// Rows of logits reserved: last (one a sequence) or all (the whole batch).
    #[arg(long, value_name = "NAME", value_parser = Logits::from_name)]
    #[serde(deserialize_with = "named")]
    pub logits: Option<Logits>,
    /// Sliding-window layers keep the whole context.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub swa_full: Option<bool>,
    /// A card's id in the catalog.
    #[arg(long, value_name = "ID")]
    pub card: Option<String>,
    /// How many of it; 0 = CPU only.
    #[arg(long, value_name = "N")]
    pub cards: Option<u32>,
    /// Memory of one card in GiB, where its maker sells several sizes.
    #[arg(long, value_name = "GIB")]
    pub card_memory_gib: Option<f64>,
    /// Unequal cards in place of `card` and `cards`, e.g. rtx-4090:1,rtx-3090:2.
    #[arg(long, value_name = "ID[:N],…", value_parser = Cards::from_text)]
    pub machine: Option<Cards>,
    /// Layers on the GPU: all, auto (the most that fit) or a number.
    #[arg(long, value_name = "N", value_parser = GpuLayers::from_name)]
    #[serde(deserialize_with = "gpu_layers")]
    pub gpu_layers: Option<GpuLayers>,
    /// The experts of the first so many layers stay in RAM.
    #[arg(long, value_name = "LAYERS")]
    pub cpu_experts: Option<u32>,
    /// How several cards share the model: layer or tensor.
    #[arg(long, value_name = "NAME", value_parser = SplitMode::from_name)]
    #[serde(deserialize_with = "named")]
    pub split_mode: Option<SplitMode>,
    /// RAM in GiB.
    #[arg(long, value_name = "GIB")]
    pub ram_gib: Option<f64>,
    /// Bandwidth of the RAM in GB/s.
    #[arg(long, value_name = "GB/S")]
    pub ram_gb_s: Option<f64>,
    /// A platform of the catalog, in place of the RAM's bandwidth.
    #[arg(long, value_name = "ID")]
    pub platform: Option<String>,
    /// PCIe generation of the slot.
    #[arg(long, value_name = "N")]
    pub pcie_gen: Option<u8>,
    /// PCIe lanes of the slot.
    #[arg(long, value_name = "N")]
    pub pcie_lanes: Option<u8>,
    /// Read rate of the disk in GB/s.
    #[arg(long, value_name = "GB/S")]
    pub disk_gb_s: Option<f64>,
    /// The operating system: linux, windows, macos.
    #[arg(long, value_name = "NAME", value_parser = OperatingSystem::from_name)]
    #[serde(deserialize_with = "named")]
    pub os: Option<OperatingSystem>,
    /// A display is attached to the first card.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub screen: Option<bool>,
    /// Tokens of the prompt.
    #[arg(long, value_name = "TOKENS")]
    pub prompt_tokens: Option<u64>,
    /// Tokens cached when the run starts; the whole context where left out.
    #[arg(long, value_name = "TOKENS")]
    pub depth: Option<u64>,
    /// The most RAM that llama-server's prompt cache may take, in GiB.
    #[arg(long, value_name = "GIB")]
    pub prompt_cache_gib: Option<f64>,
    /// Cards that a server engine cuts every layer across; all of them where left out.
    #[arg(long, value_name = "N")]
    pub tensor_parallel: Option<u32>,
    /// Share of each card that a server engine may take, e.g. 0.9.
    #[arg(long, value_name = "SHARE")]
    pub gpu_memory_utilization: Option<f64>,
    /// Most sequences in one batch of a server engine.
    #[arg(long, value_name = "N")]
    pub max_num_seqs: Option<u32>,
    /// Most tokens in one batch of a server engine.
    #[arg(long, value_name = "TOKENS")]
    pub max_batched_tokens: Option<u32>,
    /// A server engine without CUDA graphs.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub enforce_eager: Option<bool>,
    /// Training: tokens of one sequence.
    #[arg(long, value_name = "TOKENS")]
    pub sequence_length: Option<u64>,
    /// Training: sequences that one card runs at once.
    #[arg(long, value_name = "N")]
    pub micro_batch: Option<u32>,
    /// Training: micro-batches of one optimizer step.
    #[arg(long, value_name = "N")]
    pub gradient_accumulation: Option<u32>,
    /// Training: adamw, `adamw_foreach`, `adamw_8bit`, `paged_adamw_8bit`, adafactor, sgd or `sgd_momentum`.
    #[arg(long, value_name = "NAME", value_parser = Optimizer::from_name)]
    #[serde(deserialize_with = "named")]
    pub optimizer: Option<Optimizer>,
    /// Training: bf16, `bf16_master`, amp or fp32.
    #[arg(long, value_name = "NAME", value_parser = Precision::from_name)]
    #[serde(deserialize_with = "named")]
    pub precision: Option<Precision>,
    /// Training: layers keep their input only and are run again.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub checkpointing: Option<bool>,
    /// Training: attention's scores alone are calculated again (Megatron-LM's selective recomputation).
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub selective_checkpointing: Option<bool>,
    /// Training: flash, eager or `fused_softmax` (Megatron-LM).
    #[arg(long, value_name = "NAME", value_parser = TrainingAttention::from_name)]
    #[serde(deserialize_with = "named")]
    pub attention: Option<TrainingAttention>,
    /// Training: rank of the adapters.
    #[arg(long, value_name = "N")]
    pub lora_rank: Option<u32>,
    /// Training: matrices with adapters: all-linear, attention or qv.
    #[arg(long, value_name = "NAME", value_parser = LoraTargets::from_name)]
    #[serde(deserialize_with = "named")]
    pub lora_targets: Option<LoraTargets>,
    /// Training: the block scales of nf4 are quantized as well.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub double_quantization: Option<bool>,
    /// Training: dropout is above zero, of adapters or of the model.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub dropout: Option<bool>,
    /// Training: sequences are padded, so attention is given a mask.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub padding_mask: Option<bool>,
    /// Training: standard, `without_outputs`, fused or chunked.
    #[arg(long, value_name = "NAME", value_parser = Loss::from_name)]
    #[serde(deserialize_with = "named")]
    pub loss: Option<Loss>,
    /// Training: checkpoints wait in RAM.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub offload_checkpoints: Option<bool>,
    /// Training: what data-parallel cards share out: 0 nothing, 1 states, 2 gradients too, 3 weights too.
    #[arg(long, value_name = "N")]
    pub zero_stage: Option<u8>,
    /// Training: who shares it out: deepspeed or fsdp.
    #[arg(long, value_name = "NAME", value_parser = Sharding::from_name)]
    #[serde(deserialize_with = "named")]
    pub sharding: Option<Sharding>,
    /// Training: what lies outside the cards between uses: none, optimizer, parameters or nvme.
    #[arg(long, value_name = "NAME", value_parser = Offload::from_name)]
    #[serde(deserialize_with = "named")]
    pub offload: Option<Offload>,
    /// Training: stages of a pipeline.
    #[arg(long, value_name = "N")]
    pub pipeline_parallel: Option<u32>,
    /// Training: copies of the model; as many as there are cards for where left out.
    #[arg(long, value_name = "N")]
    pub data_parallel: Option<u32>,
    /// Training: what tensor parallelism leaves whole is cut along the sequence.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub sequence_parallel: Option<bool>,
    /// Training: tokens of the data set.
    #[arg(long, value_name = "TOKENS")]
    pub dataset_tokens: Option<u64>,
    /// Training: how often it is gone through.
    #[arg(long, value_name = "N")]
    pub epochs: Option<u32>,
    /// Training: the data set is held in RAM.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub dataset_in_ram: Option<bool>,
    /// Training: processes beside each card's that prepare batches.
    #[arg(long, value_name = "N")]
    pub loader_workers: Option<u32>,
    /// Training: checkpoints that stay on the disk.
    #[arg(long, value_name = "N")]
    pub checkpoints_kept: Option<u32>,
    /// Also answer the largest context, sequences and layers that still fit.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub largest: Option<bool>,
}

/// Kinds of card in device order, with how many of each.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Cards(pub Vec<CardKind>);

/// One kind of card.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardKind {
    /// A card's id in the catalog.
    pub card: String,
    /// How many of it.
    #[serde(default = "one")]
    pub count: u32,
    /// Memory of one card in GiB, where its maker sells several sizes.
    #[serde(default)]
    pub card_memory_gib: Option<f64>,
}

const fn one() -> u32 {
    1
}

impl Cards {
    /// From `rtx-4090:1,rtx-3090:2`; a count left out is 1.
    fn from_text(text: &str) -> Result<Self, String> {
        let kind = |part: &str| {
            let (card, count) = part.split_once(':').unwrap_or((part, "1"));
            let count =
                count.parse().map_err(|_error| format!("{count:?} is no number of cards: give e.g. rtx-3090:2"))?;
            Ok(CardKind { card: card.to_owned(), count, card_memory_gib: None })
        };
        text.split(',').map(kind).collect::<Result<_, String>>().map(Self)
    }
}

/// The JSON text of an id.
fn raw<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let id = <&RawValue>::deserialize(deserializer)?.get();
    match id.as_bytes().first() {
        Some(b'"' | b'-' | b'0'..=b'9') => Ok(Some(id.to_owned())),
        Some(b'n') => Ok(None),
        _ => Err(serde::de::Error::custom("an id is a string or a number")),
    }
}
