//! From what was found to the machine of a plan.

use super::{Detected, DetectedCard};
use crate::plan::{CardChoice, CardCount, Machine, OperatingSystem, bounds};
use crate::units::{Bytes, GIB};

/// A card of the catalog that a detected device was found to be.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownCard {
    /// Its id.
    pub id: String,
    /// Memory of one device in GiB, where the maker sells several sizes.
    pub memory_gib: Option<f64>,
    /// Devices on one card: the driver lists each, a plan counts cards.
    pub devices: u32,
}

impl Detected {
    /// The plan's machine: `find` looks a device up in the catalog by its name and VRAM.
    ///
    /// Devices the catalog lacks keep their measured VRAM; of those whose VRAM is unknown as well, nothing can be
    /// planned and they are left out. Whatever was not found out keeps the value of `before`.
    #[must_use]
    pub fn machine(&self, before: &Machine, find: impl Fn(&str, Option<Bytes>) -> Option<KnownCard>) -> Machine {
        let mut machine = Machine { cards: self.card_counts(find), os: this_system(), ..before.clone() };
        if let Some(bytes) = self.host.ram_total_bytes {
            machine.ram_gib = hundredths(bytes);
        }
        // A machine has one kind of slot in a plan, so the slowest counts.
        let slowest =
            |values: Vec<Option<u32>>| values.into_iter().flatten().min().and_then(|it| u8::try_from(it).ok());
        machine.pcie_gen = slowest(self.cards.iter().map(|card| card.pcie_gen_max).collect());
        machine.pcie_lanes = slowest(self.cards.iter().map(|card| card.pcie_lanes_max).collect());
        machine.pcie_gen = machine.pcie_gen.filter(|generation| bounds::PCIE_GEN.contains(generation));
        machine.pcie_lanes = machine.pcie_lanes.filter(|lanes| bounds::PCIE_LANES.contains(lanes));
        machine.screen = self.cards.first().and_then(|card| card.display_active).unwrap_or(before.screen);
        machine
    }

    /// Neighbors of one kind become one entry, so that device order stays.
    fn card_counts(&self, find: impl Fn(&str, Option<Bytes>) -> Option<KnownCard>) -> Vec<CardCount> {
        let mut counts: Vec<(CardCount, u32)> = Vec::new();
        for found in &self.cards {
            let known = find(&found.name, found.memory_total_bytes.map(Bytes));
            let Some((card, devices)) = known.map(KnownCard::one_device).or_else(|| Some((found.one_device()?, 1)))
            else {
                continue;
            };
            match counts.last_mut() {
                Some((last, _)) if last.card == card.card && last.memory_gib == card.memory_gib => last.count += 1,
                _ => counts.push((card, devices)),
            }
        }
        // Devices were counted so far.
        let cards = |(card, devices): (CardCount, u32)| CardCount { count: card.count.div_ceil(devices), ..card };
        counts.into_iter().map(cards).collect()
    }
}

impl KnownCard {
    /// One device of it, and how many make a card.
    fn one_device(self) -> (CardCount, u32) {
        let card = CardCount { card: CardChoice::Catalog(self.id), count: 1, memory_gib: self.memory_gib };
        (card, self.devices.max(1))
    }
}

impl DetectedCard {
    fn one_device(&self) -> Option<CardCount> {
        let memory_bytes = self.memory_total_bytes.filter(|bytes| bounds::MEMORY_BYTES.contains(bytes))?;
        let card = CardChoice::Detected { name: self.name.clone(), memory_bytes };
        Some(CardCount { card, count: 1, memory_gib: None })
    }
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
