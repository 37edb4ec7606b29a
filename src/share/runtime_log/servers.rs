//! vLLM's and `SGLang`'s logs: what weights take, what is left for the pool, what they were told.
//!
//! The lines are those of vLLM's `v1/worker/gpu_worker.py`, `gpu_model_runner.py` and `kv_cache_utils.py` (and `worker.py`
//! before), and of `SGLang`'s `model_runner.py` and `memory_pool.py`. Their `GB` is 2^30.

use super::settings::{number, value};
use super::{Amount, LogTool, Part, Place, RuntimeLog, amount};
use crate::plan::Runtime;
use crate::text::scan;

const FIRST: Place = Place::Device(0);

/// What stands behind these words where they stand first.
fn after_words<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    text.get(scan::first(text, words)? + words.len()..)
}

/// The amount behind the first of these words that the text has.
fn after(text: &str, words: &[&str]) -> Option<Amount> {
    words.iter().find_map(|words| amount(&text[scan::first(text, words)? + words.len()..]))
}

/// The amount that stands before these words.
fn before(text: &str, words: &str) -> Option<Amount> {
    let head = text[..scan::first(text, words)?].trim_end();
    let breaks = |letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '.' | ' '));
    let start =
        head.char_indices().rfind(|(_, letter)| breaks(*letter)).map_or(0, |(at, letter)| at + letter.len_utf8());
    let from = head[start..].rfind(" is ").map_or(start, |at| start + at + " is ".len());
    let words = head[from..].trim_start_matches(" and ").trim();
    amount(words)
}

/// What one amount has above another.
fn above(whole: Amount, part: Amount) -> Option<Amount> {
    Some(Amount { bytes: whole.bytes.checked_sub(part.bytes)?, digit: whole.digit.max(part.digit) })
}

/// A version such as `0.8.5` behind one of these words.
fn version(text: &str, words: &[&str]) -> Option<String> {
    let rest = words.iter().find_map(|words| after_words(text, words))?;
    let version: String = rest.chars().take_while(|letter| letter.is_ascii_digit() || *letter == '.').collect();
    let mut parts = version.split('.');
    Some(format!("{}.{}", parts.next().filter(|part| !part.is_empty())?, parts.next()?))
}

fn set(log: &mut RuntimeLog, part: Part, amount: Option<Amount>) {
    if let Some(amount) = amount {
        log.set(FIRST, part, amount);
    }
}

/// What every server is told alike.
fn told(text: &str, log: &mut RuntimeLog, [model, length, share]: [&[&str]; 3]) {
    let of = |names: &[&str]| {
        names.iter().find_map(|name| value(text, name)).filter(|value| *value != "None").map(str::to_owned)
    };
    log.names.extend(of(model));
    let asked = &mut log.asked;
    asked.context = of(length).and_then(|value| value.parse().ok());
    asked.memory_share = of(share).and_then(|value| value.parse().ok());
    let cache = value(text, "kv_cache_dtype")
        .filter(|it| *it != "auto")
        .and_then(|name| if name.starts_with("fp8") { "fp8".parse().ok() } else { name.parse().ok() });
    (asked.cache_k, asked.cache_v) = (cache, cache);
    asked.dtype = value(text, "dtype").map(|name| name.trim_start_matches("torch.")).and_then(|name| match name {
        "bfloat16" => "bf16".parse().ok(),
        "float16" | "half" => "fp16".parse().ok(),
        "float32" => "fp32".parse().ok(),
        _ => None,
    });
    asked.quantization = value(text, "quantization").and_then(|name| match name {
        "awq_marlin" => "awq".parse().ok(),
        "gptq_marlin" => "gptq".parse().ok(),
        "modelopt_fp4" => "nvfp4".parse().ok(),
        name => name.parse().ok(),
    });
}

