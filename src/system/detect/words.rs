//! What is said of the driver.

use super::{DeviceWarning, NvmlState, SeenDevice, Throttle, UnreadableCard, VramProcess, fault};
use crate::text::{Fault, Join, Key, Locale, Placeholder, gib};
use crate::units::Bytes;

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

impl DeviceWarning {
    /// What it is, in a few words.
    pub fn say(self, locale: Locale) -> String {
        let of = |key, now: u32, of: u32| {
            let (now, of) = (now.to_string(), of.to_string());
            locale.sentence(key, &[(Placeholder::Value, &*now), (Placeholder::Other, &*of)])
        };
        let key = match self {
            Self::Lanes { now, of: own } => return of(Key::MachineWarnLanes, now, own),
            Self::Generation { now, of: own } => return of(Key::MachineWarnGeneration, now, own),
            Self::PowerLimit { now, of: own } => return of(Key::MachineWarnPower, now, own),
            Self::HeldBack(Throttle::Heat) => Key::MachineWarnHeat,
            Self::HeldBack(Throttle::PowerBrake) => Key::MachineWarnBrake,
            Self::HeldBack(Throttle::Hardware | Throttle::PowerLimit) => Key::MachineWarnHardware,
            Self::Ecc => Key::MachineWarnEcc,
        };
        locale.word(key).to_owned()
    }
}

impl SeenDevice<'_> {
    /// What it does just now, in figures; empty where nothing is told.
    pub fn doing(&self, locale: Locale) -> String {
        let one = |key, value: u32| locale.sentence(key, &[(Placeholder::Value, &*value.to_string())]);
        let power = self.now.power_w.map(|watts| match self.now.power_limit_w {
            Some(limit) => {
                let holes = [(Placeholder::Value, watts.to_string()), (Placeholder::Other, limit.to_string())];
                locale.sentence(Key::MachineWattsOf, &holes.each_ref().map(|(hole, words)| (*hole, words.as_str())))
            }
            None => one(Key::MachineWatts, watts),
        });
        let parts = [
            self.now.temperature_c.map(|degrees| one(Key::MachineDegrees, degrees)),
            power,
            self.now.busy_percent.map(|percent| one(Key::MachineBusy, percent)),
        ];
        locale.join(Join::Phrases, parts.into_iter().flatten())
    }
}

impl VramProcess {
    /// Its name, else its number.
    pub fn called(&self, locale: Locale) -> String {
        let pid = self.pid.to_string();
        self.name.clone().unwrap_or_else(|| locale.sentence(Key::MachinePid, &[(Placeholder::Value, &*pid)]))
    }

    /// The same with the VRAM that it holds.
    pub fn say(&self, locale: Locale) -> String {
        let held =
            self.vram_bytes.map_or_else(|| locale.word(Key::NoData).to_owned(), |bytes| gib(Bytes(bytes).gib(), 1));
        locale
            .sentence(Key::MachineProcess, &[(Placeholder::Name, &*self.called(locale)), (Placeholder::Value, &*held)])
    }
}
