//! From what was found to the machine of a plan.

use super::graphics::GraphicsChip;
use super::pci_link::PciLink;
use super::{Detected, DetectedCard};
use crate::catalog::Catalog;
use crate::catalog::card::{Card, Vendor};
use crate::plan::inputs::InputValue;
use crate::plan::{CardChoice, CardCount, Input, Machine, bounds};
use crate::units::{Bytes, GIB};

/// Unified memory of which the system shows at least this share is that of a size on sale: firmware keeps the rest.
const NEAR: f64 = 0.9;
/// How far a measured VRAM may lie from the catalog's figure and still be the same: drivers' versions differ by less.
const SAME: f64 = 0.002;

/// Makers whose chips are planned with where NVIDIA's driver lists no card; of NVIDIA's only those without VRAM of their own.
const MAKERS: [Vendor; 5] = [Vendor::Nvidia, Vendor::Amd, Vendor::Intel, Vendor::Apple, Vendor::Huawei];

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
        let os = self.host.system.unwrap_or(before.os);
        let mut machine = Machine { cards: self.card_counts(catalog), os, ..before.clone() };
        if let Some(bytes) = self.host.ram_bytes() {
            machine.ram_gib = hundredths(bytes);
        }
        machine.pcie_gen = self.slowest(|link| link.generation_max);
        machine.pcie_lanes = self.slowest(|link| link.lanes_max);
        machine.ram_gb_s = self.host.ram_gb_s().or(before.ram_gb_s);
        machine.disk_gb_s = self.host.disk_gb_s().or(before.disk_gb_s);
        let unified = machine.cards.iter().any(|kind| match &kind.card {
            CardChoice::Catalog(id) => catalog.card(id).is_some_and(Card::is_unified),
            CardChoice::Detected { .. } => false,
        });
        machine.unified_gib = self.given_to_gpu().filter(|_| unified).or(before.unified_gib);
        let links: Vec<u32> = self.cards.iter().filter_map(|card| card.facts.nvlinks).collect();
        machine.nvlink =
            if links.is_empty() { before.nvlink } else { machine.is_pair() && links.iter().all(|it| *it > 0) };
        // What was found stands in one computer.
        machine.boxes = None;
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
            let without_driver = |chip: &&GraphicsChip| maker == Vendor::Nvidia && !chip.integrated;
            let chips = self.graphics.iter().filter(|chip| chip.vendor() == Some(maker));
            let chips = chips.filter(|chip| !without_driver(chip));
            chips.filter_map(|chip| self.plannable_chip(chip, catalog)).collect()
        };
        MAKERS.into_iter().map(of_maker).find(|chips| !chips.is_empty()).unwrap_or_default()
    }

    /// What the system gives the graphics of a memory that they share with the processor, in GiB, where it tells: what firmware carved
    /// out or what the driver lends, whichever is more, since programs get one of both.
    fn given_to_gpu(&self) -> Option<f64> {
        let chip = self.graphics.iter().find(|chip| chip.integrated && chip.shared_total_bytes.is_some())?;
        let given = hundredths(chip.shared_total_bytes.max(chip.memory_total_bytes)?);
        Input::UnifiedGib.entry().kind.takes(InputValue::Real(given)).then_some(given)
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
    fn slowest(&self, value: impl Fn(PciLink) -> Option<u32>) -> Option<u8> {
        let chips = self.graphics.iter().filter(|chip| !chip.integrated).map(|chip| chip.link);
        let links = self.cards.iter().map(DetectedCard::link).chain(chips.filter(|_| self.cards.is_empty()));
        links.filter_map(value).min().and_then(|value| u8::try_from(value).ok())
    }

    /// The card of the catalog that a chip is, where its id tells.
    pub fn known_chip<'a>(&self, chip: &GraphicsChip, catalog: &'a Catalog) -> Option<&'a Card> {
        let memory = chip.memory_total_bytes.map(Bytes);
        let by_number = catalog.find_chip(chip.pci_id, memory, self.host.laptop == Some(true));
        let by_name = || self.named_chip(chip, catalog);
        by_number.or_else(by_name).filter(|card| chip.integrated == card.is_unified())
    }

    /// The same by its name, for those without a number of their own.
    fn named_chip<'a>(&self, chip: &GraphicsChip, catalog: &'a Catalog) -> Option<&'a Card> {
        let (name, maker) = (chip.name.as_deref()?, chip.vendor()?);
        let memory = if chip.integrated { self.host.ram_total_bytes } else { chip.memory_total_bytes };
        let find = |name: &str| catalog.find_card(name, Bytes(memory?)).filter(|card| card.vendor == maker);
        let cores = self.host.physical_cores.map(|cores| format!("{cores}-core"));
        // A chip that is sold with more and fewer cores is named with them, those of graphics or of the processor.
        let brand = name.split_once(" GPU").map_or(name, |(brand, _)| brand);
        let plain = brand.rsplit_once(' ').filter(|(_, last)| last.ends_with("-core")).map_or(name, |(plain, _)| plain);
        let with_cores = || find(&format!("{plain} {}", cores.as_ref()?));
        find(name).or_else(with_cores).or_else(|| find(plain))
    }

    fn plannable_chip(&self, chip: &GraphicsChip, catalog: &Catalog) -> Option<Plannable> {
        let known = self.known_chip(chip, catalog);
        if chip.integrated {
            // One memory with the processor: what the system shows and what the chip has taken of it.
            let whole = self.host.ram_total_bytes?.checked_add(chip.memory_total_bytes.unwrap_or(0))?;
            let (card, sizes) = (known?, known?.memory_sizes_gib());
            let size = sizes.iter().copied().find(|size| Bytes(whole).gib() <= *size)?;
            let is_near = Bytes(whole).gib() / size > NEAR;
            let asked = Some(size).filter(|_| sizes.len() > 1);
            return is_near.then(|| Plannable::one(of_catalog(card, asked), 1, None));
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
            (None, measured) => Some(Plannable::one(by_itself(chip.called(), measured?)?, 1, free)),
        }
    }
}

impl DetectedCard {
    /// Its link to the board.
    pub const fn link(&self) -> PciLink {
        PciLink {
            generation: self.pcie_gen,
            generation_max: self.pcie_gen_max,
            lanes: self.pcie_lanes,
            lanes_max: self.pcie_lanes_max,
        }
    }

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
