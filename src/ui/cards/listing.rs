//! Which rows are shown and in which order: worked out when the ranking, the filter or the order is another one.

use super::facts::is_in_plan;
use crate::advise::ranking::{Direction, Filter, FilterRule, Offer, OfferKey, SortKey, frontier, sort};
use crate::plan::Plan;

/// The rows shown, as places in the ranking.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Listing {
    made_from: Option<ListingQuery>,
    /// The plan's own cards and pinned rows first, then those that the filter keeps, in order: what has a price today,
    /// then the others.
    pub(super) rows: Vec<usize>,
    /// How many of them stand on top.
    pub(super) top: usize,
    /// The plan's own cards.
    pub(super) own: Option<usize>,
    /// Pinned rows, in the order of their pins.
    pub(super) pins: Vec<usize>,
    /// How many rows the ranking has.
    pub(super) all: usize,
    /// Those of the frontier, cheapest first.
    pub(super) frontier: Vec<usize>,
    /// The end of the memory scale in GiB, the same for every row.
    pub(super) scale_gib: f64,
    /// What each rule of the filters hides, or would hide.
    hidden: Vec<Hidden>,
}

/// How many rows a rule hides.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Hidden {
    rule: FilterRule,
    rows: usize,
}

/// What a listing follows from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ListingQuery {
    /// Of the ranking.
    pub(super) generation: u64,
    pub(super) filter: Filter,
    /// Words that the name of a card must have.
    pub(super) query: String,
    pub(super) column: SortKey,
    pub(super) direction: Direction,
    pub(super) pinned: Vec<OfferKey>,
}

impl Listing {
    pub(super) fn refresh(&mut self, asked: ListingQuery, offers: &[Offer<'_>], plan: &Plan, rules: &[FilterRule]) {
        let own = own(offers, plan);
        if self.made_from.as_ref() == Some(&asked) && self.own == own {
            return;
        }
        let place_of = |key: &OfferKey| offers.iter().position(|offer| offer.is(key));
        let words: Vec<String> = asked.query.split_whitespace().map(str::to_lowercase).collect();
        let named = |offer: &Offer<'_>| {
            let name = offer.card.names().collect::<Vec<_>>().join(" ").to_lowercase();
            words.iter().all(|word| name.contains(word))
        };
        let keeps = |offer: &Offer<'_>| asked.filter.keeps(offer) && (words.is_empty() || named(offer));
        let mut kept: Vec<usize> = (0..offers.len()).filter(|&place| keeps(&offers[place])).collect();
        self.frontier = frontier(kept.iter().map(|&place| (place, &offers[place])));
        self.pins = asked.pinned.iter().filter_map(place_of).collect();
        self.rows = own.into_iter().chain(self.pins.iter().copied().filter(|pin| Some(*pin) != own)).collect();
        self.top = self.rows.len();
        self.own = own;
        kept.retain(|place| !self.rows.contains(place));
        sort(&mut kept, offers, asked.column, asked.direction);
        // What nobody sells today is no advice: it stands after all that can be bought. Names stay in their order.
        if asked.column != SortKey::Card {
            kept.sort_by_key(|&place| !offers[place].is_sold());
        }
        self.rows.extend(kept);
        self.all = offers.len();
        self.scale_gib = super::memory::scale_gib(offers);
        let hidden = |rule: &FilterRule| Hidden { rule: *rule, rows: asked.filter.hidden_by(*rule, offers) };
        self.hidden = rules.iter().chain(asked.filter.rules()).map(hidden).collect();
        self.made_from = Some(asked);
    }

    /// How many rows a rule hides, or would hide; `None` before the first ranking.
    pub(super) fn hidden_by(&self, rule: FilterRule) -> Option<usize> {
        self.hidden.iter().find(|hidden| hidden.rule == rule).map(|hidden| hidden.rows)
    }
}

/// The row of the plan's own cards: of new and used ones the one that can be bought.
fn own(offers: &[Offer<'_>], plan: &Plan) -> Option<usize> {
    let own = || offers.iter().enumerate().filter(|(_, offer)| is_in_plan(offer, plan));
    own().find(|(_, offer)| offer.is_sold()).or_else(|| own().next()).map(|(place, _)| place)
}
