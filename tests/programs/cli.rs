//! The program as a terminal sees it: exit codes, one clear line for what is wrong, tables and lists.

use std::fs;

use rigplan::plan::LEAST_DECODE;
use serde_json::Value;
use tempfile::TempDir;

use crate::run::{rigplan, run, run_in};

#[test]
fn exit_codes_follow_the_verdict() {
    let cases: [(&[&str], i32, &str); 6] = [
        (&[], 0, "Fits"),
        (&["--cards", "0"], 0, "Fits"),
        (&["--model", "llama-3.1-70b"], 1, "Runs with offload"),
        (&["--model", "llama-3.1-70b", "--gpu-layers", "all"], 1, "Does not fit"),
        (&["--model", "llama-3.1-405b", "--ram-gib", "8"], 1, "Does not fit"),
        (&["--model", "deepseek-v4-pro", "--runtime", "vllm", "--quant", "fp8"], 1, "Cannot be known"),
    ];
    for (arguments, code, said) in cases {
        let (exit, out, err) = run(&[&["estimate"], arguments].concat());
        assert_eq!((exit, err.as_str()), (code, ""), "{arguments:?}: {out}");
        assert!(out.starts_with(said), "{arguments:?}: {out}");
    }
}

#[test]
fn bad_input_is_one_line_and_code_2() {
    let cases: [(&[&str], &str); 20] = [
        (&["estimate", "--contxt", "5"], "--context"),
        (&["estimate", "--context", "0"], "context is 0, but must be from 1"),
        (&["estimate", "--context", "8k"], "'8k'"),
        (&["estimate", "--model", "lama-3.1-8b"], "nearest: llama-3.1-8b"),
        (&["estimate", "--card", "rtx-4909"], "nearest: rtx-4090"),
        (&["estimate", "--quant", "Q4_XM"], "did you mean"),
        (&["estimate", "--runtime", "vllm", "--cards", "0"], "this engine is not estimated on a CPU"),
        (&["estimate", "--machine", "rtx-4090:x"], "no number of cards"),
        (&["estimate", "--screen", "perhaps"], "true or false"),
        (&["estimate", "missing.ron"], "missing.ron: no such file"),
        (&["estimate", "."], "is a folder"),
        (&["estimate", "--model", "missing.gguf"], "missing.gguf: no such file"),
        (&["estimate", "--jsonl", "--context", "5"], "leave the plan file and the other options out"),
        (&["cards"], "list"),
        (&["cards", "lst"], "lst"),
        (&["cards", "--plan", "x.ron", "list"], "takes no plan"),
        (&["cards", "list", "--maker", "foo"], "nvidia, amd"),
        (&["cards", "list", "--budget", "nan"], "a number"),
        (&["cards", "list", "--new", "--used"], "--used"),
        (&["--nonsense"], "--nonsense"),
    ];
    for (arguments, said) in cases {
        let (exit, out, err) = run(arguments);
        assert_eq!((exit, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert!(err.starts_with("rigplan: ") && err.contains(said), "{arguments:?}: {err}");
        assert_eq!(err.lines().count(), 1, "{arguments:?}: {err}");
    }
}

#[test]
fn plan_files_and_flags_over_them() {
    let home = TempDir::new().expect("a folder");
    let plan = "(schema_version: 1, plans: [(plan: (workload: (context: 4096), machine: (ram_gib: 32)))])";
    fs::write(home.path().join("plan.ron"), plan).expect("written");
    let (exit, out, err) = run_in(home.path(), &["estimate", "plan.ron"], "");
    assert_eq!((exit, err.as_str()), (0, ""));
    assert!(out.contains("context of 4,096 tokens"), "{out}");
    let (exit, out, _) = run_in(home.path(), &["estimate", "plan.ron", "--json", "--context", "16384"], "");
    let answer: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((exit, &answer["devices"][0]["kv_cache_bytes"]), (0, &Value::from(2_u64 << 30)));
    assert_eq!(answer["assumed"], serde_json::json!({}), "the file gave what the flags did not");
    for (name, text) in [("bad.ron", "(schema_version: 1, plan"), ("new.ron", "(schema_version: 99, plans: [])")] {
        fs::write(home.path().join(name), text).expect("written");
        let (exit, out, err) = run_in(home.path(), &["estimate", name], "");
        assert_eq!((exit, out.as_str(), err.lines().count()), (2, "", 1), "{err}");
        assert!(err.contains(name), "{err}");
    }
}

#[test]
fn flags_and_requests_answer_alike() {
    let home = TempDir::new().expect("a folder");
    let flags =
        ["estimate", "--json", "--model", "qwen3-32b", "--kv-cache", "q8_0", "--flash-attention", "--screen=true"];
    let (_, by_flags, _) = run_in(home.path(), &flags, "");
    let line = r#"{"model":"qwen3-32b","kv_cache":"q8_0","flash_attention":true,"screen":true}"#;
    let (exit, by_request, err) = run_in(home.path(), &["estimate", "--jsonl"], line);
    assert_eq!((exit, err.as_str()), (0, ""));
    assert_eq!(by_flags, by_request);
}

#[test]
fn the_stream_goes_on_after_an_error() {
    let home = TempDir::new().expect("a folder");
    let (exit, out, err) = run_in(home.path(), &["estimate", "--jsonl"], "{\"id\":1,\"x\":1}\n\n{\"id\":2}");
    assert_eq!((exit, err.as_str()), (0, ""));
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0]["error"].is_string() && lines[1]["verdict"] == "fits");
}

