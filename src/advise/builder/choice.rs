//! The parts of one machine, chosen in full or in part.

use crate::catalog::card::Card;
use crate::catalog::parts::{
    Board, BuildRules, Case, Cooler, FittingKind, MemoryKit, PowerSupply, Slot, Storage, System, SystemKind, Tier,
    TierDemand,
};
use crate::catalog::platform::Platform;
use crate::plan::{CardChoice, CardCount, Machine};
use crate::units::Watts;

/// What board, disks and fans draw. A rule of thumb, not a measurement.
pub const REST: Watts = Watts(80.0);

/// A link over PCI Express; `None` = not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PcieLink {
    /// Its generation.
    pub r#gen: Option<u8>,
    /// Its lanes.
    pub lanes: Option<u8>,
}

/// So many of a part.
#[derive(Debug, PartialEq, Eq)]
pub struct Counted<'a, T> {
    /// The part.
    pub part: &'a T,
    /// How many.
    pub count: u32,
}

/// The parts of one machine: a whole one, or its parts. What is not chosen yet is `None`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PartList<'a> {
    /// A machine that is bought as a whole; then there are no other parts.
    pub system: Option<&'a System>,
    /// Kinds of card and how many of each.
    pub cards: Vec<Counted<'a, Card>>,
    /// The processor; as many of it as the board has sockets.
    pub processor: Option<&'a Platform>,
    /// The board.
    pub board: Option<&'a Board>,
    /// Kits of RAM.
    pub ram: Option<Counted<'a, MemoryKit>>,
    /// The disk.
    pub disk: Option<&'a Storage>,
    /// Power supplies.
    pub supply: Option<Counted<'a, PowerSupply>>,
    /// The case.
    pub case: Option<&'a Case>,
    /// The processor's cooler; as many as processors.
    pub cooler: Option<&'a Cooler>,
}

