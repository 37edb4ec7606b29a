//! From what was found to the machine of a plan.

use super::{Detected, DetectedCard};
use crate::plan::{CardChoice, CardCount, Machine, OperatingSystem, bounds};
use crate::units::Bytes;

impl Detected {
    /// The plan's machine: `find` looks a card up in the catalog by its name and VRAM in bytes.
    ///
    /// Cards the catalog lacks keep their measured VRAM; of those whose VRAM is unknown as well, nothing can be planned
    /// and they are left out. Whatever was not found out keeps the value of `before`.
    #[must_use]
    pub fn machine(&self, before: &Machine, find: impl Fn(&str, Option<u64>) -> Option<CardChoice>) -> Machine {
        let mut machine = Machine { cards: Vec::new(), os: this_system(), ..before.clone() };
        for found in &self.cards {
            if let Some(card) = find(&found.name, found.memory_total_bytes).or_else(|| found.as_choice()) {
                push(&mut machine.cards, card);
            }
        }
        if let Some(bytes) = self.host.ram_total_bytes {
            // Two digits, downward: never more than there is.
            machine.ram_gib = (Bytes(bytes).gib() * 100.0).floor() / 100.0;
        }
        // A machine has one kind of slot in a plan, so the slowest counts.
        machine.pcie_gen = slowest(self.cards.iter().map(|card| card.pcie_gen_max));
        machine.pcie_lanes = slowest(self.cards.iter().map(|card| card.pcie_lanes_max));
        machine.pcie_gen = machine.pcie_gen.filter(|generation| bounds::PCIE_GEN.contains(generation));
        machine.pcie_lanes = machine.pcie_lanes.filter(|lanes| bounds::PCIE_LANES.contains(lanes));
        machine.screen = self.cards.first().and_then(|card| card.display_active).unwrap_or(before.screen);
        machine
    }
}

impl DetectedCard {
    fn as_choice(&self) -> Option<CardChoice> {
        let memory_bytes = self.memory_total_bytes.filter(|bytes| bounds::MEMORY_BYTES.contains(bytes))?;
        Some(CardChoice::Detected { name: self.name.clone(), memory_bytes })
    }
}

/// Neighbors of one kind become one entry, so that device order stays.
fn push(cards: &mut Vec<CardCount>, card: CardChoice) {
    match cards.last_mut() {
        Some(last) if last.card == card => last.count += 1,
        _ => cards.push(CardCount { card, count: 1, memory_gib: None }),
    }
}

fn slowest(values: impl Iterator<Item = Option<u32>>) -> Option<u8> {
    values.flatten().min().and_then(|value| u8::try_from(value).ok())
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
