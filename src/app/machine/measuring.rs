//! Measuring what RAM and disk of this machine read, beside the window.

use super::App;
use crate::system::bandwidth::{Bandwidths, DiskPlace, Measuring, keep};
use crate::system::clock::today;
use crate::system::local_models::Places;
use crate::text::{Fault, Key, Placeholder, foreign_path};

impl App {
    /// Starts, unless it is under way.
    pub(in crate::app) fn measure_bandwidth(&mut self) {
        if self.machine.measuring.is_some() {
            return;
        }
        let free = self.detected.as_ref().and_then(|found| found.host.ram_free_bytes());
        let places = Places::of(self.outside.home(), |name| std::env::var_os(name));
        let place = DiskPlace::LargestModel(places, self.outside.documents().to_owned());
        self.machine.measuring = Some(Measuring::start(place, free, self.outside.wake()));
    }

    /// Takes what was measured, once it is there.
    pub(in crate::app) fn receive_measured(&mut self, time: f64) {
        let Some(found) = self.machine.measuring.as_ref().and_then(Measuring::take) else { return };
        self.machine.measuring = None;
        self.keep_measured(&found, time);
    }

    fn keep_measured(&mut self, found: &Bandwidths, time: f64) {
        let locale = self.locale();
        for (key, result) in [(Key::BandwidthRam, found.ram), (Key::BandwidthDisk, found.disk)] {
            if let Err(fault) = result {
                let words = fault.say(locale);
                let holes = [(Placeholder::Name, locale.word(key)), (Placeholder::Value, &*words)];
                self.notices.add(locale.sentence(Key::BandwidthNone, &holes));
            }
        }
        let (Some(machine), true) = (&self.detected, found.ram.is_ok() || found.disk.is_ok()) else { return };
        let Some(folders) = self.outside.folders() else {
            return self.notices.add(locale.word(Key::MeasureNoFolder));
        };
        match keep(found, today().as_str(), &machine.host, folders) {
            Ok(rates) => {
                let path = foreign_path(&folders.rates());
                self.notices.remark(locale.sentence(Key::LogKept, &[(Placeholder::Name, &*path)]), time);
                self.machine.rates = Some(rates);
                self.detected = self.detected.take().map(|found| self.machine.with_rates(found));
            }
            Err(fault) => self.notices.add(fault.say(locale)),
        }
    }
}