#[test]
fn a_model_may_be_a_file_or_a_folder() {
    let home = TempDir::new().expect("a folder");
    let file = |name: &str, bytes: &[u8]| {
        fs::write(home.path().join(name), bytes).expect("written");
        crate::support::gguf::fill(&home.path().join(name));
    };
    let llama = crate::support::gguf::llama();
    file("whole.gguf", &llama.bytes());
    let (first, second) = llama.split(100);
    fs::create_dir(home.path().join("parts")).expect("created");
    file("parts/m-00001-of-00002.gguf", &first);
    file("parts/m-00002-of-00002.gguf", &second);
    fs::create_dir(home.path().join("hf")).expect("created");
    file(
        "hf/config.json",
        br#"{"model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336,
        "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128256,
        "max_position_embeddings": 131072, "rope_scaling": {"rope_type": "llama3"}}"#,
    );
    let of = |model: &str| {
        let (exit, out, err) = run_in(home.path(), &["estimate", "--json", "--model", model], "");
        assert_eq!((exit, err.as_str()), (0, ""), "{model}");
        let answer: Value = serde_json::from_str(&out).expect("JSON");
        (answer["params"].clone(), answer["devices"][0].clone())
    };
    let known = of("llama-3.1-8b");
    for path in ["whole.gguf", "./whole.gguf", "parts", "parts/m-00002-of-00002.gguf", "hf", "hf/config.json"] {
        assert_eq!(of(path), known, "{path}");
    }
    // Read once, lent to every line that names it.
    let lines = "{\"model\":\"whole.gguf\"}\n".repeat(3);
    let (_, out, _) = run_in(home.path(), &["estimate", "--jsonl"], &lines);
    let answers: Vec<&str> = out.lines().collect();
    assert!(answers.len() == 3 && answers.iter().all(|answer| *answer == answers[0]));
    let (exit, _, err) = run_in(home.path(), &["estimate", "--model", "whole.gguf", "--quant", "Q8_0"], "");
    assert_eq!((exit, err.as_str()), (2, "rigplan: quant is what the GGUF file holds: leave it out\n"));
}

#[test]
fn model_files_that_are_none_are_one_line() {
    let home = TempDir::new().expect("a folder");
    let whole = crate::support::gguf::llama().bytes();
    let files: [(&str, &[u8], &str); 7] = [
        ("half.gguf", &whole, "incomplete download: 0.00 GiB of 0.4"),
        ("cut.gguf", &whole[..5000], "cut off"),
        ("text.gguf", b"not a model", "not a GGUF file"),
        ("empty.gguf", b"", "cut off"),
        ("broken.json", b"{\"model_type\": \"llama\"", "not a config.json file"),
        ("alone.safetensors", b"\x02\0\0\0\0\0\0\0{}", "no config.json lies beside it"),
        ("m-00001-of-00002.gguf", &whole, "m-00002-of-00002.gguf: no such file"),
    ];
    for (name, bytes, said) in files {
        fs::write(home.path().join(name), bytes).expect("written");
        if name.starts_with("m-") {
            crate::support::gguf::fill(&home.path().join(name));
        }
        let (exit, out, err) = run_in(home.path(), &["estimate", "--model", name], "");
        assert_eq!((exit, out.as_str(), err.lines().count()), (2, "", 1), "{name}: {err}");
        assert!(err.contains(said), "{name}: {err}");
    }
    let (exit, _, err) = run_in(home.path(), &["estimate", "--model", "."], "");
    assert_eq!(exit, 2);
    assert!(err.contains("several GGUF files"), "{err}");
}

#[test]
fn lists_are_complete() {
    for (kind, least, known) in [("cards", 166, "rtx-4090"), ("models", 143, "llama-3.1-8b")] {
        let (exit, out, err) = run(&[kind, "list", "--json"]);
        assert_eq!((exit, err.as_str()), (0, ""));
        let entries: Vec<Value> = serde_json::from_str(&out).expect("JSON");
        assert!(entries.len() >= least, "{} {kind}", entries.len());
        let (_, text, _) = run(&[kind, "list"]);
        assert_eq!(text.lines().count(), entries.len() + 1, "a head and a line for each");
        assert!(text.lines().any(|line| line.starts_with(&format!("{known} "))), "{kind}");
    }
}

