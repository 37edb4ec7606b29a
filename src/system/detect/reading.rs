//! What a card says of itself beside its memory: what it is, and what it does just now. Every figure may be missing.

use serde::{Deserialize, Serialize};

use super::figures;

/// More programs than a list is read of; the largest are kept.
const MOST_PROCESSES: usize = 64;
/// What can be: degrees Celsius, watts, megahertz, links.
const HOTTEST: u32 = 150;
const MOST_WATTS: u32 = 5000;
const FASTEST: u32 = 20_000;
const MOST_LINKS: u32 = 36;

/// What does not change while a card runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CardFacts {
    /// What programs are compiled for: CUDA's compute capability such as `8.9`, or `gfx1100`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compute_capability: Option<String>,
    /// The most that it may draw as it was sold, in W.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub power_default_w: Option<u32>,
    /// Highest clock of its cores, in MHz.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_max_mhz: Option<u32>,
    /// Highest clock of its memory, in MHz.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_clock_max_mhz: Option<u32>,
    /// Whether errors of its memory are corrected; on GDDR that takes a sixteenth of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ecc: Option<bool>,
    /// The window through which the processor reaches its memory, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bar1_total_bytes: Option<u64>,
    /// Links of its own to other cards that are up: `NVLink`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nvlinks: Option<u32>,
    /// Where those of them that tell it lead.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nvlink_peers: Vec<NvlinkPeer>,
}

/// What links of a card lead to: another card, or a switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NvlinkPeer {
    /// Its address on the bus, as the driver writes it.
    pub pci_bus_id: String,
    /// So many links lead there.
    pub links: u32,
}

/// What a card does just now.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CardReading {
    /// Share of the last moments in which something was calculated, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub busy_percent: Option<u32>,
    /// Temperature of the chip in °C.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature_c: Option<u32>,
    /// What it draws, in W.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub power_w: Option<u32>,
    /// The most that it may draw as it is set, in W.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub power_limit_w: Option<u32>,
    /// Clock of its cores, in MHz.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock_mhz: Option<u32>,
    /// Clock of its memory, in MHz.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_clock_mhz: Option<u32>,
    /// What holds its clocks back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub throttled: Vec<Throttle>,
    /// Programs that hold its memory, the largest first; `None` = it does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processes: Option<Vec<VramProcess>>,
}

/// What holds a card's clocks back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Throttle {
    /// Its power limit: usual under load.
    PowerLimit,
    /// Its own heat.
    Heat,
    /// The power supply asked it to.
    PowerBrake,
    /// Something else in the hardware.
    Hardware,
}

/// A program that holds VRAM.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VramProcess {
    /// Its number.
    pub pid: u32,
    /// The name of its file without the folder.
    pub name: Option<String>,
    /// VRAM in bytes; `None` = the system keeps it to itself, as Windows does.
    pub vram_bytes: Option<u64>,
    /// RAM in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ram_bytes: Option<u64>,
    /// Swap in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swap_bytes: Option<u64>,
}

impl CardFacts {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The same without what cannot be.
    pub(super) fn believable(self) -> Self {
        Self {
            compute_capability: figures::name(self.compute_capability),
            power_default_w: watts(self.power_default_w),
            clock_max_mhz: clock(self.clock_max_mhz),
            memory_clock_max_mhz: clock(self.memory_clock_max_mhz),
            bar1_total_bytes: figures::memory(self.bar1_total_bytes),
            nvlinks: self.nvlinks.filter(|links| *links <= MOST_LINKS),
            nvlink_peers: self.nvlink_peers.into_iter().filter_map(NvlinkPeer::believable).collect(),
            ..self
        }
    }
}

impl NvlinkPeer {
    fn believable(self) -> Option<Self> {
        let pci_bus_id = figures::name(Some(self.pci_bus_id))?;
        (1..=MOST_LINKS).contains(&self.links).then_some(Self { pci_bus_id, ..self })
    }
}

impl CardReading {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The same without what cannot be, of a card with so much memory in bytes.
    pub(super) fn believable(self, memory_total_bytes: Option<u64>) -> Self {
        let held = |bytes: &u64| memory_total_bytes.is_none_or(|total| *bytes <= total);
        let shown = |process: VramProcess| VramProcess {
            name: figures::name(process.name),
            vram_bytes: process.vram_bytes.filter(held),
            ..process
        };
        let processes = self.processes.map(|all| {
            let mut all: Vec<VramProcess> = all.into_iter().map(shown).collect();
            all.sort_by_key(|process| (std::cmp::Reverse(process.vram_bytes), process.pid));
            all.dedup_by_key(|process| process.pid);
            all.truncate(MOST_PROCESSES);
            all
        });
        Self {
            busy_percent: self.busy_percent.filter(|percent| *percent <= 100),
            temperature_c: self.temperature_c.filter(|degrees| (1..=HOTTEST).contains(degrees)),
            power_w: watts(self.power_w),
            power_limit_w: watts(self.power_limit_w).filter(|watts| *watts > 0),
            clock_mhz: clock(self.clock_mhz),
            memory_clock_mhz: clock(self.memory_clock_mhz),
            throttled: self.throttled,
            processes,
        }
    }

    /// Whether its clocks are held back by heat or by the power supply, which is not usual.
    pub fn is_held_back(&self) -> bool {
        self.throttled.iter().any(|reason| *reason != Throttle::PowerLimit)
    }
}

fn watts(found: Option<u32>) -> Option<u32> {
    found.filter(|watts| *watts <= MOST_WATTS)
}

fn clock(found: Option<u32>) -> Option<u32> {
    found.filter(|mhz| *mhz <= FASTEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_is_no_data() {
        let all = u32::MAX;
        let facts = CardFacts {
            power_default_w: Some(all),
            clock_max_mhz: Some(all),
            memory_clock_max_mhz: Some(all),
            nvlinks: Some(all),
            nvlink_peers: vec![NvlinkPeer { pci_bus_id: "0000:01:00.0".to_owned(), links: all }],
            bar1_total_bytes: Some(u64::MAX),
            compute_capability: Some("\u{1b}[31m".to_owned()),
            ecc: None,
        };
        assert!(facts.believable().is_empty());
        let reading = CardReading {
            busy_percent: Some(all),
            temperature_c: Some(0),
            power_w: Some(all),
            power_limit_w: Some(0),
            clock_mhz: Some(all),
            memory_clock_mhz: Some(all),
            ..CardReading::default()
        };
        assert!(reading.believable(None).is_empty());
    }

    #[test]
    fn programs_stand_once_the_largest_first() {
        let process = |pid, bytes| VramProcess { pid, vram_bytes: bytes, ..VramProcess::default() };
        let listed =
            vec![process(1, Some(5)), process(2, Some(90)), process(3, None), process(4, Some(9)), process(4, Some(9))];
        let reading = CardReading { processes: Some(listed), ..CardReading::default() }.believable(Some(10));
        let held: Vec<_> = reading.processes.unwrap().iter().map(|it| (it.pid, it.vram_bytes)).collect();
        assert_eq!(held, [(4, Some(9)), (1, Some(5)), (2, None), (3, None)], "more than the card has is no data");
    }
}
