//! From what was found to the machine of a plan.

use super::{Detected, DetectedCard};
use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::plan::{CardChoice, CardCount, Machine, OperatingSystem, bounds};
use crate::units::{Bytes, GIB};

/// How far a measured VRAM may lie from the catalog's figure and still be the same: drivers' versions differ by less.
const SAME: f64 = 0.002;

/// What a card is called whose name cannot be shown.
const NAMELESS: &str = "NVIDIA";

impl Detected {
    /// The plan's machine, with the cards that `catalog` knows by name and VRAM.
    ///
    /// Devices it lacks keep their measured VRAM; of those whose VRAM is unknown as well, nothing can be planned and they
    /// are left out. Whatever was not found out keeps the value of `before`.
    pub fn machine(&self, before: &Machine, catalog: &Catalog) -> Machine {
        let mut machine = Machine { cards: self.card_counts(catalog), os: this_system(), ..before.clone() };
        if let Some(bytes) = self.host.ram_total_bytes {
            machine.ram_gib = hundredths(bytes);
        }
        machine.pcie_gen = self.slowest(|card| card.pcie_gen_max);
        machine.pcie_lanes = self.slowest(|card| card.pcie_lanes_max);
        machine.screen = self.cards.first().and_then(|card| card.display_active).unwrap_or(before.screen);
        machine
    }

    /// Neighbors of one kind become one entry, so that device order stays.
    fn card_counts(&self, catalog: &Catalog) -> Vec<CardCount> {
        let mut kinds: Vec<(CardCount, u32)> = Vec::new();
        for found in &self.cards {
            let Some((device, per_card)) = found.in_catalog(catalog).or_else(|| Some((found.by_itself()?, 1))) else {
                continue;
            };
            match kinds.last_mut() {
                Some((last, _)) if last.card == device.card && last.memory_gib == device.memory_gib => last.count += 1,
                _ => kinds.push((device, per_card)),
            }
        }
        // The driver lists devices, a plan counts cards.
        let as_cards = |(kind, per_card): (CardCount, u32)| CardCount { count: kind.count.div_ceil(per_card), ..kind };
        kinds.into_iter().map(as_cards).collect()
    }

    /// A machine has one kind of slot in a plan, so the slowest counts.
    fn slowest(&self, value: impl Fn(&DetectedCard) -> Option<u32>) -> Option<u8> {
        self.cards.iter().filter_map(value).min().and_then(|value| u8::try_from(value).ok())
    }
}

impl DetectedCard {
    /// The card of the catalog that this is, and how many such devices make one.
    ///
    /// Where the driver tells no memory (as for GB10, whose memory is the machine's RAM) only a card with unified memory
    /// matches.
    pub fn known<'a>(&self, catalog: &'a Catalog) -> Option<&'a Card> {
        catalog.find_card(self.name.as_deref()?, self.memory_total_bytes.map_or(Bytes::ZERO, Bytes))
    }

    fn in_catalog(&self, catalog: &Catalog) -> Option<(CardCount, u32)> {
        let card = self.known(catalog)?;
        let memory_gib = self.memory_total_bytes.and_then(|measured| memory_gib(card, Bytes(measured)));
        let choice = CardChoice::Catalog(card.id.clone());
        Some((CardCount { card: choice, count: 1, memory_gib }, u32::from(card.devices_per_card).max(1)))
    }

    fn by_itself(&self) -> Option<CardCount> {
        let memory_bytes = self.memory_total_bytes.filter(|bytes| bounds::MEMORY_BYTES.contains(bytes))?;
        let name = self.name.clone().unwrap_or_else(|| NAMELESS.to_owned());
        let card = CardChoice::Detected { name, memory_bytes };
        Some(CardCount { card, count: 1, memory_gib: None })
    }
}

/// What a plan has to say of the memory for `card` to have what was measured: nothing where the catalog has that figure,
/// else one of the sizes on sale, else the measured figure itself (less where error correction is switched on).
fn memory_gib(card: &Card, measured: Bytes) -> Option<f64> {
    let gives = |asked: Option<f64>| {
        card.device_memory(asked).is_ok_and(|memory| (memory.capacity.gib() / measured.gib() - 1.0).abs() <= SAME)
    };
    if gives(None) {
        return None;
    }
    let on_sale = card.memory_sizes_gib().iter().copied().find(|&size| gives(Some(size)));
    on_sale.or_else(|| Some(hundredths(measured.0)).filter(|&asked| card.device_memory(Some(asked)).is_ok()))
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
