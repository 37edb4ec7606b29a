//! What can be wrong with what is given for an input, before its range is looked at.

use crate::catalog::quantization::UnknownPrecision;
use crate::plan::{BUDGET_USD, VersionError};
use crate::text::{Fault, Join, Key, Phrase, Placeholder, foreign, printed_in_english};

/// What a value must be to be read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::VariantArray)]
pub enum Wanted {
    /// On or off.
    Switch,
    /// A whole number, not negative.
    Whole,
    /// A number of layers, or a word for it.
    Layers,
    /// Any number.
    Number,
    /// One of a list of names.
    Name,
    /// A text.
    Text,
    /// What a request is echoed by.
    Id,
    /// Kinds of card, as requests list them.
    CardList,
    /// One kind of card in such a list.
    CardKind,
    /// US dollars for a machine.
    Budget,
    /// A part and how many of it.
    PartCount,
}

impl Fault for Wanted {
    fn phrase(&self) -> Phrase {
        match self {
            Self::Switch => Phrase::new(Key::WantedSwitch),
            Self::Whole => Phrase::new(Key::WantedWhole),
            Self::Layers => Phrase::new(Key::WantedLayers),
            Self::Number => Phrase::new(Key::WantedNumber),
            Self::Name => Phrase::new(Key::WantedName),
            Self::Text => Phrase::new(Key::WantedText),
            Self::Id => Phrase::new(Key::WantedId),
            Self::CardList => Phrase::new(Key::WantedCardList).with(Placeholder::Value, format!("[{CARD_KIND}]")),
            Self::CardKind => Phrase::new(Key::WantedCardKind).with(Placeholder::Value, CARD_KIND),
            Self::Budget => Phrase::new(Key::WantedBudget)
                .with(Placeholder::Value, BUDGET_USD.start())
                .with(Placeholder::Other, BUDGET_USD.end()),
            Self::PartCount => Phrase::new(Key::WantedPartCount),
        }
    }
}

/// A kind of card as requests give it.
const CARD_KIND: &str = r#"{"card":"rtx-4090","count":1}"#;

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
        }
    }
}

printed_in_english!(InputFault);
