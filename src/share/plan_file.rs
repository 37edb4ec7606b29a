//! Plan files: RON that a person can read, edit and diff.

use ron::Options;
use ron::error::SpannedError;
use ron::extensions::Extensions;
use ron::ser::PrettyConfig;
use serde::Deserialize;

use super::locate::locate;
use crate::catalog::quantization::nearest;
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
    #[error("{}{problem}", at.map(|(line, column)| format!("line {line}, column {column}: ")).unwrap_or_default())]
    OutOfRange {
        /// Line and column from 1; none for a document that is not a file yet.
        at: Option<(usize, usize)>,
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
    use ron::Error;
    let problem = match &error.code {
        Error::Eof | Error::ExpectedStringEnd | Error::UnclosedBlockComment => {
            "the file ends too early; it may have been cut off".to_owned()
        }
        Error::ExpectedNamedStructLike("Document")
        | Error::ExpectedDifferentStructName { expected: "Document", .. } => {
            format!("this is no rigplan plan: one starts with `(schema_version: {SCHEMA_VERSION}, plans: [`")
        }
        Error::ExpectedNamedStructLike(_) | Error::ExpectedStructLike => "a `(` is expected here".to_owned(),
        Error::ExpectedInteger => "a whole number is expected here".to_owned(),
        Error::ExpectedFloat => "a number is expected here".to_owned(),
        Error::ExpectedBoolean => "true or false is expected here".to_owned(),
        Error::ExpectedString => "a text in quotes is expected here".to_owned(),
        Error::ExpectedIdentifier => "a name is expected here".to_owned(),
        Error::ExpectedArray => "a `[` is expected here".to_owned(),
        Error::ExpectedComma => "a `,` or a closing bracket is expected here".to_owned(),
        Error::IntegerOutOfBounds => "this number is too small or too large for its field".to_owned(),
        Error::ExceededRecursionLimit => "nested too deeply to be a plan".to_owned(),
        Error::TrailingCharacters => "the plan has ended, but more text follows; remove it".to_owned(),
        Error::MissingStructField { field, .. } => format!("the field `{field}` is missing"),
        Error::DuplicateStructField { field, .. } => format!("the field `{field}` is set twice; remove one"),
        Error::NoSuchStructField { expected, found, .. } => {
            format!("unknown field `{}`; {}", shortened(found), instead(found, expected))
        }
        Error::NoSuchEnumVariant { expected, found, .. } => {
            format!("unknown value `{}`; {}", shortened(found), instead(found, expected))
        }
        other => shortened(&one_line(&other.to_string())),
    };
    PlanFileError::Syntax { line: error.span.start.line, column: error.span.start.col, problem }
}

/// What may stand in place of `found`: all of a few names, the nearest of many.
fn instead(found: &str, names: &[&str]) -> String {
    const FEW: usize = 12;
    match names {
        [only] => format!("only `{only}` is known here"),
        names if names.len() <= FEW => format!("known here are {}", names.join(", ")),
        names => format!("the nearest are {}", nearest(found, names.iter().copied()).join(", ")),
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
