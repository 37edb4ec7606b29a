//! `rigplan detect`: what this machine has.

use super::columns::{NO_DATA, known};
use super::json;
use crate::catalog::Catalog;
use crate::catalog::card::Vendor;
use crate::system::detect::{Detected, DetectedCard, GraphicsChip};
use crate::text::Locale;
use crate::units::Bytes;

/// What was found, as text or JSON.
pub(super) fn show(found: &Detected, catalog: &Catalog, as_json: bool, locale: Locale) -> Vec<u8> {
    if as_json {
        return json::line(found);
    }
    let mut lines = vec![found.nvml.say(locale)];
    lines.extend(found.cards.iter().map(|card| describe(card, catalog)));
    lines
        .extend(found.unreadable.iter().map(|card| format!("Card {} could not be asked: {}", card.index, card.reason)));
    lines.extend(found.graphics.iter().map(|chip| describe_chip(found, chip, catalog)));
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
    let slice = if card.slice_of.is_some() { "slice of " } else { "" };
    let total = card.memory_total_bytes.map(Bytes);
    let free = card.memory_free_bytes.map(Bytes);
    let id = card.known(catalog).map_or("not in the catalog", |known| known.id.as_str());
    let link = match (card.pcie_gen_max, card.pcie_lanes_max) {
        (Some(generation), Some(lanes)) => format!("PCIe {generation}.0 x{lanes}"),
        _ => format!("PCIe {NO_DATA}"),
    };
    format!(
        "Card {}: {slice}{} ({id}), {} VRAM, {} free, {link}",
        card.index,
        known(card.name.as_ref()),
        known(total),
        known(free)
    )
}

fn describe_chip(found: &Detected, chip: &GraphicsChip, catalog: &Catalog) -> String {
    let name = match found.known_chip(chip, catalog) {
        Some(card) => format!("{} ({})", card.name, card.id),
        None => format!("{} {}", chip.vendor().map_or("", Vendor::name), chip.pci_id),
    };
    let memory = match chip.memory_total_bytes.map(Bytes) {
        _ if chip.integrated => "part of the processor, no VRAM of its own".to_owned(),
        total => format!("{} VRAM", known(total)),
    };
    format!("Graphics {}: {name}, {memory}", chip.pci_bus_id)
}
