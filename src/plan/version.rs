//! Which version of an engine: old builds take other memory and run at another speed.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::text::{Carried, Fault, Key, Phrase, Placeholder, printed_in_english};

/// A version by number, or a build by the month it was made in. Written `0.11`, `b6423` or `2024-05`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum RuntimeVersion {
    /// `major.minor`; what follows does not matter.
    Number {
        /// Before the first dot.
        major: u32,
        /// After it.
        minor: u32,
    },
    /// The month of a build.
    Month {
        /// Year, four digits.
        year: u16,
        /// 1 to 12.
        month: u8,
    },
    /// A numbered build of llama.cpp.
    Build(u32),
}

impl RuntimeVersion {
    /// Whether this is older than `other`; `None` where one is a number and the other a month.
    pub fn is_before(self, other: Self) -> Option<bool> {
        self.partial_cmp(&other).map(Ordering::is_lt)
    }

    /// Whether this is known to be older than what came with `first`, told in each way that versions are.
    pub fn is_older_than(self, first: &[Self]) -> bool {
        first.iter().any(|first| self.is_before(*first) == Some(true))
    }
}

impl PartialOrd for RuntimeVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number { major, minor }, Self::Number { major: a, minor: b }) => Some((major, minor).cmp(&(a, b))),
            (Self::Month { year, month }, Self::Month { year: a, month: b }) => Some((year, month).cmp(&(a, b))),
            (Self::Build(one), Self::Build(other)) => Some(one.cmp(other)),
            _ => None,
        }
    }
}

/// Text that is no version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct VersionError(String);

impl Fault for VersionError {
    fn phrase(&self) -> Phrase {
        Phrase::new(Key::NoVersion).with(Placeholder::Value, &self.0)
    }
}

printed_in_english!(VersionError);

/// The longest text that is read; development builds carry a hash and a date.
const LONGEST: usize = 64;

impl FromStr for RuntimeVersion {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let error = || VersionError(text.chars().take(40).collect());
        if text.len() > LONGEST {
            return Err(error());
        }
        month(text).or_else(|| build(text)).or_else(|| number(text)).ok_or_else(error)
    }
}

/// `2024-05`, or a day in it.
fn month(text: &str) -> Option<RuntimeVersion> {
    let (year, rest) = text.split_once('-')?;
    let month = rest.get(..2)?;
    let (year, month) = (digits::<u16>(year).filter(|_| year.len() == 4)?, digits::<u8>(month)?);
    (1..=12).contains(&month).then_some(RuntimeVersion::Month { year, month })
}

fn build(text: &str) -> Option<RuntimeVersion> {
    text.strip_prefix('b').and_then(digits).map(RuntimeVersion::Build)
}

/// `0.11`, `v0.11.2` or `1`.
fn number(text: &str) -> Option<RuntimeVersion> {
    let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
    let major = parts.next().and_then(digits)?;
    let minor = parts.next().map_or(Some(0), digits)?;
    Some(RuntimeVersion::Number { major, minor })
}

fn digits<T: FromStr>(text: &str) -> Option<T> {
    // `parse` alone would take a sign.
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

impl TryFrom<String> for RuntimeVersion {
    type Error = Carried;

    fn try_from(text: String) -> Result<Self, Carried> {
        text.parse().map_err(|error: VersionError| error.phrase().carried())
    }
}

impl From<RuntimeVersion> for String {
    fn from(version: RuntimeVersion) -> Self {
        version.to_string()
    }
}

impl fmt::Display for RuntimeVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number { major, minor } => write!(f, "{major}.{minor}"),
            Self::Month { year, month } => write!(f, "{year:04}-{month:02}"),
            Self::Build(build) => write!(f, "b{build}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_they_are_written() {
        for text in ["0.11", "2024-05", "b6423", "1.0"] {
            assert_eq!(text.parse::<RuntimeVersion>().unwrap().to_string(), text);
        }
        assert_eq!("v0.19.2".parse(), Ok(RuntimeVersion::Number { major: 0, minor: 19 }));
        assert_eq!("2024-05-17".parse(), Ok(RuntimeVersion::Month { year: 2024, month: 5 }));
        for text in ["", "new", "2024-13", "0.x", "b", "-1.2", "+1.2", "1..2"] {
            assert!(text.parse::<RuntimeVersion>().is_err(), "{text}");
        }
    }

    #[test]
    fn versions_compare_within_a_kind_only() {
        let version = |text: &str| text.parse::<RuntimeVersion>().unwrap();
        assert_eq!(version("0.9").is_before(version("0.17")), Some(true));
        assert_eq!(version("2026-01").is_before(version("2024-05")), Some(false));
        assert_eq!(version("0.9").is_before(version("2024-05")), None);
    }
}
