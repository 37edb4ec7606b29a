//! Plan files: whatever the bytes, a document or one line; and a document that was read is read again as it was.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rigplan::share::plan_file;

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = plan_file::from_bytes(bytes) else { return };
    let text = plan_file::to_text(&document).expect("what was read can be written");
    assert_eq!(plan_file::from_text(&text).expect("what was written can be read"), document);
});
