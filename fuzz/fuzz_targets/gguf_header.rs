//! Headers of GGUF files, and the models that they describe, estimated.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rigplan::model::file::gguf::Header;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(model) = Header::read(bytes).and_then(|header| header.into_model("fuzzed")) {
        rigplan_fuzz::estimate_model(model);
    }
});
