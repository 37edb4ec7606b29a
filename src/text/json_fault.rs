//! Where and how a text is no JSON of the kind that was expected.

use serde_json::error::Category;

use super::{Fault, Key, Phrase, Placeholder, printed_in_english};

/// What is wrong with a JSON text, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub struct JsonFault {
    /// Of what kind.
    pub kind: JsonFaultKind,
    /// From 1.
    pub line: usize,
    /// From 1; 0 before the first character.
    pub column: usize,
}

/// Of what kind a fault in JSON is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::VariantArray)]
pub enum JsonFaultKind {
    /// It ends before it is whole.
    CutOff,
    /// It is no JSON.
    Syntax,
    /// JSON, but something else is expected there.
    Other,
}

impl JsonFault {
    /// What the reader says of itself; its words are left where they are.
    pub fn of(error: &serde_json::Error) -> Self {
        let kind = match error.classify() {
            Category::Eof => JsonFaultKind::CutOff,
            Category::Syntax => JsonFaultKind::Syntax,
            Category::Data | Category::Io => JsonFaultKind::Other,
        };
        Self { kind, line: error.line(), column: error.column() }
    }
}

impl Fault for JsonFault {
    fn phrase(&self) -> Phrase {
        let key = match self.kind {
            JsonFaultKind::CutOff => Key::JsonCutOff,
            JsonFaultKind::Syntax => Key::JsonSyntax,
            JsonFaultKind::Other => Key::JsonOther,
        };
        Phrase::new(key).with(Placeholder::Line, self.line).with(Placeholder::Column, self.column)
    }
}

printed_in_english!(JsonFault);
