//! Graphics chips of any maker, as Linux lists them, without their drivers' help.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::figures;
use crate::catalog::card::{PciId, Vendor};

/// More than any machine has; a broken tree may have any number.
const MOST: usize = 64;
/// The longest file that is read: each holds one number or a few lines.
const LONGEST: u64 = 4096;
/// AMD's chips on cards of their own, since 2012, have these device ids; those in processors lie outside.
const AMD_CARDS: std::ops::RangeInclusive<u16> = 0x6600..=0x7FFF;
/// Where Intel puts graphics that are part of the processor.
const INTEL_BUILT_IN: &str = "0000:00:";

/// A graphics chip as the system lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GraphicsChip {
    /// Maker and device.
    pub pci_id: PciId,
    /// Its address, such as `0000:03:00.0`.
    pub pci_bus_id: String,
    /// VRAM in bytes, where the driver tells.
    pub memory_total_bytes: Option<u64>,
    /// VRAM in bytes that programs hold just now.
    pub memory_used_bytes: Option<u64>,
    /// Part of the processor: it has no VRAM, what it uses is RAM.
    pub integrated: bool,
}

impl GraphicsChip {
    /// The maker, where it is one whose cards are planned with.
    pub fn vendor(&self) -> Option<Vendor> {
        match self.pci_id.vendor {
            0x10DE => Some(Vendor::Nvidia),
            0x1002 => Some(Vendor::Amd),
            0x8086 => Some(Vendor::Intel),
            _ => None,
        }
    }
}

/// The chips under `root` (`/` but for tests), by address. Screens of servers and virtual machines are left out.
pub(super) fn list(root: &Path) -> Vec<GraphicsChip> {
    let mut found = BTreeMap::new();
    let of_screens = folders(&root.join("sys/class/drm")).into_iter().filter(|path| is_card(path));
    let of_slots = folders(&root.join("sys/bus/pci/devices"));
    let devices = of_screens.map(|card| card.join("device")).chain(of_slots.into_iter().filter(|path| draws(path)));
    for chip in devices.filter_map(|device| read(&device)) {
        if found.len() < MOST {
            found.entry(chip.pci_bus_id.clone()).or_insert(chip);
        }
    }
    found.into_values().collect()
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).into_iter().flatten().take(4096);
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
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

fn read(device: &Path) -> Option<GraphicsChip> {
    let id = |file| u16::from_str_radix(text(&device.join(file))?.strip_prefix("0x")?, 16).ok();
    let bytes = |file| text(&device.join(file))?.parse().ok();
    let pci_id = PciId { vendor: id("vendor")?, device: id("device")? };
    let event = text(&device.join("uevent")).unwrap_or_default();
    let named = event.lines().find_map(|line| line.strip_prefix("PCI_SLOT_NAME=").map(str::to_owned));
    let linked = || Some(fs::canonicalize(device).ok()?.file_name()?.to_str()?.to_owned());
    let pci_bus_id = figures::name(named.or_else(linked))?;
    let mut chip =
        GraphicsChip { pci_id, pci_bus_id, memory_total_bytes: None, memory_used_bytes: None, integrated: false };
    chip.integrated = match chip.vendor()? {
        Vendor::Amd => !AMD_CARDS.contains(&pci_id.device),
        Vendor::Intel => chip.pci_bus_id.starts_with(INTEL_BUILT_IN),
        _ => false,
    };
    chip.memory_total_bytes = figures::memory(bytes("mem_info_vram_total"));
    chip.memory_used_bytes =
        bytes("mem_info_vram_used").filter(|used| chip.memory_total_bytes.is_some_and(|total| *used <= total));
    Some(chip)
}

/// The text of a small file, without the line's end.
pub(super) fn text(path: &Path) -> Option<String> {
    use std::io::Read;
    let mut text = String::new();
    fs::File::open(path).ok()?.take(LONGEST).read_to_string(&mut text).ok()?;
    Some(text.trim().to_owned())
}
