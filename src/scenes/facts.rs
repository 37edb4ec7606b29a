//! What scenes tell that neither the estimate nor the catalog has: figures of drivers, systems and articles, each with its
//! date and where it was read.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::figure::Figure;
use crate::catalog::origin::Origin;
use crate::catalog::source::Date;

const FACTS: &str = include_str!("../../data/scenes/facts.ron");

/// A figure and where it was read.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The figure, or the low end of a range.
    pub low: f64,
    /// The high end, where it is a range.
    #[serde(default)]
    pub high: Option<f64>,
    /// When it was written.
    pub date: Date,
    /// Where it was read.
    pub source: Origin,
}

impl Fact {
    /// The middle of the range.
    pub fn middle(&self) -> f64 {
        f64::midpoint(self.low, self.high.unwrap_or(self.low))
    }

    /// As a version of two digits after the point.
    pub fn version(&self) -> Figure {
        Figure::Name(format!("{:.2}", self.low))
    }

    /// When, as a figure.
    pub fn dated(&self) -> Figure {
        Figure::Dated(self.date.clone())
    }
}

/// All facts, by name.
pub fn facts() -> &'static BTreeMap<String, Fact> {
    static KNOWN: LazyLock<BTreeMap<String, Fact>> = LazyLock::new(|| ron::from_str(FACTS).unwrap_or_default());
    &KNOWN
}

/// The fact of this name.
pub fn fact(name: &str) -> Option<&'static Fact> {
    facts().get(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_says_where_it_was_read() {
        let read: BTreeMap<String, Fact> = ron::from_str(FACTS).expect("data/scenes/facts.ron");
        assert_eq!(&read, facts());
        for (name, fact) in &read {
            assert!(!fact.source.at.is_empty(), "{name}");
            assert!(fact.low > 0.0 && fact.high.is_none_or(|high| high > fact.low), "{name}");
        }
    }
}
