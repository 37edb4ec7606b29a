//! What is said of the driver.

use super::{NvmlState, UnreadableCard, fault};
use crate::text::{Fault, Key, Locale, Placeholder};

impl NvmlState {
    /// How it stands with the driver, as one sentence.
    pub fn say(&self, locale: Locale) -> String {
        let with = |key, hole, value: &str| locale.sentence(key, &[(hole, value)]);
        match self {
            Self::NoDriver => locale.word(Key::DriverNone).to_owned(),
            Self::Ready { driver_version, cuda_version } => {
                let known =
                    |version: &Option<String>| version.clone().unwrap_or_else(|| locale.word(Key::NoData).to_owned());
                let holes = [(Placeholder::Value, known(driver_version)), (Placeholder::Other, known(cuda_version))];
                locale.sentence(Key::DriverReady, &holes.each_ref().map(|(hole, words)| (*hole, words.as_str())))
            }
            Self::NotRunning => locale.word(Key::DriverNotRunning).to_owned(),
            Self::VersionMismatch => locale.word(Key::DriverMismatch).to_owned(),
            Self::NoPermission => locale.word(Key::DriverNoPermission).to_owned(),
            Self::TimedOut { seconds } => with(Key::DriverTimedOut, Placeholder::Count, &seconds.to_string()),
            Self::Ended { signal: Some(signal), .. } => {
                with(Key::DriverEndedBySignal, Placeholder::Value, &signal.to_string())
            }
            Self::Ended { signal: None, code } => {
                let code = code.map_or_else(|| locale.word(Key::NoData).to_owned(), |code| code.to_string());
                with(Key::DriverEndedWithCode, Placeholder::Value, &code)
            }
            Self::NotAsked { fault, reason } => {
                let words = fault.map_or_else(|| locale.word(Key::SystemUnknown).to_owned(), |fault| fault.say(locale));
                with(Key::DriverNotAsked, Placeholder::Name, &fault::quoting(&words, reason, locale))
            }
            Self::Failed { fault, reason } => with(Key::DriverFailed, Placeholder::Name, &fault.say(reason, locale)),
        }
    }
}

impl UnreadableCard {
    /// Why it could not be asked.
    pub fn why(&self, locale: Locale) -> String {
        self.fault.say(&self.reason, locale)
    }
}
