//! `rigplan diagnose`: an error read from a file or from standard input.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::run::{run, run_in};
use crate::support::english::has_han;

const TEXT: &str = "RuntimeError: CUDA out of memory. Tried to allocate 2.50 GiB (GPU 1; 8.00 GiB total capacity; 5.50 GiB already \
                    allocated; 1.25 GiB free; 6.00 GiB reserved in total by PyTorch)";

#[test]
fn data_has_every_key_of_the_contract() {
    let home = TempDir::new().expect("a folder");
    for arguments in
        [&["diagnose", "--json"] as &[_], &["diagnose", "-", "--json"], &["diagnose", "--json", "--lang", "zh"]]
    {
        let (exit, out, err) = run_in(home.path(), arguments, TEXT);
        assert_eq!((exit, err.as_str()), (0, ""));
        let read: Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!((read["memory"].as_str(), read["kind"].as_str()), (Some("vram"), Some("lack")));
        assert_eq!((read["tool"].as_str(), read["device"].as_u64()), (Some("pytorch"), Some(1)));
        let bytes = |key: &str| read[key].as_u64();
        assert_eq!(bytes("asked_bytes"), Some(5 << 29));
        assert_eq!(bytes("free_bytes"), Some(5 << 28));
        assert_eq!(bytes("total_bytes"), Some(8 << 30));
        assert_eq!(bytes("reserved_unallocated_bytes"), Some(1 << 29));
        assert!(read["cures"].as_array().is_some_and(|cures| cures.len() > 2));
        assert_eq!(has_han(&read["cures"].to_string()), arguments.contains(&"zh"));
    }
    let (_, out, _) = run_in(home.path(), &["diagnose", "--json"], "exited with code 137");
    let read: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(read["memory"].as_str(), Some("unknown"));
    assert!(
        read["kind"].is_null() && read["asked_bytes"].is_null() && read["tool"].is_null() && read["device"].is_null()
    );
    assert!(read["look"].as_array().is_some_and(|look| !look.is_empty()));
}

#[test]
fn a_person_reads_a_sentence_the_figures_and_what_helps() {
    let home = TempDir::new().expect("a folder");
    fs::write(home.path().join("error.log"), TEXT).expect("written");
    let (exit, out, err) = run_in(home.path(), &["diagnose", "error.log"], "");
    assert_eq!((exit, err.as_str()), (0, ""));
    assert!(
        out.starts_with("VRAM ran out\n") && out.contains("1.25 GiB free of 8.00 GiB") && out.contains("\n1. "),
        "{out}"
    );
    let (_, out, _) = run_in(home.path(), &["diagnose", "error.log", "--lang", "zh"], "");
    assert!(out.starts_with("显存用完了\n"), "{out}");
}

