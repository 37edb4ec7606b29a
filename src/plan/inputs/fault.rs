//! What can be wrong with what is given for an input, before its range is looked at.

use crate::catalog::quantization::UnknownPrecision;
use crate::plan::fault::Wanted;
use crate::plan::{OverridesError, VersionError};
use crate::text::{Fault, Join, Key, Phrase, Placeholder, foreign, printed_in_english};

/// Why what is given cannot be read as a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputFault {
    /// It is of another kind than this.
    Kind(Wanted),
    /// Neither a number of layers nor a word for one.
    Layers {
        /// What was given.
        given: String,
        /// The words for it.
        words: &'static [&'static str],
    },
    /// No number of cards.
    Cards(String),
    /// No choice of this name.
    Choice {
        /// The input.
        key: &'static str,
        /// What was given.
        name: String,
        /// The choices.
        known: &'static [&'static str],
    },
    /// No way to store weights.
    Quantization(UnknownPrecision),
    /// No way to store the KV cache.
    KvPrecision {
        /// What was given.
        name: String,
        /// What there is.
        known: &'static [&'static str],
    },
    /// No version of an engine.
    Version(VersionError),
    /// No rules for tensors.
    Overrides(OverridesError),
}

impl InputFault {
    #[cold]
    pub(super) fn layers(given: &str, words: &'static [&'static str]) -> Self {
        Self::Layers { given: given.to_owned(), words }
    }

    #[cold]
    pub(super) fn choice(key: &'static str, name: &str, known: &'static [&'static str]) -> Self {
        Self::Choice { key, name: name.to_owned(), known }
    }
}

impl Fault for InputFault {
    /// What is wrong, and what to give instead.
    fn phrase(&self) -> Phrase {
        let quoted = |name: &str| format!("{:?}", foreign(name));
        match self {
            Self::Kind(wanted) => Phrase::new(Key::InputKind).with_phrase(Placeholder::Value, wanted.phrase()),
            Self::Layers { given, words } => Phrase::new(Key::InputLayers)
                .with(Placeholder::Value, quoted(given))
                .with_list(Placeholder::Other, Join::Items, *words),
            Self::Cards(given) => Phrase::new(Key::InputCards).with(Placeholder::Value, quoted(given)),
            Self::Choice { key, name, known } => Phrase::new(Key::InputChoice)
                .with(Placeholder::Name, key)
                .with(Placeholder::Value, quoted(name))
                .with_list(Placeholder::Other, Join::Items, *known),
            Self::Quantization(unknown) => unknown.phrase(),
            Self::KvPrecision { name, known } => Phrase::new(Key::InputKvPrecision)
                .with(Placeholder::Value, quoted(name))
                .with_list(Placeholder::Other, Join::Items, *known),
            Self::Version(error) => error.phrase(),
            Self::Overrides(error) => error.phrase(),
        }
    }
}

printed_in_english!(InputFault);
