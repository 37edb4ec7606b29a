//! Requests of the stream.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| rigplan_fuzz::bodies::jsonl_request(bytes));
