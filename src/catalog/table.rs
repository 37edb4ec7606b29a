//! A table of entries kept as text and parsed file by file, each on first use: looking one card up costs one small file.

use std::sync::{Arc, OnceLock};

use ron::extensions::Extensions;
use serde::de::DeserializeOwned;

/// What every entry of a table can be found by.
pub trait Entry: DeserializeOwned {
    /// Kebab-case, unique in its table.
    fn id(&self) -> &str;
    /// As people write it.
    fn name(&self) -> &str;
    /// Other names it goes by.
    fn aliases(&self) -> &[String];
    /// What is wrong with its figures, one sentence each; an overlay's entry with any is refused.
    fn problems(&self) -> Vec<String>;
}

/// Entries of one kind: those that were built in, with a user's laid over them by id.
#[derive(Debug)]
pub struct Table<T> {
    files: Arc<[File<T>]>,
    overlay: Vec<Arc<T>>,
}

/// One built-in file.
#[derive(Debug)]
struct File<T> {
    text: &'static str,
    entries: OnceLock<Vec<T>>,
}

impl<T> Clone for Table<T> {
    fn clone(&self) -> Self {
        Self { files: Arc::clone(&self.files), overlay: self.overlay.clone() }
    }
}

impl<T: Entry> Table<T> {
    /// A table over built-in files, given as names and texts; nothing is parsed yet.
    pub fn new(files: &[(&'static str, &'static str)]) -> Self {
        let files = files.iter().map(|&(_, text)| File { text, entries: OnceLock::new() }).collect();
        Self { files, overlay: Vec::new() }
    }

    /// All entries: the built-in ones in file order, each replaced by the user's of the same id, then the user's own.
    pub fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        let built_in = self.files.iter().flat_map(File::entries);
        let replaced = built_in.clone().map(|entry| self.overlaid(entry.id()).unwrap_or(entry));
        let own = self.overlay.iter().map(AsRef::as_ref);
        replaced.chain(own.filter(move |entry| !built_in.clone().any(|other| other.id() == entry.id())))
    }

    /// The entry of this id, or else the one that has it as alias (whatever its case).
    pub fn get(&self, id_or_alias: &str) -> Option<&T> {
        if let Some(entry) = self.overlaid(id_or_alias) {
            return Some(entry);
        }
        // Reading text is far cheaper than parsing it: only a file that holds the id is parsed.
        let quoted = format!("id: \"{id_or_alias}\"");
        let by_id = self.files.iter().filter(|file| file.text.contains(&quoted));
        let by_id = by_id.flat_map(File::entries).find(|entry| entry.id() == id_or_alias);
        by_id.or_else(|| self.by_alias(id_or_alias))
    }

    /// Lays `entries` over the table.
    pub fn lay_over(&mut self, entries: Vec<T>) {
        for entry in entries {
            self.overlay.retain(|other| other.id() != entry.id());
            self.overlay.push(Arc::new(entry));
        }
    }

    fn overlaid(&self, id: &str) -> Option<&T> {
        self.overlay.iter().find(|entry| entry.id() == id).map(AsRef::as_ref)
    }

    fn by_alias(&self, alias: &str) -> Option<&T> {
        self.iter().find(|entry| {
            entry.id().eq_ignore_ascii_case(alias)
                || entry.aliases().iter().any(|other| other.eq_ignore_ascii_case(alias))
        })
    }
}

impl<T: Entry> File<T> {
    fn entries(&self) -> &[T] {
        // A built-in file that does not parse fails the tests; at run time its entries are missing.
        self.entries.get_or_init(|| parse(self.text).unwrap_or_default())
    }
}

/// Reads a list of entries from RON.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, ron::error::SpannedError> {
    ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME).from_str(text)
}
