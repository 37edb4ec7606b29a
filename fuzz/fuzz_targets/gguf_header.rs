//! Headers of GGUF files, and the models that they describe.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rigplan::model::file::gguf::Header;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(header) = Header::read(bytes) {
        drop(header.into_model("fuzzed"));
    }
});
