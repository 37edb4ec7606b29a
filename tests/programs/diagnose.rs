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
