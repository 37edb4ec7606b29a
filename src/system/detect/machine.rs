//! From what was found to the machine of a plan.

use super::graphics::GraphicsChip;
use super::{Detected, DetectedCard};
use crate::catalog::Catalog;
use crate::catalog::card::{Card, Vendor};
use crate::plan::{CardChoice, CardCount, Machine, OperatingSystem, bounds};
use crate::units::{Bytes, GIB};

/// How far a measured VRAM may lie from the catalog's figure and still be the same: drivers' versions differ by less.
const SAME: f64 = 0.002;

/// One device that can be planned with.
#[derive(Debug, Clone, PartialEq)]
pub struct Plannable {
    /// What it is in a plan.
    pub device: CardCount,
    /// How many such devices make one card.
    per_card: u32,
    /// VRAM in bytes that nothing holds just now.
    pub free: Option<Bytes>,
}

impl Detected {
    /// The plan's machine, with the cards that `catalog` knows.
    ///
    /// Devices it lacks keep their measured VRAM; of those whose VRAM is unknown as well, nothing can be planned and they
    /// are left out. Whatever was not found out keeps the value of `before`.
    pub fn machine(&self, before: &Machine, catalog: &Catalog) -> Machine {
        let mut machine = Machine { cards: self.card_counts(catalog), os: this_system(), ..before.clone() };
        if let Some(bytes) = self.host.ram_total_bytes {
            machine.ram_gib = hundredths(bytes);
        }
        machine.pcie_gen = self.slowest(|card| card.pcie_gen_max);
        machine.pcie_lanes = self.slowest(|card| card.pcie_lanes_max);
        machine.screen = self.cards.first().and_then(|card| card.display_active).unwrap_or(before.screen);
        machine
    }

    /// The devices that one program can use at once. CUDA gives it whole cards, or a single slice: then the largest. Cards of
    /// other makers count where NVIDIA has none, those of one maker.
    pub fn plannable(&self, catalog: &Catalog) -> Vec<Plannable> {
        let (slices, whole): (Vec<&DetectedCard>, Vec<_>) =
            self.cards.iter().filter(|card| card.is_usable()).partition(|card| card.slice_of.is_some());
        let of = |cards: &[&DetectedCard]| -> Vec<Plannable> {
            cards.iter().filter_map(|card| card.plannable(catalog)).collect()
        };
        let whole = of(&whole);
        if !whole.is_empty() {
            return whole;
        }
        if let Some(largest) = slices.into_iter().max_by_key(|slice| slice.memory_total_bytes) {
            return of(&[largest]);
        }
        let of_maker = |maker| -> Vec<Plannable> {
            let chips = self.graphics.iter().filter(|chip| chip.vendor() == Some(maker));
            chips.filter_map(|chip| self.plannable_chip(chip, catalog)).collect()
        };
        [Vendor::Amd, Vendor::Intel].into_iter().map(of_maker).find(|chips| !chips.is_empty()).unwrap_or_default()
    }

    /// Neighbors of one kind become one entry, so that device order stays.
    fn card_counts(&self, catalog: &Catalog) -> Vec<CardCount> {
        let mut kinds: Vec<Plannable> = Vec::new();
        for found in self.plannable(catalog) {
            match kinds.last_mut() {
                Some(last) if last.device.is_like(&found.device) => last.device.count += 1,
                _ => kinds.push(found),
            }
        }
        // The driver lists devices, a plan counts cards.
        let as_cards = |kind: Plannable| CardCount { count: kind.device.count.div_ceil(kind.per_card), ..kind.device };
        kinds.into_iter().map(as_cards).collect()
    }

    /// A machine has one kind of slot in a plan, so the slowest counts.
    fn slowest(&self, value: impl Fn(&DetectedCard) -> Option<u32>) -> Option<u8> {
        self.cards.iter().filter_map(value).min().and_then(|value| u8::try_from(value).ok())
    }

