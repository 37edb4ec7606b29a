//! Programs beside the plan's own model, in requests and flags: a row each, answered whole, and what is wrong with one named
//! by its row.

use rigplan::catalog::Catalog;
use rigplan::cli::jsonl::JsonlSession;
use rigplan::plan::Document;
use rigplan::share::plan_file;
use serde_json::{Value, json};

use crate::run::run;

/// The answer to one line.
fn answer(line: &str) -> Value {
    let mut out = Vec::new();
    assert!(JsonlSession::new(Catalog::embedded()).answer(line.as_bytes(), &mut out), "no answer to {line}");
    serde_json::from_slice(&out).unwrap_or_else(|error| panic!("{line}: {error}"))
}

fn ask(request: &Value) -> Value {
    answer(&request.to_string())
}

fn error(request: &Value) -> String {
    ask(request)["error"].as_str().unwrap_or_else(|| panic!("{request} is answered")).to_owned()
}

fn with(key: &str, value: Value) -> Value {
    let mut request = json!({"id": "x", "model": "llama-3.1-8b"});
    if value == json!("vllm") {
        request["quant"] = json!("fp8");
    }
    request[key] = value;
    request
}

/// A 70B model with a draft and eyes, an embedder and a reranker on two unequal cards.
fn workstation() -> Value {
    json!({"id": "w", "model": "qwen2.5-vl-72b", "speculative": "qwen2.5-0.5b", "vision": "gpu", "ram_gib": 256,
        "machine": [{"card": "rtx-5090"}, {"card": "rtx-4090"}],
        "also": [{"model": "qwen3-embedding-0.6b", "quant": "Q8_0", "context": 4096, "device": 1},
            {"model": "qwen3-0.6b", "quant": "Q8_0", "context": 4096, "device": 0}]})
}

#[test]
fn what_runs_beside_is_answered_row_by_row_and_adds_up() {
    let answer = ask(&workstation());
    let rows = answer["also"].as_array().expect("rows");
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[0]["model"], &rows[0]["device"]), (&json!("qwen3-embedding-0.6b"), &json!(1)));
    for (place, device) in answer["devices"].as_array().expect("devices").iter().enumerate() {
        let held: u64 = rows.iter().map(|row| row["devices"][place]["held_bytes"].as_u64().expect("bytes")).sum();
        assert_eq!(device["also_bytes"], held, "GPU {place}");
        let parts = [
            "weights",
            "vision",
            "kv_cache",
            "recurrent_state",
            "compute",
            "beside",
            "activations",
            "gradients",
            "optimizer",
            "overhead",
            "also",
        ];
        let sum: u64 = parts.iter().filter_map(|part| device[format!("{part}_bytes")].as_u64()).sum();
        assert_eq!(device["total_bytes"], sum, "GPU {place}");
    }
    let in_ram: u64 = rows.iter().map(|row| row["host"]["total_bytes"].as_u64().expect("bytes")).sum();
    assert_eq!(answer["host"]["also_bytes"], in_ram);
    assert!(rows[0]["speed"]["prefill_tokens_per_s"].is_object() && rows[0]["verdict"] == "fits");
    assert!(answer["speed"]["decode_at_once_tokens_per_s"].is_object(), "two share a card: {}", answer["speed"]);
    assert_eq!(rows[0]["assumed"]["runtime"], "llama.cpp");
    assert!(rows[0]["assumed"].get("context").is_none(), "it was given");
}

#[test]
fn a_plan_without_others_says_nothing_of_them() {
    for request in [
        with("context", json!(4096)),
        with("runtime", json!("vllm")),
        with("task", json!("qlora")),
        with("also", json!([])),
    ] {
        let text = ask(&request).to_string();
        assert!(!text.contains("also") && !text.contains("at_once"), "{text}");
    }
    let text = plan_file::to_text(&Document::default()).expect("a text");
    assert!(!text.contains("also"), "{text}");
}

