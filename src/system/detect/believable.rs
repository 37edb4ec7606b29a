//! What NVIDIA's driver says without what cannot be: a broken driver says −1, 999 lanes or a name of noise.

use super::nvml::{MOST_DEVICES, NvmlReport};
use super::pci_link::PciLink;
use super::{DetectedCard, NvmlState, UnreadableCard, WholeCard, figures};
use crate::text::foreign;

impl NvmlReport {
    /// The same without what cannot be.
    pub(super) fn believable(self) -> Self {
        let Self { state, mut cards, mut unreadable } = self;
        let most = MOST_DEVICES as usize;
        cards.truncate(most);
        unreadable.truncate(most);
        let shown = |card: UnreadableCard| UnreadableCard { reason: foreign(&card.reason).into_owned(), ..card };
        Self {
            state: state.believable(),
            cards: cards.into_iter().map(DetectedCard::believable).collect(),
            unreadable: unreadable.into_iter().map(shown).collect(),
        }
    }
}

impl NvmlState {
    fn believable(self) -> Self {
        match self {
            Self::Ready { driver_version, cuda_version } => {
                Self::Ready { driver_version: figures::name(driver_version), cuda_version: figures::name(cuda_version) }
            }
            Self::Failed { fault, reason } => Self::Failed { fault, reason: foreign(&reason).into_owned() },
            other => other,
        }
    }
}

impl DetectedCard {
    fn believable(self) -> Self {
        let memory_total_bytes = figures::memory(self.memory_total_bytes);
        let part = |bytes: Option<u64>| bytes.filter(|bytes| memory_total_bytes.is_some_and(|total| *bytes <= total));
        let said = PciLink {
            generation: self.pcie_gen,
            generation_max: self.pcie_gen_max,
            lanes: self.pcie_lanes,
            lanes_max: self.pcie_lanes_max,
        };
        let link = said.believable();
        Self {
            index: self.index,
            name: figures::name(self.name),
            memory_total_bytes,
            memory_free_bytes: part(self.memory_free_bytes),
            memory_used_bytes: part(self.memory_used_bytes),
            pcie_gen: link.generation,
            pcie_gen_max: link.generation_max,
            pcie_lanes: link.lanes,
            pcie_lanes_max: link.lanes_max,
            pci_bus_id: figures::name(self.pci_bus_id),
            slice_of: self.slice_of.map(|whole| WholeCard {
                name: figures::name(whole.name),
                memory_total_bytes: figures::memory(whole.memory_total_bytes),
            }),
            facts: self.facts.believable(),
            now: self.now.believable(memory_total_bytes),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::GIB;

    /// A card of 24 GiB, of which these are what the driver said.
    fn card(change: impl FnOnce(&mut DetectedCard)) -> DetectedCard {
        let mut card = DetectedCard {
            name: Some("NVIDIA GeForce RTX 4090".to_owned()),
            memory_total_bytes: Some(24 * GIB),
            ..DetectedCard::default()
        };
        change(&mut card);
        card.believable()
    }

    #[test]
    fn a_memory_that_cannot_be_is_no_data() {
        for total in [0, u64::MAX, u64::MAX - 1, 1 << 63, 4097 * GIB] {
            let card = card(|card| {
                card.memory_total_bytes = Some(total);
                card.memory_free_bytes = Some(GIB);
                card.memory_used_bytes = Some(0);
            });
            let said = (card.memory_total_bytes, card.memory_free_bytes, card.memory_used_bytes);
            assert_eq!(said, (None, None, None), "{total}");
        }
        assert_eq!(card(|_| ()).memory_total_bytes, Some(24 * GIB));
        assert_eq!(card(|card| card.memory_total_bytes = Some(4096 * GIB)).memory_total_bytes, Some(4096 * GIB));
    }

    #[test]
    fn no_part_is_more_than_the_whole() {
        for part in [u64::MAX, 24 * GIB + 1] {
            let card = card(|card| (card.memory_free_bytes, card.memory_used_bytes) = (Some(part), Some(part)));
            assert_eq!((card.memory_free_bytes, card.memory_used_bytes), (None, None), "{part}");
        }
        let empty = card(|card| card.memory_used_bytes = Some(0));
        assert_eq!(empty.memory_used_bytes, Some(0), "nothing in use is a figure");
    }

    #[test]
    fn a_link_that_cannot_be_is_no_data() {
        for wrong in [0, 200, 999, 4_000_000, u32::MAX] {
            let card = card(|card| {
                (card.pcie_gen, card.pcie_gen_max) = (Some(wrong), Some(wrong));
                (card.pcie_lanes, card.pcie_lanes_max) = (Some(wrong), Some(wrong));
            });
            let said = [card.pcie_gen, card.pcie_gen_max, card.pcie_lanes, card.pcie_lanes_max];
            assert_eq!(said, [None; 4], "{wrong}");
        }
        let card = card(|card| (card.pcie_gen_max, card.pcie_lanes_max) = (Some(5), Some(16)));
        assert_eq!((card.pcie_gen_max, card.pcie_lanes_max), (Some(5), Some(16)));
    }

    #[test]
    fn a_name_of_noise_is_no_data() {
        let long = "x".repeat(10_000);
        for wrong in ["", "  ", "\u{1b}[31mred", "two\nlines", "turned\u{202e}", &long] {
            assert_eq!(card(|card| card.name = Some(wrong.to_owned())).name, None, "{wrong:.20}");
        }
        let tab = card(|card| card.name = Some("\ttab\tand more ".to_owned()));
        assert_eq!(tab.name.as_deref(), Some("tab and more"));
    }
}
