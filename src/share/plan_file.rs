//! Plan files: RON that a person can read, edit and diff.

use ron::Options;
use ron::error::SpannedError;
use ron::extensions::Extensions;
use ron::ser::PrettyConfig;
use serde::Deserialize;

use crate::plan::{Document, OutOfRange, SCHEMA_VERSION};

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
    #[error("larger than {} MiB, so it is no plan file", MAX_BYTES >> 20)]
    TooLarge,
    /// Nothing but blanks.
    #[error("the file is empty: no plan to read")]
    Empty,
    /// Not text at all.
    #[error("not a text file (line {line} has bytes that are no text), so it is no plan file")]
    Binary {
        /// From 1.
        line: usize,
    },
    /// Saved by a later program.
    #[error(
        "made by a newer rigplan (schema_version {found}, this one reads up to {SCHEMA_VERSION}): update rigplan to open it"
    )]
    Newer {
        /// The version that the file names.
        found: u32,
    },
    /// A version that never was.
    #[error("schema_version {found} never existed: write schema_version: {SCHEMA_VERSION}")]
    UnknownVersion {
        /// The version that the file names.
        found: u32,
    },
    /// Text that does not follow the format.
    #[error("line {line}, column {column}: {problem}")]
    Syntax {
        /// From 1.
        line: usize,
        /// In characters, from 1.
        column: usize,
        /// What is wrong there.
        problem: String,
    },
    /// A value that no plan can hold.
    #[error("{}{problem}", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
    OutOfRange {
        /// From 1, where it can be told.
        line: Option<usize>,
        /// Which value.
        problem: OutOfRange,
    },
    /// A document that has no text form (a path that is no Unicode).
    #[error("cannot be written as text: {0}")]
    Unwritable(String),
}

/// The document as a plan file. [`from_text`] gives the same document back.
///
/// # Errors
/// [`PlanFileError::Unwritable`] for a path that is no Unicode; [`PlanFileError::OutOfRange`] for what `from_text`
/// would refuse, so that no file is written which cannot be opened again.
pub fn to_text(document: &Document) -> Result<String, PlanFileError> {
    document.check().map_err(|problem| PlanFileError::OutOfRange { line: None, problem })?;
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
    document
        .check()
        .map_err(|problem| PlanFileError::OutOfRange { line: field_line(text, &problem.field), problem })?;
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
    use ron::Error;
    let problem = match &error.code {
        Error::Eof | Error::ExpectedStringEnd | Error::UnclosedBlockComment => {
            "the file ends too early; it may have been cut off".to_owned()
        }
        Error::ExceededRecursionLimit => "nested too deeply to be a plan".to_owned(),
        Error::MissingStructField { field, .. } => format!("the field `{field}` is missing"),
        Error::NoSuchStructField { expected, found, .. } => {
            format!("unknown field `{}`; known here are {}", shortened(found), expected.join(", "))
        }
        Error::NoSuchEnumVariant { expected, found, .. } => {
            format!("unknown value `{}`; possible are {}", shortened(found), expected.join(", "))
        }
        other => shortened(&one_line(&other.to_string())),
    };
    PlanFileError::Syntax { line: error.span.start.line, column: error.span.start.col, problem }
}

/// The line where the last name of `path` is set, if it is set on one line only.
fn field_line(text: &str, path: &str) -> Option<usize> {
    let name = path.rsplit(['.', ' ']).next()?;
    let sets = |line: &str| line.trim_start().strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with(':'));
    let mut lines = text.lines().enumerate().filter(|(_, line)| sets(line));
    let (index, _) = lines.next()?;
    lines.next().is_none().then_some(index + 1)
}

fn line_of(before: &[u8]) -> usize {
    before.split(|&byte| byte == b'\n').count()
}

/// Whatever a library says, on one line.
fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A hostile file must not fill the screen through its error.
fn shortened(message: &str) -> String {
    const MOST: usize = 300;
    match message.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message.to_owned(),
    }
}
