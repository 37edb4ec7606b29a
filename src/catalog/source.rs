//! Where a figure comes from, how sure it is, and what something cost when.

use crate::catalog::origin::Origin;
use std::fmt;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::text::{Carried, Key, Phrase, Placeholder, foreign};
use crate::units::Usd;

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

/// A price older than so many months is stale.
pub const STALE_MONTHS: i32 = 6;

/// A date as precise as its source: `2025`, `2025-07`, `2025-07-23`, `2025-Q3`, a span `2025-09..2026-11`, or `undated`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    text: String,
    /// Read once: prices are compared by it thousands of times.
    first_day: Option<(i32, i32, i32)>,
}

impl Date {
    /// The date as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whole months from the earliest day it can mean to `today`; `None` = undated. Part of a month does not count.
    pub fn months_before(&self, today: &Self) -> Option<i32> {
        let (year, month, day) = self.first_day()?;
        let (this_year, this_month, this_day) = today.first_day()?;
        let months = (this_year - year) * 12 + this_month - month;
        Some(if this_day < day { months - 1 } else { months })
    }

    /// Whether a price of this date is stale: older than six months before `today`, or undated.
    pub fn is_stale(&self, today: &Self) -> bool {
        let Some(months) = self.months_before(today) else { return true };
        let same_day = self.first_day().map(|(.., day)| day) == today.first_day().map(|(.., day)| day);
        months > STALE_MONTHS || (months == STALE_MONTHS && !same_day)
    }

    /// Whether it lies before the earliest day that `other` can mean; undated does.
    pub fn is_before(&self, other: &Self) -> bool {
        self.first_day() < other.first_day()
    }

    /// Whether it lies no more than so many months before `other`, by the earliest days that both can mean; undated does not.
    pub(super) fn is_within_months(&self, months: i32, other: &Self) -> bool {
        let Some(((year, month, day), other)) = self.first_day().zip(other.first_day()) else { return false };
        (year * 12 + month + months, day) >= (other.0 * 12 + other.1, other.2)
    }

    /// The earliest day it can mean: year, month, day; `None` = undated.
    pub(super) const fn first_day(&self) -> Option<(i32, i32, i32)> {
        self.first_day
    }

    /// The year it begins in, where there is one.
    pub fn year(&self) -> Option<u16> {
        self.text.get(..4)?.parse().ok()
    }
}

impl TryFrom<String> for Date {
    type Error = Carried;

    /// A date that is none of the forms is carried through the parser as what is wrong with it.
    fn try_from(text: String) -> Result<Self, Carried> {
        let valid = text == "undated"
            || match text.split_once("..") {
                Some((from, to)) => is_point(from) && is_point(to),
                None => is_point(&text),
            };
        let wrong = || Phrase::new(Key::NoDate).with(Placeholder::Value, foreign(&text)).carried();
        if valid { Ok(Self { first_day: first_day(&text), text }) } else { Err(wrong()) }
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.text
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The earliest day that `text` can mean.
fn first_day(text: &str) -> Option<(i32, i32, i32)> {
    let mut parts = text.split("..").next()?.split('-');
    let year = parts.next()?.parse().ok()?;
    let month = match parts.next() {
        None => 1,
        Some(part) => match part.strip_prefix('Q') {
            Some(quarter) => quarter.parse::<i32>().ok()? * 3 - 2,
            None => part.parse().ok()?,
        },
    };
    let day = parts.next().map_or(Some(1), |part| part.parse().ok())?;
    Some((year, month, day))
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
    let day = parts.next().is_none_or(|part| number(part, 2, 31)) && is_in_calendar(text);
    year && month && day && parts.next().is_none()
}

/// Whether the day that `text` names, where it names one, is in the calendar.
fn is_in_calendar(text: &str) -> bool {
    let mut parts = text.split('-').map(|part| part.parse::<u16>().ok());
    let (Some(Some(year)), Some(Some(month)), Some(Some(day))) = (parts.next(), parts.next(), parts.next()) else {
        return true;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    day <= match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// What a price is a price of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, strum::EnumCount)]
pub enum PriceKind {
    /// A new one in a shop.
    Street,
    /// A used one.
    Used,
    /// The maker's list price.
    List,
    /// The maker's price at launch.
    Launch,
    /// Wholesale: no shop sells at it.
    Spot,
}

impl PriceKind {
    /// All kinds.
    pub const ALL: [Self; <Self as strum::EnumCount>::COUNT] =
        [Self::Street, Self::Used, Self::List, Self::Launch, Self::Spot];

    /// Its name in tables that people exchange.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Street => "new",
            Self::Used => "used",
            Self::List => "list",
            Self::Launch => "launch",
            Self::Spot => "spot",
        }
    }
}

/// What a price says of all that was seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PriceFigure {
    /// What one shop, one seller or one list asks.
    #[default]
    Offer,
    /// The median or the average of several.
    Typical,
    /// The best deal seen: few get it.
    Deal,
    /// The user's own, in place of all others.
    Own,
}

impl PriceFigure {
    /// Whether it is what most prices are.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks for it")]
    pub(super) const fn is_offer(&self) -> bool {
        matches!(self, Self::Offer)
    }
}

/// Most prices rest on one source that was read.
pub(super) const fn usual_confidence() -> Confidence {
    Confidence::Medium
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks for it")]
pub(super) const fn is_usual(confidence: &Confidence) -> bool {
    matches!(confidence, Confidence::Medium)
}

/// What a card or a computer can cost, in US dollars.
pub const USD: RangeInclusive<Usd> = Usd(1.0)..=Usd(1e7);

/// One price, in US dollars, of one date.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// What it is a price of.
    pub kind: PriceKind,
    /// US dollars; the low end where `usd_to` says the high one.
    pub usd: Usd,
    /// The high end of a range as asked, in US dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd_to: Option<Usd>,
    /// When it was seen.
    pub date: Date,
    /// Where it was seen.
    pub source: Origin,
    /// Memory of what it buys in GiB, where that is another size than the one the entry names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_gib: Option<f64>,
    /// What it says of all that was seen.
    #[serde(default, skip_serializing_if = "PriceFigure::is_offer")]
    pub figure: PriceFigure,
    /// How sure it is.
    #[serde(default = "usual_confidence", skip_serializing_if = "is_usual")]
    pub confidence: Confidence,
    /// What it rests on, such as a median of so many offers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
}

impl Price {
    /// US dollars to calculate with: the middle where a range was asked.
    pub fn expected_usd(&self) -> Usd {
        self.usd_to.map_or(self.usd, |to| self.usd.midpoint(to))
    }

    /// Whether somebody asks it of a buyer: not a launch price, which is history, nor a wholesale one, nor one of which
    /// nobody knows when.
    pub fn is_asked(&self) -> bool {
        matches!(self.kind, PriceKind::Street | PriceKind::List | PriceKind::Used) && self.date.first_day().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn a_price_is_stale_after_six_months() {
        let date = |text: &str| Date::try_from(text.to_owned()).unwrap();
        let today = date("2026-11-22");
        for fresh in ["2026-11-22", "2026-05-22", "2026-05-23", "2026-06", "2026-Q3", "2026-07..2026-11"] {
            assert!(!date(fresh).is_stale(&today), "{fresh}");
        }
        for stale in ["2026-05-21", "2026-05", "2026-05-18", "2026", "2025-07-23", "undated", "2025-09..2026-11"] {
            assert!(date(stale).is_stale(&today), "{stale}");
        }
        assert_eq!(date("2025-07-23").months_before(&today), Some(15));
    }

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
