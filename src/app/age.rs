//! How long ago something was, in words. There is no time of day in them: the program does not know the user's time zone.

use std::time::{Duration, SystemTime};

use crate::system::clock::day_of;
use crate::text::{Key, Locale, Placeholder};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// From here on the date says more.
const WEEK: u64 = 7 * DAY;

/// How long before `now` a time was: `3 min ago`, or its date where that is more than a week.
pub(super) fn ago(time: SystemTime, now: SystemTime, locale: Locale) -> String {
    // A clock that was set back makes files of the future.
    let seconds = now.duration_since(time).unwrap_or(Duration::ZERO).as_secs();
    let of = |key, unit: u64| locale.sentence(key, &[(Placeholder::Count, &(seconds / unit).to_string())]);
    match seconds {
        0..MINUTE => locale.word(Key::AgeNow).to_owned(),
        MINUTE..HOUR => of(Key::AgeMinutes, MINUTE),
        HOUR..DAY => of(Key::AgeHours, HOUR),
        seconds if seconds < 2 * DAY => locale.word(Key::AgeDay).to_owned(),
        DAY..WEEK => of(Key::AgeDays, DAY),
        _ => day_of(time).as_str().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_said_in_its_unit() {
        let then = SystemTime::UNIX_EPOCH + Duration::from_hours(490_000);
        let after = |seconds| ago(then, then + Duration::from_secs(seconds), Locale::En);
        let said: Vec<String> = [0, 61, 7200, DAY + 5, 3 * DAY, WEEK].into_iter().map(after).collect();
        assert_eq!(said, ["just now", "1 min ago", "2 h ago", "a day ago", "3 days ago", "2025-11-24"]);
        assert_eq!(ago(then + Duration::from_secs(9), then, Locale::Zh), "刚刚", "of the future");
    }
}
