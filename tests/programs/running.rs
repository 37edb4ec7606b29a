//! Programs that run models, as driver and system count them, held against the estimate of their commands; and what is measured on
//! request.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::detect::build;
use super::run::rigplan;

/// A program under a root of its own: its command, its parent, its RAM.
fn lay(root: &Path, pid: u32, parent: u32, name: &str, command: &[&str]) {
    let folder = root.join("proc").join(pid.to_string());
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("comm"), format!("{name}\n")).unwrap();
    fs::write(folder.join("cmdline"), command.join("\0")).unwrap();
    fs::write(folder.join("environ"), "HOME=/home/me\0CUDA_VISIBLE_DEVICES=0,1\0").unwrap();
    let status =
        format!("Name:\t{name}\nPPid:\t{parent}\nVmRSS:\t 1048576 kB\nRssFile:\t  524288 kB\nVmSwap:\t 0 kB\n");
    fs::write(folder.join("status"), status).unwrap();
}

fn machine(command: &[&str]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("proc")).unwrap();
    fs::write(root.path().join("proc/meminfo"), "MemTotal: 67108864 kB\nMemAvailable: 33554432 kB\n").unwrap();
    lay(root.path(), 4127, 1, "llama-server", command);
    lay(root.path(), 5210, 1, "python3", &["python3", "train.py", "--hf-token", "hunter2"]);
    root
}

const SERVER: [&str; 9] = [
    "/opt/llama-server",
    "-hf",
    "Qwen/Qwen2.5-32B-Instruct-GGUF:Q4_K_M",
    "-c",
    "8192",
    "-ngl",
    "99",
    "--api-key",
    "hunter2",
];

/// Exit code, standard output, standard error of `compare-log` with these arguments on such a machine.
fn compare(root: &Path, arguments: &[&str]) -> (i32, String, String) {
    let (_folder, library) = build("working", &[]);
    let home = tempfile::tempdir().unwrap();
    let mut command = rigplan(home.path());
    command.arg("compare-log").args(arguments).env("RIGPLAN_NVML", &library).env("RIGPLAN_ROOT", root);
    let output = command.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_running_server_is_held_against_its_command() {
    let root = machine(&SERVER);
    let (exit, out, err) = compare(root.path(), &["--running", "--json"]);
    assert_eq!(exit, 0, "{err}");
    assert!(!out.contains("hunter2"), "{out}");
    let read: Value = serde_json::from_str(&out).unwrap();
    let engines = read.as_array().unwrap();
    assert_eq!(engines.len(), 1, "what trains was told no model");
    let engine = &engines[0];
    assert_eq!((engine["pid"].as_u64(), engine["tool"].as_str()), (Some(4127), Some("llama.cpp")));
    let cards = engine["plan"]["machine"]["cards"].as_array().unwrap();
    assert_eq!(cards.len(), 1, "the card that it holds alone: {cards:?}");
    assert_eq!(engine["plan"]["workload"]["context"].as_u64(), Some(8192));
    let parts = engine["parts"].as_array().unwrap();
    let part = |device: Option<u64>| parts.iter().find(|part| part["device"].as_u64() == device).unwrap();
    let on_card = part(Some(0));
    assert_eq!((on_card["part"].as_str(), on_card["actual_bytes"].as_u64()), (Some("held"), Some(22_656_000_000)));
    assert!(on_card["estimated_bytes"].as_u64().is_some_and(|bytes| bytes > 18 << 30), "{on_card}");
    assert_eq!(part(None)["actual_bytes"].as_u64(), Some(1 << 30));
}

#[test]
fn a_person_reads_now_beside_the_estimate() {
    let root = machine(&SERVER);
    let (exit, out, err) = compare(root.path(), &["--running", "--pid", "4127", "--lang", "en"]);
    assert_eq!(exit, 0, "{err}");
    assert!(out.starts_with("llama-server, program 4127: Qwen2.5 32B"), "{out}");
    assert!(out.contains("now") && out.contains("Held by the program") && out.contains("21.10 GiB"), "{out}");
}

#[test]
fn where_none_runs_one_line_says_so() {
    let root = machine(&["/opt/llama-server", "--help-me"]);
    for (arguments, words) in [(&["--running", "--pid", "1"][..], "no program 1"), (&["--running"][..], "llama-server")]
    {
        let (exit, out, err) = compare(root.path(), &[arguments, &["--lang", "en"]].concat());
        assert_eq!((exit, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(words), "{err}");
        assert!(err.lines().count() <= 2, "{err}");
    }
    let (exit, _, err) = compare(root.path(), &["some.log", "--running"]);
    assert_eq!((exit, err.lines().count()), (2, 1), "{err}");
}

#[test]
fn what_is_measured_is_kept_and_planned_with() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("model.bin");
    fs::write(&file, vec![5_u8; 80 << 20]).unwrap();
    let detect = |arguments: &[&str]| {
        let output = rigplan(home.path()).arg("detect").args(arguments).output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let found = detect(&["--measure", "--disk", file.to_str().unwrap(), "--json"]);
    let rate = |found: &Value| found["host"]["measured"]["ram_bytes_per_s"].as_u64();
    assert!(rate(&found).is_some_and(|rate| rate > 100_000_000), "{found}");
    assert_eq!(rate(&detect(&["--json"])), rate(&found), "kept");
    let (exit, _, err) = super::run::run_in(home.path(), &["detect", "--disk", "x"], "");
    assert_eq!((exit, err.lines().count()), (2, 1), "{err}");
}
