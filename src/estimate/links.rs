//! The slot that a card stands in: as the plan says of it, as it says of all cards, or as people have it.

use crate::catalog::Catalog;
use crate::catalog::card::{Card, FormFactor, Interconnect, Link, MarketSegment};
use crate::plan::{CardChoice, CardSlot, Machine};

/// Generation and lanes of a slot, as far as they are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SlotLink {
    /// PCIe generation.
    pub generation: Option<u8>,
    /// PCIe lanes.
    pub lanes: Option<u8>,
}

impl SlotLink {
    /// Where the cards of this place in the machine's list stand.
    pub fn of(machine: &Machine, place: usize, catalog: &Catalog) -> Self {
        let found = machine.cards.get(place).and_then(|kind| card(&kind.card, catalog));
        Self::of_card(machine, place, found, catalog)
    }

    /// The same of cards that were looked up before.
    pub(super) fn of_card(machine: &Machine, place: usize, card: Option<&Card>, catalog: &Catalog) -> Self {
        let own = machine.cards.get(place).map_or_else(CardSlot::default, |kind| kind.slot);
        let lanes = own.pcie_lanes.or(machine.pcie_lanes);
        Self {
            generation: own.pcie_gen.or(machine.pcie_gen).or_else(|| card?.pcie_gen),
            lanes: lanes.or_else(|| usual_lanes(machine, card?, catalog)),
        }
    }
}

/// The link of `card` to its siblings besides PCI Express. Modules have theirs; cards in slots reach each other by a bridge
/// that is bought apart and joins two.
pub(super) fn direct(card: &Card, machine: &Machine) -> Option<Interconnect> {
    let joined = !matches!(card.form, FormFactor::Slots(_)) || card.takes_bridge() && machine.is_bridged();
    card.interconnect.filter(|link| joined && link.kind != Link::Absent)
}

fn card<'a>(choice: &CardChoice, catalog: &'a Catalog) -> Option<&'a Card> {
    match choice {
        CardChoice::Catalog(id) => catalog.card(id),
        CardChoice::Detected { .. } => None,
    }
}

/// Lanes that a card has where nobody says: its own; fewer where several cards for homes share those of a desktop's processor.
fn usual_lanes(machine: &Machine, own: &Card, catalog: &Catalog) -> Option<u8> {
    let at_home = own.segment == MarketSegment::Consumer && matches!(own.form, FormFactor::Slots(_));
    let boxes = machine.boxes.unwrap_or(1).max(1);
    if !at_home || machine.cards.iter().map(|kind| kind.count).sum::<u32>() < 2 {
        return own.pcie_lanes;
    }
    let in_slots =
        |choice: &CardChoice| card(choice, catalog).is_none_or(|card| matches!(card.form, FormFactor::Slots(_)));
    let count: u32 = machine.cards.iter().filter(|kind| in_slots(&kind.card)).map(|kind| kind.count).sum();
    // Each box has lanes of its own.
    let count = count.div_ceil(boxes);
    if count < 2 {
        return own.pcie_lanes;
    }
    let platform = machine.platform.as_deref().and_then(|id| catalog.platform(id));
    let shared = match platform {
        // Its board decides, which has whole slots.
        Some(platform) if platform.slot_splits.is_empty() => return own.pcie_lanes,
        Some(platform) => {
            let narrowest = |split: &Vec<u8>| split.iter().min().copied();
            let enough = platform.slot_splits.iter().filter(|split| split.len() >= count as usize);
            enough.filter_map(narrowest).max().or_else(|| platform.slot_splits.iter().filter_map(narrowest).min())
        }
        None => Some(catalog.runtimes().shared_lanes.lanes),
    };
    own.pcie_lanes.zip(shared).map(|(own, shared)| own.min(shared))
}
