//! `rigplan import` and `rigplan launch`: a command test for each tool, and what comes back.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::run::{run, run_in};
use crate::support::english::has_han;
use crate::support::gguf::{fill, llama};

/// A plan file with these fields of the workload.
fn plan(home: &TempDir, workload: &str, cards: u32) -> String {
    let text = format!(
        "(schema_version: 1, plans: [(plan: (workload: ({workload}), machine: (cards: [(card: Catalog(\"rtx-4090\"), count: {cards})])))])"
    );
    fs::write(home.path().join("a.ron"), text).expect("written");
    "a.ron".to_owned()
}

#[test]
fn each_tool_is_given_what_starts_the_plan() {
    let home = TempDir::new().expect("a folder");
    let zero = "task: Lora, training: (zero_stage: 3)";
    for (tool, workload, cards, begins) in [
        ("llama-server", "", 1, "llama-server -m Llama-3.1-8B-Instruct-Q4_K_M.gguf -c 8192"),
        (
            "ollama",
            "",
            1,
            "# OLLAMA_FLASH_ATTENTION=1\nFROM ./Llama-3.1-8B-Instruct-Q4_K_M.gguf\nPARAMETER num_ctx 8192\n",
        ),
        (
            "vllm",
            "runtime: Vllm, quantization: bf16",
            1,
            "vllm serve meta-llama/Llama-3.1-8B-Instruct --max-model-len 8192",
        ),
        ("sglang", "runtime: Sglang, quantization: bf16", 1, "python -m sglang.launch_server --model-path meta-llama/"),
        ("transformers", "runtime: Transformers, quantization: bf16", 1, "import torch\nfrom transformers import "),
        ("llama-factory", "task: Lora", 1, "model_name_or_path: meta-llama/Llama-3.1-8B-Instruct\nstage: sft\n"),
        ("accelerate", zero, 2, "compute_environment: LOCAL_MACHINE\ndistributed_type: DEEPSPEED\n"),
        ("deepspeed", zero, 2, "{\n  \"train_micro_batch_size_per_gpu\": 1,\n"),
    ] {
        let file = plan(&home, workload, cards);
        let (exit, out, err) = run_in(home.path(), &["launch", &file, "--tool", tool], "");
        assert_eq!((exit, err.as_str()), (0, ""), "{tool}");
        assert!(out.starts_with(begins), "{tool}: {out}");
        for language in ["en", "zh"] {
            let arguments = ["launch", &file, "--tool", tool, "--explain", "--lang", language];
            let (exit, explained, _) = run_in(home.path(), &arguments, "");
            assert_eq!(exit, 0, "{tool}");
            assert!(explained.lines().count() >= out.lines().count() && explained.len() > out.len(), "{explained}");
            assert_eq!(has_han(&explained), language == "zh", "{explained}");
        }
    }
}

#[test]
fn a_tool_that_does_not_run_the_plan_says_which_do() {
    let (exit, out, err) = run(&["launch", "--tool", "vllm"]);
    assert_eq!((exit, out.as_str()), (2, ""));
    assert!(err.contains("vllm does not run this plan; these do: llama-server, ollama"), "{err}");
}

#[test]
fn a_command_becomes_a_plan_file() {
    let home = TempDir::new().expect("a folder");
    let command = "vllm serve Qwen/Qwen3-8B --max-model-len 4096 --swap-space 4";
    let (exit, plan, err) = run_in(home.path(), &["import", command], "");
    assert_eq!(exit, 0, "{err}");
    assert!(err.contains("vllm serve") && err.contains("not read: --swap-space 4"), "{err}");
    let (_, piped, _) = run_in(home.path(), &["import", "-"], command);
    assert_eq!(piped, plan, "from standard input as well");
    fs::write(home.path().join("read.ron"), &plan).expect("written");
    let (_, back, _) = run_in(home.path(), &["launch", "read.ron"], "");
    assert!(back.starts_with("vllm serve Qwen/Qwen3-8B --max-model-len 4096"), "{back}");
    let (_, json, _) = run_in(home.path(), &["import", command, "--json"], "");
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&json["tool"], &json["unread"][0]), (&Value::from("vllm serve"), &Value::from("--swap-space 4")));
}

#[test]
fn a_model_file_is_shown_and_kept() {
    let home = TempDir::new().expect("a folder");
    fs::write(home.path().join("mine.gguf"), llama().bytes()).expect("written");
    fill(&home.path().join("mine.gguf"));
    let (exit, out, err) = run_in(home.path(), &["import", "mine.gguf"], "");
    assert_eq!((exit, err.as_str()), (0, ""));
    assert!(out.contains("Test Llama") && out.contains("8.03") && out.contains("Q4_K_M"), "{out}");
    let (_, json, _) = run_in(home.path(), &["import", "mine.gguf", "--json"], "");
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["model"]["num_hidden_layers"], 32);
    let (exit, _, err) = run_in(home.path(), &["import", "mine.gguf", "--keep"], "");
    assert_eq!(exit, 0, "{err}");
    assert!(err.contains("test-llama is kept in"), "{err}");
    let (exit, _, err) = run_in(home.path(), &["estimate", "--model", "test-llama"], "");
    assert_eq!((exit, err.as_str()), (0, ""), "one of the catalog now");
    // A command that names the file is read with it.
    let (_, plan, err) = run_in(home.path(), &["import", "llama-server -m mine.gguf -c 4096"], "");
    assert!(plan.contains("File(") && plan.contains("4096"), "{err}");
    fs::write(home.path().join("Modelfile"), "FROM ./mine.gguf\nPARAMETER num_ctx 2048\n").expect("written");
    let (exit, plan, _) = run_in(home.path(), &["import", "Modelfile"], "");
    assert!(exit == 0 && plan.contains("File(") && plan.contains("2048"), "{plan}");
}

#[test]
fn what_cannot_be_imported_is_one_line() {
    let home = TempDir::new().expect("a folder");
    for (arguments, said) in [
        (&["import"][..], "nothing to import"),
        (&["import", "no/such.gguf"], "no such file"),
        (&["import", "nobody-knows"], "unknown model"),
        (&["import", "vllm serve nobody-knows-7x"], "unknown model"),
        (&["import", "vllm serve Qwen/Qwen3-8B", "--keep"], "--keep is for model files"),
        (&["launch", "missing.ron"], "missing.ron: no such file"),
    ] {
        let (exit, out, err) = run_in(home.path(), arguments, "");
        assert_eq!((exit, out.as_str(), err.lines().count()), (2, "", 1), "{arguments:?}: {err}");
        assert!(err.contains(said), "{arguments:?}: {err}");
    }
}

/// A command may lie in a file of any name.
#[test]
fn a_file_that_holds_a_command_is_read_as_one() {
    let home = TempDir::new().expect("a folder");
    let text = "llama-server -m Llama-3.1-8B-Instruct-Q4_K_M.gguf -c 16384 -ngl 99\n";
    fs::write(home.path().join("start.sh"), text).expect("written");
    let (exit, out, err) = run_in(home.path(), &["import", "start.sh"], "");
    assert_eq!(exit, 0, "{err}");
    assert!(out.contains("context: 16384"), "{out}");
}
