//! What is said of the driver.

use super::{
    Detected, DeviceWarning, Host, NvmlState, PciLink, SeenDevice, Throttle, UnreadableCard, VramProcess, fault,
};
use crate::catalog::Catalog;
use crate::text::{Fault, Join, Key, Locale, Placeholder, gib, trimmed};
use crate::units::Bytes;

/// Rates are said in GB/s.
const GIGA: f64 = 1e9;

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

impl Host {
    /// `DDR5-5200, 2 channels, 83.2 GB/s`, as far as it is told; `None` where nothing is.
    pub fn modules_in_words(&self, locale: Locale) -> Option<String> {
        let kind = self.ram_kind.as_deref()?;
        let Some(mt_s) = self.ram_mt_s.map(|mt_s| mt_s.to_string()) else { return Some(kind.to_owned()) };
        let named = [(Placeholder::Name, kind), (Placeholder::Value, &*mt_s)];
        let Some((channels, gb_s)) = self.ram_channels.zip(self.ram_gb_s()) else {
            return Some(locale.sentence(Key::MachineModulesSome, &named));
        };
        let (channels, gb_s) = (channels.to_string(), trimmed(gb_s, 1));
        let more = [(Placeholder::Count, &*channels), (Placeholder::Other, &*gb_s)];
        Some(locale.sentence(Key::MachineModules, &named.into_iter().chain(more).collect::<Vec<_>>()))
    }

    /// What RAM and disk were measured to read, and when; `None` where neither was.
    pub fn rates_in_words(&self, locale: Locale) -> Option<String> {
        let measured = self.measured.as_ref()?;
        let rate = |key, bytes: Option<u64>| {
            let value = trimmed(bytes? as f64 / GIGA, 1);
            let holes = [(Placeholder::Name, locale.word(key)), (Placeholder::Value, &*value)];
            Some(locale.sentence(Key::BandwidthRate, &holes))
        };
        let both =
            [rate(Key::BandwidthRam, measured.ram_bytes_per_s), rate(Key::BandwidthDisk, measured.disk_bytes_per_s)];
        let both = locale.join(Join::Phrases, both.into_iter().flatten());
        Some(locale.sentence(Key::MachineRates, &[(Placeholder::Name, &*measured.date), (Placeholder::Value, &*both)]))
    }
}

impl Detected {
    /// Where each device is plugged in, one line for each of which something is told.
    pub fn places_in_words(&self, catalog: &Catalog, locale: Locale) -> Vec<String> {
        let devices = self.devices(catalog);
        let one = |key, value: &str| locale.sentence(key, &[(Placeholder::Value, value)]);
        let line = |(device, address): (usize, Option<&str>)| {
            let seen = devices.get(device).filter(|device| device.is_of_use())?;
            let place = address.and_then(|address| self.place_of(address));
            let shared = self.sharing_port(device);
            let others = locale.join(Join::Items, shared.iter().map(ToString::to_string));
            let port = place.and_then(|place| place.port.as_deref());
            let port = port.map(|port| match shared.as_slice() {
                [] => one(Key::PlacePort, port),
                _ => {
                    locale.sentence(Key::PlacePortShared, &[(Placeholder::Value, port), (Placeholder::Other, &*others)])
                }
            });
            let facts = [
                place.and_then(|place| place.slot.as_deref()).map(|slot| one(Key::PlaceSlot, slot)),
                link(seen.link, locale),
                place.and_then(|place| place.numa_node).map(|node| one(Key::PlaceNode, &node.to_string())),
                port,
                seen.facts.nvlinks.map(|links| one(Key::PlaceNvlinks, &links.to_string())),
            ];
            let linked = self.linked_to(device).into_iter().map(|(other, links)| {
                let holes = [(Placeholder::Value, links.to_string()), (Placeholder::Other, other.to_string())];
                locale.sentence(Key::PlaceNvlinksTo, &holes.each_ref().map(|(hole, words)| (*hole, words.as_str())))
            });
            let facts: Vec<String> = facts.into_iter().flatten().chain(linked).collect();
            let holes =
                [(Placeholder::Count, device.to_string()), (Placeholder::Value, locale.join(Join::Phrases, &facts))];
            (!facts.is_empty())
                .then(|| locale.sentence(Key::PlaceOf, &holes.each_ref().map(|(hole, words)| (*hole, words.as_str()))))
        };
        self.addresses().enumerate().filter_map(line).collect()
    }
}

/// The link of a card as it is now, and at most; nothing where it is not told.
fn link(link: PciLink, locale: Locale) -> Option<String> {
    let written = |generation: Option<u32>, lanes: Option<u32>| Some(format!("{}.0 x{}", generation?, lanes?));
    let now = written(link.generation, link.lanes);
    let most = written(link.generation_max, link.lanes_max);
    let holes = |now: &str, most: &str| {
        locale.sentence(Key::PlaceLinkOf, &[(Placeholder::Value, now), (Placeholder::Other, most)])
    };
    match (now, most) {
        (Some(now), Some(most)) if now != most => Some(holes(&now, &most)),
        (now, most) => now.or(most).map(|now| locale.sentence(Key::PlaceLink, &[(Placeholder::Value, &*now)])),
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
