//! Graphics chips of any maker, as Linux lists them, without their drivers' help; and what else is asked of drivers that
//! have no library of their own here. One file for each maker.

mod amd;
mod apple;
mod ascend;
mod hwmon;
mod intel;
mod jetson;
mod link;

pub(super) use apple::ram as apple_ram;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::figures;
use super::pci_link::PciLink;
use super::reading::{CardFacts, CardReading};
use super::small_file::{below, number, text};
use crate::catalog::card::{PciId, Vendor};

/// More than any machine has; a broken tree may have any number.
pub(super) const MOST: usize = 64;

/// A graphics chip as the system lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphicsChip {
    /// Maker and device.
    pub pci_id: PciId,
    /// Its address, such as `0000:03:00.0`.
    pub pci_bus_id: String,
    /// As its driver names it, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// VRAM in bytes, where the driver tells; of a chip in a processor what of the RAM is carved out for it alone.
    pub memory_total_bytes: Option<u64>,
    /// VRAM in bytes that programs hold just now.
    pub memory_used_bytes: Option<u64>,
    /// RAM in bytes that it may use beside that: AMD's GTT, the wired limit of Apple.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_total_bytes: Option<u64>,
    /// RAM in bytes that it uses just now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared_used_bytes: Option<u64>,
    /// Part of the processor: it has no VRAM, what it uses is RAM.
    pub integrated: bool,
    /// Its link to the board.
    #[serde(default, skip_serializing_if = "PciLink::is_unknown")]
    pub link: PciLink,
    /// What it is.
    #[serde(default, skip_serializing_if = "CardFacts::is_empty")]
    pub facts: CardFacts,
    /// What it does just now.
    #[serde(default, skip_serializing_if = "CardReading::is_empty")]
    pub now: CardReading,
}

impl GraphicsChip {
    /// One of which nothing else is known.
    pub fn new(pci_id: PciId, pci_bus_id: String) -> Self {
        Self {
            pci_id,
            pci_bus_id,
            name: None,
            memory_total_bytes: None,
            memory_used_bytes: None,
            shared_total_bytes: None,
            shared_used_bytes: None,
            integrated: false,
            link: PciLink::default(),
            facts: CardFacts::default(),
            now: CardReading::default(),
        }
    }

    /// The maker, where it is one whose cards are planned with.
    pub fn vendor(&self) -> Option<Vendor> {
        match self.pci_id.vendor {
            0x10DE => Some(Vendor::Nvidia),
            0x1002 => Some(Vendor::Amd),
            0x8086 => Some(Vendor::Intel),
            0x106B => Some(Vendor::Apple),
            0x19E5 => Some(Vendor::Huawei),
            _ => None,
        }
    }

    /// As its driver names it, else by maker and number.
    pub fn called(&self) -> String {
        let by_number = || format!("{} {}", self.vendor().map_or("", Vendor::name), self.pci_id);
        self.name.clone().unwrap_or_else(by_number)
    }

    /// The same without what cannot be.
    pub(super) fn believable(self) -> Self {
        let memory_total_bytes = figures::memory(self.memory_total_bytes);
        let shared_total_bytes = figures::memory(self.shared_total_bytes);
        let part = |used: Option<u64>, of: Option<u64>| used.filter(|used| of.is_some_and(|of| *used <= of));
        Self {
            name: figures::name(self.name),
            memory_total_bytes,
            memory_used_bytes: part(self.memory_used_bytes, memory_total_bytes),
            shared_total_bytes,
            shared_used_bytes: part(self.shared_used_bytes, shared_total_bytes),
            link: self.link.believable(),
            facts: self.facts.believable(),
            now: self.now.believable(memory_total_bytes.max(shared_total_bytes)),
            ..self
        }
    }
}

/// The chips under `root` (`/` but for tests), by address. Screens of servers and virtual machines are left out.
pub(super) fn list(root: &Path) -> Vec<GraphicsChip> {
    let mut found = BTreeMap::new();
    let of_screens = below(&root.join("sys/class/drm")).into_iter().filter(|path| is_card(path));
    let of_slots = below(&root.join("sys/bus/pci/devices"));
    let devices = of_screens.map(|card| card.join("device")).chain(of_slots.into_iter().filter(|path| draws(path)));
    for chip in devices.filter_map(|device| read(root, &device)).chain(apple::chip(root)).chain(jetson::chip(root)) {
        if found.len() < MOST {
            found.entry(chip.pci_bus_id.clone()).or_insert(chip);
        }
    }
    // Its tool tells more than the list of the bus does.
    found.extend(ascend::chips(root).into_iter().map(|chip| (chip.pci_bus_id.clone(), chip)));
    found.into_values().map(GraphicsChip::believable).collect()
}

/// Whether a chip is part of its processor, by maker, number and place. One of Intel's whose place nobody tells is taken for one: what
/// is no VRAM must not be counted as such.
pub(super) fn is_built_in(chip: &GraphicsChip, place: Option<&str>) -> bool {
    match chip.vendor() {
        Some(Vendor::Amd) => amd::is_built_in(chip.pci_id.device),
        Some(Vendor::Intel) => place.is_none_or(intel::is_built_in),
        _ => false,
    }
}

/// `card0`, but not its outputs `card0-DP-1`.
fn is_card(path: &Path) -> bool {
    let number = path.file_name().and_then(|name| name.to_str()?.strip_prefix("card"));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit()))
}

/// Display controllers and processing accelerators.
fn draws(device: &Path) -> bool {
    text(&device.join("class")).is_some_and(|class| class.starts_with("0x03") || class.starts_with("0x1200"))
}

fn read(root: &Path, device: &Path) -> Option<GraphicsChip> {
    let id = |file| u16::from_str_radix(text(&device.join(file))?.strip_prefix("0x")?, 16).ok();
    let pci_id = PciId { vendor: id("vendor")?, device: id("device")? };
    let event = text(&device.join("uevent")).unwrap_or_default();
    let named = event.lines().find_map(|line| line.strip_prefix("PCI_SLOT_NAME=").map(str::to_owned));
    let real = std::fs::canonicalize(device).unwrap_or_else(|_| device.to_owned());
    let linked = || Some(real.file_name()?.to_str()?.to_owned());
    let mut chip = GraphicsChip::new(pci_id, figures::name(named.or_else(linked))?);
    let seen = Seen { root, device };
    match chip.vendor()? {
        Vendor::Amd => amd::read(seen, &mut chip),
        Vendor::Intel => intel::read(seen, &mut chip),
        _ => {}
    }
    if !chip.integrated {
        chip.link = link::read(&real);
    }
    Some(chip)
}

/// Where a chip's files lie.
#[derive(Clone, Copy)]
struct Seen<'a> {
    /// `/` but for tests.
    root: &'a Path,
    /// Its folder, as it is listed.
    device: &'a Path,
}

impl Seen<'_> {
    fn number<T: std::str::FromStr>(self, file: &str) -> Option<T> {
        number(&self.device.join(file))
    }

    /// The folder of the screen that it drives, such as `/sys/class/drm/card0`.
    fn screen(self) -> Option<PathBuf> {
        below(&self.device.join("drm"))
            .into_iter()
            .chain(self.device.parent().map(Path::to_owned))
            .find(|path| is_card(path))
    }
}
