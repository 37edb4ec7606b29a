//! Plan files: what is written can be read, and every mistake gives its own clear line.
//!
//! Each file of `fixtures/invalid` has one mistake and names the line expected for it in its first line.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use rigplan::catalog::quantization::{KvPrecision, Quantization};
use rigplan::plan::{
    Backend, CardChoice, CardCount, Document, GpuLayers, KvCache, Logits, Machine, ModelChoice, NamedPlan,
    OperatingSystem, Plan, SplitMode, Workload, bounds,
};
use rigplan::share::plan_file::{MAX_BYTES, PlanFileError, from_bytes, from_text, to_text};

/// The files of one folder of fixtures, sorted.
fn fixtures(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder);
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no fixtures");
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn each_mistake_has_its_line() {
    let mut wrong = Vec::new();
    for (name, text) in fixtures("invalid") {
        let expected = text.lines().next().and_then(|line| line.strip_prefix("// expect: ")).unwrap_or_default();
        let found = match from_text(&text) {
            Ok(_) => "(accepted)".to_owned(),
            Err(error) => error.to_string(),
        };
        if found != expected {
            wrong.push(format!("{name}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn valid_files_open() {
    for (name, text) in fixtures("valid") {
        let document = from_text(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(from_text(&to_text(&document).unwrap()).unwrap(), document, "{name}");
    }
}
