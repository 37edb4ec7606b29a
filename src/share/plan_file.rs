//! Plan files: RON that a person can read, edit and diff.

use ron::Options;
use ron::error::{Error, SpannedError};
use ron::extensions::Extensions;
use ron::ser::PrettyConfig;
use serde::Deserialize;

use super::locate::locate;
use crate::plan::{Document, OutOfRange, SCHEMA_VERSION};
use crate::text::{Fault, Join, Key, Phrase, Placeholder, RonFault, foreign, printed_in_english};

/// The extension of plan files, without the dot.
pub const EXTENSION: &str = "ron";

/// The longest plan file that is read, in bytes; real ones have a few thousand.
pub const MAX_BYTES: usize = 4 << 20;

const HEADER: &str = "// A rigplan plan: what shall run, and on what. Open it with `rigplan FILE`, or edit it by hand.\n\
    // Sizes named *_gib are in GiB (2^30 bytes), rates named *_gb_s in GB/s (10^9). Fields left out take their defaults.\n";

/// Why a text is no plan file, or a document cannot be written as one.
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
    /// Text that does not begin as a plan does.
    NoPlan {
        /// From 1.
        line: usize,
        /// In characters, from 1.
        column: usize,
    },
    /// Text that does not follow the format.
    Syntax(RonFault),
    /// A value that no plan can hold.
    OutOfRange {
        /// Line and column from 1; none for a document that is not a file yet.
        at: Option<(usize, usize)>,
        /// Which value.
        problem: Box<OutOfRange>,
    },
    /// A row of a table came along whose figures cannot be.
    Row {
        /// The row, by its id.
        id: String,
        /// What is wrong with it.
        reasons: Vec<Phrase>,
    },
    /// A document that has no text form: a path that is no Unicode.
    Unwritable,
}

impl Fault for PlanFileError {
    /// What is wrong, where, and what to do.
    fn phrase(&self) -> Phrase {
        let versions = |key, found: u32, known: u32| {
            Phrase::new(key).with(Placeholder::Value, found).with(Placeholder::Other, known)
        };
        let place = |(line, column): (usize, usize), problem: Phrase| {
            Phrase::new(Key::FileErrorAt)
                .with(Placeholder::Line, line)
                .with(Placeholder::Column, column)
                .with_phrase(Placeholder::Value, problem)
        };
        match self {
            Self::TooLarge => Phrase::new(Key::FileErrorPlanTooLarge).with(Placeholder::Value, MAX_BYTES >> 20),
            Self::Empty => Phrase::new(Key::FileErrorEmpty),
            Self::Binary { line } => Phrase::new(Key::FileErrorBinary).with(Placeholder::Value, line),
            Self::Newer { found } => versions(Key::FileErrorNewer, *found, SCHEMA_VERSION),
            Self::UnknownVersion { found } => versions(Key::FileErrorVersion, *found, SCHEMA_VERSION),
            Self::NoPlan { line, column } => {
                let words = Phrase::new(Key::SyntaxNoPlan).with(Placeholder::Value, SCHEMA_VERSION);
                place((*line, *column), words)
            }
            Self::Syntax(fault) => fault.phrase(),
            Self::OutOfRange { at: Some(at), problem } => place(*at, problem.phrase()),
            Self::OutOfRange { at: None, problem } => problem.phrase(),
            Self::Row { id, reasons } => Phrase::new(Key::FileErrorRow)
                .with(Placeholder::Name, foreign(id))
                .with_phrases(Placeholder::Value, Join::Phrases, reasons.clone()),
            Self::Unwritable => Phrase::new(Key::FileErrorUnwritable),
        }
    }
}

printed_in_english!(PlanFileError);

/// The document as a plan file. [`from_text`] gives the same document back.
///
/// # Errors
/// [`PlanFileError::Unwritable`] for a path that is no Unicode; [`PlanFileError::OutOfRange`] for what `from_text`
/// would refuse, so that no file is written which cannot be opened again.
pub fn to_text(document: &Document) -> Result<String, PlanFileError> {
    check(document)?;
    let pretty = PrettyConfig::new().new_line("\n").indentor("    ");
    let body = options().to_string_pretty(document, pretty).map_err(|_error| PlanFileError::Unwritable)?;
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
    let mut document: Document = options().from_str(text).map_err(|error| syntax(&error))?;
    document.schema_version = SCHEMA_VERSION;
    document
        .check()
        .map_err(|problem| PlanFileError::OutOfRange { at: place(text, &problem), problem: Box::new(problem) })?;
    check_rows(&document)?;
    Ok(document)
}

/// Whether [`from_text`] would take the document.
pub(super) fn check(document: &Document) -> Result<(), PlanFileError> {
    document.check().map_err(|problem| PlanFileError::OutOfRange { at: None, problem: Box::new(problem) })?;
    check_rows(document)
}

/// A row that came along is held to what rows of the user's own tables are held to.
fn check_rows(document: &Document) -> Result<(), PlanFileError> {
    for row in &document.frozen {
        let reasons = row.problems();
        if !reasons.is_empty() {
            return Err(PlanFileError::Row { id: row.id().to_owned(), reasons });
        }
    }
    Ok(())
}

/// `Some(x)` may be written as `x`.
fn options() -> Options {
    Options::default().with_default_extension(Extensions::IMPLICIT_SOME)
}

/// The version of the format that a text names; none where it names none.
pub fn schema_of(text: &str) -> Option<u32> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    options().from_str::<Head>(text).ok().map(|head| head.schema_version)
}

/// What every version of the format begins with.
#[derive(Deserialize)]
struct Head {
    schema_version: u32,
}

/// Looks at the version alone, so that a file with fields of a later version is told from one with a misspelled field.
fn check_version(text: &str) -> Result<(), PlanFileError> {
    match options().from_str::<Head>(text) {
        Ok(Head { schema_version: 0 }) => Err(PlanFileError::UnknownVersion { found: 0 }),
        Ok(Head { schema_version: found }) if found > SCHEMA_VERSION => Err(PlanFileError::Newer { found }),
        // What is wrong with the text is better said by reading it as a whole.
        _ => Ok(()),
    }
}

fn syntax(error: &SpannedError) -> PlanFileError {
    match error.code {
        Error::ExpectedNamedStructLike("Document")
        | Error::ExpectedDifferentStructName { expected: "Document", .. } => {
            PlanFileError::NoPlan { line: error.span.start.line, column: error.span.start.col }
        }
        _ => PlanFileError::Syntax(RonFault::of(error)),
    }
}

/// Where the value stands that `problem` is about.
fn place(text: &str, problem: &OutOfRange) -> Option<(usize, usize)> {
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
