//! Tables of the user's.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| rigplan_fuzz::bodies::overlay_table(bytes));