/// vLLM.
pub(super) fn vllm(text: &str) -> RuntimeLog {
    let mut log = RuntimeLog::default();
    let is_vllm = scan::has(text, "vLLM")
        || scan::has(text, "vllm")
        || scan::has(text, "LLM engine")
        || scan::has(text, "gpu_memory_utilization");
    let weights = after(text, &["Model loading took ", "Loading model weights took ", "model weights take "])
        .or_else(|| before(text, " for weight,"));
    let pool = after(
        text,
        &[
            "Available KV cache memory: ",
            "reserved for KV Cache is ",
            "available_kv_cache_memory ",
            "Current kv cache memory in use is ",
            // One line for all, in versions around 0.6.
            "kv_cache_size=",
        ],
    );
    if !is_vllm && weights.is_none() && pool.is_none() {
        return log;
    }
    log.tool = Some(LogTool::Vllm);
    set(&mut log, Part::Weights, weights);
    set(&mut log, Part::KvPool, pool);
    set(
        &mut log,
        Part::Activations,
        after(text, &["activation peak memory takes ", "activation peak memory ", "torch peak memory increase: "])
            .or_else(|| before(text, " for peak activation"))
            .or_else(|| above(after(text, &["peak_torch_memory="])?, weights?)),
    );
    let beside = after(
        text,
        &["non_torch_memory takes ", "non_torch_memory ", "non-torch forward increase memory: ", "non_torch_memory="],
    )
    .or_else(|| before(text, " for non-torch memory"));
    // A capture releases what was held before: the figure may be below nothing, and says nothing then.
    let graphs = after_words(text, "Graph capturing finished")
        .and_then(|rest| after(rest, &["took "]))
        .or_else(|| before(text, " for CUDAGraph memory"));
    let sum = |one: Amount, other: Option<Amount>| {
        let other = other.unwrap_or_default();
        Amount { bytes: one.bytes + other.bytes, digit: one.digit.max(other.digit) }
    };
    set(&mut log, Part::Overhead, beside.map(|beside| sum(beside, graphs)));
    told(text, &mut log, [&["model", "model_tag"], &["max_model_len", "max_seq_len"], &["gpu_memory_utilization"]]);
    let asked = &mut log.asked;
    asked.memory_share =
        asked.memory_share.or_else(|| after_words(text, "x gpu_memory_utilization (")?.split(')').next()?.parse().ok());
    asked.tensor_parallel = number(text, "tensor_parallel_size");
    asked.pipeline_parallel = number(text, "pipeline_parallel_size");
    asked.most_sequences = number(text, "max_num_seqs");
    asked.batch_tokens = number(text, "max_num_batched_tokens");
    asked.eager = matches!(value(text, "enforce_eager"), Some("True"));
    log.version = version(text, &["LLM engine (v", "vLLM API server version ", "vLLM version "]);
    if let Some(total) = after(text, &["total_gpu_memory (", "total_gpu_memory: ", "total_gpu_memory="]) {
        log.cards.entry(0).or_default().total = Some(total.bytes);
    }
    log
}

/// `SGLang`.
pub(super) fn sglang(text: &str) -> RuntimeLog {
    let mut log = RuntimeLog::default();
    if !scan::has(text, "Load weight end")
        && !scan::has(text, "server_args=")
        && !scan::has(text, "KV Cache is allocated")
    {
        return log;
    }
    log.tool = Some(LogTool::Sglang);
    let of = |start: &str, words: &[&str]| after_words(text, start).and_then(|rest| after(rest.lines().next()?, words));
    set(&mut log, Part::Weights, of("Load weight end", &["mem usage="]));
    let sizes = [of("KV Cache is allocated", &["K size: "]), of("KV Cache is allocated", &["V size: "])];
    let pool = match sizes {
        // One size of both, where keys and values are stored as one.
        _ if scan::has(text, " KV size: ") => of("KV Cache is allocated", &["KV size: "]),
        [Some(k), Some(v)] => Some(Amount { bytes: k.bytes + v.bytes, digit: k.digit + v.digit }),
        _ => None,
    };
    set(&mut log, Part::KvPool, pool);
    set(&mut log, Part::Overhead, of("Capture cuda graph end", &["mem usage="]));
    told(text, &mut log, [&["model_path"], &["context_length", "context_len"], &["mem_fraction_static"]]);
    let asked = &mut log.asked;
    asked.tensor_parallel = number(text, "tp_size");
    asked.pipeline_parallel = number(text, "pp_size");
    asked.most_sequences = number(text, "max_running_requests");
    log
}

/// The engine of a server's log.
pub(super) const fn is_server(runtime: Runtime) -> bool {
    matches!(runtime, Runtime::Vllm | Runtime::Sglang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_amounts_are_read() {
        assert_eq!(version("engine (v0.8.5.post1) with", &["(v"]), Some("0.8".to_owned()));
        assert_eq!(version("engine (vdev)", &["(v"]), None);
        assert_eq!(after("took 1.5 GiB, took 2.0 GiB", &["took "]).map(|it| it.bytes), Some(3 << 29));
        let usage =
            "Actual usage is 15.5 GiB for weight, 1.5 GiB for peak activation, and 0.25 GiB for CUDAGraph memory";
        let of = |words| before(usage, words).map(|it| it.bytes);
        assert_eq!(of(" for weight,"), Some(31 << 29));
        assert_eq!((of(" for peak activation"), of(" for CUDAGraph memory")), (Some(3 << 29), Some(1 << 28)));
        // vLLM 0.6.3, vllm/worker/worker.py
        let line = "INFO Loading model weights took 14.0000 GB\nINFO Memory profiling results: total_gpu_memory=24.00GiB \
                    initial_memory_usage=14.50GiB peak_torch_memory=15.50GiB memory_usage_post_profile=14.56Gib \
                    non_torch_memory=0.25GiB kv_cache_size=5.50GiB gpu_memory_utilization=0.90 vllm";
        let log = vllm(line);
        let of = |part| log.bytes(FIRST, part);
        assert_eq!((of(Part::KvPool), of(Part::Activations)), (Some(11 << 29), Some(3 << 29)));
        assert_eq!(of(Part::Overhead), Some(1 << 28));
        assert_eq!(before("，1.5 GiB for x", " for x").map(|it| it.bytes), Some(3 << 29));
    }
}
