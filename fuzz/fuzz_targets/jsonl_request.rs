//! One request of `rigplan estimate --jsonl`: one line is answered with one line, whatever is in it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rigplan::catalog::Catalog;
use rigplan::cli::jsonl::JsonlSession;

fuzz_target!(|line: &[u8]| {
    // A model's path would read files of this machine.
    if line.contains(&b'/') {
        return;
    }
    let mut out = Vec::new();
    JsonlSession::new(Catalog::embedded()).answer(line, &mut out);
    assert!(out.iter().filter(|byte| **byte == b'\n').count() == 0, "one line, whose end is written by the caller");
});
