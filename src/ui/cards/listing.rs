//! Which rows are shown and in which order: worked out when the ranking, the filter or the order is another one.

use crate::advise::ranking::{Direction, Filter, Offer, OfferKey, SortKey, frontier, sort};

/// The rows shown, as places in the ranking.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Listing {
    made_from: Option<(u64, Filter, SortKey, Direction, Vec<OfferKey>)>,
    /// Pinned rows first, then those that the filter keeps, in order.
    pub(super) rows: Vec<usize>,
    /// How many of them are pinned.
    pub(super) pinned: usize,
    /// How many rows the ranking has.
    pub(super) all: usize,
    /// Those of the frontier, cheapest first.
    pub(super) frontier: Vec<usize>,
    /// The end of the memory scale in GiB, the same for every row.
    pub(super) scale_gib: f64,
}

impl Listing {
    pub(super) fn refresh(
        &mut self,
        generation: u64,
        offers: &[Offer<'_>],
        filter: &Filter,
        (column, direction): (SortKey, Direction),
        pinned: &[OfferKey],
    ) {
        let same = self.made_from.as_ref().is_some_and(|made| {
            made.0 == generation && made.1 == *filter && (made.2, made.3) == (column, direction) && made.4 == pinned
        });
        if same {
            return;
        }
        let on_top: Vec<usize> =
            pinned.iter().filter_map(|key| offers.iter().position(|offer| offer.is(key))).collect();
        let mut kept: Vec<usize> = (0..offers.len()).filter(|&place| filter.keeps(&offers[place])).collect();
        self.frontier = frontier(kept.iter().map(|&place| (place, &offers[place])));
        kept.retain(|place| !on_top.contains(place));
        sort(&mut kept, offers, column, direction);
        self.pinned = on_top.len();
        self.rows = on_top;
        self.rows.extend(kept);
        self.all = offers.len();
        self.scale_gib = super::memory::scale_gib(offers);
        self.made_from = Some((generation, filter.clone(), column, direction, pinned.to_vec()));
    }
}
