//! The face for scripts: every key, every kind of error, the order of the answer. Scripts rely on all of it.

#![expect(clippy::naive_bytecount, reason = "a short text")]

use proptest::prelude::*;
use rigplan::catalog::Catalog;
use rigplan::cli::jsonl::{self, JsonlSession};
use rigplan::plan::Input;
use serde_json::{Value, json};

/// The answer to one line.
fn answer(line: &str) -> Value {
    let mut out = Vec::new();
    assert!(JsonlSession::new(Catalog::embedded()).answer(line.as_bytes(), &mut out), "no answer to {line}");
    serde_json::from_slice(&out).unwrap_or_else(|error| panic!("{line}: {error}"))
}

fn ask(request: &Value) -> Value {
    answer(&request.to_string())
}

/// The error that a request gets.
fn error(request: &Value) -> String {
    let answer = ask(request);
    let keys: Vec<&String> = answer.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["error", "id"], "{request} got {answer}");
    answer["error"].as_str().expect("a text").to_owned()
}

/// The answers to a whole stream, one a line.
fn stream(input: &str) -> Vec<Value> {
    let mut out = Vec::new();
    jsonl::run(Catalog::embedded(), input.as_bytes(), &mut out).expect("a buffer takes everything");
    let text = String::from_utf8(out).expect("answers are text");
    assert!(text.is_empty() || text.ends_with('\n'));
    text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

/// The request that the documentation shows.
fn whole() -> Value {
    json!({"id": "x", "model": "llama-3.1-8b", "quant": "Q4_K_M", "runtime": "llama.cpp", "task": "serve",
        "context": 8192, "sequences": 1, "unified_kv": false, "kv_cache": "f16", "flash_attention": true, "ubatch": 512,
        "logits": "last", "swa_full": false, "card": "rtx-4090", "cards": 1, "gpu_layers": "auto", "cpu_experts": 0,
        "ram_gib": 64, "prompt_tokens": 2048})
}

fn with(key: &str, value: Value) -> Value {
    let mut request = whole();
    request[key] = value;
    request
}

#[test]
fn the_answer_has_its_keys_in_order() {
    let mut out = Vec::new();
    JsonlSession::new(Catalog::embedded()).answer(with("largest", json!(true)).to_string().as_bytes(), &mut out);
    let text = String::from_utf8(out).expect("text");
    let order = [
        "id",
        "verdict",
        "params",
        "weights_bytes",
        "bits_per_weight",
        "devices",
        "capacity_bytes",
        "usable_bytes",
        "weights_bytes",
        "kv_cache_bytes",
        "recurrent_state_bytes",
        "compute_bytes",
        "activations_bytes",
        "gradients_bytes",
        "optimizer_bytes",
        "overhead_bytes",
        "total_bytes",
        "gpu_layers",
        "host",
        "weights_bytes",
        "kv_cache_bytes",
        "recurrent_state_bytes",
        "compute_bytes",
        "output_bytes",
        "optimizer_bytes",
        "total_bytes",
        "running",
        "waiting",
        "speed",
        "warnings",
        "assumed",
        "largest",
        "context",
        "sequences",
        "gpu_layers",
    ];
    let mut at = 0;
    for key in order {
        let quoted = format!("\"{key}\":");
        let found = text[at..].find(&quoted).unwrap_or_else(|| panic!("{key} is missing after byte {at} of {text}"));
        at += found + quoted.len();
    }
}

#[test]
fn totals_are_the_sums_of_their_parts() {
    for request in [whole(), with("cards", json!(2)), with("cards", json!(0)), with("gpu_layers", json!(12))] {
        let answer = ask(&request);
        for device in answer["devices"].as_array().expect("devices") {
            let parts = [
                "weights",
                "kv_cache",
                "recurrent_state",
                "compute",
                "activations",
                "gradients",
                "optimizer",
                "overhead",
            ];
            let sum: u64 = parts.iter().map(|part| device[format!("{part}_bytes")].as_u64().expect(part)).sum();
            assert_eq!(device["total_bytes"], sum, "{request}");
        }
        let parts = ["weights", "kv_cache", "recurrent_state", "compute", "output", "optimizer"];
        let sum: u64 = parts.iter().map(|part| answer["host"][format!("{part}_bytes")].as_u64().expect(part)).sum();
        assert_eq!(answer["host"]["total_bytes"], sum, "{request}");
    }
}

#[test]
fn figures_of_the_engine() {
    // Llama 3.1 8B Q4_K_M, llama.cpp 0c1e57098: rope factors counted, 8192 × 32 × 2 × 8 × 128 × 2 B of cache.
    let answer = ask(&with("gpu_layers", json!("all")));
    assert_eq!(answer["verdict"], "fits");
    assert_eq!(answer["params"], 8_030_261_312_u64);
    assert_eq!(answer["devices"][0]["kv_cache_bytes"], 1_u64 << 30);
    assert_eq!(answer["devices"][0]["gpu_layers"], 33);
    assert_eq!(answer["speed"]["train_tokens_per_s"], Value::Null);
}

#[test]
fn ids_come_back_as_they_were() {
    assert_eq!(ask(&json!({"id": "ä\n\"x"}))["id"], "ä\n\"x");
    assert_eq!(ask(&json!({"id": 7}))["id"], 7);
    assert_eq!(ask(&json!({"id": -1.5}))["id"], -1.5);
    assert_eq!(ask(&json!({}))["id"], Value::Null);
    assert_eq!(ask(&json!({"id": 7, "nonsense": 1}))["id"], 7);
    assert!(answer(r#"{"id":12345678901234567890123,"context":1}"#)["id"].is_number());
    assert_eq!(error(&json!({"id": {"a": 1}})), "id is {\"a\":1}: give a text or a number");
}

#[test]
fn defaults_that_were_filled_in_are_listed() {
    let answer = ask(&json!({"model": "llama-3.1-8b", "context": 4096}));
    let assumed = answer["assumed"].as_object().expect("an object");
    assert!(!assumed.contains_key("model") && !assumed.contains_key("context"));
    assert_eq!(assumed["quant"], "Q4_K_M");
    assert_eq!(assumed["card"], "rtx-4090");
    assert_eq!(assumed["depth"], 4096, "decode speed is taken at the context");
    // What was assumed, given in full, changes nothing but the list.
    let mut given = Value::Object(assumed.clone());
    given["model"] = json!("llama-3.1-8b");
    given["context"] = json!(4096);
    let again = ask(&given);
    assert_eq!(again["assumed"], json!({}));
    assert_eq!(again["devices"], answer["devices"]);
}

#[test]
fn a_model_published_in_few_bits_is_stored_so_where_nothing_else_is_said() {
    for (model, runtime, usual) in [
        ("gpt-oss-120b", "llama.cpp", "MXFP4_MOE"),
        ("gpt-oss-20b", "vllm", "mxfp4"),
        ("deepseek-v3", "llama.cpp", "Q4_K_M"),
        ("deepseek-v3", "vllm", "fp8"),
        ("kimi-k2.5", "sglang", "int4"),
        ("llama-3.1-8b", "vllm", "int4"),
    ] {
        let mut request = json!({"model": model, "runtime": runtime, "card": "h200-sxm", "cards": 8});
        let answer = ask(&request);
        assert_eq!(answer["assumed"]["quant"], usual, "{model} {runtime}");
        request["quant"] = json!(usual);
        assert_eq!(ask(&request)["devices"], answer["devices"], "{model} {runtime}");
    }
    let warned = ask(&json!({"model": "gpt-oss-20b", "quant": "Q2_K"}))["warnings"].to_string();
    assert!(warned.contains("as published, in MXFP4"), "{warned}");
}

#[test]
fn experts_that_are_placed_automatically_are_told() {
    let mixture = |layers: Value| {
        ask(
            &json!({"model": "glm-4.5-air", "card": "rtx-4090", "context": 32_768, "ram_gib": 64, "gpu_layers": layers}),
        )
    };
    let placed = mixture(json!("auto"));
    assert_eq!(placed["assumed"]["cpu_experts"], "auto");
    assert!(placed["cpu_experts"].as_u64().is_some_and(|layers| (30..46).contains(&layers)), "{placed}");
    let (experts, host) = (&placed["cpu_expert_bytes"], &placed["host"]["weights_bytes"]);
    assert!(experts.as_u64() > Some(0) && experts.as_u64() < host.as_u64(), "{experts} of {host}");
    // Beside layers that are given there is nothing to choose.
    let given = mixture(json!(12));
    assert_eq!((&given["assumed"]["cpu_experts"], &given["cpu_experts"]), (&json!(0), &Value::Null));
    let problem = ask(&json!({"cpu_experts": "all"}))["error"].to_string();
    assert!(problem.contains("no number of layers: give auto or a number"), "{problem}");
}

#[test]
fn every_key_is_taken() {
    let values = [
        ("quant", json!("q4_k_m")),
        ("runtime_version", json!("2024-05")),
        ("runtime_version", json!("0.17")),
        ("runtime_version", json!("b4321")),
        ("backend", json!("vulkan")),
        ("kv_cache_v", json!("q8_0")),
        ("card_memory_gib", json!(24)),
        ("split_mode", json!("layer")),
        ("ram_gb_s", json!(83.2)),
        ("platform", json!("am4-r5-5600")),
        ("pcie_gen", json!(4)),
        ("pcie_lanes", json!(8)),
        ("disk_gb_s", json!(3.5)),
        ("unified_gib", json!(96)),
        ("nvlink", json!(true)),
        ("boxes", json!(2)),
        ("box_link", json!("thunderbolt-5")),
        ("os", json!("windows")),
        ("screen", json!(true)),
        ("depth", json!(0)),
        ("prompt_cache_gib", json!(0)),
        ("swa_full", json!(true)),
        ("logits", json!("all")),
        ("unified_kv", json!(true)),
        ("cpu_experts", json!(3)),
        ("cpu_experts", json!("auto")),
        ("gpu_layers", json!("all")),
        ("gpu_layers", json!(7)),
        ("cards", json!(0)),
        ("largest", json!(false)),
        ("context", Value::Null),
        ("attention", json!("fused_softmax")),
        ("selective_checkpointing", json!(true)),
        ("expandable_segments", json!(true)),
        ("optimizer", json!("muon")),
        ("optimizer", json!("galore")),
        ("galore_rank", json!(64)),
        ("dropout", json!(true)),
        ("padding_mask", json!(true)),
        ("checkpoints_kept", json!(0)),
    ];
    for (key, value) in values {
        let answer = ask(&with(key, value.clone()));
        assert!(answer.get("error").is_none(), "{key} = {value}: {answer}");
    }
    let unequal = json!({"machine": [{"card": "rtx-4090", "count": 1}, {"card": "rtx-3090"}]});
    assert_eq!(ask(&unequal)["devices"].as_array().map(Vec::len), Some(2));
    let slots = json!({"machine": [
        {"card": "rtx-4090", "pcie_gen": 4, "pcie_lanes": 8, "power_limit_w": 300},
        {"card": "rtx-3090", "pcie_lanes": null},
    ]});
    assert_eq!(ask(&slots)["devices"].as_array().map(Vec::len), Some(2));
}

#[test]
fn errors_say_what_where_and_what_to_do() {
    let cases = [
        (json!({"contxt": 1}), "unknown key \"contxt\", nearest: context"),
        (json!({"context": "8k"}), "context is \"8k\": give a whole number"),
        (json!({"context": -1}), "context is -1: give a whole number"),
        (json!({"context": 0}), "context is 0, but must be from 1"),
        (json!({"sequences": 0}), "sequences is 0"),
        (json!({"task": "lora", "micro_batch": 0}), "micro_batch is 0, but must be from 1"),
        (json!({"task": "lora", "lora_rank": 0}), "lora_rank is 0, but must be from 1"),
        (json!({"ubatch": 0}), "ubatch is 0"),
        (json!({"ram_gib": 1e300}), "ram_gib is 1e300"),
        (json!({"ram_gib": -3}), "ram_gib is -3"),
        (json!({"pcie_gen": 99}), "pcie_gen is 99"),
        (json!({"disk_gb_s": 0}), "disk_gb_s is 0"),
        (json!({"cards": 1_000_000}), "cards is 1000000"),
        (json!({"card_memory_gib": 0}), "card_memory_gib is 0"),
        (json!({"flash_attention": "yes"}), "flash_attention is \"yes\": give true or false"),
        (json!({"gpu_layers": 1.5}), "gpu_layers is 1.5: give \"all\", \"auto\" or a whole number"),
        (json!({"gpu_layers": "some"}), "\"some\" is no number of layers"),
        (json!({"model": "lama-3.1-8b"}), "unknown model \"lama-3.1-8b\", nearest: llama-3.1-8b"),
        (json!({"card": "rtx-4909"}), "unknown card \"rtx-4909\", nearest: rtx-4090"),
        (json!({"quant": "Q4_XM"}), "unknown quantization `Q4_XM`; did you mean"),
        (json!({"kv_cache": "q9"}), "unknown KV cache precision \"q9\""),
        (json!({"kv_cache": "fp8"}), "llama.cpp has no fp8 KV cache"),
        (json!({"platform": "am4"}), "unknown platform \"am4\", nearest:"),
        (json!({"runtime": "vllm", "quant": "Q4_K_M"}), "server engines read safetensors checkpoints, not GGUF files"),
        (
            json!({"runtime": "vllm", "tensor_parallel": 2}),
            "tensor_parallel × pipeline_parallel × data_parallel is more than the machine's devices",
        ),
        (json!({"runtime": "ollama"}), "unknown runtime \"ollama\""),
        (json!({"task": "dora"}), "unknown task \"dora\": give serve, full, lora, qlora"),
        (json!({"task": "lora", "lora_rank": 2000}), "lora_rank 2000 is above the narrowest matrix"),
        (json!({"task": "full", "micro_batch": 0}), "micro_batch is 0, but must be from 1"),
        (json!({"task": "full", "tensor_parallel": 3}), "tensor_parallel 3 does not divide 32 attention heads: give 2"),
        (json!({"task": "full", "cards": 0}), "training is not estimated on a CPU"),
        (json!({"tensor_parallel": 0}), "tensor_parallel is 0"),
        (json!({"gpu_memory_utilization": 1.5}), "gpu_memory_utilization is 1.5"),
        (
            json!({"split_mode": "tensor", "cards": 2, "flash_attention": false}),
            "split_mode \"tensor\" needs flash attention: turn it on",
        ),
        (json!({"runtime_version": "new"}), "`new` is no version"),
        (json!({"machine": [{"card": "rtx-4090"}], "card": "rtx-4090"}), "machine stands in place of card"),
        (
            json!({"machine": [{"crd": "rtx-4090"}]}),
            "machine: unknown field `crd`, expected one of `card`, `count`, `card_memory_gib`, `pcie_gen`, `pcie_lanes`, `power_limit_w`",
        ),
        (json!({"machine": [{"count": 2}]}), "machine: missing field `card`"),
        (json!({"machine": [{"card": "rtx-4090", "count": "x"}]}), "machine[0].count is \"x\": give a whole number"),
        (json!({"machine": [{"card": "rtx-4090", "pcie_lanes": 64}]}), "pcie_lanes is 64"),
        (
            json!({"machine": [{"card": "rtx-4090", "pcie_gen": "x"}]}),
            "machine[0].pcie_gen is \"x\": give a whole number",
        ),
        (json!({"machine": [7]}), "machine[0] is 7: give an object such as {"),
        (json!({"machine": "rtx-4090"}), "machine is \"rtx-4090\": give a list such as [{"),
        (json!({"cards": 5_000_000_000_u64}), "cards is 5000000000, but must be from 1 to 1024"),
        (json!({"card": 7}), "card is 7: give a text in quotes"),
        (json!({"card_memory_gib": 13}), "has no 13 GiB version"),
        (json!({"model": "/no/such/model.gguf"}), "/no/such/model.gguf: no such file"),
    ];
    for (request, expected) in cases {
        let error = error(&request);
        assert!(error.contains(expected), "{request}: {error}");
        assert!(!error.contains('\n') && error.len() < 500, "{request}: {error}");
    }
}

#[test]
fn lines_that_are_no_request() {
    let twice = answer(r#"{"id":1,"context":1,"context":2}"#);
    assert_eq!(twice["error"], "the key \"context\" stands twice: give it once");
    let within = answer(r#"{"id":1,"machine":[{"card":"rtx-4090","card":"rtx-3090"}]}"#);
    assert_eq!(within["error"], "the key \"card\" stands twice: give it once");
    assert_eq!(answer("{\"id\":1")["error"], "not a JSON object: it ends too early, at line 1, column 7");
    assert_eq!(answer("{\"id\":1}}")["error"], "not a JSON object: it is no JSON at line 1, column 9");
    for line in ["nope", "[1]", "3", "\"x\"", "null", "{\"id\":1", "{\"id\":1}}", "\u{0}", &"[".repeat(5000)] {
        let answer = answer(line);
        assert_eq!(answer["id"], Value::Null, "{line}");
        assert!(answer["error"].as_str().is_some_and(|error| error.starts_with("not a JSON object")), "{answer}");
    }
}

#[test]
fn one_answer_a_line_in_order() {
    let lines = ["{\"id\":1}", "", "  ", "broken", "{\"id\":2,\"cards\":0}\r", "{\"id\":3,\"x\":1}", "{\"id\":4}"];
    let ids: Vec<Value> = stream(&lines.join("\n")).into_iter().map(|mut answer| answer["id"].take()).collect();
    assert_eq!(ids, [json!(1), Value::Null, json!(2), json!(3), json!(4)]);
    assert!(stream("").is_empty());
}

#[test]
fn a_hostile_line_costs_itself_alone() {
    let long = format!("{{\"id\":1,\"model\":\"{}\"}}\n{{\"id\":2}}\n", "x".repeat(3 << 20));
    let answers = stream(&long);
    assert_eq!(answers.len(), 2);
    assert!(answers[0]["error"].as_str().is_some_and(|error| error.contains("longer than")));
    assert_eq!(answers[1]["verdict"], "fits");
    let name = "x".repeat(100_000);
    for request in [json!({"model": name}), json!({name.clone(): 1}), json!({"quant": name}), json!({"card": name})] {
        assert!(error(&request).len() < 1000, "an error repeats a hostile line");
    }
}

#[test]
fn the_largest_that_fits_does_fit() {
    let largest = ask(&with("largest", json!(true)))["largest"].clone();
    for key in ["context", "sequences"] {
        let most = largest[key].as_u64().expect("a number");
        assert_ne!(ask(&with(key, json!(most)))["verdict"], "does_not_fit", "{key} {most}");
        let beyond = ask(&with(key, json!(most * 2)))["verdict"].clone();
        assert!(beyond == "offload" || beyond == "does_not_fit", "{key} {most} × 2 {beyond}");
    }
    assert_eq!(largest["gpu_layers"], 33);
}

#[test]
fn cpu_only_has_no_device() {
    let answer = ask(&with("cards", json!(0)));
    assert_eq!(answer["devices"], json!([]));
    assert_eq!(answer["verdict"], "fits");
    assert!(answer["host"]["weights_bytes"].as_u64() > Some(4 << 30));
}

#[test]
fn unknown_stays_unknown() {
    let answer = ask(&json!({"model": "deepseek-v4-pro", "runtime": "vllm", "quant": "fp8"}));
    assert_eq!(answer["devices"][0]["weights_bytes"], Value::Null);
    assert_eq!(answer["devices"][0]["total_bytes"], Value::Null);
    assert!(answer["warnings"].as_array().is_some_and(|warnings| !warnings.is_empty()));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0_u64..100_000).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["all", "auto", "q8_0", "rtx-3090", "gemma-3-27b", "Q8_0", "layer", "linux", "cuda"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("card|count|[a-z]{1,4}", inner, 0..3)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn any_key() -> impl Strategy<Value = &'static str> {
    let others = ["id", "largest", "x"];
    prop::sample::select(Input::all().map(|input| input.entry().key).chain(others).collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_object_gets_one_answer(members in prop::collection::hash_map(any_key(), any_json(), 0..6)) {
        let line = Value::Object(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()).to_string();
        let answers = stream(&line);
        prop_assert_eq!(answers.len(), 1);
        prop_assert!(answers[0].get("error").is_some() != answers[0].get("devices").is_some());
    }

    #[test]
    fn any_bytes_get_one_answer_a_line(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut out = Vec::new();
        jsonl::run(Catalog::embedded(), bytes.as_slice(), &mut out).expect("a buffer takes everything");
        let asked = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count();
        prop_assert_eq!(out.iter().filter(|byte| **byte == b'\n').count(), asked);
    }

    #[test]
    fn a_request_cut_off_anywhere_is_refused(end in 1_usize..300) {
        let line = whole().to_string();
        let end = end.min(line.len() - 1);
        prop_assert!(answer(&line[..end])["error"].is_string());
    }
}

/// What a job takes: hours, energy, rent with its date, and checkpoints on the disk.
#[test]
fn a_training_job_is_answered_with_its_rent() {
    let answer =
        ask(&json!({"id": 1, "model": "llama-3.1-8b", "task": "qlora", "precision": "amp", "card": "rtx-4090",
        "dataset_tokens": 20_000_000, "checkpoints_kept": 3}));
    let job = &answer["training"];
    assert_eq!(job["peak"], "loss_backward");
    assert_eq!(job["trained_params"], 41_943_040);
    let checkpoint = job["checkpoint_bytes"].as_u64().unwrap();
    // Adapters and two moments, all in FP32.
    assert!((checkpoint as f64 / 41_943_040.0 / 12.0 - 1.0).abs() < 0.01, "{checkpoint}");
    assert_eq!(job["disk_bytes"], 3 * checkpoint);
    let (hours, usd) = (job["hours"]["expected"].as_f64().unwrap(), job["rent_usd"]["expected"].as_f64().unwrap());
    let an_hour = job["rent_offer"]["usd_per_hour"].as_f64().unwrap();
    assert!((usd / (hours * an_hour) - 1.0).abs() < 0.01, "{usd} for {hours} h at {an_hour}");
    assert!(job["rent_offer"]["date"].is_string() && job["rent_offer"]["source"].is_string());
    let power = answer["speed"]["power_w"]["expected"].as_f64().unwrap();
    let energy = job["energy_kwh"]["expected"].as_f64().unwrap();
    assert!((energy * 1000.0 / hours / power - 1.0).abs() < 0.01, "{energy} kWh in {hours} h at {power} W");
}
