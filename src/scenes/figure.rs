//! Figures that words and pictures of a scene name: values from the estimate or the catalog, written one way each.

use std::collections::BTreeMap;

use crate::catalog::source::Date;
use crate::text::{self, Locale};
use crate::units::{Bytes, Usd};

/// A figure with its unit.
#[derive(Debug, Clone, PartialEq)]
pub enum Figure {
    /// Bytes in GB (10^9), as on the box.
    Gb(f64),
    /// Bytes in GiB (2^30), as a plan counts.
    Gib(Bytes),
    /// Bytes in MiB (2^20).
    Mib(Bytes),
    /// Bytes a second, in GB/s.
    GbPerSecond(f64),
    /// Seconds, in ms, s, minutes, hours or days by their size.
    Seconds(f64),
    /// Tokens a second.
    WordsPerSecond(f64),
    /// How many times, two digits.
    Times(f64),
    /// A share of 1.
    Percent(f64),
    /// A count.
    Count(u64),
    /// Tokens, in k and M.
    Tokens(u64),
    /// A number of parameters.
    Parameters(u64),
    /// Bits a number, one digit.
    Bits(f64),
    /// A bare number, up to two digits after the point.
    Number(f64),
    /// Money, in the currency that is shown.
    Money(Usd),
    /// From one figure to another of the same kind.
    Span(Box<Self>, Box<Self>),
    /// A month or day of a source.
    Dated(Date),
    /// A name of the catalog.
    Name(String),
    /// A sentence of the script, by the name of its label.
    Label(&'static str),
    /// A name that differs by language: English, Chinese.
    Both(String, String),
}

impl Figure {
    /// Bytes in GB as on the box.
    pub fn gb(bytes: Bytes) -> Self {
        Self::Gb(bytes.0 as f64 / 1e9)
    }

    /// From `low` to `high`.
    pub fn span(low: Self, high: Self) -> Self {
        Self::Span(Box::new(low), Box::new(high))
    }

    /// Another value of this kind, in the unit that an axis counts it in; `None` for names and dates.
    pub fn of_kind(&self, value: f64) -> Option<Self> {
        const MS: f64 = 1e3;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts on an axis")]
        let whole = value.round() as u64;
        Some(match self {
            Self::Gb(_) => Self::Gb(value),
            Self::Gib(_) | Self::Mib(_) => Self::Gib(Bytes::from_gib(value)),
            Self::GbPerSecond(_) => Self::GbPerSecond(value),
            Self::Seconds(_) => Self::Seconds(value / MS),
            Self::WordsPerSecond(_) => Self::WordsPerSecond(value),
            Self::Times(_) => Self::Times(value),
            Self::Percent(_) => Self::Percent(value / 100.0),
            Self::Count(_) => Self::Count(whole),
            Self::Tokens(_) => Self::Tokens(whole),
            Self::Parameters(_) => Self::Parameters(whole),
            Self::Bits(_) => Self::Bits(value),
            Self::Number(_) => Self::Number(value),
            Self::Money(_) => Self::Money(Usd(value)),
            Self::Span(..) | Self::Dated(_) | Self::Name(_) | Self::Label(_) | Self::Both(..) => return None,
        })
    }

    /// As it is written.
    pub fn say(&self, locale: Locale) -> String {
        match self {
            Self::Gb(gb) => format!("{} GB", short(*gb)),
            Self::Gib(bytes) => format!("{} GiB", short(bytes.gib())),
            Self::Mib(bytes) => format!("{} MiB", text::decimal(bytes.0 as f64 / f64::from(1 << 20), 0)),
            Self::GbPerSecond(gb) => format!("{} GB/s", short_rate(*gb)),
            Self::Seconds(seconds) => span(*seconds, locale),
            Self::WordsPerSecond(rate) | Self::Times(rate) => text::figure(*rate),
            Self::Percent(share) => format!("{} %", text::decimal(share * 100.0, 0)),
            Self::Count(count) => text::count(*count),
            Self::Tokens(count) => text::tokens(*count),
            Self::Parameters(count) => text::parameters(*count),
            Self::Bits(bits) => text::trimmed(*bits, 1),
            Self::Number(number) => text::trimmed(*number, 2),
            Self::Money(usd) => text::money(*usd),
            Self::Span(low, high) => between(&low.say(locale), &high.say(locale)),
            Self::Dated(date) => date.to_string(),
            Self::Name(name) => name.clone(),
            // Filled in by the scene, which has the script.
            Self::Label(name) => format!("{{{name}}}"),
            Self::Both(en, zh) => match locale {
                Locale::En => en.clone(),
                Locale::Zh => zh.clone(),
            },
        }
    }
}

/// `8–32 GB`: a unit that both have is said once, and what is the same at both ends is no range.
fn between(low: &str, high: &str) -> String {
    if low == high {
        return high.to_owned();
    }
    match (low.rsplit_once(' '), high.rsplit_once(' ')) {
        (Some((number, unit)), Some((_, other))) if unit == other => text::range(number, high),
        _ => text::range(low, high),
    }
}

/// Amounts of memory: whole from 100 on, else one digit, without zeros that say nothing.
fn short(amount: f64) -> String {
    text::trimmed(
        amount,
        if amount >= 100.0 {
            0
        } else if amount >= 1.0 {
            1
        } else {
            2
        },
    )
}

/// Rates: whole from 10 on.
fn short_rate(rate: f64) -> String {
    text::trimmed(rate, usize::from(rate < 10.0))
}

/// A span of time in the unit that suits it.
fn span(seconds: f64, locale: Locale) -> String {
    const MINUTE: f64 = 60.0;
    const HOUR: f64 = 60.0 * MINUTE;
    const DAY: f64 = 24.0 * HOUR;
    let (value, [en, zh]) = match seconds {
        s if s < 1.0 => (s * 1e3, ["ms", "毫秒"]),
        s if s < 2.0 * MINUTE => (s, ["s", "秒"]),
        s if s < 2.0 * HOUR => (s / MINUTE, ["min", "分钟"]),
        s if s < 2.0 * DAY => (s / HOUR, ["h", "小时"]),
        s => (s / DAY, ["days", "天"]),
    };
    let unit = if locale == Locale::En { en } else { zh };
    let number = if value >= 100.0 { text::decimal(value, 0) } else { text::figure(value) };
    format!("{number} {unit}")
}

/// The figures of a scene, by how its words name them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures(BTreeMap<&'static str, Figure>);

impl Figures {
    /// Adds a figure under its name.
    #[must_use]
    pub fn with(mut self, name: &'static str, figure: Figure) -> Self {
        self.0.insert(name, figure);
        self
    }

    /// The figure of this name, as it is written.
    pub fn said(&self, name: &str, locale: Locale) -> Option<String> {
        self.0.get(name).map(|figure| figure.say(locale))
    }

    /// The label that stands for the sentence of this name.
    pub fn label(&self, name: &str) -> Option<&'static str> {
        match self.0.get(name) {
            Some(Figure::Label(label)) => Some(label),
            _ => None,
        }
    }

    /// The names, for tests.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }
}