/// The filters of the Cards view are options, wherever they and the language stand.
#[test]
fn cards_are_filtered_and_what_is_cheapest_for_the_job_comes_first() {
    let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/valid/smallest.ron");
    let ranked = |filters: &[&str]| -> Vec<Value> {
        let (_, out, err) = run(&[&["cards", "--json", "--plan", plan], filters].concat());
        assert_eq!(err, "", "{filters:?}");
        serde_json::from_str(&out).expect("JSON")
    };
    let usd = |row: &Value| row["price_usd"].as_f64().expect("a price");
    let does_the_job = |row: &&Value| {
        row["verdict"].as_str().is_some_and(|verdict| verdict != "does_not_fit") && row["price_standing"] == "counts"
    };
    let all = ranked(&[]);
    let jobs: Vec<&Value> = all.iter().take_while(does_the_job).collect();
    let is_quick = |row: &&&Value| row["decode_tokens_per_s"]["expected"].as_f64().expect("a speed") >= LEAST_DECODE;
    let (quick, slow) = jobs.split_at(jobs.iter().take_while(is_quick).count());
    assert!(quick.len() > 5, "{quick:?}");
    for rows in [quick, slow] {
        assert!(rows.iter().map(|row| usd(row)).is_sorted(), "dollars for the job first");
    }
    assert!(!slow.iter().any(|row| is_quick(&row)), "what is slow comes after, whatever it costs");
    assert!(!all[jobs.len()..].iter().any(|row| does_the_job(&row)));
    assert!(
        all.iter().any(|row| row["whole_machine"] == true) && all.iter().any(|row| row["best_deal_each"].is_object())
    );
    let frontier = || all.iter().filter(|row| row["on_frontier"] == true);
    assert!(frontier().count() > 3 && frontier().all(|row| row["price_standing"] == "counts"));
    let few = ranked(&["--budget", "1000", "--maker", "nvidia,intel", "--memory", "16", "--new", "--single"]);
    assert!(!few.is_empty());
    assert!(few.iter().all(|row| usd(row) <= 1000.0 && row["condition"] == "new" && row["count"] == 1));
    let (_, text, _) = run(&["cards", "--plan", plan]);
    assert!(
        text.contains("\n~ below 10 tok/s")
            && text.contains("\n* no other card")
            && text.contains("\nfair price $: Up to this price"),
        "{text}"
    );
    let (exit, nearest, _) = run(&["cards", "--plan", plan, "--budget", "10"]);
    assert_eq!((exit, nearest.lines().count()), (1, 1), "{nearest}");
    assert!(nearest.contains("the nearest that runs the plan"), "{nearest}");
    let listed = |arguments: &[&str]| run(arguments).1;
    assert_eq!(listed(&["cards", "--lang", "zh", "list"]), listed(&["cards", "list", "--lang", "zh"]));
    assert_eq!(listed(&["cards", "--maker", "huawei", "list"]), listed(&["cards", "list", "--maker", "huawei"]));
}

#[test]
fn a_plan_that_trains_is_ranked_by_the_speed_of_training() {
    let home = TempDir::new().expect("a folder");
    let file = home.path().join("train.ron");
    fs::write(&file, "(schema_version: 1, plans: [(plan: (workload: (task: Qlora)))])").expect("a plan");
    let (_, text, err) = run(&["cards", "--plan", file.to_str().expect("a path")]);
    let head = text.lines().next().unwrap_or(&err).to_owned();
    assert!(head.contains("training tok/s") && !head.contains("decode") && !head.contains("prefill"), "{head}");
}

#[test]
fn detection_without_a_driver_is_calm() {
    let home = TempDir::new().expect("a folder");
    let mut command = rigplan(home.path());
    let output =
        command.args(["detect", "--json"]).env("RIGPLAN_NVML", home.path().join("none.so")).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0));
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(found["cards"], serde_json::json!([]));
    assert_eq!(run(&["detect"]).0, 0);
}

#[test]
fn help_names_the_commands() {
    let (exit, out, err) = run(&["--help"]);
    assert_eq!((exit, err.as_str()), (0, ""));
    for command in ["estimate", "cards", "models", "detect"] {
        assert!(out.contains(command), "{out}");
    }
    let (_, out, _) = run(&["estimate", "--help"]);
    for flag in ["--jsonl", "--kv-cache", "--gpu-layers", "--cpu-experts", "--prompt-cache-gib"] {
        assert!(out.contains(flag), "{flag}");
    }
}

#[test]
fn a_broken_table_of_the_user_is_named_and_left_out() {
    let home = TempDir::new().expect("a folder");
    let tables = home.path().join("rigplan/data/cards");
    fs::create_dir_all(&tables).expect("created");
    fs::write(tables.join("mine.ron"), "[(").expect("written");
    let (exit, out, err) = run_in(home.path(), &["estimate"], "");
    if cfg!(target_os = "linux") {
        assert!(err.contains("mine.ron"), "{err}");
    }
    assert_eq!(exit, 0);
    assert!(out.starts_with("Fits"));
}
