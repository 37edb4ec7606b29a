//! Which edition of the built-in tables the program carries: `data/edition.ron`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{embedded, entry_table};

/// An edition of the tables.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Rises with every change of the tables.
    pub version: String,
    /// The day of the last change, `2026-11-30`.
    pub date: String,
}

impl Edition {
    /// That of the built-in tables.
    pub fn embedded() -> &'static Self {
        // A test holds the built-in text to being readable.
        static EDITION: LazyLock<Edition> = LazyLock::new(|| entry_table::parse(embedded::EDITION).unwrap_or_default());
        &EDITION
    }

    /// The program's version and this one, as `--version` writes them.
    pub fn beside_program() -> &'static str {
        static LINE: LazyLock<String> = LazyLock::new(|| {
            let Edition { version, date } = Edition::embedded();
            format!("{} (catalog {version}, {date})", env!("CARGO_PKG_VERSION"))
        });
        &LINE
    }
}
