//! Who makes the models: `data/makers.ron`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::entry_table;
use super::model::Model;
use crate::text::Locale;

/// One maker of models.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Maker {
    /// What the models are called, and who makes them.
    name: String,
    /// The same in Chinese.
    zh: String,
    /// Families of models, the newest first.
    pub families: Vec<String>,
    /// What else people call maker or models, in both languages.
    pub aliases: Vec<String>,
}

impl Maker {
    /// All of them, in the order in which lists show them.
    pub fn all() -> &'static [Self] {
        static MAKERS: LazyLock<Vec<Maker>> =
            // A test holds the built-in text to being readable and complete.
            LazyLock::new(|| entry_table::parse(include_str!("../../data/makers.ron")).unwrap_or_default());
        &MAKERS
    }

    /// The maker of a model; `None` for a family that nobody listed.
    pub fn of(model: &Model) -> Option<&'static Self> {
        Self::all().iter().find(|maker| maker.families.contains(&model.family))
    }

    /// Its name in the language of the reader.
    pub fn name(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.name,
            Locale::Zh => &self.zh,
        }
    }

    /// What a model is found by: its own names and its maker's.
    pub fn names_of(model: &Model) -> impl Iterator<Item = &str> {
        let own = [model.id.as_str(), &model.name, &model.family];
        let maker = Self::of(model).into_iter().flat_map(Self::names);
        own.into_iter().chain(model.aliases.iter().map(String::as_str)).chain(model.hf_id.as_deref()).chain(maker)
    }

    /// What it is found by, beside the names of its models.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [&self.name, &self.zh].into_iter().chain(&self.aliases).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn every_family_has_one_maker() {
        for model in Catalog::embedded().models() {
            let makers = Maker::all().iter().filter(|maker| maker.families.contains(&model.family)).count();
            assert_eq!(makers, 1, "{}: family {}", model.id, model.family);
        }
    }
}
