//! The tables of words, read from `data/locales` on first use.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Key, Locale};

static EN: LazyLock<WordTable> = LazyLock::new(|| WordTable::parse(include_str!("../../data/locales/en.ron")));
static ZH: LazyLock<WordTable> = LazyLock::new(|| WordTable::parse(include_str!("../../data/locales/zh.ron")));

/// All words of one language, in the order of [`Key::ALL`].
pub(super) struct WordTable(Box<[String]>);

pub(super) fn of(locale: Locale) -> &'static WordTable {
    match locale {
        Locale::En => &EN,
        Locale::Zh => &ZH,
    }
}

impl WordTable {
    /// The tables are part of the program and `tests/locales.rs` holds them complete; a broken one reads as empty
    /// rather than stop the program.
    fn parse(text: &str) -> Self {
        let mut words: BTreeMap<Key, String> = ron::from_str(text).unwrap_or_default();
        Self(Key::ALL.iter().map(|key| words.remove(key).unwrap_or_default()).collect())
    }

    pub(super) fn word(&self, key: Key) -> &str {
        self.0.get(key as usize).map_or("", String::as_str)
    }
}
