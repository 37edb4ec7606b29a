//! What day it is.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::catalog::source::Date;

const SECONDS_A_DAY: u64 = 86_400;

/// The environment variable that holds a day's seconds since 1970, so that what depends on the day can be made again.
const EPOCH: &str = "SOURCE_DATE_EPOCH";

/// Today's date (UTC), or that of `SOURCE_DATE_EPOCH`; `undated` where the clock stands before 1970 or after 2100.
pub(crate) fn today() -> Date {
    let given = std::env::var(EPOCH).ok().and_then(|seconds| seconds.parse().ok());
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default();
    date(given.unwrap_or_else(now) / SECONDS_A_DAY)
}

/// The day (UTC) of a time; `undated` where it lies before 1970 or after 2100.
pub(crate) fn day_of(time: SystemTime) -> Date {
    // Beyond what the calendar here knows, so that it is undated.
    const NO_DAY: u64 = u64::MAX / SECONDS_A_DAY;
    date(time.duration_since(UNIX_EPOCH).map_or(NO_DAY, |since| since.as_secs() / SECONDS_A_DAY))
}

/// The date so many days after 1 January 1970.
fn date(days: u64) -> Date {
    let (mut year, mut left) = (1970, days);
    while left >= year_days(year) && year < 2200 {
        left -= year_days(year);
        year += 1;
    }
    let mut month = 1;
    for length in [31, year_days(year) - 337, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if left < length {
            break;
        }
        left -= length;
        month += 1;
    }
    let undated = || Date::try_from("undated".to_owned());
    #[expect(clippy::unwrap_used, reason = "`undated` is a date, as the tests of `Date` show")]
    Date::try_from(format!("{year}-{month:02}-{:02}", left + 1)).or_else(|_| undated()).unwrap()
}

const fn year_days(year: u64) -> u64 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    if leap { 366 } else { 365 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_through_leap_years() {
        for (days, expected) in [
            (0, "1970-01-01"),
            (11_016, "2000-02-29"),
            (11_017, "2000-03-01"),
            (20_454, "2026-01-01"),
            (20_779, "2026-11-22"),
            (20_818, "2026-12-31"),
            (1_000_000, "undated"),
        ] {
            assert_eq!(date(days).as_str(), expected, "{days} days");
        }
    }
}