#[test]
fn a_row_takes_the_first_card_or_the_ram_where_nobody_says() {
    let rows = |request: &Value| ask(request)["also"][0].clone();
    let small = json!([{"model": "qwen3-0.6b"}]);
    let row = rows(&with("also", small.clone()));
    assert_eq!((&row["device"], &row["assumed"]["device"]), (&json!(0), &json!(0)));
    let mut on_cpu = with("also", small);
    on_cpu["cards"] = json!(0);
    assert_eq!(rows(&on_cpu)["device"], "cpu");
    let off = rows(&with("also", json!([{"model": "qwen3-0.6b", "device": "off"}])));
    assert_eq!((&off["total_bytes"], &off["host"]), (&json!(0), &Value::Null), "what is not loaded takes nothing");
}

#[test]
fn what_is_wrong_with_a_row_names_row_and_key() {
    let said = |rows: Value| error(&with("also", rows));
    let row = |key: &str, value: Value| {
        let mut row = json!({"model": "qwen3-0.6b"});
        row[key] = value;
        json!([{"model": "qwen3-0.6b"}, row])
    };
    assert_eq!(said(json!(3)), r#"also is 3: give a list such as [{"model":"qwen3-embedding-0.6b","device":0}]"#);
    assert_eq!(said(json!([{"context": 5}])), "also[0]: it names no model: give model");
    assert_eq!(said(row("context", json!(0))), "also[1]: context is 0, but must be from 1 to 100000000");
    assert!(said(row("contxt", json!(1))).starts_with(r#"also[1]: unknown key "contxt", nearest: context"#));
    assert!(said(row("ram_gib", json!(1))).starts_with(r#"also[1]: unknown key "ram_gib""#), "of the machine");
    let place = "also[1]: device is \"gpu\": give the number of a GPU from 0, or one of all, cpu, off";
    assert_eq!(said(row("device", json!("gpu"))), place);
    assert_eq!(said(row("device", json!(4))), "also[1]: there is no GPU 4: the machine has 1, counted from 0");
    assert!(said(row("model", json!("nothing"))).starts_with(r#"also[1]: unknown model "nothing""#));
    let many: Vec<Value> = (0..17).map(|_| json!({"model": "qwen3-0.6b"})).collect();
    assert!(said(json!(many)).starts_with("also "), "{}", said(json!(many)));
    let twice = r#"{"also":[{"model":"qwen3-0.6b","model":"qwen3-4b"}]}"#;
    assert_eq!(answer(twice)["error"], r#"the key "model" stands twice: give it once"#);
}

#[test]
fn rows_are_typed_as_they_are_asked() {
    let typed =
        ["qwen3-embedding-0.6b,quant=Q8_0,context=4096,device=1", "model=qwen3-0.6b,quant=Q8_0,context=4096,device=0"];
    let arguments = [
        "estimate",
        "--json",
        "--model",
        "qwen2.5-vl-72b",
        "--speculative",
        "qwen2.5-0.5b",
        "--vision",
        "gpu",
        "--ram-gib",
        "256",
        "--machine",
        "rtx-5090,rtx-4090",
        "--also",
        typed[0],
        "--also",
        typed[1],
    ];
    let (_, out, _) = run(&arguments);
    let answer: Value = serde_json::from_str(&out).expect("JSON");
    let asked = ask(&workstation());
    assert_eq!(answer["also"], asked["also"]);
    assert_eq!(answer["devices"], asked["devices"]);
    let (exit, _, line) = run(&["estimate", "--also", "qwen3-0.6b,contxt=1"]);
    assert_eq!(exit, 2);
    assert!(line.starts_with("rigplan: also[0]: unknown key \"contxt\", nearest: context"), "{line}");
    let (_, text, _) = run(&["estimate", "--model", "qwen3-8b", "--also", "qwen3-0.6b"]);
    assert!(text.contains("+ Qwen3 0.6B Q4_K_M"), "{text}");
}
