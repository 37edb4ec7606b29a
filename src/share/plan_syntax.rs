//! What is wrong with the text of a plan file, told from the reader's error: data, so that each language has its words.

use ron::Error;

use crate::catalog::quantization::nearest;
use crate::plan::SCHEMA_VERSION;
use crate::text::{Join, Key, Locale, Placeholder};

/// So many names are all listed; of more, the nearest are.
const FEW: usize = 12;
/// A hostile file must not fill the screen through its error.
const MOST: usize = 300;

/// What is wrong at one place of a plan file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyntaxProblem {
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
    /// What the reader itself said, on one line.
    Other(String),
}

impl SyntaxProblem {
    pub(super) fn of(error: &Error) -> Self {
        Self::Plain(match error {
            Error::Eof | Error::ExpectedStringEnd | Error::UnclosedBlockComment => Key::SyntaxCutOff,
            Error::ExpectedNamedStructLike("Document")
            | Error::ExpectedDifferentStructName { expected: "Document", .. } => Key::SyntaxNoPlan,
            Error::ExpectedNamedStructLike(_) | Error::ExpectedStructLike => Key::SyntaxBracket,
            Error::ExpectedInteger => Key::SyntaxWhole,
            Error::ExpectedFloat => Key::SyntaxNumber,
            Error::ExpectedBoolean => Key::SyntaxSwitch,
            Error::ExpectedString => Key::SyntaxText,
            Error::ExpectedIdentifier => Key::SyntaxName,
            Error::ExpectedArray => Key::SyntaxList,
            Error::ExpectedComma => Key::SyntaxComma,
            Error::IntegerOutOfBounds => Key::SyntaxBounds,
            Error::ExceededRecursionLimit => Key::SyntaxDeep,
            Error::TrailingCharacters => Key::SyntaxTrailing,
            Error::MissingStructField { field, .. } => {
                return Self::Field(Key::SyntaxMissing, (*field).to_owned());
            }
            Error::DuplicateStructField { field, .. } => {
                return Self::Field(Key::SyntaxTwice, (*field).to_owned());
            }
            Error::NoSuchStructField { expected, found, .. } => {
                return Self::Unknown { what: Key::SyntaxUnknownField, found: found.clone(), known: expected.to_vec() };
            }
            Error::NoSuchEnumVariant { expected, found, .. } => {
                return Self::Unknown { what: Key::SyntaxUnknownValue, found: found.clone(), known: expected.to_vec() };
            }
            other => return Self::Other(shortened(&one_line(&other.to_string()))),
        })
    }

    /// What is wrong and what would do.
    pub fn say(&self, locale: Locale) -> String {
        match self {
            Self::Plain(key) => locale.sentence(*key, &[(Placeholder::Value, &SCHEMA_VERSION.to_string())]),
            Self::Field(key, field) => locale.sentence(*key, &[(Placeholder::Name, field)]),
            Self::Unknown { what, found, known } => {
                let instead = match known.as_slice() {
                    [only] => locale.sentence(Key::SyntaxOnly, &[(Placeholder::Name, only)]),
                    few if few.len() <= FEW => {
                        locale.sentence(Key::SyntaxKnown, &[(Placeholder::Name, &locale.join(Join::Items, few))])
                    }
                    many => {
                        let near = nearest(found, many.iter().copied());
                        locale.sentence(Key::SyntaxNearest, &[(Placeholder::Name, &locale.join(Join::Items, near))])
                    }
                };
                locale.sentence(*what, &[(Placeholder::Name, &shortened(found)), (Placeholder::Other, &instead)])
            }
            Self::Other(said) => said.clone(),
        }
    }
}

/// Whatever a library says, on one line.
pub(super) fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shortened(message: &str) -> String {
    match message.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message.to_owned(),
    }
}
