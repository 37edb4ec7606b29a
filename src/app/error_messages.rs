//! What went wrong with a file, in the language of the window. What a library said of it stays as it said it.

use std::io::{Error, ErrorKind};
use std::path::Path;

use crate::plan::SCHEMA_VERSION;
use crate::share::plan_file::{MAX_BYTES, PlanFileError};
use crate::system::storage::StorageError;
use crate::text::{Key, Locale, Placeholder};

/// Why a file was not read or written: one line that names it and what to do.
#[must_use]
pub(super) fn storage(locale: Locale, error: &StorageError) -> String {
    let (key, path, value) = match error {
        _ if locale == Locale::En => return error.to_string(),
        StorageError::NotFound(path) => (Key::FileErrorNotFound, path, String::new()),
        StorageError::Folder(path) => (Key::FileErrorFolder, path, String::new()),
        StorageError::NotRegular(path) => (Key::FileErrorNotRegular, path, String::new()),
        StorageError::TooLarge { path, max_bytes } => (Key::FileErrorTooLarge, path, (max_bytes >> 20).to_string()),
        StorageError::NoFolder(path) => (Key::FileErrorNoFolder, path, String::new()),
        StorageError::ReadOnly(path) => (Key::FileErrorReadOnly, path, String::new()),
        StorageError::Read { path, source } => (Key::FileErrorRead, path, reason(locale, source)),
        StorageError::Write { path, source } => (Key::FileErrorWrite, path, reason(locale, source)),
    };
    locale.sentence(key, &[(Placeholder::Name, &path.display().to_string()), (Placeholder::Value, &value)])
}

fn reason(locale: Locale, source: &Error) -> String {
    let key = match source.kind() {
        ErrorKind::PermissionDenied => Key::FileErrorPermission,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Key::FileErrorFull,
        ErrorKind::ReadOnlyFilesystem => Key::FileErrorReadOnlyDisk,
        _ => return source.to_string(),
    };
    locale.word(key).to_owned()
}

/// Why the text of the file at `path` is no plan, or a document cannot be written there.
#[must_use]
pub(super) fn plan_file(locale: Locale, path: &Path, error: &PlanFileError) -> String {
    if locale == Locale::En {
        return format!("{}: {error}", path.display());
    }
    let place = |line: usize, column: usize, problem: &str| {
        let holes = [
            (Placeholder::Count, &*line.to_string()),
            (Placeholder::Other, &*column.to_string()),
            (Placeholder::Value, problem),
        ];
        locale.sentence(Key::FileErrorAt, &holes)
    };
    let one = |key, value: String| locale.sentence(key, &[(Placeholder::Value, &value)]);
    let words = match error {
        PlanFileError::TooLarge => one(Key::FileErrorPlanTooLarge, (MAX_BYTES >> 20).to_string()),
        PlanFileError::Empty => locale.word(Key::FileErrorEmpty).to_owned(),
        PlanFileError::Binary { line } => one(Key::FileErrorBinary, line.to_string()),
        PlanFileError::Newer { found } => one(Key::FileErrorNewer, found.to_string()),
        PlanFileError::UnknownVersion { found } => {
            let (found, now) = (found.to_string(), SCHEMA_VERSION.to_string());
            locale.sentence(Key::FileErrorVersion, &[(Placeholder::Value, &found), (Placeholder::Other, &now)])
        }
        PlanFileError::Syntax { line, column, problem } => place(*line, *column, problem),
        PlanFileError::OutOfRange { at, problem } => {
            let holes = [
                (Placeholder::Name, &*problem.field),
                (Placeholder::Value, &*problem.value),
                (Placeholder::Other, &*problem.wanted),
            ];
            let words = locale.sentence(Key::ErrorOutOfRange, &holes);
            at.map_or_else(|| words.clone(), |(line, column)| place(line, column, &words))
        }
        PlanFileError::Unwritable(why) => one(Key::FileErrorUnwritable, why.clone()),
    };
    locale.sentence(Key::FileErrorIn, &[(Placeholder::Name, &path.display().to_string()), (Placeholder::Value, &words)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_said_in_the_language_of_the_window() {
        let han = |words: &str| words.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let missing = StorageError::NotFound("/a/b.ron".into());
        let broken = PlanFileError::Syntax { line: 3, column: 5, problem: "expected `)`".to_owned() };
        let path = Path::new("/a/b.ron");
        for (locale, wanted) in [(Locale::En, false), (Locale::Zh, true)] {
            for words in [storage(locale, &missing), plan_file(locale, path, &broken)] {
                assert_eq!(han(&words), wanted, "{words}");
                assert!(words.contains("/a/b.ron") && !words.contains('{'), "{words}");
            }
        }
    }
}
