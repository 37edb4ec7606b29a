//! Logs of runtimes.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| rigplan_fuzz::bodies::runtime_log(bytes));
