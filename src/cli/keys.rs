//! The keys of the contract by name, for saying what is wrong with one.

use super::problem::{Problem, SERVERS, TRAINING};

/// Keys that have an effect.
pub(super) const ALL: [&str; 35] = [
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
    "largest",
];

/// Keys of the contract that belong to what is not estimated yet.
const LATER: [(&str, &[&str]); 2] = [
    (SERVERS, &["tensor_parallel", "gpu_memory_utilization", "max_num_seqs", "max_batched_tokens", "enforce_eager"]),
    (
        TRAINING,
        &[
            "sequence_length",
            "micro_batch",
            "optimizer",
            "precision",
            "checkpointing",
            "attention",
            "lora_rank",
            "zero_stage",
            "pipeline_parallel",
            "data_parallel",
        ],
    ),
];

/// What to say of a key that no request has.
pub(super) fn unknown(key: &str) -> Problem {
    for (used_by, keys) in LATER {
        if keys.contains(&key) {
            return Problem::Later { key: key.to_owned(), used_by };
        }
    }
    let key: String = key.chars().take(80).collect();
    let nearest = ALL.iter().map(|known| (distance(&key, known), *known)).min();
    let nearest = nearest.filter(|(far, known)| *far <= known.len().div_ceil(3)).map(|(_, known)| known);
    Problem::UnknownKey { key, nearest }
}

/// How many letters must be changed, added or dropped to get from one name to the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let changed = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
