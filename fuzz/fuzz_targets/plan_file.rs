//! Plan files: whatever the bytes, a document or one line; a document that was read is read again as it was, and each of
//! its plans is estimated.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rigplan::catalog::Catalog;
use rigplan::estimate::estimate;
use rigplan::share::plan_file;

fuzz_target!(|bytes: &[u8]| {
    let Ok(document) = plan_file::from_bytes(bytes) else { return };
    let text = plan_file::to_text(&document).expect("what was read can be written");
    assert_eq!(plan_file::from_text(&text).expect("what was written can be read"), document);
    for own in document.plans {
        drop(estimate(&own.plan, Catalog::embedded()));
        rigplan_fuzz::estimate_as_every_job(own.plan);
    }
});
