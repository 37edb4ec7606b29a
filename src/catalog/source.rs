//! Where a figure comes from, how sure it is, and what something cost when.

use std::fmt;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

/// How sure an entry's figures are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Confidence {
    /// A single or doubtful source, or partly assumed.
    Low,
    /// Sources that differ, figures that were derived, or a second hand whose parameter count agrees.
    Medium,
    /// Sources that agree, or the model's own configuration.
    High,
}

/// A date as precise as its source: `2025`, `2025-07`, `2025-07-23`, `2025-Q3`, a span `2025-09..2026-11`, or `undated`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date(String);

/// A date that is none of the forms of [`Date`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no date: write 2025, 2025-07, 2025-07-23, 2025-Q3, a span 2025-09..2026-11, or undated")]
pub struct DateError(String);

impl Date {
    /// The date as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The year it begins in, where there is one.
    pub fn year(&self) -> Option<u16> {
        self.0.get(..4)?.parse().ok()
    }
}

impl TryFrom<String> for Date {
    type Error = DateError;

    fn try_from(text: String) -> Result<Self, DateError> {
        let valid = text == "undated"
            || match text.split_once("..") {
                Some((from, to)) => is_point(from) && is_point(to),
                None => is_point(&text),
            };
        if valid { Ok(Self(text)) } else { Err(DateError(text)) }
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.0
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether `text` names one year, quarter, month or day.
fn is_point(text: &str) -> bool {
    let number = |part: &str, digits: usize, most: u16| {
        part.len() == digits && part.parse::<u16>().is_ok_and(|value| (1..=most).contains(&value))
    };
    let mut parts = text.split('-');
    let year = parts.next().is_some_and(|part| number(part, 4, 2100));
    let month = parts
        .next()
        .is_none_or(|part| number(part, 2, 12) || part.strip_prefix('Q').is_some_and(|quarter| number(quarter, 1, 4)));
    let day = parts.next().is_none_or(|part| number(part, 2, 31));
    year && month && day && parts.next().is_none()
}

/// What a price is a price of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PriceKind {
    /// The maker's price at launch.
    Launch,
    /// A new one in a shop.
    Street,
    /// A used one.
    Used,
}

/// What a card or a computer can cost, in US dollars.
pub const USD: RangeInclusive<f64> = 1.0..=1e7;

/// One price, in US dollars, of one date.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// What it is a price of.
    pub kind: PriceKind,
    /// US dollars.
    pub usd: f64,
    /// When it was seen.
    pub date: Date,
    /// Where it was seen.
    pub source: String,
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn only_dates_are_dates() {
        for text in ["2025", "2025-07", "2025-07-23", "2025-Q3", "2025-09..2026-11", "undated"] {
            assert!(Date::try_from(text.to_owned()).is_ok(), "{text}");
        }
        for text in ["", "soon", "25", "2025-13", "2025-7", "2025-Q5", "2025-07-32", "2025-07-23-1", "2025..", "-2025"]
        {
            assert!(Date::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
