//! `config.json` of a model; one that is understood is estimated.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rigplan::model::file::from_config;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(model) = from_config(bytes, "fuzzed") {
        rigplan_fuzz::estimate_model(model);
    }
});
