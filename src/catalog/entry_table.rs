//! A table of entries kept as text and parsed file by file, each on first use: looking one card up costs one small file.

use std::sync::{Arc, OnceLock};

use ahash::{AHashMap, AHashSet};
use ron::extensions::Extensions;
use serde::de::DeserializeOwned;

use super::parts::Written;
use crate::text::{Phrase, RonFault};

/// What every entry of a table can be found by.
pub trait Entry: DeserializeOwned {
    /// Kebab-case, unique in its table.
    fn id(&self) -> &str;
    /// As people write it.
    fn name(&self) -> &str {
        self.id()
    }
    /// What is written of it.
    fn written(&self) -> Written<'_> {
        Written::Named { name: self.name(), zh: None }
    }
    /// Other names it goes by.
    fn aliases(&self) -> &[String] {
        &[]
    }
    /// What is wrong with its figures, one sentence each; an overlay's entry with any is refused.
    fn problems(&self) -> Vec<Phrase>;
}

/// Entries of one kind: those that were built in, with a user's laid over them by id.
#[derive(Debug)]
pub struct Table<T> {
    built_in: Arc<BuiltIn<T>>,
    overlay: Vec<Arc<T>>,
}

/// The built-in files and where each entry stands in them.
#[derive(Debug)]
struct BuiltIn<T> {
    files: Box<[File<T>]>,
    /// By id, read off the texts without parsing them.
    ids: OnceLock<AHashMap<&'static str, EntryPlace>>,
    /// By id and alias in small letters; needs every file parsed.
    names: OnceLock<AHashMap<String, EntryPlace>>,
}

/// One built-in file.
#[derive(Debug)]
struct File<T> {
    text: &'static str,
    entries: OnceLock<Vec<T>>,
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy)]
struct EntryPlace {
    file: usize,
    entry: usize,
}

impl<T> Clone for Table<T> {
    fn clone(&self) -> Self {
        Self { built_in: Arc::clone(&self.built_in), overlay: self.overlay.clone() }
    }
}

impl<T: Entry> Table<T> {
    /// A table over the texts of built-in files; nothing is parsed yet.
    pub fn new(texts: impl IntoIterator<Item = &'static str>) -> Self {
        let files = texts.into_iter().map(|text| File { text, entries: OnceLock::new() }).collect();
        let built_in = BuiltIn { files, ids: OnceLock::new(), names: OnceLock::new() };
        Self { built_in: Arc::new(built_in), overlay: Vec::new() }
    }

    /// All entries: the built-in ones in file order, each replaced by the user's of the same id, then the user's own.
    pub fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        let built_in = self.built_in.files.iter().flat_map(File::entries);
        let replaced = built_in.clone().map(|entry| self.overlaid(entry.id()).unwrap_or(entry));
        let own = self.overlay.iter().map(AsRef::as_ref);
        replaced.chain(own.filter(|entry| self.built_in.by_id(entry.id()).is_none()))
    }

    /// The entry of this id, or else the one that has it as alias (whatever its case).
    pub fn get(&self, id_or_alias: &str) -> Option<&T> {
        self.overlaid(id_or_alias)
            .or_else(|| self.built_in.by_id(id_or_alias))
            .or_else(|| self.overlay.iter().map(AsRef::as_ref).find(|entry| goes_by(*entry, id_or_alias)))
            .or_else(|| self.by_name(id_or_alias))
    }

    /// Lays `entries` over the table.
    pub fn lay_over(&mut self, entries: Vec<T>) {
        let mut there: AHashSet<String> = self.overlay.iter().map(|entry| entry.id().to_owned()).collect();
        for entry in entries {
            if !there.insert(entry.id().to_owned()) {
                self.overlay.retain(|other| other.id() != entry.id());
            }
            self.overlay.push(Arc::new(entry));
        }
    }

    fn overlaid(&self, id: &str) -> Option<&T> {
        self.overlay.iter().find(|entry| entry.id() == id).map(AsRef::as_ref)
    }

    /// A built-in entry by alias, or what the user put in its place.
    fn by_name(&self, name: &str) -> Option<&T> {
        let entry = self.built_in.by_name(name)?;
        Some(self.overlaid(entry.id()).unwrap_or(entry))
    }
}

impl<T: Entry> BuiltIn<T> {
    fn by_id(&self, id: &str) -> Option<&T> {
        let place = *self.ids.get_or_init(|| self.read_ids()).get(id)?;
        let entries = self.files.get(place.file)?.entries();
        // The place is read off the text; where a comment misled it, the file is searched.
        let expected = entries.get(place.entry).filter(|entry| entry.id() == id);
        expected.or_else(|| entries.iter().find(|entry| entry.id() == id))
    }

    fn by_name(&self, name: &str) -> Option<&T> {
        let place = *self.names.get_or_init(|| self.read_names()).get(&name.to_lowercase())?;
        self.files.get(place.file)?.entries().get(place.entry)
    }

    /// Reading the ids off the text is far cheaper than parsing it, and only the file asked for is parsed then.
    fn read_ids(&self) -> AHashMap<&'static str, EntryPlace> {
        let mut ids = AHashMap::new();
        for (file, File { text, .. }) in self.files.iter().enumerate() {
            let fields = text.split("id: \"").zip(text.split("id: \"").skip(1));
            // Not the end of a longer name, such as `hf_id`.
            let whole = fields.filter(|(before, _)| before.ends_with([' ', '(', '\n']));
            for (entry, (_, after)) in whole.enumerate() {
                if let Some((id, _)) = after.split_once('"') {
                    ids.entry(id).or_insert(EntryPlace { file, entry });
                }
            }
        }
        ids
    }

    fn read_names(&self) -> AHashMap<String, EntryPlace> {
        let mut names = AHashMap::new();
        for (file, entries) in self.files.iter().map(File::entries).enumerate() {
            for (entry, value) in entries.iter().enumerate() {
                let all = value.aliases().iter().map(String::as_str).chain([value.id()]);
                for name in all {
                    names.entry(name.to_lowercase()).or_insert(EntryPlace { file, entry });
                }
            }
        }
        names
    }
}

impl<T: Entry> File<T> {
    fn entries(&self) -> &[T] {
        // A built-in file that does not parse fails the tests; at run time its entries are missing.
        self.entries.get_or_init(|| parse(self.text).unwrap_or_default())
    }
}

/// Whether an entry has this id or alias, whatever the case.
fn goes_by(entry: &impl Entry, name: &str) -> bool {
    entry.id().eq_ignore_ascii_case(name) || entry.aliases().iter().any(|alias| alias.eq_ignore_ascii_case(name))
}

/// Reads a list of entries from RON.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, RonFault> {
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    options.from_str(text).map_err(|error| RonFault::of(&error))
}
