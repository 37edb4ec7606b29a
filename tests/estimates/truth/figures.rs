//! How each table asks, and which figures of the answer its columns stand beside.

use std::fmt;

use serde_json::{Value, json};

use super::table::{Row, measured, number};

/// A figure that was estimated and measured.
pub(super) struct Figure {
    pub(super) name: &'static str,
    estimate: Option<f64>,
    truth: f64,
}

impl Figure {
    /// Relative to what was measured; whole where nothing is known.
    pub(super) fn error(&self) -> f64 {
        match self.estimate {
            Some(estimate) if estimate == self.truth => 0.0,
            Some(estimate) => (estimate - self.truth).abs() / self.truth.max(1.0),
            None => 1.0,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {:?}, measured {}", self.name, self.estimate, self.truth)
    }
}

fn figure(name: &'static str, estimate: &Value, truth: f64) -> Figure {
    Figure { name, estimate: estimate.as_f64(), truth }
}

/// One table of measurements.
pub(super) struct Kind {
    pub(super) table: &'static str,
    /// Whether a row says all that has to be known.
    pub(super) serves: fn(&Row) -> bool,
    pub(super) request: fn(&Row) -> Value,
    pub(super) figures: fn(&Row, &Value) -> Vec<Figure>,
}

pub(super) const KINDS: &[Kind] = &[
    Kind { table: "llamacpp.csv", serves: |_| true, request: one_device, figures: buffers },
    Kind { table: "llamacpp_offload.csv", serves: |_| true, request: offload, figures: buffers_of_devices },
    Kind { table: "training.csv", serves: |_| true, request: training, figures: step },
    Kind { table: "serving_engines.csv", serves: is_whole_log, request: server, figures: budget },
    Kind { table: "speed.csv", serves: |_| true, request: run, figures: speeds },
];

/// Sets a key where the column has something.
fn set(request: &mut Value, key: &str, row: &Row, column: &str) {
    let Some(text) = row.get(column).filter(|text| !text.is_empty()) else { return };
    request[key] = match (text.as_str(), text.parse::<u64>(), text.parse::<f64>()) {
        ("True", ..) => json!(true),
        ("False", ..) => json!(false),
        (_, Ok(whole), _) => json!(whole),
        (_, _, Ok(number)) => json!(number),
        (text, ..) => json!(text),
    };
}

/// A request with these keys from these columns; the card is so large that all that is asked for fits.
fn request(row: &Row, columns: &[(&str, &str)]) -> Value {
    let mut request = json!({"card": "h200-sxm"});
    for (key, column) in columns {
        set(&mut request, key, row, column);
    }
    request
}

fn llama_cpp(row: &Row) -> Value {
    let columns = [
        ("model", "model"),
        ("quant", "quant"),
        ("sequences", "n_seq"),
        ("kv_cache", "kv_type"),
        ("ubatch", "ubatch"),
        ("gpu_layers", "n_gpu_layers"),
        ("cards", "n_gpu"),
        ("cpu_experts", "n_cpu_moe"),
    ];
    let mut request = request(row, &columns);
    let unified = row["kv_unified"] == "1";
    let whole = |column: &str| -> u64 { row[column].parse().expect("a whole number") };
    request["context"] = json!(whole("ctx") / if unified { 1 } else { whole("n_seq") });
    request["unified_kv"] = json!(unified);
    request["flash_attention"] = json!(row["flash_attn"] == "1");
    if is_older(row) {
        request["runtime_version"] = json!(LAST_WITHOUT_SUMS);
    }
    request["logits"] = json!(if row["n_outputs_max"] == "0" { "all" } else { "last" });
    request
}

/// The last build that weighs and adds the experts' outputs in kernels of their own.
const LAST_WITHOUT_SUMS: &str = "b10750";

/// Whether the engine was measured as it was up to that build.
fn is_older(row: &Row) -> bool {
    let offload = row.contains_key("n_gpu");
    match row["model"].as_str() {
        "deepseek-v2-lite" | "qwen3-30b-a3b" | "qwen3-next-80b-a3b" => true,
        "gpt-oss-20b" => offload,
        _ => false,
    }
}

/// The configuration of a gpt-oss-20b whose experts were unpacked to 16 bits.
const UNPACKED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/unpacked-gpt-oss-20b/config.json");

fn one_device(row: &Row) -> Value {
    let mut request = llama_cpp(row);
    // Where its experts were quantized anew, they had been unpacked before: files that are published keep them.
    if row["model"] == "gpt-oss-20b" && row["quant"] != "MXFP4_MOE" {
        request["model"] = json!(UNPACKED);
    }
    request["cards"] = json!(u32::from(row["backend"] != "cpu"));
    request["gpu_layers"] = json!("all");
    request["swa_full"] = json!(row["swa_full"] == "1");
    request
}

fn offload(row: &Row) -> Value {
    llama_cpp(row)
}

fn buffers(row: &Row, answer: &Value) -> Vec<Figure> {
    let host = &answer["host"];
    let on_cpu = row["backend"] == "cpu";
    let place = if on_cpu { host } else { &answer["devices"][0] };
    let mut found = vec![
        figure("parameters", &answer["params"], number(row, "params")),
        figure("file weights", &answer["weights_bytes"], number(row, "weights_bytes")),
        figure("KV cache", &place["kv_cache_bytes"], number(row, "kv_bytes")),
        figure("recurrent state", &place["recurrent_state_bytes"], number(row, "recurrent_bytes")),
        figure("compute", &place["compute_bytes"], number(row, "compute_bytes")),
    ];
    if !on_cpu {
        found.push(figure("weights", &place["weights_bytes"], number(row, "weights_dev_bytes")));
        found.push(figure("host weights", &host["weights_bytes"], number(row, "weights_host_bytes")));
        found.push(figure("host compute", &host["compute_bytes"], number(row, "compute_host_bytes")));
    }
    found
}

fn caches(place: &Value) -> Value {
    let part = |key: &str| place[key].as_f64();
    json!(part("kv_cache_bytes").zip(part("recurrent_state_bytes")).map(|(kv, recurrent)| kv + recurrent))
}

fn buffers_of_devices(row: &Row, answer: &Value) -> Vec<Figure> {
    let host = &answer["host"];
    let mut found = vec![
        figure("host weights", &host["weights_bytes"], number(row, "host_weights_bytes")),
        figure("host caches", &caches(host), number(row, "host_context_bytes")),
    ];
    for (index, device) in answer["devices"].as_array().expect("devices").iter().enumerate() {
        let truth = |what: &str| number(row, &format!("dev{index}_{what}_bytes"));
        found.push(figure("weights", &device["weights_bytes"], truth("weights")));
        found.push(figure("caches", &caches(device), truth("context")));
        found.push(figure("compute", &device["compute_bytes"], truth("compute")));
    }
    found
}

fn training(row: &Row) -> Value {
    let same = ["model", "task", "precision", "attention", "sequence_length", "micro_batch", "optimizer", "lora_rank"];
    let mut request = request(row, &same.map(|key| (key, key)));
    request["runtime"] = json!("transformers");
    request["checkpointing"] = json!(row["checkpointing"] == "1");
    request
}

fn step(row: &Row, answer: &Value) -> Vec<Figure> {
    let device = &answer["devices"][0];
    let part = |key: &str| device[key].as_f64();
    let peak = part("total_bytes").zip(part("overhead_bytes")).map(|(total, overhead)| total - overhead);
    vec![
        figure("weights", &device["weights_bytes"], number(row, "weights_bytes")),
        figure("optimizer states", &device["optimizer_bytes"], number(row, "optimizer_bytes")),
        figure("training peak", &json!(peak), number(row, "peak_bytes")),
    ]
}

/// A log of vLLM that spells its budget out: known card, model and precision, one pipeline stage.
fn is_whole_log(row: &Row) -> bool {
    let spelled =
        ["card", "catalogue_id", "catalogue_quant", "version", "weights_gib", "kv_cache_gib", "max_model_len"];
    let set = ["tensor_parallel", "gpu_memory_utilization"];
    row["engine"] == "vllm"
        && row["oom"] == "False"
        && ["", "1"].contains(&row["pipeline_parallel"].as_str())
        && spelled.iter().chain(&set).all(|column| !row[*column].is_empty())
}

fn server(row: &Row) -> Value {
    let columns = [
        ("card", "card"),
        ("cards", "tensor_parallel"),
        ("tensor_parallel", "tensor_parallel"),
        ("model", "catalogue_id"),
        ("quant", "catalogue_quant"),
        ("context", "max_model_len"),
        ("gpu_memory_utilization", "gpu_memory_utilization"),
        ("max_num_seqs", "max_num_seqs"),
        ("max_batched_tokens", "max_num_batched_tokens"),
        ("enforce_eager", "enforce_eager"),
    ];
    let mut request = request(row, &columns);
    request["runtime"] = json!("vllm");
    request["runtime_version"] = json!(row["version"]);
    request["sequences"] = json!(1);
    if row["kv_cache_dtype"].contains("fp8") {
        request["kv_cache"] = json!("fp8");
    }
    request
}

/// Before 0.17 the engine divided the card otherwise.
fn budget(row: &Row, answer: &Value) -> Vec<Figure> {
    let minor = |version: &str| version.split('.').nth(1).and_then(|minor| minor.parse::<u32>().ok());
    let old = row["version"].starts_with("0.") && minor(&row["version"]).is_some_and(|minor| minor < 17);
    let device = &answer["devices"][0];
    let [weights, pool, activations] = if old {
        ["vLLM weights before 0.17", "vLLM KV pool before 0.17", "vLLM activations before 0.17"]
    } else {
        ["vLLM weights", "vLLM KV pool", "vLLM activations"]
    };
    let columns = [
        (weights, "weights_bytes", "weights_gib"),
        (pool, "kv_pool_bytes", "kv_cache_gib"),
        (activations, "activations_bytes", "activation_peak_gib"),
    ];
    let logged = columns.into_iter().filter_map(|(name, key, column)| {
        Some(figure(name, &device[key], measured(row, column)? * f64::from(1 << 30)))
    });
    logged.collect()
}

fn run(row: &Row) -> Value {
    let same = ["model", "quant", "runtime", "context", "sequences", "card", "cards", "depth", "card_memory_gib"];
    let mut request = request(row, &same.map(|key| (key, key)));
    set(&mut request, "gpu_layers", row, "gpu_layers");
    if row["engine"].contains("no flash attention") {
        request["flash_attention"] = json!(false);
    }
    if let Some(backend) = row["backend"].split_whitespace().next() {
        request["backend"] = json!(backend);
    }
    if !row["date"].is_empty() {
        request["runtime_version"] = json!(row["date"]);
    }
    request
}

/// The speed, whether the measurement lies in the band, and that what ran out of memory is not said to fit.
fn speeds(row: &Row, answer: &Value) -> Vec<Figure> {
    let (speed, outside, key) = match row["test"].as_str() {
        "decode" => ("decode speed", "decode speed outside its band", "decode_total_tokens_per_s"),
        "prefill" => ("prefill speed", "prefill speed outside its band", "prefill_tokens_per_s"),
        _ => {
            let fits = json!(u32::from(answer["verdict"] == "fits"));
            return vec![figure("fits, yet ran out of memory", &fits, 0.0)];
        }
    };
    let (band, truth) = (&answer["speed"][key], number(row, "tokens_per_s"));
    let inside = band["low"].as_f64() <= Some(truth) && Some(truth) <= band["high"].as_f64();
    vec![figure(speed, &band["expected"], truth), figure(outside, &json!(u32::from(!inside)), 0.0)]
}
