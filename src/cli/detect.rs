//! `rigplan detect`: what this machine has.

use super::columns::{NO_DATA, known};
use super::json;
use crate::catalog::Catalog;
use crate::system::detect::{Detected, DetectedCard};
use crate::text::Locale;
use crate::units::Bytes;

/// What was found, as text or JSON.
pub(super) fn show(found: &Detected, catalog: &Catalog, as_json: bool) -> Vec<u8> {
    if as_json {
        return json::line(found);
    }
    let mut lines = vec![found.nvml.say(Locale::En)];
    lines.extend(found.cards.iter().map(|card| describe(card, catalog)));
    lines
        .extend(found.unreadable.iter().map(|card| format!("Card {} could not be asked: {}", card.index, card.reason)));
    let ram = found.host.ram_total_bytes.map(Bytes);
    let available = found.host.ram_available_bytes.map(Bytes);
    lines.push(format!("RAM: {}, {} available", known(ram), known(available)));
    let cores = found.host.physical_cores.map(|cores| format!(", {cores} cores")).unwrap_or_default();
    lines.push(format!("Processor: {}{cores}", known(found.host.cpu.as_ref())));
    lines.push(format!("System: {}", known(found.host.os.as_ref())));
    lines.push(String::new());
    lines.join("\n").into_bytes()
}

fn describe(card: &DetectedCard, catalog: &Catalog) -> String {
    let total = card.memory_total_bytes.map(Bytes);
    let free = card.memory_free_bytes.map(Bytes);
    let id = card.known(catalog).map_or("not in the catalog", |known| known.id.as_str());
    let link = match (card.pcie_gen_max, card.pcie_lanes_max) {
        (Some(generation), Some(lanes)) => format!("PCIe {generation}.0 x{lanes}"),
        _ => format!("PCIe {NO_DATA}"),
    };
    format!(
        "Card {}: {} ({id}), {} VRAM, {} free, {link}",
        card.index,
        known(card.name.as_ref()),
        known(total),
        known(free)
    )
}
