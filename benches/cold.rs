//! A cold start: the whole program for one estimate (wanted: 20 ms or less) and for the builds of three tiers (100 ms or
//! less), tables parsed on first use.

#![allow(missing_docs, reason = "criterion's macros make public functions")]

use std::process::{Command, Stdio};

use criterion::{Criterion, criterion_group, criterion_main};

fn cold_start(criterion: &mut Criterion) {
    let commands: [(&str, &[&str]); 5] = [
        ("rigplan --version", &["--version"]),
        ("rigplan estimate", &["estimate"]),
        (
            "rigplan estimate --json of another model",
            &["estimate", "--json", "--model", "deepseek-v3", "--card", "h100-pcie"],
        ),
        ("rigplan build", &["build", "--budget", "9000"]),
        ("rigplan build --goal mixture", &["build", "--budget", "9000", "--goal", "mixture"]),
    ];
    for (name, arguments) in commands {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rigplan"));
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        criterion.bench_function(name, |bencher| bencher.iter(|| command.status()));
    }
}

criterion_group!(benches, cold_start);
criterion_main!(benches);
