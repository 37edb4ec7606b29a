//! Plan files: what is written can be read, and every mistake gives its own clear line.

use rigplan::plan::Document;
use rigplan::share::plan_file::{from_text, to_text};

#[test]
fn default_document_round_trips() {
    let document = Document::default();
    assert_eq!(from_text(&to_text(&document).unwrap()).unwrap(), document);
}
