//! What shall run.

use serde::{Deserialize, Serialize};

use super::{Backend, GpuLayers, Logits, ModelChoice, Runtime, SplitMode, Task};
use crate::catalog::quantization::{KvPrecision, Quantization};

/// What shall run: the model, how it is stored, and how the engine is told to run it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Workload {
    /// Which model.
    pub model: ModelChoice,
    /// What is done with it.
    pub task: Task,
    /// The engine.
    pub runtime: Runtime,
    /// The compute library; by the maker of the first card where none is named.
    pub backend: Option<Backend>,
    /// How the weights are stored.
    pub quantization: Quantization,
    /// How the KV cache is stored.
    pub kv_cache: KvCache,
    /// Tokens a sequence; with `unified_kv` the pool that all sequences share.
    pub context: u64,
    /// Sequences at once.
    pub sequences: u32,
    /// All sequences share one pool of `context` cells.
    pub unified_kv: bool,
    /// Tokens of the prompt.
    pub prompt_tokens: u64,
    /// Tokens cached when the run starts; `None` = at `context`.
    pub depth: Option<u64>,
    /// Flash attention.
    pub flash_attention: bool,
    /// Tokens processed at once (physical batch).
    pub ubatch: u32,
    /// For how many tokens logits are reserved.
    pub logits: Logits,
    /// Sliding-window layers keep the whole context (llama.cpp's `--swa-full`).
    pub swa_full: bool,
    /// Layers on the GPU.
    pub gpu_layers: GpuLayers,
    /// The experts of the first so many layers stay in RAM.
    pub cpu_experts: u32,
    /// How several cards share the model.
    pub split_mode: SplitMode,
    /// The most RAM that llama-server's prompt cache may take, in GiB.
    pub prompt_cache_gib: f64,
}

/// How the KV cache is stored: keys and values may differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KvCache {
    /// Keys.
    pub k: KvPrecision,
    /// Values.
    pub v: KvPrecision,
}

impl Default for Workload {
    fn default() -> Self {
        Self {
            model: ModelChoice::Catalog("llama-3.1-8b".to_owned()),
            task: Task::Serve,
            runtime: Runtime::LlamaCpp,
            backend: None,
            quantization: Quantization::Q4_K_M,
            kv_cache: KvCache::default(),
            context: 8192,
            sequences: 1,
            unified_kv: false,
            prompt_tokens: 2048,
            depth: None,
            flash_attention: true,
            ubatch: 512,
            logits: Logits::Last,
            swa_full: false,
            gpu_layers: GpuLayers::Auto,
            cpu_experts: 0,
            split_mode: SplitMode::Layer,
            prompt_cache_gib: 8.0,
        }
    }
}
