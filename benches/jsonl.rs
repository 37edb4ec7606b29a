//! The stream of requests (wanted: 300,000 answers a second on one core): over a mix as scripts send it.

#![allow(missing_docs, reason = "criterion's macros make public functions")]

use std::io;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rigplan::catalog::Catalog;
use rigplan::cli::jsonl;
use serde_json::{Value, json};

const MODELS: [&str; 8] = [
    "llama-3.1-8b",
    "llama-3.1-70b",
    "qwen3-32b",
    "qwen3-30b-a3b",
    "gemma-3-27b",
    "gpt-oss-20b",
    "mistral-small-24b",
    "qwen3.5-9b",
];
const CARDS: [&str; 5] = ["rtx-4090", "rtx-3090", "rtx-5090", "rx-7900-xtx", "h100-pcie"];
const QUANTIZATIONS: [&str; 4] = ["Q4_K_M", "Q8_0", "Q5_K_M", "Q6_K"];
const CONTEXTS: [u32; 4] = [4096, 8192, 16_384, 32_768];

/// How often a stream asks each: what a long stream is made of, not its start.
const TIMES: usize = 64;

/// Every combination, each a line with the keys that scripts give.
fn requests(layers: &Value) -> String {
    let mut lines = String::new();
    for (index, model) in MODELS.iter().cycle().take(MODELS.len() * CARDS.len() * 16).enumerate() {
        let card = CARDS[index / 8 % CARDS.len()];
        let (quantization, context) = (QUANTIZATIONS[index / 40 % 4], CONTEXTS[index / 160 % 4]);
        lines += &json!({
            "id": index.to_string(), "model": model, "quant": quantization, "runtime": "llama.cpp", "task": "serve",
            "context": context, "sequences": 1, "unified_kv": false, "kv_cache": "f16", "flash_attention": true,
            "ubatch": 512, "logits": "last", "swa_full": false, "card": card, "cards": 1, "gpu_layers": layers,
            "cpu_experts": 0, "ram_gib": 64, "prompt_tokens": 2048,
        })
        .to_string();
        lines.push('\n');
    }
    lines.repeat(TIMES)
}

fn stream(criterion: &mut Criterion) {
    let catalog = Catalog::embedded();
    let mut group = criterion.benchmark_group("jsonl");
    group.sample_size(10);
    for (name, layers) in
        [("layers given", json!("all")), ("as many layers as fit", json!("auto")), ("a number of layers", json!(20))]
    {
        let lines = requests(&layers);
        group.throughput(Throughput::Elements(lines.lines().count() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| jsonl::run(catalog, lines.as_bytes(), io::sink())));
    }
    // No two lines ask for the same caches, so that nothing is known from the line before.
    let mut lines = String::new();
    for (index, model) in MODELS.iter().cycle().take(8192).enumerate() {
        let context = 2048 + index / MODELS.len() * 32;
        lines += &json!({"id": index, "model": model, "context": context, "gpu_layers": "auto"}).to_string();
        lines.push('\n');
    }
    group.throughput(Throughput::Elements(lines.lines().count() as u64));
    group.bench_function("each another context", |bencher| {
        bencher.iter(|| jsonl::run(catalog, lines.as_bytes(), io::sink()));
    });
    // Bad lines take the slow way, which must not be abused to stall a stream.
    let bad = "{\"id\":1,\"model\":\"llama-3.1-8b\",\"contxt\":8192}\n".repeat(100);
    group.throughput(Throughput::Elements(100));
    group.bench_function("unknown keys", |bencher| bencher.iter(|| jsonl::run(catalog, bad.as_bytes(), io::sink())));
    group.finish();
}

criterion_group!(benches, stream);
criterion_main!(benches);
