//! What an input is: which values it takes, and in what they are counted.

use std::fmt;
use std::ops::RangeInclusive;

use super::{Choices, InputFault, InputValue};
use crate::plan::fault::{Allowed, Wanted};
use crate::text::{Key, Locale};

/// What an input is, which decides how it is typed, read and shown.
#[derive(Debug, Clone)]
pub enum InputKind {
    /// On or off; with words for both where its name alone does not say it.
    Switch(Option<[Key; 2]>),
    /// Tokens of a context or a batch: k and M are binary, as the field writes them.
    Tokens(RangeInclusive<u64>),
    /// A count: k and M are decimal.
    Count(RangeInclusive<u64>, Unit),
    /// A count, or one of these words for it.
    CountOr(RangeInclusive<u64>, &'static [&'static str]),
    /// RAM or VRAM in GiB.
    Memory(RangeInclusive<f64>),
    /// Any other number.
    Number(RangeInclusive<f64>, Unit),
    /// One of a closed list.
    Choice(Choices),
    /// A version of an engine.
    Version,
    /// What has a form of its own, which this word stands for in the help: a model, a card, a list of cards.
    Own(&'static str),
}

/// In what a number is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Things: the name says which.
    None,
    /// Tokens.
    Tokens,
    /// Gigabytes a second.
    GbPerS,
    /// Watts.
    Watts,
}

impl Unit {
    /// Behind a number.
    pub fn word(self, locale: Locale) -> &'static str {
        match self {
            Self::None => "",
            Self::Tokens => locale.word(Key::Tokens),
            Self::GbPerS => "GB/s",
            Self::Watts => "W",
        }
    }
}

impl InputKind {
    /// Whether this can stand there. What is left open can: where an input cannot be, it keeps its value.
    #[inline]
    pub fn takes(&self, value: InputValue) -> bool {
        match (self, value) {
            (_, InputValue::Unset)
            | (Self::Switch(_), InputValue::Switch(_))
            | (Self::Version, InputValue::Version(_)) => true,
            (Self::Tokens(range) | Self::Count(range, _) | Self::CountOr(range, _), InputValue::Whole(number)) => {
                range.contains(&number)
            }
            // NaN lies in no range, so it is refused like any other.
            (Self::Memory(range) | Self::Number(range, _), InputValue::Real(number)) => range.contains(&number),
            (Self::CountOr(_, words), InputValue::Choice(place)) => usize::from(place) < words.len(),
            (Self::Choice(choices), InputValue::Choice(place)) => usize::from(place) < choices.names.len(),
            _ => false,
        }
    }

    /// The value of this text, as flags give it and requests where they give names. Its range is not looked at here.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn read(&self, key: &'static str, text: &str) -> Result<InputValue, InputFault> {
        let other = || InputFault::Kind(self.wanted());
        match self {
            Self::Switch(_) => text.parse().map(InputValue::Switch).map_err(|_error| other()),
            Self::Tokens(_) | Self::Count(..) => text.parse().map(InputValue::Whole).map_err(|_error| other()),
            Self::Memory(_) | Self::Number(..) => text.parse().map(InputValue::Real).map_err(|_error| other()),
            Self::CountOr(_, words) => match words.iter().position(|word| *word == text) {
                Some(place) => Ok(InputValue::Choice(u8::try_from(place).unwrap_or(u8::MAX))),
                None => text.parse().map(InputValue::Whole).map_err(|_error| InputFault::layers(text, words)),
            },
            Self::Choice(choices) => (choices.find)(key, text).map(InputValue::Choice),
            Self::Version => text.parse().map(InputValue::Version).map_err(InputFault::Version),
            Self::Own(_) => Err(other()),
        }
    }

    /// The contract's name of the choice in this place.
    pub fn name(&self, place: u8) -> &'static str {
        let names = match self {
            Self::Choice(choices) => choices.names,
            Self::CountOr(_, words) => words,
            _ => &[],
        };
        names.get(usize::from(place)).copied().unwrap_or_default()
    }

    /// Whether its numbers need not be whole.
    pub const fn is_real(&self) -> bool {
        matches!(self, Self::Memory(_) | Self::Number(..))
    }

    /// Whether this is a value of its kind, within the range or not.
    pub const fn is_kind(&self, value: InputValue) -> bool {
        match value {
            InputValue::Unset => true,
            InputValue::Switch(_) => matches!(self, Self::Switch(_)),
            InputValue::Whole(_) => matches!(self, Self::Tokens(_) | Self::Count(..) | Self::CountOr(..)),
            InputValue::Real(_) => self.is_real(),
            InputValue::Choice(_) => matches!(self, Self::Choice(_) | Self::CountOr(..)),
            InputValue::Version(_) => matches!(self, Self::Version),
        }
    }

    /// Whether requests give it as a text.
    pub const fn is_named(&self) -> bool {
        matches!(self, Self::Choice(_) | Self::CountOr(..) | Self::Version)
    }

    /// What a value must be to be read at all.
    pub const fn wanted(&self) -> Wanted {
        match self {
            Self::Switch(_) => Wanted::Switch,
            Self::Tokens(_) | Self::Count(..) => Wanted::Whole,
            // Not every count of layers can be all of them.
            Self::CountOr(_, [_]) => Wanted::ExpertLayers,
            Self::CountOr(..) => Wanted::Layers,
            Self::Memory(_) | Self::Number(..) => Wanted::Number,
            Self::Choice(_) | Self::Version => Wanted::Name,
            Self::Own(_) => Wanted::Text,
        }
    }

    /// What stands for a value in the help of the command line.
    pub const fn placeholder(&self) -> &'static str {
        match self {
            Self::Switch(_) => "BOOL",
            Self::Tokens(_) | Self::Count(_, Unit::Tokens) => "TOKENS",
            Self::Count(_, Unit::Watts) => "W",
            Self::Count(..) | Self::CountOr(..) => "N",
            Self::Memory(_) => "GIB",
            Self::Number(_, Unit::GbPerS) => "GB/S",
            Self::Number(..) => "SHARE",
            Self::Choice(_) => "NAME",
            Self::Version => "VERSION",
            Self::Own(word) => word,
        }
    }

    /// In what its numbers are counted.
    pub fn unit(&self, locale: Locale) -> &'static str {
        match self {
            Self::Tokens(_) => Unit::Tokens.word(locale),
            Self::Count(_, unit) | Self::Number(_, unit) => unit.word(locale),
            Self::Memory(_) => "GiB",
            _ => "",
        }
    }

    /// The ends of its range.
    pub fn ends(&self) -> Option<(f64, f64)> {
        match self {
            Self::Tokens(range) | Self::Count(range, _) | Self::CountOr(range, _) => {
                Some((*range.start() as f64, *range.end() as f64))
            }
            Self::Memory(range) | Self::Number(range, _) => Some((*range.start(), *range.end())),
            _ => None,
        }
    }

    /// What its values may be.
    pub fn allowed(&self) -> Allowed {
        match self {
            Self::Tokens(range) | Self::Count(range, _) | Self::CountOr(range, _) => Allowed::within(range),
            Self::Memory(range) | Self::Number(range, _) => Allowed::within(range),
            _ => Allowed::Kind(self.wanted()),
        }
    }
}

impl fmt::Display for InputValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unset => f.write_str("nothing"),
            Self::Switch(on) => write!(f, "{on}"),
            Self::Whole(number) => write!(f, "{number}"),
            Self::Real(number) => write!(f, "{number:?}"),
            Self::Choice(place) => write!(f, "choice {place}"),
            Self::Version(version) => write!(f, "{version}"),
        }
    }
}
