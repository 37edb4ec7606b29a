//! `rigplan detect`: what this machine has.

use super::columns::known;
use super::json;
use super::words::said;
use crate::catalog::Catalog;
use crate::catalog::card::Vendor;
use crate::system::detect::{Detected, DetectedCard, GraphicsChip};
use crate::text::{Key, Locale, Placeholder};
use crate::units::Bytes;

/// What was found, as text or JSON.
pub(super) fn show(found: &Detected, catalog: &Catalog, as_json: bool, locale: Locale) -> Vec<u8> {
    if as_json {
        return json::line(found);
    }
    let speech = FoundSpeech { found, catalog, locale };
    let mut lines = vec![found.nvml.say(locale)];
    lines.extend(found.cards.iter().map(|card| speech.card(card)));
    lines.extend(found.unreadable.iter().map(|card| {
        let holes = [(Placeholder::Count, card.index.to_string()), (Placeholder::Name, card.why(locale))];
        said(locale, Key::MachineUnreadable, &holes)
    }));
    lines.extend(found.graphics.iter().map(|chip| speech.chip(chip)));
    let bytes = |bytes: Option<u64>| known(bytes.map(Bytes), locale);
    let ram = [
        (Placeholder::Value, bytes(found.host.ram_total_bytes)),
        (Placeholder::Free, bytes(found.host.ram_available_bytes)),
    ];
    lines.push(said(locale, Key::FoundRam, &ram));
    let cpu = known(found.host.cpu.as_ref(), locale);
    let cpu = match found.host.physical_cores {
        Some(cores) => {
            said(locale, Key::MachineCores, &[(Placeholder::Name, cpu), (Placeholder::Count, cores.to_string())])
        }
        None => cpu,
    };
    lines.push(said(locale, Key::FoundProcessor, &[(Placeholder::Value, cpu)]));
    lines.push(said(locale, Key::FoundSystem, &[(Placeholder::Value, known(found.host.os.as_ref(), locale))]));
    lines.push(String::new());
    lines.join("\n").into_bytes()
}

struct FoundSpeech<'a> {
    found: &'a Detected,
    catalog: &'a Catalog,
    locale: Locale,
}

impl FoundSpeech<'_> {
    fn card(&self, card: &DetectedCard) -> String {
        let locale = self.locale;
        let name = known(card.name.as_ref(), locale);
        let name = match card.slice_of {
            Some(_) => said(locale, Key::FoundSlice, &[(Placeholder::Name, name)]),
            None => name,
        };
        let id = card.known(self.catalog).map_or_else(|| locale.word(Key::FoundUnknown), |known| known.id.as_str());
        let link = match (card.pcie_gen_max, card.pcie_lanes_max) {
            (Some(generation), Some(lanes)) => format!("PCIe {generation}.0 x{lanes}"),
            _ => format!("PCIe {}", locale.word(Key::NoData)),
        };
        let holes = [
            (Placeholder::Count, card.index.to_string()),
            (Placeholder::Name, name),
            (Placeholder::Card, id.to_owned()),
            (Placeholder::Vram, known(card.memory_total_bytes.map(Bytes), locale)),
            (Placeholder::Free, known(card.memory_free_bytes.map(Bytes), locale)),
            (Placeholder::Lanes, link),
        ];
        said(locale, Key::FoundCard, &holes)
    }

    fn chip(&self, chip: &GraphicsChip) -> String {
        let locale = self.locale;
        let name = match self.found.known_chip(chip, self.catalog) {
            Some(card) => format!("{} ({})", card.name, card.id),
            None => format!("{} {}", chip.vendor().map_or("", Vendor::name), chip.pci_id),
        };
        let memory = match chip.memory_total_bytes.map(Bytes) {
            _ if chip.integrated => locale.word(Key::FoundIntegrated).to_owned(),
            total => said(locale, Key::FoundVram, &[(Placeholder::Value, known(total, locale))]),
        };
        let holes =
            [(Placeholder::Card, chip.pci_bus_id.clone()), (Placeholder::Name, name), (Placeholder::Value, memory)];
        said(locale, Key::FoundGraphics, &holes)
    }
}
