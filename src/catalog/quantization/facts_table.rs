//! What is known about each precision: `data/quantizations.ron`.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::{Quantization, names};
use crate::catalog::entry_table::parse;

/// Who reads weights stored so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum QuantizationKind {
    /// A GGUF file type: llama.cpp and what is built on it. Each tensor has its own type, so the bits depend on the
    /// model.
    Gguf,
    /// A precision of serving engines: every linear layer alike.
    Server,
}

/// One entry of `data/quantizations.ron`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuantizationFacts {
    /// Which precision.
    pub id: Quantization,
    /// As shown in lists.
    pub label: String,
    /// What else people call it, in any letter case.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Who reads it.
    pub kind: QuantizationKind,
    /// Bits a weight takes with its scales. GGUF: of a whole Llama-3.1-8B, for information. Server: of a quantized
    /// linear layer.
    pub bits_per_weight: f64,
    /// Whether token embeddings and output matrix are stored so as well; servers leave them at 16 bits otherwise.
    pub covers_embeddings: bool,
    /// Short name on the precision slider, for its eight steps.
    #[serde(default)]
    pub slider: Option<String>,
    /// Where the figures are from.
    pub source: String,
}

impl QuantizationFacts {
    /// Whether one of the aliases is `plain`, a name without letter case and separators.
    pub(super) fn is_called(&self, plain: &str) -> bool {
        !plain.is_empty() && self.aliases.iter().any(|alias| names::plain(alias) == plain)
    }
}

/// The table that comes with the program, read on first use.
pub(super) fn facts() -> &'static [QuantizationFacts] {
    static FACTS: OnceLock<Vec<QuantizationFacts>> = OnceLock::new();
    // A test holds the built-in text to being readable and complete.
    FACTS.get_or_init(|| parse(include_str!("../../../data/quantizations.ron")).unwrap_or_default())
}

impl Quantization {
    /// What is known about this precision.
    pub fn facts(self) -> Option<&'static QuantizationFacts> {
        facts().iter().find(|it| it.id == self)
    }

    /// As people read it.
    pub fn label(self) -> &'static str {
        self.facts().map_or_else(|| self.name(), |facts| facts.label.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_precision_has_one_entry_with_a_source() {
        let table: Vec<QuantizationFacts> = parse(include_str!("../../../data/quantizations.ron")).unwrap();
        assert_eq!(table.len(), Quantization::ALL.len());
        for it in Quantization::ALL {
            let facts = it.facts().unwrap();
            assert_eq!(facts.kind, it.kind(), "{it}");
            assert!((1.5..=32.01).contains(&facts.bits_per_weight), "{it}");
            assert!(!facts.source.is_empty() && !facts.label.is_empty(), "{it}");
            assert_eq!(facts.slider.is_some(), Quantization::SLIDER.contains(it), "{it}");
        }
    }

    #[test]
    fn no_alias_means_two_things() {
        let mut seen = std::collections::BTreeMap::new();
        for entry in facts() {
            for alias in &entry.aliases {
                assert_eq!(seen.insert(names::plain(alias), entry.id), None, "{alias}");
                let exact = Quantization::ALL.iter().find(|it| names::plain(it.name()) == names::plain(alias));
                assert_eq!(exact, None, "{alias} is a name already");
            }
        }
    }

    #[test]
    fn the_slider_falls_in_bits() {
        let bits = Quantization::SLIDER.map(|it| it.facts().unwrap().bits_per_weight);
        assert!(bits.is_sorted_by(|a, b| a > b));
    }

    #[test]
    fn an_unknown_field_is_an_error() {
        assert!(parse::<Vec<QuantizationFacts>>("[(id: F16, shade: 1)]").is_err());
    }
}