    /// The card of the catalog that a chip is, where its id tells.
    pub fn known_chip<'a>(&self, chip: &GraphicsChip, catalog: &'a Catalog) -> Option<&'a Card> {
        let memory = chip.memory_total_bytes.map(Bytes);
        let card = catalog.find_chip(chip.pci_id, memory, self.host.laptop == Some(true))?;
        (chip.integrated == card.is_unified()).then_some(card)
    }

    fn plannable_chip(&self, chip: &GraphicsChip, catalog: &Catalog) -> Option<Plannable> {
        let known = self.known_chip(chip, catalog);
        if chip.integrated {
            // One memory with the processor: what the system shows and what the chip has taken of it.
            let whole = self.host.ram_total_bytes?.checked_add(chip.memory_total_bytes.unwrap_or(0))?;
            let card = known.filter(|card| card.memory_sizes_gib().len() > 1)?;
            let size = card.memory_sizes_gib().iter().copied().find(|size| Bytes(whole).gib() <= *size)?;
            let is_near = Bytes(whole).gib() / size > 0.9;
            return is_near.then(|| Plannable::one(of_catalog(card, Some(size)), 1, None));
        }
        let free = chip.memory_total_bytes.zip(chip.memory_used_bytes).map(|(total, used)| Bytes(total - used));
        match (known, chip.memory_total_bytes) {
            (Some(card), Some(measured)) => {
                let device = of_catalog(card, memory_gib(card, Bytes(measured)));
                Some(Plannable::one(device, card.devices_per_card.into(), free))
            }
            (Some(card), None) => {
                // The careful side of the sizes that it is sold with.
                let least = card.memory_sizes_gib().iter().copied().reduce(f64::min);
                let size = least.filter(|size| *size < card.memory_gib);
                Some(Plannable::one(of_catalog(card, size), card.devices_per_card.into(), free))
            }
            (None, measured) => {
                let name = format!("{} {}", chip.vendor()?.name(), chip.pci_id);
                Some(Plannable::one(by_itself(name, measured?)?, 1, free))
            }
        }
    }
}

impl DetectedCard {
    /// The card of the catalog that this is, or the slice of one.
    ///
    /// Where the driver tells no memory (as for GB10, whose memory is the machine's RAM) only a card with unified memory
    /// matches.
    pub fn known<'a>(&self, catalog: &'a Catalog) -> Option<&'a Card> {
        let bytes = |bytes: Option<u64>| bytes.map_or(Bytes::ZERO, Bytes);
        let name = self.name.as_deref()?;
        let Some(whole) = &self.slice_of else { return catalog.find_card(name, bytes(self.memory_total_bytes)) };
        let slice = catalog.find_slice(name, whole.name.as_deref()?, bytes(whole.memory_total_bytes))?;
        // Where it has not the memory that its name tells, the name is not to be trusted.
        let measured = self.memory_total_bytes.map(Bytes);
        measured.is_none_or(|it| slice.device_memory(Some(it.gib())).is_ok()).then_some(slice)
    }

    /// One that is cut into slices cannot be had whole.
    fn is_usable(&self) -> bool {
        self.slice_of.is_some() || self.mig != Some(true)
    }

    fn plannable(&self, catalog: &Catalog) -> Option<Plannable> {
        let free = self.memory_free_bytes.map(Bytes);
        if let Some(card) = self.known(catalog) {
            let memory_gib = self.memory_total_bytes.and_then(|measured| memory_gib(card, Bytes(measured)));
            return Some(Plannable::one(of_catalog(card, memory_gib), card.devices_per_card.into(), free));
        }
        let name = self.name.clone().unwrap_or_else(|| Vendor::Nvidia.name().to_owned());
        Some(Plannable::one(by_itself(name, self.memory_total_bytes?)?, 1, free))
    }
}

impl Plannable {
    fn one(device: CardCount, per_card: u32, free: Option<Bytes>) -> Self {
        Self { device, per_card: per_card.max(1), free }
    }
}

fn of_catalog(card: &Card, memory_gib: Option<f64>) -> CardCount {
    CardCount { memory_gib, ..CardCount::of(CardChoice::Catalog(card.id.clone()), 1) }
}

fn by_itself(name: String, memory_bytes: u64) -> Option<CardCount> {
    let card = CardChoice::Detected { name, memory_bytes };
    bounds::MEMORY_BYTES.contains(&memory_bytes).then_some(CardCount::of(card, 1))
}

/// What a plan has to say of the memory for `card` to have what was measured: nothing where the catalog has that figure,
/// else one of the sizes on sale, else the measured figure itself (less where error correction is switched on).
fn memory_gib(card: &Card, measured: Bytes) -> Option<f64> {
    let gives = |asked: Option<f64>| {
        card.device_memory(asked).is_ok_and(|memory| (memory.capacity.gib() / measured.gib() - 1.0).abs() <= SAME)
    };
    if gives(None) {
        return None;
    }
    let on_sale = card.memory_sizes_gib().iter().copied().find(|&size| gives(Some(size)));
    on_sale.or_else(|| Some(hundredths(measured.0)).filter(|&asked| card.device_memory(Some(asked)).is_ok()))
}

/// In GiB with two digits, downward: never more than there is.
fn hundredths(bytes: u64) -> f64 {
    (u128::from(bytes) * 100 / u128::from(GIB)) as f64 / 100.0
}

fn this_system() -> OperatingSystem {
    if cfg!(target_os = "windows") {
        OperatingSystem::Windows
    } else if cfg!(target_os = "macos") {
        OperatingSystem::MacOs
    } else {
        OperatingSystem::Linux
    }
}
