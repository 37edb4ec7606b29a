//! The table of measured losses: `data/quality.ron`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::{QuantizedPart, SizeClass, Summary};
use crate::catalog::entry_table::parse;
use crate::catalog::origin::Origin;

/// Measured losses with their sources.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QualityTable {
    /// Where the rows come from, by a short key.
    pub sources: BTreeMap<String, Origin>,
    /// What the rows say.
    pub losses: Vec<Summary>,
}

impl QualityTable {
    /// The table that comes with the program, read on first use.
    pub fn built_in() -> &'static Self {
        static TABLE: OnceLock<QualityTable> = OnceLock::new();
        // A test holds the built-in text to being readable.
        TABLE.get_or_init(|| parse(include_str!("../../../data/quality.ron")).unwrap_or_default())
    }

    /// What is known of one method on models of one size.
    pub fn of(&self, method: QuantizedPart, size: SizeClass) -> impl Iterator<Item = &Summary> {
        self.losses.iter().filter(move |it| it.method == method && it.size == size)
    }

    /// The sources of a summary.
    pub fn sources_of<'a>(&'a self, summary: &'a Summary) -> impl Iterator<Item = &'a Origin> {
        summary.sources.iter().filter_map(|key| self.sources.get(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_and_every_source_is_named() {
        let table: QualityTable = parse(include_str!("../../../data/quality.ron")).unwrap();
        assert!(table.losses.len() > 250, "{}", table.losses.len());
        for it in &table.losses {
            assert!(it.low <= it.median && it.median <= it.high, "{it:?}");
            assert!(it.rows >= it.models && it.models > 0, "{it:?}");
            assert_eq!(table.sources_of(it).count(), it.sources.len(), "{it:?}");
        }
        let used: std::collections::BTreeSet<_> = table.losses.iter().flat_map(|it| &it.sources).collect();
        assert!(table.sources.keys().all(|key| used.contains(key)), "a source of nothing");
        for origin in table.sources.values() {
            let place = &origin.at;
            assert!(
                !place.is_empty() && !["read ", "quot", "copied"].iter().any(|word| place.contains(word)),
                "{place}"
            );
        }
    }

    #[test]
    fn an_unknown_field_is_an_error() {
        assert!(parse::<QualityTable>("(sources: {}, losses: [], shade: 1)").is_err());
    }
}
