//! What a machine is still sold for in the end.

use std::sync::LazyLock;

use serde::Deserialize;

use super::entry_table;
use super::origin::Origin;
use super::source::Date;
use crate::text::{Join, Key, Locale, Placeholder, trimmed};

/// The share that plans start with, and what it rests on.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resale {
    /// Share of the price, from 0 to 1.
    pub share: f64,
    /// When that was looked up.
    pub date: Date,
    /// Where.
    pub source: Origin,
    /// What cards were sold for.
    pub seen: Vec<ResaleSeen>,
}

/// What one kind of card was sold for after years, as a share of what it cost.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResaleSeen {
    /// The card, as people call it.
    pub card: String,
    /// After how many years; `None` = not said.
    pub years: Option<f64>,
    /// The low end.
    pub low: f64,
    /// The high end.
    pub high: f64,
}

impl Resale {
    /// The built-in fact; `None` where the file does not parse, which the tests refuse.
    pub fn known() -> Option<&'static Self> {
        static KNOWN: LazyLock<Option<Resale>> =
            LazyLock::new(|| entry_table::parse(include_str!("../../data/resale.ron")).ok());
        KNOWN.as_ref()
    }

    /// What was seen, and where, on one line: `H100 29–38 % after 3 years, …`.
    pub fn line(&self, locale: Locale) -> String {
        let percent = |share: f64| trimmed(share * 100.0, 1);
        let seen = self.seen.iter().map(|seen| {
            let band = if seen.low < seen.high {
                format!("{}\u{2013}{}", percent(seen.low), percent(seen.high))
            } else {
                percent(seen.low)
            };
            let years = seen.years.map(|years| trimmed(years, 1));
            let holes = [
                (Placeholder::Name, seen.card.as_str()),
                (Placeholder::Value, band.as_str()),
                (Placeholder::Count, years.as_deref().unwrap_or_default()),
            ];
            locale.sentence(if years.is_some() { Key::ResaleAfter } else { Key::ResaleSeen }, &holes)
        });
        let seen = locale.join(Join::Phrases, seen);
        locale.join(Join::Clauses, [seen, self.source.brief(locale)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_lies_within_what_was_seen() {
        let known = Resale::known().expect("data/resale.ron");
        let ends = |end: fn(&ResaleSeen) -> f64| known.seen.iter().map(end).collect::<Vec<_>>();
        assert!(ends(|seen| seen.low).iter().any(|low| *low <= known.share));
        assert!(ends(|seen| seen.high).iter().any(|high| *high >= known.share));
        assert!(known.line(Locale::En).starts_with("H100 29\u{2013}38 % after 3 years, A100 SXM 22 %"));
        assert!(!known.source.is_empty() && known.date.year().is_some());
    }
}
