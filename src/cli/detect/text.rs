//! A machine as a terminal shows it.

use crate::catalog::Catalog;
use crate::cli::columns::known;
use crate::cli::words::said;
use crate::system::detect::{Detected, DetectedCard, Disk, DiskKind, GraphicsChip, SeenDevice, VramProcess};
use crate::text::{Join, Key, Locale, Placeholder};
use crate::units::Bytes;

/// Programs that are named of each device.
const MOST_PROGRAMS: usize = 8;

/// What was found, line by line.
pub(super) fn of(found: &Detected, catalog: &Catalog, locale: Locale) -> Vec<u8> {
    let speech = FoundSpeech { found, catalog, locale };
    let mut lines = vec![found.nvml.say(locale)];
    let devices = found.devices(catalog);
    let (cards, chips) = devices.split_at(found.cards.len());
    for (card, device) in found.cards.iter().zip(cards) {
        lines.push(speech.card(card));
        lines.extend(speech.doing(device));
    }
    lines.extend(found.unreadable.iter().map(|card| {
        let holes = [(Placeholder::Count, card.index.to_string()), (Placeholder::Name, card.why(locale))];
        said(locale, Key::MachineUnreadable, &holes)
    }));
    for (chip, device) in found.graphics.iter().zip(chips) {
        lines.push(speech.chip(chip));
        lines.extend(speech.doing(device));
    }
    lines.extend(found.places_in_words(catalog, locale));
    lines.extend(speech.host());
    lines.push(String::new());
    lines.join("\n").into_bytes()
}

struct FoundSpeech<'a> {
    found: &'a Detected,
    catalog: &'a Catalog,
    locale: Locale,
}

impl FoundSpeech<'_> {
    fn with(&self, key: Key, holes: &[(Placeholder, String)]) -> String {
        said(self.locale, key, holes)
    }

    fn bytes(&self, bytes: Option<u64>) -> String {
        known(bytes.map(Bytes), self.locale)
    }

    fn card(&self, card: &DetectedCard) -> String {
        let locale = self.locale;
        let name = known(card.name.as_ref(), locale);
        let name = match card.slice_of {
            Some(_) => self.with(Key::FoundSlice, &[(Placeholder::Name, name)]),
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
            (Placeholder::Vram, self.bytes(card.memory_total_bytes)),
            (Placeholder::Free, self.bytes(card.memory_free_bytes)),
            (Placeholder::Lanes, link),
        ];
        self.with(Key::FoundCard, &holes)
    }

    fn chip(&self, chip: &GraphicsChip) -> String {
        let locale = self.locale;
        let name = match self.found.known_chip(chip, self.catalog) {
            Some(card) => format!("{} ({})", card.name, card.id),
            None => chip.called(),
        };
        let memory = match chip.memory_total_bytes {
            _ if chip.integrated => locale.word(Key::FoundIntegrated).to_owned(),
            total => self.with(Key::FoundVram, &[(Placeholder::Value, self.bytes(total))]),
        };
        let memory = match chip.shared_total_bytes.filter(|_| chip.integrated) {
            Some(shared) => {
                let may = self.bytes(Some(shared.saturating_add(chip.memory_total_bytes.unwrap_or(0))));
                self.with(Key::FoundShared, &[(Placeholder::Value, memory), (Placeholder::Other, may)])
            }
            None => memory,
        };
        let holes =
            [(Placeholder::Card, chip.pci_bus_id.clone()), (Placeholder::Name, name), (Placeholder::Value, memory)];
        self.with(Key::FoundGraphics, &holes)
    }

    /// What a device does just now, who holds its memory, and what is wrong with it; nothing where nothing is told.
    fn doing(&self, device: &SeenDevice<'_>) -> Vec<String> {
        let locale = self.locale;
        let target = device.facts.compute_capability.clone();
        let doing = [Some(device.doing(locale)).filter(|words| !words.is_empty()), target];
        let doing = locale.join(Join::Phrases, doing.into_iter().flatten());
        let programs = device.now.processes.iter().flatten().take(MOST_PROGRAMS).map(|it: &VramProcess| it.say(locale));
        let programs = locale.join(Join::Phrases, programs);
        let programs = Some(programs).filter(|words| !words.is_empty());
        let lines = [
            Some(doing).filter(|words| !words.is_empty()),
            programs.map(|words| self.with(Key::FoundPrograms, &[(Placeholder::Name, words)])),
        ];
        let warnings = device
            .warnings()
            .into_iter()
            .map(|it| self.with(Key::FoundWarning, &[(Placeholder::Name, it.say(locale))]));
        lines.into_iter().flatten().chain(warnings).map(|line| format!("  {line}")).collect()
    }

    fn host(&self) -> Vec<String> {
        let (host, locale) = (&self.found.host, self.locale);
        let ram = [
            (Placeholder::Value, self.bytes(host.ram_total_bytes)),
            (Placeholder::Free, self.bytes(host.ram_available_bytes)),
        ];
        let mut lines = vec![self.with(Key::FoundRam, &ram)];
        let limit = host.ram_limit_bytes;
        lines.extend(limit.map(|_| self.with(Key::FoundLimit, &[(Placeholder::Value, self.bytes(limit))])));
        lines.extend(host.modules_in_words(locale).map(|words| format!("  {words}")));
        lines.extend(host.rates_in_words(locale).map(|words| format!("  {words}")));
        let swap = host.swap_total_bytes.filter(|bytes| *bytes > 0);
        lines.extend(swap.map(|total| {
            let holes =
                [(Placeholder::Value, self.bytes(Some(total))), (Placeholder::Free, self.bytes(host.swap_free_bytes))];
            self.with(Key::FoundSwap, &holes)
        }));
        let cpu = known(host.cpu.as_ref(), locale);
        let cpu = match host.physical_cores {
            Some(cores) => {
                self.with(Key::MachineCores, &[(Placeholder::Name, cpu), (Placeholder::Count, cores.to_string())])
            }
            None => cpu,
        };
        lines.push(self.with(Key::FoundProcessor, &[(Placeholder::Value, cpu)]));
        lines.extend(host.disks.iter().map(|disk| self.disk(*disk)));
        lines.push(self.with(Key::FoundSystem, &[(Placeholder::Value, known(host.os.as_ref(), locale))]));
        lines
    }

    fn disk(&self, disk: Disk) -> String {
        let kind = self.locale.word(match disk.kind {
            DiskKind::Nvme => Key::FoundNvme,
            DiskKind::Ssd => Key::FoundSsd,
            DiskKind::Hdd => Key::FoundHdd,
        });
        self.with(
            Key::FoundDisk,
            &[(Placeholder::Name, kind.to_owned()), (Placeholder::Value, self.bytes(Some(disk.bytes)))],
        )
    }
}
