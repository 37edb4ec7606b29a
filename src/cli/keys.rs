//! The keys of the contract by name, for saying what is wrong with one.

use super::problem::Problem;
use crate::catalog::quantization;

/// Keys that have an effect.
pub(super) const ALL: [&str; 62] = [
    "id",
    "model",
    "quant",
    "runtime",
    "runtime_version",
    "backend",
    "task",
    "context",
    "sequences",
    "unified_kv",
    "kv_cache",
    "kv_cache_v",
    "flash_attention",
    "ubatch",
    "logits",
    "swa_full",
    "card",
    "cards",
    "card_memory_gib",
    "machine",
    "gpu_layers",
    "cpu_experts",
    "split_mode",
    "ram_gib",
    "ram_gb_s",
    "platform",
    "pcie_gen",
    "pcie_lanes",
    "disk_gb_s",
    "os",
    "screen",
    "prompt_tokens",
    "depth",
    "prompt_cache_gib",
    "tensor_parallel",
    "gpu_memory_utilization",
    "max_num_seqs",
    "max_batched_tokens",
    "enforce_eager",
    "sequence_length",
    "micro_batch",
    "gradient_accumulation",
    "optimizer",
    "precision",
    "checkpointing",
    "attention",
    "lora_rank",
    "lora_targets",
    "double_quantization",
    "loss",
    "offload_checkpoints",
    "zero_stage",
    "sharding",
    "offload",
    "pipeline_parallel",
    "data_parallel",
    "sequence_parallel",
    "dataset_tokens",
    "epochs",
    "dataset_in_ram",
    "loader_workers",
    "largest",
];

/// What to say of a key that no request has.
pub(super) fn unknown(key: &str) -> Problem {
    let key: String = key.chars().take(80).collect();
    let nearest = quantization::nearest(&key, ALL.into_iter());
    Problem::UnknownKey { key, nearest: nearest.join(", ") }
}
