//! What a plan runs on.

use serde::{Deserialize, Serialize};

use super::{BoxLink, CardChoice, OperatingSystem};
use crate::catalog::Catalog;

/// What a plan runs on: cards, RAM, links and the system around them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Machine {
    /// Kinds of card and how many of each, in device order; empty = CPU only.
    pub cards: Vec<CardCount>,
    /// System RAM, in GiB.
    pub ram_gib: f64,
    /// Bandwidth of the RAM in GB/s as typed; wins over `platform`.
    pub ram_gb_s: Option<f64>,
    /// A platform of the catalog (decides RAM bandwidth) by its id.
    pub platform: Option<String>,
    /// PCIe generation of the slot; the card's own where none is given.
    pub pcie_gen: Option<u8>,
    /// PCIe lanes of the slot; the card's own where none is given.
    pub pcie_lanes: Option<u8>,
    /// The cards are bought already: others cost their whole price.
    pub owned: bool,
    /// The most that each card may draw, in W; the card's own limit where none is given.
    pub power_limit_w: Option<u32>,
    /// A bridge joins the machine's two cards: they reach each other by NVLink instead of their slots.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub nvlink: bool,
    /// Computers that the cards stand in, dealt out in order; one, or one for each card that is a computer of its own, where none
    /// is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boxes: Option<u32>,
    /// What joins them; as such machines usually are joined where none is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub box_link: Option<BoxLink>,
    /// What the system gives the GPU of a memory that it shares with the CPU, in GiB; as machines are usually set up where
    /// none is given.
    pub unified_gib: Option<f64>,
    /// Read rate of the disk in GB/s.
    pub disk_gb_s: Option<f64>,
    /// The operating system.
    pub os: OperatingSystem,
    /// A display is attached to the first card.
    pub screen: bool,
}

/// One kind of card and how many of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardCount {
    /// Which card.
    pub card: CardChoice,
    /// How many, at least 1.
    pub count: u32,
    /// Memory of one device in GiB where the maker sells several sizes; the catalog's where none is given.
    #[serde(default)]
    pub memory_gib: Option<f64>,
    /// Where each of them stands.
    #[serde(default, skip_serializing_if = "CardSlot::is_open")]
    pub slot: CardSlot,
}

/// What the slot of a card allows; as the machine says for all cards where nothing is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CardSlot {
    /// PCIe generation.
    pub pcie_gen: Option<u8>,
    /// PCIe lanes.
    pub pcie_lanes: Option<u8>,
    /// The most that the card may draw, in W.
    pub power_limit_w: Option<u32>,
}

impl CardSlot {
    /// Nothing is said of it.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }
}

impl CardCount {
    /// So many cards of one kind, of the usual memory, in slots of which nothing is said.
    pub fn of(card: CardChoice, count: u32) -> Self {
        Self { card, count, memory_gib: None, slot: CardSlot::default() }
    }

    /// Whether both are of one kind, whatever their numbers.
    pub fn is_like(&self, other: &Self) -> bool {
        self.card == other.card && self.memory_gib == other.memory_gib && self.slot == other.slot
    }
}

impl Machine {
    /// The most that each card of this place in the list may draw, in W; the card's own limit where nothing is said.
    pub fn power_limit_of(&self, place: usize) -> Option<u32> {
        self.cards.get(place).and_then(|kind| kind.slot.power_limit_w).or(self.power_limit_w)
    }

    /// A bridge joins all of its cards: it has two, of one kind, in one box.
    pub fn is_bridged(&self) -> bool {
        self.nvlink && self.is_pair() && self.boxes.is_none_or(|boxes| boxes < 2)
    }

    /// It has two cards of one kind.
    pub fn is_pair(&self) -> bool {
        let alike = self.cards.windows(2).all(|pair| pair[0].card == pair[1].card);
        alike && self.cards.iter().map(|kind| kind.count).fold(0, u32::saturating_add) == 2
    }

    /// Bandwidth of the RAM in GB/s: as typed, else the platform's; `None` where nobody named it.
    pub fn named_ram_gb_s(&self, catalog: &Catalog) -> Option<f64> {
        self.ram_gb_s.or_else(|| Some(catalog.platform(self.platform.as_deref()?)?.memory_bandwidth_gb_s))
    }
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            cards: vec![CardCount::of(CardChoice::Catalog("rtx-4090".to_owned()), 1)],
            ram_gib: 64.0,
            ram_gb_s: None,
            platform: None,
            pcie_gen: None,
            pcie_lanes: None,
            owned: true,
            power_limit_w: None,
            nvlink: false,
            boxes: None,
            box_link: None,
            unified_gib: None,
            disk_gb_s: None,
            os: OperatingSystem::default(),
            screen: false,
        }
    }
}
