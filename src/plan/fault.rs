//! What can be wrong with a value of a plan.

use std::fmt::Debug;
use std::ops::RangeInclusive;

use crate::text::{Fault, Key, Phrase, Placeholder, printed_in_english};

/// What a value must be to be read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::VariantArray)]
pub enum Wanted {
    /// On or off.
    Switch,
    /// A whole number, not negative.
    Whole,
    /// A number of layers, or a word for it.
    Layers,
    /// A number of layers whose experts stay in RAM, or the word for as few as must be.
    ExpertLayers,
    /// Any number.
    Number,
    /// One of a list of names.
    Name,
    /// A text.
    Text,
    /// What a request is echoed by.
    Id,
    /// A list of numbers.
    Numbers,
    /// Kinds of card, as requests list them.
    CardList,
    /// One kind of card in such a list.
    CardKind,
    /// A part and how many of it.
    PartCount,
    /// Models that run beside, as requests list them.
    AlsoList,
    /// One of them.
    AlsoRow,
    /// Where one of them lies.
    Place,
}

impl Fault for Wanted {
    fn phrase(&self) -> Phrase {
        match self {
            Self::Switch => Phrase::new(Key::WantedSwitch),
            Self::Whole => Phrase::new(Key::WantedWhole),
            Self::Layers => Phrase::new(Key::WantedLayers),
            Self::ExpertLayers => Phrase::new(Key::WantedExpertLayers),
            Self::Number => Phrase::new(Key::WantedNumber),
            Self::Name => Phrase::new(Key::WantedName),
            Self::Text => Phrase::new(Key::WantedText),
            Self::Id => Phrase::new(Key::WantedId),
            Self::Numbers => Phrase::new(Key::WantedNumbers),
            Self::CardList => Phrase::new(Key::WantedCardList).with(Placeholder::Value, format!("[{CARD_KIND}]")),
            Self::CardKind => Phrase::new(Key::WantedCardKind).with(Placeholder::Value, CARD_KIND),
            Self::PartCount => Phrase::new(Key::WantedPartCount),
            Self::AlsoList => Phrase::new(Key::WantedCardList).with(Placeholder::Value, format!("[{ALSO_ROW}]")),
            Self::AlsoRow => Phrase::new(Key::WantedCardKind).with(Placeholder::Value, ALSO_ROW),
            Self::Place => Phrase::new(Key::WantedPlace),
        }
    }
}

/// A kind of card as requests give it.
const CARD_KIND: &str = r#"{"card":"rtx-4090","count":1}"#;
/// A model that runs beside as requests give it.
const ALSO_ROW: &str = r#"{"model":"qwen3-embedding-0.6b","device":0}"#;

/// A value that no plan can hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct OutOfRange {
    /// In which plan of a document that holds several, from 0.
    pub plan: Option<usize>,
    /// The field, as a path such as `machine.cards[0].count`.
    pub field: String,
    /// What stands there.
    pub given: Given,
    /// What may stand there.
    pub allowed: Allowed,
}

/// What stands where something else should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// A value, written the way it is read: 1e300, not 301 digits.
    Value(String),
    /// A list of so many.
    List(usize),
    /// A text of so many characters.
    Letters(usize),
}

/// What may stand in a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed {
    /// A number within these ends, written the way they are read.
    Range {
        /// The least.
        least: String,
        /// The most.
        most: String,
    },
    /// A list of so many.
    List {
        /// The fewest.
        least: usize,
        /// The most.
        most: usize,
    },
    /// A list that is not of zeros alone.
    AboveZero,
    /// A text of at most so many characters.
    Letters(usize),
    /// A value of this kind.
    Kind(Wanted),
}

impl Allowed {
    /// A number within this range.
    pub(super) fn within<T: Debug>(range: &RangeInclusive<T>) -> Self {
        Self::Range { least: format!("{:?}", range.start()), most: format!("{:?}", range.end()) }
    }
}

impl Fault for Allowed {
    fn phrase(&self) -> Phrase {
        match self {
            Self::Range { least, most } => {
                Phrase::new(Key::AllowedRange).with(Placeholder::Value, least).with(Placeholder::Other, most)
            }
            Self::List { least: 0, most } => Phrase::new(Key::AllowedListUpTo).with(Placeholder::Count, most),
            Self::List { least, most } => {
                Phrase::new(Key::AllowedList).with(Placeholder::Value, least).with(Placeholder::Other, most)
            }
            Self::AboveZero => Phrase::new(Key::AllowedAboveZero),
            Self::Letters(most) => Phrase::new(Key::AllowedLetters).with(Placeholder::Count, most),
            Self::Kind(wanted) => wanted.phrase(),
        }
    }
}

impl Fault for OutOfRange {
    /// What stands where, and what may.
    fn phrase(&self) -> Phrase {
        let words = Phrase::new(Key::ErrorOutOfRange).with(Placeholder::Name, &self.field);
        let words = match &self.given {
            Given::Value(value) => words.with(Placeholder::Value, value),
            Given::List(0) => words.with_phrase(Placeholder::Value, Phrase::new(Key::GivenEmptyList)),
            Given::List(count) => {
                words.with_phrase(Placeholder::Value, Phrase::new(Key::GivenList).with(Placeholder::Count, count))
            }
            Given::Letters(count) => {
                words.with_phrase(Placeholder::Value, Phrase::new(Key::GivenLetters).with(Placeholder::Count, count))
            }
        };
        let words = words.with_phrase(Placeholder::Other, self.allowed.phrase());
        match self.plan {
            None => words,
            Some(plan) => {
                Phrase::new(Key::ErrorInPlan).with(Placeholder::Count, plan + 1).with_phrase(Placeholder::Value, words)
            }
        }
    }
}

printed_in_english!(OutOfRange);

impl OutOfRange {
    /// `given` stands in `field` where something else should.
    pub(super) fn new(field: impl Into<String>, given: Given, allowed: Allowed) -> Self {
        Self { plan: None, field: field.into(), given, allowed }
    }

    /// The same error, saying in which of several plans.
    #[must_use]
    pub(super) fn in_plan(self, index: usize) -> Self {
        Self { plan: Some(index), ..self }
    }
}
