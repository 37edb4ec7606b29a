//! Plan files on disk: from a path to a document and back, each failure one line that names the file.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::plan::Document;
use crate::share::{carrier, plan_file, sheet};
use crate::system::seen::Seen;
use crate::system::storage;
use crate::system::versions::Versions;
use crate::text::{Fault, Key, Locale, Placeholder, foreign_path};

/// The file that a document belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KnownFile {
    pub(super) path: PathBuf,
    /// As it was last read or written.
    pub(super) seen: Option<Seen>,
}

impl KnownFile {
    /// Whether another program, or another window, wrote to it since.
    pub(super) fn is_changed(&self) -> bool {
        self.seen.as_ref().is_some_and(|seen| seen.is_changed(&self.path))
    }

    /// Its name, as far as it can be shown.
    pub(super) fn name(&self) -> String {
        name(&self.path)
    }
}

/// The name of a file without its folders, as far as it can be shown.
pub(super) fn name(path: &Path) -> String {
    foreign_path(path.file_name().map_or(path, Path::new))
}

/// A path as it is kept between runs: it holds in every folder, and can be written as text.
pub(super) fn kept_path(path: &Path) -> Option<PathBuf> {
    std::path::absolute(path).ok().filter(|path| path.to_str().is_some())
}

/// What was read from a file.
#[derive(Debug)]
pub(super) struct ReadFile {
    pub(super) document: Document,
    /// The file, where the document is to be saved there again: not over a picture, a page or a text that carried it.
    pub(super) file: Option<KnownFile>,
}

/// Reads a plan file, or what carries a plan.
///
/// # Errors
/// One line: which file, what is wrong with it and where.
pub(super) fn read(path: &Path, locale: Locale) -> Result<ReadFile, String> {
    let bytes = storage::read(path, carrier::MAX_BYTES).map_err(|error| error.say(locale))?;
    let mut document = carrier::read_any(&bytes).map_err(|error| in_file(locale, path, &error))?;
    if carrier::is_plan_file(&bytes) {
        let file = KnownFile { path: path.to_owned(), seen: Some(Seen::of(path, &bytes)) };
        return Ok(ReadFile { document, file: Some(file) });
    }
    if document.name.is_empty() {
        // `name.rigplan.png` is how exports are called.
        let stem = path.file_stem().map(|stem| foreign_path(Path::new(stem))).unwrap_or_default();
        stem.strip_suffix(".rigplan").unwrap_or(&stem).clone_into(&mut document.name);
    }
    Ok(ReadFile { document, file: None })
}

/// A document that was written to its file.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) file: KnownFile,
    /// What it holds now.
    pub(super) text: String,
    /// What lay there before, where that was a file of the size of plans.
    pub(super) before: Option<Vec<u8>>,
}

/// Writes a plan file, whole or not at all. What a program of an older schema left there is kept among `versions` first.
///
/// # Errors
/// One line: which file and why; what lay there before still does.
pub(super) fn write(
    path: &Path,
    document: &Document,
    versions: Option<&Versions>,
    locale: Locale,
) -> Result<Written, String> {
    let text = plan_file::to_text(document).map_err(|error| in_file(locale, path, &error))?;
    let before = storage::read(path, plan_file::MAX_BYTES).ok();
    let schema = before.as_deref().and_then(|bytes| plan_file::schema_of(str::from_utf8(bytes).ok()?));
    if let (Some(versions), Some(bytes), Some(schema)) = (versions, &before, schema)
        && schema < document.least_version()
    {
        versions.keep_older(path, schema, bytes, SystemTime::now()).map_err(|error| error.say(locale))?;
    }
    storage::write(path, &text).map_err(|error| error.say(locale))?;
    let file = KnownFile { path: path.to_owned(), seen: Some(Seen::of(path, text.as_bytes())) };
    Ok(Written { file, text, before })
}

fn in_file(locale: Locale, path: &Path, error: &impl Fault) -> String {
    let (path, words) = (foreign_path(path), error.say(locale));
    locale.sentence(Key::FileErrorIn, &[(Placeholder::Name, &*path), (Placeholder::Value, &*words)])
}

/// The name under which a chosen path is saved: with its extension where it was not typed.
///
/// A dialog asks about overwriting only the name that was typed, so the extension is not added where that would
/// replace another file.
pub(super) fn with_extension(path: PathBuf, extension: &str) -> PathBuf {
    if path.extension().is_some_and(|typed| typed.eq_ignore_ascii_case(extension)) {
        return path;
    }
    // Appended, not replaced: "Llama 3.1" has no extension.
    let mut named = path.clone().into_os_string();
    named.push(format!(".{extension}"));
    let named = PathBuf::from(named);
    if named.exists() { path } else { named }
}

/// The same where several endings will do: the first is added where none of them was typed.
pub(super) fn with_one_of(path: PathBuf, extensions: &[&str]) -> PathBuf {
    let is_typed = |extension: &&str| path.extension().is_some_and(|typed| typed.eq_ignore_ascii_case(extension));
    let typed = extensions.iter().any(is_typed);
    match extensions.first().filter(|_| !typed) {
        Some(first) => with_extension(path, first),
        None => path,
    }
}

/// A file name for a document called `name`.
pub(super) fn suggested_name(name: &str) -> String {
    format!("{}.{}", sheet::stem(name), plan_file::EXTENSION)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::share::plan_file::PlanFileError;
    use crate::system::storage::StorageError;
    use crate::text::{RonFault, RonProblem};

    #[test]
    fn what_is_wrong_with_a_file_is_said_in_the_language_of_the_window() {
        let han = |words: &str| words.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let missing = StorageError::NotFound("/a/b.ron".into());
        let problem =
            RonProblem::Unknown { what: Key::SyntaxUnknownField, found: "contex".to_owned(), known: vec!["context"] };
        let broken = PlanFileError::Syntax(RonFault { line: 3, column: 5, problem });
        for (locale, wanted) in [(Locale::En, false), (Locale::Zh, true)] {
            for words in [missing.say(locale), in_file(locale, Path::new("/a/b.ron"), &broken)] {
                assert_eq!(han(&words), wanted, "{words}");
                assert!(words.contains("/a/b.ron") && !words.contains('{'), "{words}");
            }
        }
    }

    #[test]
    fn names_become_file_names() {
        assert_eq!(suggested_name("70B on one 4090"), "70B on one 4090.ron", "kept as it is");
        assert_eq!(suggested_name("a/b: c?"), "a-b- c-.ron", "no character that a disk refuses");
        assert_eq!(suggested_name(" .. "), "plan.ron", "never hidden, never empty");
        assert_eq!(suggested_name("两张 4090"), "两张 4090.ron", "any language");
    }

    #[test]
    fn the_extension_is_added_but_never_over_another_file() {
        let folder = tempfile::tempdir().unwrap();
        let typed = folder.path().join("plan");
        assert_eq!(with_extension(typed.clone(), "ron"), folder.path().join("plan.ron"), "added");
        std::fs::write(folder.path().join("plan.ron"), "").unwrap();
        assert_eq!(with_extension(typed.clone(), "ron"), typed, "another file would be lost");
        assert_eq!(with_extension(folder.path().join("A.RON"), "ron"), folder.path().join("A.RON"), "as typed");
        let dotted = with_extension(folder.path().join("Llama 3.1"), "ron");
        assert_eq!(dotted, folder.path().join("Llama 3.1.ron"), "a version number is no extension");
    }
}
