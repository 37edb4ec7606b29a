//! Plan files: RON that a person can read, edit and diff.

use std::fmt;

use ron::Options;
use ron::error::SpannedError;
use ron::extensions::Extensions;
use ron::ser::PrettyConfig;
use serde::Deserialize;

use super::locate::locate;

pub use super::locate::TextPosition;
use super::plan_syntax::{SyntaxProblem, one_line};
use crate::plan::{Document, OutOfRange, SCHEMA_VERSION};
use crate::text::{Key, Locale, Placeholder};

/// The extension of plan files, without the dot.
pub const EXTENSION: &str = "ron";

/// The longest plan file that is read, in bytes; real ones have a few thousand.
pub const MAX_BYTES: usize = 4 << 20;

const HEADER: &str = "// A rigplan plan: what shall run, and on what. Open it with `rigplan FILE`, or edit it by hand.\n\
    // Sizes named *_gib are in GiB (2^30 bytes), rates named *_gb_s in GB/s (10^9). Fields left out take their defaults.\n";

/// Why a text is no plan file, or a document cannot be written as one. Each prints as one line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanFileError {
    /// More text than any plan has.
    TooLarge,
    /// Nothing but blanks.
    Empty,
    /// Not text at all.
    Binary {
        /// From 1.
        line: usize,
    },
    /// Saved by a later program.
    Newer {
        /// The version that the file names.
        found: u32,
    },
    /// A version that never was.
    UnknownVersion {
        /// The version that the file names.
        found: u32,
    },
    /// Text that does not follow the format.
    Syntax {
        /// Where.
        at: TextPosition,
        /// What is wrong there.
        problem: SyntaxProblem,
    },
    /// A value that no plan can hold.
    OutOfRange {
        /// Where; none for a document that is not a file yet.
        at: Option<TextPosition>,
        /// Which value.
        problem: OutOfRange,
    },
    /// A document that has no text form (a path that is no Unicode).
    Unwritable(String),
}

impl PlanFileError {
    /// What is wrong, where, and what to do, on one line.
    pub fn say(&self, locale: Locale) -> String {
        let one = |key, value: &str| locale.sentence(key, &[(Placeholder::Value, value)]);
        let versions = |key, found: u32| {
            let (found, now) = (found.to_string(), SCHEMA_VERSION.to_string());
            locale.sentence(key, &[(Placeholder::Value, &*found), (Placeholder::Other, &*now)])
        };
        let place = |at: TextPosition, problem: &str| {
            let (line, column) = (at.line.to_string(), at.column.to_string());
            let holes = [(Placeholder::Count, &*line), (Placeholder::Other, &*column), (Placeholder::Value, problem)];
            locale.sentence(Key::FileErrorAt, &holes)
        };
        match self {
            Self::TooLarge => one(Key::FileErrorPlanTooLarge, &(MAX_BYTES >> 20).to_string()),
            Self::Empty => locale.word(Key::FileErrorEmpty).to_owned(),
            Self::Binary { line } => one(Key::FileErrorBinary, &line.to_string()),
            Self::Newer { found } => versions(Key::FileErrorNewer, *found),
            Self::UnknownVersion { found } => versions(Key::FileErrorVersion, *found),
            Self::Syntax { at, problem } => place(*at, &problem.say(locale)),
            Self::OutOfRange { at, problem } => {
                let words = problem.say(locale);
                at.map_or_else(|| words.clone(), |at| place(at, &words))
            }
            Self::Unwritable(why) => one(Key::FileErrorUnwritable, why),
        }
    }
}

impl fmt::Display for PlanFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Locale::En))
    }
}

/// The document as a plan file. [`from_text`] gives the same document back.
///
/// # Errors
/// [`PlanFileError::Unwritable`] for a path that is no Unicode; [`PlanFileError::OutOfRange`] for what `from_text`
/// would refuse, so that no file is written which cannot be opened again.
pub fn to_text(document: &Document) -> Result<String, PlanFileError> {
    document.check().map_err(|problem| PlanFileError::OutOfRange { at: None, problem })?;
    let pretty = PrettyConfig::new().new_line("\n").indentor("    ");
    let body = options()
        .to_string_pretty(document, pretty)
        .map_err(|error| PlanFileError::Unwritable(one_line(&error.to_string())))?;
    let text = format!("{HEADER}{body}\n");
    if text.len() > MAX_BYTES { Err(PlanFileError::TooLarge) } else { Ok(text) }
}

/// Reads the bytes of a plan file.
///
/// # Errors
/// [`PlanFileError::Binary`] for what is no UTF-8; else as [`from_text`].
pub fn from_bytes(bytes: &[u8]) -> Result<Document, PlanFileError> {
    if bytes.len() > MAX_BYTES {
        return Err(PlanFileError::TooLarge);
    }
    let text = str::from_utf8(bytes)
        .map_err(|error| PlanFileError::Binary { line: line_of(&bytes[..error.valid_up_to()]) })?;
    from_text(text)
}

/// Reads a plan file. Unknown fields, newer versions and absurd values are refused, never dropped.
pub fn from_text(text: &str) -> Result<Document, PlanFileError> {
    if text.len() > MAX_BYTES {
        return Err(PlanFileError::TooLarge);
    }
    if let Some(at) = text.find('\0') {
        return Err(PlanFileError::Binary { line: line_of(&text.as_bytes()[..at]) });
    }
    // Editors on Windows put a byte order mark in front.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Err(PlanFileError::Empty);
    }
    check_version(text)?;
    let document: Document = options().from_str(text).map_err(|error| syntax(&error))?;
    document.check().map_err(|problem| PlanFileError::OutOfRange { at: place(text, &problem), problem })?;
    Ok(document)
}

/// `Some(x)` may be written as `x`.
fn options() -> Options {
    Options::default().with_default_extension(Extensions::IMPLICIT_SOME)
}

/// Looks at the version alone, so that a file with fields of a later version is told from one with a misspelled field.
fn check_version(text: &str) -> Result<(), PlanFileError> {
    #[derive(Deserialize)]
    struct Head {
        schema_version: u32,
    }
    match options().from_str::<Head>(text) {
        Ok(Head { schema_version: 0 }) => Err(PlanFileError::UnknownVersion { found: 0 }),
        Ok(Head { schema_version: found }) if found > SCHEMA_VERSION => Err(PlanFileError::Newer { found }),
        // What is wrong with the text is better said by reading it as a whole.
        _ => Ok(()),
    }
}

fn syntax(error: &SpannedError) -> PlanFileError {
    let start = error.span.start;
    let at = TextPosition { line: start.line, column: start.col };
    PlanFileError::Syntax { at, problem: SyntaxProblem::of(&error.code) }
}

/// Where the value stands that `problem` is about.
fn place(text: &str, problem: &OutOfRange) -> Option<TextPosition> {
    if problem.field == "plans" {
        return locate(text, "plans");
    }
    if problem.field.starts_with("build.") {
        return locate(text, &problem.field);
    }
    locate(text, &format!("plans[{}].plan.{}", problem.plan.unwrap_or_default(), problem.field))
}

fn line_of(before: &[u8]) -> usize {
    before.split(|&byte| byte == b'\n').count()
}
