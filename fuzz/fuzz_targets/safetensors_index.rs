//! Headers of safetensors files and the index over several of them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rigplan::model::file::safetensors;

fuzz_target!(|bytes: &[u8]| {
    drop(safetensors::read(bytes));
    drop(safetensors::files_of_index(bytes));
});
