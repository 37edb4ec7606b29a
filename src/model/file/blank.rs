//! A model before anything is known of it.

use crate::catalog::model::{Architecture, ModelFields};

/// A model of this architecture and name whose dimensions are all still to be filled in.
pub(super) fn blank(architecture: Architecture, name: &str, source: &str) -> ModelFields {
    ModelFields::bare(architecture, id_of(name), name.to_owned(), source)
}

/// A name in small letters and digits, joined by dashes; at most 80 of them.
fn id_of(name: &str) -> String {
    let mut id = String::new();
    for letter in name.chars().take(80) {
        match letter.to_ascii_lowercase() {
            kept @ ('a'..='z' | '0'..='9' | '.') => id.push(kept),
            _ if !id.is_empty() && !id.ends_with('-') => id.push('-'),
            _ => {}
        }
    }
    let id = id.trim_end_matches(['-', '.']);
    if id.is_empty() { "model".to_owned() } else { id.to_owned() }
}
