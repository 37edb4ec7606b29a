//! What people think of models' answers who compared them blindly: `data/arena.ron`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::entry_table::parse;
use super::source::Date;

/// Ratings, the newest copy first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Arena(Vec<ArenaCopy>);

/// A copy of the leaderboard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ArenaCopy {
    /// When it was taken.
    date: Date,
    /// Where it can be read again.
    source: String,
    /// Ratings by the model's id.
    scores: BTreeMap<String, u16>,
}

impl Arena {
    /// The ratings that come with the program, read on first use.
    pub fn built_in() -> &'static Self {
        static ARENA: OnceLock<Arena> = OnceLock::new();
        // A test holds the built-in text to being readable.
        ARENA.get_or_init(|| parse(include_str!("../../data/arena.ron")).unwrap_or_default())
    }

    /// The rating of a model in the newest copy that has it; `None` = it is not rated.
    pub fn score(&self, model: &str) -> Option<u16> {
        self.0.iter().find_map(|copy| copy.scores.get(model)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn every_rated_model_is_in_the_catalog_and_the_newest_copy_stands_first() {
        let arena: Arena = parse(include_str!("../../data/arena.ron")).unwrap();
        assert!(arena.0.is_sorted_by(|one, other| other.date.is_before(&one.date)));
        for id in arena.0.iter().flat_map(|copy| copy.scores.keys()) {
            assert!(Catalog::embedded().model(id).is_some(), "{id}");
        }
    }
}
