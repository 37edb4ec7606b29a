//! Headers and indexes of safetensors files.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| rigplan_fuzz::bodies::safetensors_index(bytes));