impl PartList<'_> {
    /// Cards of all kinds.
    pub fn card_count(&self) -> u32 {
        self.cards.iter().map(|cards| cards.count).sum()
    }

    /// Processors: one, or one a socket.
    pub fn processors(&self) -> u32 {
        self.board.map_or(1, |board| board.sockets)
    }

    /// RAM, or unified memory, in GiB.
    pub fn ram_gib(&self) -> u32 {
        let whole = self.system.and_then(|system| system.memory_gib);
        whole.or_else(|| self.ram.map(|ram| ram.part.gib() * ram.count)).unwrap_or(0)
    }

    /// Nominal memory of all cards in GiB.
    pub fn vram_gib(&self) -> f64 {
        let of_cards = |cards: &Counted<'_, Card>| {
            let size = self.system.filter(|_| cards.part.is_unified()).and_then(|system| system.memory_gib);
            let each = size.map_or(cards.part.memory_gib, f64::from);
            each * f64::from(cards.part.devices_per_card) * f64::from(cards.count)
        };
        self.cards.iter().map(of_cards).sum()
    }

    /// What everything draws under load; `None` where a part's power is not known.
    pub fn draw(&self) -> Option<Watts> {
        if let Some(system) = self.system {
            return system.power_w.map(Watts::from);
        }
        let cards = self.cards.iter().map(|cards| Some(cards.part.tdp_w? * cards.count)).sum::<Option<u32>>()?;
        let processors = self.processor?.draw_w()? * self.processors();
        Some(Watts::from(cards) + Watts::from(processors) + REST)
    }

    /// What everything draws while it waits; `None` where a part's power is not known, and for whole machines.
    ///
    /// Shares of what the parts draw at most ([`BuildRules::idle`]): an estimate, not a measurement.
    pub fn idle_draw(&self) -> Option<Watts> {
        let cards = self.cards.iter().map(|cards| Some(cards.part.tdp_w? * cards.count)).sum::<Option<u32>>()?;
        let processors = self.processor.filter(|_| self.system.is_none())?.draw_w()? * self.processors();
        let idle = &BuildRules::known().idle;
        let parts = Watts::from(cards) * idle.card_share + Watts::from(processors) * idle.processor_share;
        Some(parts + REST * idle.rest_share)
    }

    /// The slot of each card; `None` where there are too few, or too few lanes.
    ///
    /// Slots take lanes of the newest generation first; a second processor's lanes are not counted, since part of them
    /// links the two.
    pub fn slots(&self) -> Option<Vec<Slot>> {
        let (board, processor) = (self.board?, self.processor?);
        let mut groups = processor.pcie.clone();
        groups.sort_by_key(|group| std::cmp::Reverse(group.r#gen));
        // Disks take the oldest lanes that have room.
        let mut disks = processor.storage_lanes.max(4);
        for group in groups.iter_mut().rev() {
            let taken = disks.min(group.lanes);
            group.lanes -= taken;
            disks -= taken;
        }
        let mut slots = board.slots_for(usize::try_from(self.card_count()).ok()?)?;
        for slot in &mut slots {
            let group = groups.iter_mut().find(|group| group.lanes >= u32::from(slot.lanes))?;
            group.lanes -= u32::from(slot.lanes);
            slot.r#gen = slot.r#gen.min(group.r#gen).min(self.case.and_then(|case| case.riser_gen).unwrap_or(u8::MAX));
        }
        Some(slots)
    }

    /// Whether every card has so many lanes of this generation or a newer one; not where slots are still to be chosen.
    pub(super) fn is_wide(&self, lanes: u8, generation: u8) -> bool {
        let Some(slots) = self.slots() else { return self.board.is_none() || self.processor.is_none() };
        slots.iter().all(|slot| slot.lanes >= lanes && slot.r#gen >= generation)
    }

    /// Single-width slots that each card takes; `None` where one is no card for a slot.
    pub fn thicknesses(&self) -> Option<Vec<u8>> {
        let mut found = Vec::new();
        for cards in &self.cards {
            let thick = cards.part.thickness()?;
            found.extend((0..cards.count).map(|_| thick));
        }
        Some(found)
    }

    /// Single-width slots that the cards take together; `None` where one is no card for a slot.
    pub fn thickness(&self) -> Option<u32> {
        Some(self.thicknesses()?.into_iter().map(u32::from).sum())
    }

    /// What joins the other parts, and how many of each: a riser cable for each card of an open frame, and what switches
    /// every further supply on with the first.
    pub fn fittings(&self) -> impl Iterator<Item = (FittingKind, u32)> + use<> {
        fittings(self.case, self.card_count(), self.supply.map_or(0, |supply| supply.count))
    }

    /// RAM bandwidth in GB/s; `None` where RAM or processor are not chosen, or do not go together.
    pub fn ram_gb_s(&self) -> Option<f64> {
        let (processor, ram) = (self.processor?, self.ram?);
        processor.bandwidth_with(ram.part.kind, ram.part.mt_s, ram.part.sticks * ram.count)
    }

    /// The narrowest link to a card, where both slots and cards are known.
    pub fn link(&self) -> PcieLink {
        let slots = self.slots().unwrap_or_default();
        let of_cards = |own: fn(&Card) -> Option<u8>| self.cards.iter().filter_map(|cards| own(cards.part)).min();
        let narrowest = |slot: Option<u8>, card: Option<u8>| Some(slot?.min(card?));
        PcieLink {
            r#gen: narrowest(slots.iter().map(|slot| slot.r#gen).min(), of_cards(|card| card.pcie_gen)),
            lanes: narrowest(slots.iter().map(|slot| slot.lanes).min(), of_cards(|card| card.pcie_lanes)),
        }
    }

    /// RAM of a whole machine of which no source says it: a node has more than any plan needs beside its cards, of another
    /// no more is counted on than every tier asks for.
    fn unnamed_ram_gib(&self) -> f64 {
        let stands_alone = |kind: SystemKind| matches!(kind, SystemKind::Desktop | SystemKind::Tower);
        if !self.system.is_some_and(|system| stands_alone(system.kind)) {
            return NODE_RAM_GIB;
        }
        let asked = Tier::all().iter().flat_map(|tier| &tier.rules).filter_map(|rule| match rule.rule {
            TierDemand::MinRam { gib } => Some(f64::from(gib)),
            _ => None,
        });
        asked.fold(NODE_RAM_GIB, f64::min)
    }

    /// The machine that a plan is estimated on, the system and the screen as in `like`.
    pub fn machine(&self, like: &Machine) -> Machine {
        let unified = self.system.filter(|system| system.unified_card.is_some()).and_then(|system| system.memory_gib);
        let cards = self.cards.iter().map(|cards| CardCount {
            memory_gib: unified.map(f64::from),
            ..CardCount::of(CardChoice::Catalog(cards.part.id.clone()), cards.count)
        });
        let link = self.link();
        Machine {
            cards: cards.collect(),
            ram_gib: if self.ram_gib() > 0 { f64::from(self.ram_gib()) } else { self.unnamed_ram_gib() },
            ram_gb_s: self.ram_gb_s(),
            platform: self.processor.map(|processor| processor.id.clone()),
            pcie_gen: link.r#gen,
            pcie_lanes: link.lanes,
            disk_gb_s: self.disk.and_then(|disk| disk.read_gb_s),
            ..like.clone()
        }
    }
}

/// What joins so many cards and supplies in a case.
pub(super) fn fittings(
    case: Option<&Case>,
    cards: u32,
    supplies: u32,
) -> impl Iterator<Item = (FittingKind, u32)> + use<> {
    let risers = case.and_then(|case| Some((FittingKind::Riser(case.riser_gen?), cards)));
    let further = (FittingKind::SupplySync, supplies.saturating_sub(1));
    risers.into_iter().chain([further]).filter(|(_, count)| *count > 0)
}

/// RAM of a server node where no source says it: what such nodes are sold with at least.
const NODE_RAM_GIB: f64 = 1024.0;

// Derived, these would ask the same of the part.
impl<T> Clone for Counted<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Counted<'_, T> {}

impl<'a, T> Counted<'a, T> {
    /// So many of `part`.
    pub const fn new(part: &'a T, count: u32) -> Self {
        Self { part, count }
    }
}
