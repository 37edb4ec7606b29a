//! What is looked over on a machine: power, slots, lanes, RAM and the circuit.

use super::choice::{Counted, PartList};
use super::score::Scored;
use crate::catalog::Catalog;
use crate::catalog::card::{Card, MarketSegment, Vendor};
use crate::catalog::life::Life;
use crate::catalog::parts::{CaseKind, CircuitId, SystemKind, Tier, TierDemand, TierId};
use crate::estimate::Warning;
use crate::units::{Bytes, Watts};

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
    /// What is taken from the wall, and the outlet.
    Circuit { wall: Watts, circuit: CircuitId },
    /// What is taken from the wall where each card is held to so many watts, of its own most, and the share of its speed
    /// that it keeps as somebody measured; `None` = it was not measured.
    PowerLimit { watts: u32, of: u32, keeps: Option<f64>, wall: Watts, circuit: CircuitId },
    /// Cards whose driver may not be used in a data center.
    License { cards: u32 },
    /// A card that the current driver or compute library leaves out.
    Life { life: &'static Life },
    /// Where such a machine can stand, and the heat that it gives off.
    Place { place: Place, heat: Watts },
    /// The engine, left to itself, keeps `margin` of each card free, moves so much to RAM for it, and then decodes so many
    /// tokens/s; `None` = no data.
    Fit { margin: Bytes, moved: Bytes, decode: Option<f64> },
}

/// Where a machine can stand, for what it does to those who are near it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It heats a room.
    Aired,
    /// Several blowers are heard across a room.
    Blowers,
    /// Dust and fingers reach the cards of an open frame, and nothing holds back their noise.
    OpenFrame,
    /// Fans of a rack case are heard through walls.
    Rack,
    /// A server node: raised power, cold air and ear protection.
    MachineRoom,
}

impl Check {
    /// Whether nothing needs to be thought about.
    pub fn is_fine(&self) -> bool {
        match *self {
            Self::Power { draw, watts } => draw <= watts * (1.0 - LITTLE_SPARE) + Watts(0.5),
            Self::Link { preferred, .. } => preferred,
            Self::Ram { gib, needed, .. } => f64::from(gib) >= needed,
            Self::Circuit { wall, circuit } | Self::PowerLimit { wall, circuit, .. } => wall <= circuit.carries(),
            Self::Slots { .. } => true,
            Self::License { .. } | Self::Life { .. } | Self::Place { .. } | Self::Fit { .. } => false,
        }
    }

    /// That of a plan which leaves less free than the engine does.
    pub(super) const fn of_fit(warning: &Warning) -> Option<Self> {
        match *warning {
            Warning::FitMargin { margin, moved, decode } => Some(Self::Fit { margin, moved, decode }),
            _ => None,
        }
    }
}

/// More heat than this is what a space heater gives off.
const HEATER: Watts = Watts(1000.0);
/// So many cards with a blower each are heard.
const BLOWERS: u32 = 2;

/// What is known of where and how a machine is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// The outlet.
    pub circuit: CircuitId,
    /// The most that each card may draw, in W, where the plan says so.
    pub power_limit_w: Option<u32>,
}

/// Everything that is looked over on a machine.
pub fn checks(
    choice: &PartList<'_>,
    tier: &Tier,
    scored: &Scored,
    catalog: &Catalog,
    surroundings: Surroundings,
) -> Vec<Check> {
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
                TierDemand::PreferPcie { r#gen, lanes, .. } => choice.is_wide(lanes, r#gen),
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
        let wall = from_wall(choice, draw, catalog);
        let place = place(choice, wall);
        if place != Some(Place::MachineRoom) {
            found.push(Check::Circuit { wall, circuit: surroundings.circuit });
            found.extend(power_limit(choice, wall, catalog, surroundings));
        }
        found.extend(place.map(|place| Check::Place { place, heat: wall }));
    }
    let cards = kept_out_of_data_centers(choice);
    let racked =
        found.iter().any(|check| matches!(check, Check::Place { place: Place::Rack | Place::MachineRoom, .. }));
    found.extend(choice.cards.iter().find_map(|cards| cards.part.life()).map(|life| Check::Life { life }));
    found.extend(((tier.id == TierId::Enterprise || racked) && cards > 0).then_some(Check::License { cards }));
    found
}

/// Cards whose driver may not be used in a data center.
pub(super) fn kept_out_of_data_centers(choice: &PartList<'_>) -> u32 {
    let games = |cards: &&Counted<'_, Card>| {
        cards.part.vendor == Vendor::Nvidia && cards.part.segment == MarketSegment::Consumer
    };
    choice.cards.iter().filter(games).map(|cards| cards.count).sum()
}

/// What it comes to where each card is held to what the plan says, or to what somebody measured it to run well with: said
/// where the outlet carries less than the machine takes, where cards stand side by side, and where the plan asks for it.
fn power_limit(choice: &PartList<'_>, wall: Watts, catalog: &Catalog, around: Surroundings) -> Option<Check> {
    let Surroundings { circuit, power_limit_w } = around;
    let hungriest = choice.cards.iter().max_by_key(|cards| cards.part.tdp_w)?.part;
    let (of, measured) = (hungriest.tdp_w?, hungriest.power_saver.as_ref());
    let watts = power_limit_w.or_else(|| measured.map(|saver| saver.watts)).filter(|watts| *watts < of)?;
    if power_limit_w.is_none() && choice.card_count() < 2 && wall <= circuit.carries() {
        return None;
    }
    let saved: u32 =
        choice.cards.iter().map(|cards| cards.part.tdp_w.unwrap_or(0).saturating_sub(watts) * cards.count).sum();
    let wall = from_wall(choice, choice.draw()? - Watts::from(saved), catalog);
    let keeps = measured.filter(|saver| saver.watts <= watts).map(|saver| saver.keeps);
    Some(Check::PowerLimit { watts, of, keeps, wall, circuit })
}

/// Where a machine can stand; `None` = beside a desk.
fn place(choice: &PartList<'_>, heat: Watts) -> Option<Place> {
    let blowers: u32 = choice
        .cards
        .iter()
        .filter(|cards| cards.part.segment == MarketSegment::Workstation)
        .map(|cards| cards.count)
        .sum();
    match (choice.system.map(|system| system.kind), choice.case.map(|case| case.kind)) {
        (Some(SystemKind::Node | SystemKind::Rack), _) => Some(Place::MachineRoom),
        (Some(_), _) => None,
        (_, Some(CaseKind::Rack)) => Some(Place::Rack),
        (_, Some(CaseKind::Frame)) => Some(Place::OpenFrame),
        _ if blowers >= BLOWERS => Some(Place::Blowers),
        _ => (heat > HEATER).then_some(Place::Aired),
    }
}

/// Whether what is chosen of a machine is heard through a room: it is not put beside a desk.
pub(super) fn is_loud(choice: &PartList<'_>) -> bool {
    match place(choice, Watts::default()) {
        Some(Place::Blowers | Place::OpenFrame | Place::Rack | Place::MachineRoom) => true,
        Some(Place::Aired) | None => false,
    }
}

/// What is taken from the wall while `draw` is drawn; whole machines say what they take.
pub fn from_wall(choice: &PartList<'_>, draw: Watts, catalog: &Catalog) -> Watts {
    let Some(supply) = choice.supply else { return draw };
    let rated = Watts::from(supply.part.watts * supply.count);
    catalog.efficiency(supply.part.efficiency).map_or(draw, |curve| curve.from_wall(draw, rated))
}
