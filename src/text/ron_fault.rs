//! What is wrong in a RON text, and where, told from the reader's error: data, so that each language has its words.

use ron::Error;
use ron::error::SpannedError;

use super::{Fault, Join, Key, Phrase, Placeholder, foreign, nearest, printed_in_english};

/// So many names are all listed; of more, the nearest are.
const FEW: usize = 12;

/// What is wrong at one place of a RON text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct RonFault {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong there.
    pub problem: RonProblem,
}

/// What can be wrong in a RON text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RonProblem {
    /// A sentence without anything to fill in.
    Plain(Key),
    /// A field that is missing or stands twice.
    Field(Key, String),
    /// A field or a value that is not known here.
    Unknown {
        /// Of which.
        what: Key,
        /// What stands there.
        found: String,
        /// What is known here.
        known: Vec<&'static str>,
    },
    /// A value that its own check refused, in the words of that check.
    Refused(Phrase),
}

impl RonFault {
    /// What the reader found, where it found it.
    pub fn of(error: &SpannedError) -> Self {
        let start = error.span.start;
        Self { line: start.line, column: start.col, problem: RonProblem::of(&error.code) }
    }
}

impl RonProblem {
    /// What the reader found; its own words are left where they are.
    pub fn of(error: &Error) -> Self {
        let unknown = |what, found: &str, known: &[&'static str]| Self::Unknown {
            what,
            found: found.to_owned(),
            known: known.to_vec(),
        };
        Self::Plain(match error {
            Error::Eof | Error::ExpectedStringEnd | Error::UnclosedBlockComment => Key::SyntaxCutOff,
            Error::ExpectedNamedStructLike(_) | Error::ExpectedStructLike => Key::SyntaxBracket,
            Error::ExpectedInteger | Error::InvalidIntegerDigit { .. } => Key::SyntaxWhole,
            Error::ExpectedFloat | Error::FloatUnderscore | Error::UnderscoreAtBeginning => Key::SyntaxNumber,
            Error::ExpectedBoolean => Key::SyntaxSwitch,
            Error::ExpectedString => Key::SyntaxText,
            Error::ExpectedIdentifier | Error::InvalidIdentifier(_) | Error::SuggestRawIdentifier(_) => Key::SyntaxName,
            Error::ExpectedArray => Key::SyntaxList,
            Error::ExpectedMapColon => Key::SyntaxColon,
            Error::ExpectedComma
            | Error::ExpectedArrayEnd
            | Error::ExpectedMapEnd
            | Error::ExpectedOptionEnd
            | Error::ExpectedStructLikeEnd => Key::SyntaxComma,
            Error::IntegerOutOfBounds => Key::SyntaxBounds,
            Error::ExpectedDifferentLength { .. } => Key::SyntaxLength,
            Error::ExceededRecursionLimit => Key::SyntaxDeep,
            Error::TrailingCharacters => Key::SyntaxTrailing,
            Error::MissingStructField { field, .. } => {
                return Self::Field(Key::SyntaxMissing, (*field).to_owned());
            }
            Error::DuplicateStructField { field, .. } => {
                return Self::Field(Key::SyntaxTwice, (*field).to_owned());
            }
            Error::NoSuchStructField { expected, found, .. } => {
                return unknown(Key::SyntaxUnknownField, found, expected);
            }
            Error::NoSuchEnumVariant { expected, found, .. } => {
                return unknown(Key::SyntaxUnknownValue, found, expected);
            }
            Error::ExpectedDifferentStructName { expected, found } => {
                return unknown(Key::SyntaxUnknownValue, found, &[expected]);
            }
            Error::Message(message) => {
                return Phrase::from_carried(message).map_or(Self::Plain(Key::SyntaxValue), Self::Refused);
            }
            _ => Key::SyntaxValue,
        })
    }
}

impl Fault for RonProblem {
    fn phrase(&self) -> Phrase {
        match self {
            Self::Plain(key) => Phrase::new(*key),
            Self::Field(key, field) => Phrase::new(*key).with(Placeholder::Name, field),
            Self::Unknown { what, found, known } => {
                let instead = match known.as_slice() {
                    [only] => Phrase::new(Key::SyntaxOnly).with(Placeholder::Name, only),
                    few if few.len() <= FEW => {
                        Phrase::new(Key::SyntaxKnown).with_list(Placeholder::Name, Join::Items, few)
                    }
                    many => {
                        let near = nearest(found, many.iter().copied());
                        Phrase::new(Key::SyntaxNearest).with_list(Placeholder::Name, Join::Items, near)
                    }
                };
                Phrase::new(*what).with(Placeholder::Name, foreign(found)).with_phrase(Placeholder::Other, instead)
            }
            Self::Refused(phrase) => phrase.clone(),
        }
    }
}

impl Fault for RonFault {
    fn phrase(&self) -> Phrase {
        Phrase::new(Key::FileErrorAt)
            .with(Placeholder::Line, self.line)
            .with(Placeholder::Column, self.column)
            .with_phrase(Placeholder::Value, self.problem.phrase())
    }
}

printed_in_english!(RonFault, RonProblem);
