//! Several computers that share one model: which card stands in which of them.

use super::{CardChoice, Machine};
use crate::catalog::Catalog;
use crate::catalog::boxes::{BoxLink, BoxLinkLaw};
use crate::catalog::card::Card;

/// The box that the engine is started in.
pub const FIRST_BOX: u32 = 0;

impl Machine {
    /// The box of each card, in the order of the cards, counted from [`FIRST_BOX`]. A card that shares its memory with the CPU is a
    /// box of its own; others are dealt evenly over the boxes that are left, or stand beside the first of those where none is.
    pub fn boxes_of_cards(&self, catalog: &Catalog) -> Vec<u32> {
        let own = |choice: &CardChoice| match choice {
            CardChoice::Catalog(id) => catalog.card(id).is_some_and(Card::is_unified),
            CardChoice::Detected { .. } => false,
        };
        let kinds = || self.cards.iter().map(|kind| (own(&kind.card), kind.count));
        let counted = |own: bool| kinds().filter(|kind| kind.0 == own).map(|kind| kind.1).fold(0, u32::saturating_add);
        let (whole, loose) = (counted(true), counted(false));
        let boxes = self.boxes.unwrap_or(1).max(whole).max(1);
        let shared = u64::from(boxes - whole);
        let (mut next, mut dealt, mut last) = (FIRST_BOX, 0_u64, None);
        let mut first_own = None;
        let mut found = Vec::new();
        for (own, count) in kinds() {
            for _ in 0..count {
                if own {
                    // Cards that no box is left for stand beside the first that is one.
                    let joins = if shared == 0 && first_own.is_none() { last.map(|(_, at)| at) } else { None };
                    let at = joins.unwrap_or(next);
                    next += u32::from(joins.is_none());
                    first_own = first_own.or(Some(at));
                    found.push(at);
                } else {
                    let group = dealt * shared / u64::from(loose.max(1));
                    dealt += 1;
                    let known = match last {
                        Some((before, at)) if before == group => Some(at),
                        _ if shared == 0 => first_own,
                        _ => None,
                    };
                    let at = known.unwrap_or(next);
                    next += u32::from(known.is_none());
                    last = Some((group, at));
                    found.push(at);
                }
            }
        }
        found
    }

    /// How many boxes hold a card; 1 where the plan runs without.
    pub fn box_count(&self, catalog: &Catalog) -> u32 {
        self.boxes_of_cards(catalog).into_iter().max().map_or(1, |last| last + 1)
    }

    /// What joins its boxes: as the plan says, else as such machines are usually joined.
    pub fn joined_by(&self, catalog: &Catalog) -> BoxLink {
        let ids = self.cards.iter().filter_map(|kind| match &kind.card {
            CardChoice::Catalog(id) => Some(id.as_str()),
            CardChoice::Detected { .. } => None,
        });
        self.box_link.unwrap_or_else(|| catalog.speeds().boxes.usual_of(&ids, self.cards.len()))
    }

    /// The law of that link.
    pub fn box_link_law<'a>(&self, catalog: &'a Catalog) -> Option<&'a BoxLinkLaw> {
        catalog.speeds().boxes.link(self.joined_by(catalog))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::CardCount;

    fn boxes(cards: &[(&str, u32)], asked: Option<u32>) -> Vec<u32> {
        let kind = |(id, count): &(&str, u32)| CardCount::of(CardChoice::Catalog((*id).to_owned()), *count);
        let machine = Machine { cards: cards.iter().map(kind).collect(), boxes: asked, ..Machine::default() };
        machine.boxes_of_cards(Catalog::embedded())
    }

    #[test]
    fn cards_are_dealt_evenly_and_whole_computers_stand_alone() {
        assert_eq!(boxes(&[("rtx-3090", 2)], None), [0, 0]);
        assert_eq!(boxes(&[("rtx-3090", 2)], Some(2)), [0, 1]);
        assert_eq!(boxes(&[("rtx-4090", 2), ("rtx-3090", 1)], Some(2)), [0, 0, 1]);
        assert_eq!(boxes(&[("gb10-dgx-spark", 2)], None), [0, 1]);
        assert_eq!(boxes(&[("gb10-dgx-spark", 2)], Some(1)), [0, 1], "no box holds two");
        assert_eq!(boxes(&[("rtx-4090", 1), ("gb10-dgx-spark", 1)], Some(2)), [0, 1]);
        assert_eq!(boxes(&[("gb10-dgx-spark", 1), ("rtx-4090", 2)], Some(2)), [0, 1, 1]);
        assert_eq!(boxes(&[("rtx-4090", 1), ("gb10-dgx-spark", 1)], None), [0, 0], "one computer with both");
        assert_eq!(boxes(&[("rtx-3090", 2)], Some(8)), [0, 1], "no box is empty");
        assert_eq!(boxes(&[], Some(2)), [0_u32; 0]);
    }
}
