//! Slices of cards (MIG): what a program gets where a card is cut. A slice is a card of its own, with the id of the whole and
//! its profile: `a100-sxm4-80gb/3g.40gb`.

use serde::Deserialize;

use super::Catalog;
use super::card::{Card, ComputeRates};
use super::embedded;
use super::entry_table;
use crate::units::Bytes;

/// Parts of equal size that memory and its bandwidth are cut into.
const MEMORY_PARTS: f64 = 8.0;
/// What stands between the id of the whole card and the profile.
const SEPARATOR: char = '/';

/// The id of the whole card, where this is one of a slice.
pub(super) fn whole(id: &str) -> &str {
    id.split_once(SEPARATOR).map_or(id, |(whole, _)| whole)
}

/// One entry of `data/slices.ron`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SliceEntry {
    cards: Vec<String>,
    profiles: Vec<String>,
}

/// What a profile's name tells.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Profile {
    compute: u16,
    memory_gb: f64,
}

impl Profile {
    fn read(name: &str) -> Option<Self> {
        let (compute, memory) = name.split_once("g.")?;
        Some(Self { compute: compute.parse().ok()?, memory_gb: memory.strip_suffix("gb")?.parse().ok()? })
    }
}

/// All slices of the cards of a catalog.
pub(super) fn all(catalog: &Catalog) -> Vec<Card> {
    let cuts: Vec<SliceEntry> = entry_table::parse(embedded::SLICES).unwrap_or_default();
    let of_card = |cut: &SliceEntry, card: &Card| -> Vec<Card> {
        let whole = cut.profiles.last().and_then(|name| Profile::read(name)).map_or(1, |whole| whole.compute);
        let slice = |name: &String| Some(card.slice(name, Profile::read(name)?, whole));
        cut.profiles.iter().filter_map(slice).collect()
    };
    let cards = |cut: &SliceEntry| -> Vec<Card> {
        cut.cards.iter().filter_map(|id| catalog.parts.cards.get(id)).flat_map(|card| of_card(cut, card)).collect()
    };
    cuts.iter().flat_map(cards).collect()
}

impl Catalog {
    /// The slice of this id.
    pub(super) fn slice(&self, id: &str) -> Option<&Card> {
        let slices = id.contains(SEPARATOR).then(|| self.slices.get_or_init(|| all(self)))?;
        slices.iter().find(|slice| slice.id == id)
    }

    /// The slice that a driver names so, such as `NVIDIA A100-SXM4-80GB MIG 3g.40gb`, of a card that it names `whole` and
    /// gives this much memory.
    pub fn find_slice(&self, driver_name: &str, whole: &str, memory: Bytes) -> Option<&Card> {
        let (_, profile) = driver_name.rsplit_once("MIG ")?;
        // What follows tells of media engines: `1g.10gb+me`.
        let profile = profile.get(..profile.find("gb")? + 2)?;
        self.slice(&format!("{}{SEPARATOR}{profile}", self.find_card(whole, memory)?.id))
    }
}

impl Card {
    /// Whether this is a part of a card: a program sees one alone, and no other can be put beside it.
    pub fn is_slice(&self) -> bool {
        self.id.contains(SEPARATOR)
    }

    /// Its slice of this profile, where its arithmetic is cut into `parts`. What a slice draws and costs is not known.
    fn slice(&self, name: &str, profile: Profile, parts: u16) -> Self {
        let of_memory = (profile.memory_gb / self.memory_gib * MEMORY_PARTS).round() / MEMORY_PARTS;
        let of_compute = f64::from(profile.compute) / f64::from(parts);
        Self {
            id: format!("{}{SEPARATOR}{name}", self.id),
            name: format!("{} MIG {name}", self.name),
            aliases: Vec::new(),
            devices_per_card: 1,
            memory_gib: profile.memory_gb,
            memory_options_gib: Vec::new(),
            bandwidth_gb_s: self.bandwidth_gb_s.map(|rate| rate * of_memory),
            bus_width_bit: None,
            reported_memory_mib: None,
            cuda_total_gib: None,
            rates: self.rates.scaled(of_compute),
            compute_units: self.compute_units.map(|units| units * profile.compute / parts),
            tdp_w: None,
            // Slices reach each other over PCI Express alone.
            interconnect: None,
            pci_device_ids: Vec::new(),
            nvml_name: None,
            prices: Vec::new(),
            ..self.clone()
        }
    }
}

impl ComputeRates {
    fn scaled(self, share: f64) -> Self {
        let part = |rate: Option<f64>| rate.map(|rate| rate * share);
        Self {
            fp32: part(self.fp32),
            fp16: part(self.fp16),
            bf16: part(self.bf16),
            fp8: part(self.fp8),
            int8: part(self.int8),
            fp4: part(self.fp4),
            fp16_acc16: part(self.fp16_acc16),
            fp8_acc16: part(self.fp8_acc16),
            fp16_vector: part(self.fp16_vector),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_is_a_slice_of_a_card() {
        let catalog = Catalog::embedded();
        let cuts: Vec<SliceEntry> = entry_table::parse(embedded::SLICES).unwrap();
        let named: usize = cuts.iter().map(|cut| cut.cards.len() * cut.profiles.len()).sum();
        let slices = all(catalog);
        assert_eq!(slices.len(), named, "a card that is none, or a profile that cannot be read");
        for slice in &slices {
            let (whole, _) = slice.id.split_once(SEPARATOR).unwrap();
            let whole = catalog.card(whole).unwrap();
            assert!(slice.memory_gib <= whole.memory_gib * 1.05, "{}", slice.id);
            assert!(slice.bandwidth_gb_s.unwrap() <= whole.bandwidth_gb_s.unwrap(), "{}", slice.id);
            assert!(slice.bandwidth_gb_s.unwrap() * 8.1 >= whole.bandwidth_gb_s.unwrap(), "{}", slice.id);
            assert_eq!(catalog.card(&slice.id), Some(slice));
        }
    }

    #[test]
    fn a_slice_has_its_share() {
        let catalog = Catalog::embedded();
        let whole = catalog.card("a100-sxm4-80gb").unwrap();
        let named = "NVIDIA A100-SXM4-80GB MIG 3g.40gb";
        let slice = catalog.find_slice(named, "NVIDIA A100-SXM4-80GB", Bytes::from_gib(80.0)).unwrap();
        assert_eq!(slice.id, "a100-sxm4-80gb/3g.40gb");
        assert_eq!(slice.bandwidth_gb_s, whole.bandwidth_gb_s.map(|rate| rate / 2.0));
        assert_eq!(slice.rates.bf16, whole.rates.bf16.map(|rate| rate * (3.0 / 7.0)));
        assert!(slice.is_slice() && !whole.is_slice());
        let with_media = catalog.find_slice("NVIDIA A30 MIG 1g.6gb+me", "NVIDIA A30", Bytes::from_gib(24.0)).unwrap();
        assert_eq!(with_media.id, "a30/1g.6gb");
        for other in ["NVIDIA A100-SXM4-80GB MIG 1c.3g.40gb", "NVIDIA A100-SXM4-80GB", "MIG ", "MIG 3g"] {
            assert_eq!(catalog.find_slice(other, "NVIDIA A100-SXM4-80GB", Bytes::from_gib(80.0)), None, "{other}");
        }
    }
}
