//! What is looked over on a machine: power, slots, lanes, RAM and the circuit.

use super::choice::PartList;
use super::score::Scored;
use super::violation::wide;
use crate::catalog::Catalog;
use crate::catalog::parts::{Tier, TierDemand};
use crate::units::Watts;

/// Spare power below this share is said.
const LITTLE_SPARE: f64 = 0.2;

/// Something that is right, or that one should know. Figures: GiB, lanes.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "the fields are named by their units")]
pub enum Check {
    /// What everything draws, of what the supplies deliver.
    Power { draw: Watts, watts: Watts },
    /// Cards in slots, and the processor's lanes they take.
    Slots { cards: u32, slots: u32, lanes: u32, of_lanes: u32 },
    /// The narrowest slot, its generation and rate in GB/s.
    Link { lanes: u8, r#gen: u8, gb_s: Option<f64>, preferred: bool },
    /// RAM, what is needed of it, and the VRAM beside it.
    Ram { gib: u32, needed: f64, vram: f64 },
    /// What is taken from the wall, of what a household circuit carries for hours.
    Circuit { wall: Watts, carries: Watts },
}

impl Check {
    /// Whether nothing needs to be thought about.
    pub fn is_fine(&self) -> bool {
        match *self {
            Self::Power { draw, watts } => draw <= watts * (1.0 - LITTLE_SPARE) + Watts(0.5),
            Self::Link { preferred, .. } => preferred,
            Self::Ram { gib, needed, .. } => f64::from(gib) >= needed,
            Self::Circuit { wall, carries } => wall <= carries,
            Self::Slots { .. } => true,
        }
    }
}

/// What a household circuit in the United States carries for hours: 120 V × 15 A × 0.8.
const HOUSEHOLD: Watts = Watts(1440.0);

/// Everything that is looked over on a machine.
pub fn checks(choice: &PartList<'_>, tier: &Tier, scored: &Scored, catalog: &Catalog) -> Vec<Check> {
    let mut found = Vec::new();
    let draw = choice.draw();
    if let (Some(draw), Some(supply)) = (draw, choice.supply) {
        found.push(Check::Power { draw, watts: Watts::from(supply.part.watts * supply.count) });
    }
    if let (Some(slots), Some(board), Some(processor)) = (choice.slots(), choice.board, choice.processor) {
        let lanes = slots.iter().map(|slot| u32::from(slot.lanes)).sum();
        let (cards, of_slots) = (choice.card_count(), u32::try_from(board.slots.len()).unwrap_or(u32::MAX));
        found.push(Check::Slots { cards, slots: of_slots, lanes, of_lanes: processor.lanes() });
        if let Some(narrowest) = slots.iter().min_by_key(|slot| (slot.lanes, slot.r#gen)) {
            let preferred = tier.rules.iter().all(|rule| match rule.rule {
                TierDemand::PreferPcie { r#gen, lanes, .. } => wide(choice, lanes, r#gen),
                _ => true,
            });
            let gb_s = catalog.runtimes().pcie_gb_s(narrowest.r#gen, narrowest.lanes);
            found.push(Check::Link { lanes: narrowest.lanes, r#gen: narrowest.r#gen, gb_s, preferred });
        }
    }
    let gib = choice.ram_gib();
    if choice.ram.is_some() {
        found.push(Check::Ram { gib, needed: scored.needed_ram_gib, vram: choice.vram_gib() });
    }
    if let Some(draw) = draw {
        let carries = tier.rules.iter().find_map(|rule| match rule.rule {
            TierDemand::Circuit { watts } => Some(watts),
            _ => None,
        });
        found.push(Check::Circuit { wall: from_wall(choice, draw, catalog), carries: carries.unwrap_or(HOUSEHOLD) });
    }
    found
}

/// What is taken from the wall while `draw` is drawn; whole machines say what they take.
pub fn from_wall(choice: &PartList<'_>, draw: Watts, catalog: &Catalog) -> Watts {
    let Some(supply) = choice.supply else { return draw };
    let rated = Watts::from(supply.part.watts * supply.count);
    catalog.efficiency(supply.part.efficiency).map_or(draw, |curve| curve.from_wall(draw, rated))
}
