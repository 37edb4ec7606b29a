//! All devices of a machine in one list, whoever makes them and whoever told of them; and what is wrong with each.

use super::graphics::GraphicsChip;
use super::pci_link::PciLink;
use super::reading::{CardFacts, CardReading, Throttle};
use super::{Detected, DetectedCard};
use crate::catalog::Catalog;
use crate::catalog::card::{Card, Vendor};
use crate::units::Bytes;

/// From so much on, in percent, a link runs as fast as it can: below, a card lowers it to save power.
const UNDER_LOAD: u32 = 25;
/// Memory with error correction of its own loses nothing to it.
const CORRECTED_BY_PARITY: &str = "GDDR";

/// What a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeviceKind {
    /// A card with VRAM of its own.
    Card,
    /// A slice of one.
    Slice,
    /// It shares one memory with the processor, and models are planned on it.
    Unified,
    /// Part of the processor, without VRAM: no models are planned on it.
    Integrated,
    /// A card that cannot be used before its driver is installed.
    WithoutDriver,
}

/// One device, as it is listed.
#[derive(Debug, Clone)]
pub struct SeenDevice<'a> {
    /// As the catalog calls it, else as its driver does; `None` = no data.
    pub name: Option<String>,
    /// What the catalog knows of it.
    pub known: Option<&'a Card>,
    /// What it is.
    pub kind: DeviceKind,
    /// All its memory.
    pub total: Option<Bytes>,
    /// What of that is in use, the driver's own share included.
    pub used: Option<Bytes>,
    /// Its link to the board.
    pub link: PciLink,
    /// What does not change.
    pub facts: &'a CardFacts,
    /// What it does just now.
    pub now: &'a CardReading,
}

/// What one should know of a device that runs worse, or holds less, than it could.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceWarning {
    /// Fewer lanes than the card has.
    Lanes {
        /// So many.
        now: u32,
        /// The card's own.
        of: u32,
    },
    /// A lower generation of PCI Express than the card's.
    Generation {
        /// This one.
        now: u32,
        /// The card's own.
        of: u32,
    },
    /// It is held to fewer watts than it was sold with.
    PowerLimit {
        /// So many.
        now: u32,
        /// As it was sold.
        of: u32,
    },
    /// Its clocks are held back, and not by its power limit.
    HeldBack(Throttle),
    /// Error correction takes part of its memory.
    Ecc,
}

impl Detected {
    /// Every device, those of NVIDIA's driver first.
    pub fn devices<'a>(&'a self, catalog: &'a Catalog) -> Vec<SeenDevice<'a>> {
        let cards = self.cards.iter().map(|card| card.seen(catalog));
        cards.chain(self.graphics.iter().map(|chip| self.seen_chip(chip, catalog))).collect()
    }

    fn seen_chip<'a>(&'a self, chip: &'a GraphicsChip, catalog: &'a Catalog) -> SeenDevice<'a> {
        let known = self.known_chip(chip, catalog);
        let kind = match (chip.integrated, known) {
            (true, Some(_)) => DeviceKind::Unified,
            (true, None) => DeviceKind::Integrated,
            (false, Some(card)) if card.is_unified() => DeviceKind::Unified,
            (false, _) if chip.vendor() == Some(Vendor::Nvidia) => DeviceKind::WithoutDriver,
            (false, _) => DeviceKind::Card,
        };
        SeenDevice {
            name: Some(known.map_or_else(|| chip.called(), |card| card.name.clone())),
            known,
            kind,
            total: chip.memory_total_bytes.map(Bytes),
            used: chip.memory_used_bytes.map(Bytes),
            link: chip.link,
            facts: &chip.facts,
            now: &chip.now,
        }
    }
}

impl DetectedCard {
    fn seen<'a>(&'a self, catalog: &'a Catalog) -> SeenDevice<'a> {
        let known = self.known(catalog);
        let kind = match (&self.slice_of, known) {
            (Some(_), _) => DeviceKind::Slice,
            (None, Some(card)) if card.is_unified() => DeviceKind::Unified,
            _ => DeviceKind::Card,
        };
        let held = self.memory_total_bytes.zip(self.memory_free_bytes).map(|(total, free)| total.saturating_sub(free));
        SeenDevice {
            name: known.map(|card| card.name.clone()).or_else(|| self.name.clone()),
            known,
            kind,
            total: self.memory_total_bytes.map(Bytes),
            used: held.or(self.memory_used_bytes).map(Bytes),
            link: self.link(),
            facts: &self.facts,
            now: &self.now,
        }
    }
}

impl SeenDevice<'_> {
    /// Whether it has VRAM of its own.
    pub const fn has_vram(&self) -> bool {
        matches!(self.kind, DeviceKind::Card | DeviceKind::Slice)
    }

    /// Whether models are planned on it.
    pub const fn is_of_use(&self) -> bool {
        matches!(self.kind, DeviceKind::Card | DeviceKind::Slice | DeviceKind::Unified)
    }

    /// VRAM that nothing holds just now.
    pub fn free(&self) -> Option<Bytes> {
        Some(self.total?.saturating_sub(self.used?))
    }

    /// What is wrong with it, as far as it can be told.
    pub fn warnings(&self) -> Vec<DeviceWarning> {
        let mut found = Vec::new();
        let link = self.link;
        // What the slot allows is told at any time; what runs is judged under load.
        let reached = |most: Option<u32>, now: Option<u32>| {
            let now = now.filter(|_| self.now.busy_percent.is_some_and(|busy| busy >= UNDER_LOAD));
            [most, now].into_iter().flatten().min()
        };
        let own = |figure: fn(&Card) -> Option<u8>| self.known.and_then(figure).map(u32::from);
        let lanes = reached(link.lanes_max, link.lanes).zip(own(|card| card.pcie_lanes).or(link.lanes_max));
        found.extend(lanes.filter(|(now, of)| now < of).map(|(now, of)| DeviceWarning::Lanes { now, of }));
        let generation =
            reached(link.generation_max, link.generation).zip(own(|card| card.pcie_gen).or(link.generation_max));
        found.extend(generation.filter(|(now, of)| now < of).map(|(now, of)| DeviceWarning::Generation { now, of }));
        let limit = self.now.power_limit_w.zip(self.facts.power_default_w);
        found.extend(limit.filter(|(now, of)| now < of).map(|(now, of)| DeviceWarning::PowerLimit { now, of }));
        let held = self.now.throttled.iter().filter(|reason| **reason != Throttle::PowerLimit);
        found.extend(held.map(|reason| DeviceWarning::HeldBack(*reason)));
        let kind = self.known.and_then(|card| card.memory_kind.as_deref());
        if self.facts.ecc == Some(true) && kind.is_some_and(|kind| kind.starts_with(CORRECTED_BY_PARITY)) {
            found.push(DeviceWarning::Ecc);
        }
        found
    }
}
