//! What was in use over the last ten minutes.

use std::collections::VecDeque;

use super::{Detected, SeenDevice};
use crate::catalog::Catalog;
use crate::units::Bytes;

/// How far back it reaches, in seconds.
pub const SECONDS: f64 = 600.0;
/// Looks that are further apart do not belong to one line: nothing was watched in between.
const GAP: f64 = 5.0;
/// More looks than fit into the time at one a second.
const MOST: usize = 1000;

/// The last looks, oldest first.
#[derive(Debug, Clone, Default)]
pub struct History {
    looks: VecDeque<Look>,
}

/// What was in use at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// When, in seconds of any clock.
    pub at: f64,
    /// On each device with VRAM of its own, in the order of the list.
    pub devices: Vec<Option<Bytes>>,
    /// In RAM.
    pub ram: Option<Bytes>,
    /// In swap.
    pub swap: Option<Bytes>,
}

impl History {
    /// Adds what is in use now.
    pub fn add(&mut self, at: f64, found: &Detected, catalog: &Catalog) {
        let devices = found.devices(catalog);
        let devices = devices.iter().filter(|device| device.has_vram()).map(|device: &SeenDevice<'_>| device.used);
        let look = Look {
            at,
            devices: devices.collect(),
            ram: found.host.ram_used_bytes().map(Bytes),
            swap: found.host.swap_used_bytes().map(Bytes),
        };
        self.looks.push_back(look);
        while self.looks.front().is_some_and(|first| at - first.at > SECONDS) || self.looks.len() > MOST {
            self.looks.pop_front();
        }
    }

    /// The newest look.
    pub fn last(&self) -> Option<&Look> {
        self.looks.back()
    }

    /// What `value` was over the time: seconds before the newest look (zero and below) and GiB, in pieces between which
    /// nothing was watched.
    pub fn lines(&self, value: impl Fn(&Look) -> Option<Bytes>) -> Vec<Vec<[f64; 2]>> {
        let Some(now) = self.last().map(|look| look.at) else { return Vec::new() };
        let mut lines: Vec<Vec<[f64; 2]>> = Vec::new();
        let mut before: Option<f64> = None;
        for look in &self.looks {
            let Some(bytes) = value(look) else {
                before = None;
                continue;
            };
            if before.is_none_or(|before| look.at - before > GAP) {
                lines.push(Vec::new());
            }
            before = Some(look.at);
            if let Some(line) = lines.last_mut() {
                line.push([look.at - now, bytes.gib()]);
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::detect::Host;
    use crate::units::GIB;

    fn found(used_gib: u64) -> Detected {
        let total = Some(32 * GIB);
        let host = Host { ram_total_bytes: total, ram_available_bytes: Some((32 - used_gib) * GIB), ..Host::default() };
        Detected { host, ..Detected::default() }
    }

    #[test]
    fn what_is_older_goes_and_pauses_break_the_line() {
        let mut history = History::default();
        for (at, used) in [(0.0, 1), (1.0, 2), (2.0, 3), (100.0, 4), (101.0, 5)] {
            history.add(at, &found(used), Catalog::embedded());
        }
        let lines = history.lines(|look| look.ram);
        assert_eq!(lines, [vec![[-101.0, 1.0], [-100.0, 2.0], [-99.0, 3.0]], vec![[-1.0, 4.0], [0.0, 5.0]]]);
        history.add(601.5, &found(6), Catalog::embedded());
        assert_eq!(history.lines(|look| look.ram)[0][0], [-599.5, 3.0]);
        assert_eq!(history.lines(|look| look.swap), Vec::<Vec<[f64; 2]>>::new(), "nothing is known of it");
    }
}
