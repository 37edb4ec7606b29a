//! How what is typed is read, and what is said where it cannot stand.

use std::ops::RangeInclusive;

use crate::text::{Key, Locale, Placeholder};

/// Reads a number, or says in one line why it is none.
pub fn number(locale: Locale, read: impl Fn(&str) -> Option<f64>) -> impl Fn(&str) -> Result<f64, String> {
    move |typed| read(typed).ok_or_else(|| locale.word(Key::TypedNumber).to_owned())
}

/// Reads a number from `range`, whose ends are written as values are, or says in one line what may stand there.
pub fn within(
    locale: Locale,
    read: impl Fn(&str) -> Option<f64>,
    range: RangeInclusive<f64>,
    write: impl Fn(f64) -> String,
) -> impl Fn(&str) -> Result<f64, String> {
    move |typed| {
        read(typed).filter(|value| range.contains(value)).ok_or_else(|| {
            let ends = (write(*range.start()), write(*range.end()));
            locale.sentence(Key::TypedRange, &[(Placeholder::Value, &ends.0), (Placeholder::Other, &ends.1)])
        })
    }
}