#[test]
fn what_cannot_be_read_is_one_line() {
    let home = TempDir::new().expect("a folder");
    let cases: [(&[&str], &str, &str); 4] = [
        (&["diagnose"], "", "nothing in this text"),
        (&["diagnose", "-"], "all is well", "nothing in this text"),
        (&["diagnose", "missing.log"], "", "missing.log: no such file"),
        (&["diagnose", "."], "", "folder"),
    ];
    for (arguments, input, said) in cases {
        let (exit, out, err) = run_in(home.path(), arguments, input);
        assert_eq!((exit, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert!(err.contains(said) && err.lines().count() == 1, "{arguments:?}: {err}");
    }
}

#[test]
fn ten_megabytes_of_log_are_read_to_their_end() {
    let log = format!("{}{TEXT}\n", "INFO step 12 took 3.1 s\n".repeat(450_000));
    let home = TempDir::new().expect("a folder");
    fs::write(home.path().join("long.log"), &log).expect("written");
    let (exit, out, _) = run_in(home.path(), &["diagnose", "long.log"], "");
    assert!(exit == 0 && out.starts_with("VRAM ran out"), "{out}");
    let (exit, ..) = run(&["diagnose", "--help"]);
    assert_eq!(exit, 0);
}

const FULL: &str = "llama_model_loader: loaded meta data with 30 key-value pairs and 291 tensors from /m/Meta-Llama-3.1-8B-Instruct-Q8_0.gguf (version GGUF V3)\n\
    llama_context: n_ctx         = 131072\n\
    ggml_backend_cuda_buffer_type_alloc_buffer: allocating 16384.00 MiB on device 0: cudaMalloc failed: out of memory\n";

#[test]
fn cures_are_changes_of_the_plan_that_the_text_names() {
    let home = TempDir::new().expect("a folder");
    let (exit, out, err) = run_in(home.path(), &["diagnose", "--json"], FULL);
    assert_eq!((exit, err.as_str()), (0, ""));
    let read: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(read["plan"]["workload"]["context"].as_u64(), Some(131_072));
    let ways = read["ways"].as_array().expect("ways");
    let cures = read["cures"].as_array().expect("cures").len();
    assert!(ways.len() >= 3 && ways.len() <= cures, "{ways:?}");
    let places: Vec<u64> = ways.iter().filter_map(|way| way["cure"].as_u64()).collect();
    assert!(places.is_sorted() && places.len() == ways.len(), "{places:?}");
    // The link opens as the plan does.
    let link = ways[0]["link"].as_str().expect("a link");
    let (exit, ..) = run_in(home.path(), &["estimate", link, "--json"], "");
    assert!(exit == 0 || exit == 1);
    let (_, out, _) = run_in(home.path(), &["diagnose"], FULL);
    assert!(out.contains("in the plan: ") && out.contains("Llama 3.1 8B"), "{out}");
    // Without a model and without a plan nothing is guessed.
    let (_, out, _) = run_in(home.path(), &["diagnose", "--json"], TEXT);
    let read: Value = serde_json::from_str(&out).expect("JSON");
    assert!(read["plan"].is_null() && read["ways"].as_array().is_some_and(Vec::is_empty));
}

#[test]
fn a_log_is_held_against_the_estimate_and_overhead_is_kept() {
    let home = TempDir::new().expect("a folder");
    let log = "llama_model_loader: loaded meta data with 30 key-value pairs and 291 tensors from /m/Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf (version GGUF V3)\n\
        using device CUDA0 (NVIDIA GeForce RTX 4090) - 23600 MiB free\nload_tensors: offloaded 33/33 layers to GPU\n\
        load_tensors:        CUDA0 model buffer size =  4403.49 MiB\nllama_context: n_ctx         = 8192\n\
        llama_kv_cache:      CUDA0 KV buffer size =  1024.00 MiB\n\
        llama_memory_breakdown_print: |   - CUDA0 (RTX 4090)    | 24080 = 17500 + ( 5900 = 4403 +    1024 +     473) +         680 |\n";
    let (exit, out, err) = run_in(home.path(), &["compare-log", "--json", "--keep"], log);
    assert_eq!(exit, 0, "{err}");
    let read: Value = serde_json::from_str(&out).expect("JSON");
    let part =
        |name: &str| read["parts"].as_array().and_then(|parts| parts.iter().find(|part| part["part"] == name).cloned());
    for name in ["weights", "kv_cache"] {
        assert_eq!(part(name).map(|part| part["same"].clone()), Some(Value::Bool(true)), "{name}: {out}");
    }
    assert_eq!(read["keeps"]["overhead_bytes"].as_u64(), Some(680 << 20));
    // From now on the estimate uses it, and says so.
    let (_, out, _) = run_in(home.path(), &["estimate", "--model", "llama-3.1-8b", "--card", "rtx-4090", "--json"], "");
    let answer: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(answer["devices"][0]["overhead_bytes"].as_u64(), Some(680 << 20), "{out}");
    assert!(answer["warnings"].to_string().contains("your own measurement"), "{out}");
    let (exit, _, err) = run_in(home.path(), &["compare-log"], "");
    assert!(exit == 2 && err.contains("runtime's memory") && err.lines().count() == 1, "{err}");
    // Without a model what the log says stands alone.
    let buffer = "load_tensors:        CUDA1 model buffer size =    10.00 MiB\n";
    let (exit, out, err) = run_in(home.path(), &["compare-log"], buffer);
    assert!(exit == 0 && out.contains("llama.cpp") && out.contains("--plan"), "{out}{err}");
    let (exit, out, _) = run_in(home.path(), &["compare-log", "--json"], buffer);
    let alone: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((exit, &alone["plan"], &alone["parts"][0]["estimated_bytes"]), (0, &Value::Null, &Value::Null));
    assert_eq!(
        (alone["parts"][0]["device"].as_u64(), alone["parts"][0]["actual_bytes"].as_u64()),
        (Some(1), Some(10 << 20))
    );
}

#[test]
fn what_runs_and_what_lies_here_is_listed() {
    let home = TempDir::new().expect("a folder");
    let (exit, out, err) = run_in(home.path(), &["runs", "--json"], "");
    assert_eq!(exit, 0, "{err}");
    let runs: Value = serde_json::from_str(&out).expect("JSON");
    for run in runs.as_array().expect("a list") {
        assert!(run["verdict"] != "does_not_fit" && run["model"].is_string(), "{run}");
    }
    let (exit, out, _) = run_in(home.path(), &["runs"], "");
    assert!(exit == 0 && out.contains("RAM"), "{out}");
    fs::create_dir_all(home.path().join(".lmstudio/models/a/b")).expect("a folder");
    fs::write(home.path().join(".lmstudio/models/a/b/x.gguf"), "no model").expect("written");
    let (exit, out, err) = run_in(home.path(), &["models", "local", "--json"], "");
    assert_eq!(exit, 0, "{err}");
    let found: Value = serde_json::from_str(&out).expect("JSON");
    let broken = found.as_array().and_then(|models| models.iter().find(|model| model["name"] == "a/b/x"));
    assert!(broken.is_none_or(|model| model["problem"].is_string() && model["bytes"] == 8), "{out}");
}
