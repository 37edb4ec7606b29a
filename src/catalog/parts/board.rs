//! Boards: which processors they take, and how many cards at which width.

use crate::catalog::origin::Origin;
use serde::{Deserialize, Serialize};

use super::Dimm;
use crate::catalog::platform::RamKind;
use crate::catalog::price_list::one_or_many;
use crate::catalog::source::{Confidence, Price};

/// A mainboard, or a class of boards with the same slots.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// Kebab-case, unique among all parts.
    pub id: String,
    /// As a shop writes it.
    pub name: String,
    /// The name in Chinese, where that is no proper name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_zh: Option<String>,
    /// The socket, as processors name it.
    pub socket: String,
    /// How many processors it takes; all of them are bought.
    pub sockets: u32,
    /// Its size.
    pub form: BoardForm,
    /// Slots for cards in their full width, from the processor down.
    pub slots: Vec<Slot>,
    /// Lanes of each card where several share the processor's, fewest cards first; empty = each slot has its width.
    #[serde(default)]
    pub slot_splits: Vec<Vec<u8>>,
    /// Single widths from one of these slots to the next, where a source says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot_pitch: Option<u8>,
    /// Slots for RAM.
    pub dimm_slots: u32,
    /// Kind of RAM.
    pub memory_kind: RamKind,
    /// Registered or not.
    pub dimm: Dimm,
    /// Largest RAM in GiB.
    pub max_memory_gib: u32,
    /// The fastest network port in Gbit/s.
    pub network_gbit: Option<f64>,
    /// What it costs; empty = no price is known.
    #[serde(default, alias = "price", deserialize_with = "one_or_many")]
    pub prices: Vec<Price>,
    /// Where the figures come from.
    pub source: Origin,
    /// How sure they are.
    pub confidence: Confidence,
    /// What else one should know.
    pub note: Option<String>,
}

impl Board {
    /// Whether cards of these thicknesses, in single widths, plug in side by side: each but the last must leave the next slot
    /// free, and the last slot lies within the board.
    pub fn has_room_for(&self, thicknesses: impl Iterator<Item = u8>) -> bool {
        let mut widths: Vec<u32> = thicknesses.map(u32::from).collect();
        // The thinnest goes last, where it stands in the way of none.
        widths.sort_unstable_by_key(|width| std::cmp::Reverse(*width));
        widths.pop();
        match self.slot_pitch {
            Some(pitch) if pitch > 1 => widths.iter().all(|width| *width <= u32::from(pitch)),
            _ => widths.iter().sum::<u32>() < self.form.slot_positions(),
        }
    }

    /// Lanes and generation of each of `cards` cards, widest first; `None` where there are fewer slots.
    pub fn slots_for(&self, cards: usize) -> Option<Vec<Slot>> {
        if cards > self.slots.len() {
            return None;
        }
        if self.slot_splits.is_empty() {
            let mut slots = self.slots.clone();
            slots.sort_by_key(|slot| std::cmp::Reverse((slot.lanes, slot.r#gen)));
            slots.truncate(cards);
            return Some(slots);
        }
        let split = self.slot_splits.iter().find(|split| split.len() >= cards)?;
        Some(self.slots.iter().zip(split).take(cards).map(|(slot, &lanes)| Slot { lanes, ..*slot }).collect())
    }
}

/// A slot, or the lanes of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// PCI Express generation.
    pub r#gen: u8,
    /// PCI Express lanes.
    pub lanes: u8,
}

/// The size of a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BoardForm {
    /// 244 × 244 mm.
    MicroAtx,
    /// 305 × 244 mm.
    Atx,
    /// 305 × 267 mm, for workstations.
    Ceb,
    /// Up to 305 × 330 mm.
    Eatx,
    /// 305 × 330 mm, for servers.
    Eeb,
    /// The chassis brings its own board.
    Own,
}

impl BoardForm {
    /// Places for slots, one single width apart.
    const fn slot_positions(self) -> u32 {
        match self {
            Self::MicroAtx => 4,
            Self::Atx | Self::Ceb | Self::Eatx | Self::Eeb => 7,
            Self::Own => u32::MAX,
        }
    }
}
