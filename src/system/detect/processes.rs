//! Programs beside the VRAM that they hold: names and RAM, where this system can see them.

use std::path::Path;

use super::graphics::GraphicsChip;
use super::reading::VramProcess;
use super::small_file::{figure, text};
use super::{DetectedCard, figures};

const KIB: u64 = 1024;

/// Adds what the system counts of each program on a card whose driver keeps that to itself, as NVIDIA's does on Windows.
pub(super) fn beside_driver(cards: &mut [DetectedCard], chips: &[GraphicsChip]) {
    // The driver's addresses have a longer domain.
    let slot = |address: &str| address.split_once(':').map(|(_, slot)| slot.to_ascii_lowercase());
    for card in cards {
        let Some(here) = card.pci_bus_id.as_deref().and_then(slot) else { continue };
        let Some(chip) = chips.iter().find(|chip| slot(&chip.pci_bus_id).as_ref() == Some(&here)) else { continue };
        let counted = chip.now.processes.as_deref().unwrap_or_default();
        for process in card.now.processes.as_deref_mut().unwrap_or_default() {
            let known = counted.iter().find(|known| known.pid == process.pid);
            process.vram_bytes = process.vram_bytes.or_else(|| known?.vram_bytes);
        }
    }
}

/// Adds what `/proc` says of each. In a container those outside have other numbers, or none.
pub(super) fn complete(root: &Path, processes: &mut [VramProcess]) {
    for process in processes {
        let folder = root.join("proc").join(process.pid.to_string());
        let Some(status) = text(&folder.join("status")) else { continue };
        if process.name.is_none() {
            process.name = figures::name(text(&folder.join("comm")));
        }
        let bytes = |name| figure(&status, name)?.checked_mul(KIB);
        process.ram_bytes = bytes("VmRSS");
        process.swap_bytes = bytes("VmSwap");
    }
}
