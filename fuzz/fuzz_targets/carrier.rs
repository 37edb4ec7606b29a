//! Whatever is opened: whatever the bytes, a document or one line; a document that was read travels on as it is.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rigplan::share::carrier::link::{from_link, shareable, to_link};
use rigplan::share::carrier::read_any;

fuzz_target!(|bytes: &[u8]| {
    match read_any(bytes) {
        Ok(document) => {
            let Ok(link) = to_link(&document) else { return };
            assert_eq!(from_link(&link).expect("what was written can be read"), *shareable(&document));
        }
        Err(error) => assert_eq!(error.to_string().lines().count(), 1),
    }
});
