//! What Ollama says beside llama.cpp's lines: its own engine's buffers and what it starts a runner with.
//!
//! The lines are those of `ml/device.go`, `ml/backend/ggml/ggml.go` and `llm/server.go`.

use super::{Amount, LogTool, Part, Place, RuntimeLog, amount, llamacpp, settings};
use crate::share::launch::read::{ExpertsAsked, LayersAsked};

/// Reads one line.
pub(super) fn of_line(line: &str, log: &mut RuntimeLog) {
    if !line.contains("msg=") {
        return;
    }
    if let Some((place, part, amount)) = buffer(line) {
        log.tool = Some(LogTool::Ollama);
        log.add(place, part, amount);
        if let Some(name) = device(line) {
            log.backend = llamacpp::backend(name).or(log.backend);
        }
    }
    if line.contains("architecture=") && line.contains("file_type=") {
        let name = settings::value(line, "name").filter(|name| !name.is_empty());
        log.names.extend(name.map(str::to_owned));
        log.asked.quantization =
            settings::value(line, "file_type").and_then(crate::share::llama_bench::stored).or(log.asked.quantization);
    }
    if line.contains("msg=load ") || line.contains("KvSize:") {
        request(line, log);
    }
    if line.contains("msg=\"starting runner\"") || line.contains("--ctx-size") {
        command(line, log);
    }
}

fn device(line: &str) -> Option<&str> {
    ["device", "buffer_type", "buffer"].iter().find_map(|name| settings::value(line, name))
}

/// `msg="kv cache" device=CUDA0 size="936.0 MiB"`
fn buffer(line: &str) -> Option<(Place, Part, Amount)> {
    let part = [
        ("msg=\"model weights\"", Part::Weights),
        ("msg=\"kv cache\"", Part::KvCache),
        ("msg=\"compute graph\"", Part::Compute),
    ]
    .iter()
    .find(|(words, _)| line.contains(words))?
    .1;
    let amount = amount(settings::value(line, "size")?)?;
    Some((llamacpp::place(device(line)?), part, amount))
}

/// `msg=load request="{Operation:commit … Parallel:1 BatchSize:512 FlashAttention:true KvSize:8192 KvCacheType: …}"`
fn request(line: &str, log: &mut RuntimeLog) {
    let asked = &mut log.asked;
    asked.context = settings::number(line, "KvSize").filter(|tokens| *tokens > 0).or(asked.context);
    asked.slots = settings::number(line, "Parallel").filter(|slots| *slots > 0).or(asked.slots);
    asked.ubatch = settings::number(line, "BatchSize").filter(|tokens| *tokens > 0).or(asked.ubatch);
    let flash = settings::value(line, "FlashAttention");
    asked.flash_attention = flash.map(|flash| !matches!(flash, "false" | "Disabled")).or(asked.flash_attention);
    let cache = settings::value(line, "KvCacheType").and_then(|name| name.parse().ok());
    (asked.cache_k, asked.cache_v) = (cache.or(asked.cache_k), cache.or(asked.cache_v));
}

/// The command of a runner, as it is written into the log.
fn command(line: &str, log: &mut RuntimeLog) {
    let after = |option: &str| {
        let rest = line.split_once(&format!("--{option} "))?.1;
        rest.split([' ', '"']).next()
    };
    let number = |option: &str| after(option).and_then(|value| value.parse::<u32>().ok());
    let asked = &mut log.asked;
    asked.context = number("ctx-size").map(u64::from).or(asked.context);
    asked.slots = number("parallel").filter(|slots| *slots > 0).or(asked.slots);
    asked.ubatch = number("batch-size").or(asked.ubatch);
    asked.flash_attention = line.contains("--flash-attn").then_some(true).or(asked.flash_attention);
    if let Some(layers) = number("n-gpu-layers") {
        asked.gpu_layers = asked.gpu_layers.or(Some(LayersAsked::Count(layers)));
    }
    let cache = after("kv-cache-type").and_then(|name| name.parse().ok());
    (asked.cache_k, asked.cache_v) = (cache.or(asked.cache_k), cache.or(asked.cache_v));
    asked.experts = number("n-cpu-moe").map(ExpertsAsked::Count).or(asked.experts);
}
