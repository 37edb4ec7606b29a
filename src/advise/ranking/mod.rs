//! Every card of the catalog for one plan: how many of it are needed, how fast they are, what they cost.
//!
//! One pass through [`crate::estimate::estimate`]: a card is asked about with its own count in place of the plan's cards, all else
//! equal. Nothing here knows a formula of memory or speed.

mod counts;
mod fair_price;
mod filter;
mod frontier;
mod offer;
mod order;
mod precision_support;
mod supply;
mod trial;

pub use counts::allowed_counts;
pub use filter::{Filter, FilterRule};
pub use frontier::frontier;
use offer::{Asked, PriceOfOne};
pub use offer::{Need, Offer, OfferKey, OfferPrice};
pub use order::{Direction, SortKey, sort};
pub use precision_support::runs_natively;
pub use supply::{Supply, supply};
pub use trial::{trial, trial_of_size};

use std::sync::Arc;

use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::estimate::EstimateError;
use crate::plan::{CardChoice, CardCount, Plan};

/// Every card of the catalog for `plan`, in the order of the catalog: for each the smallest count that holds it and
/// one more, new and used apart.
///
/// # Errors
/// What [`crate::estimate::estimate`] refuses about every card alike: then the plan itself cannot be estimated.
pub fn rank<'a>(plan: &Plan, catalog: &'a Catalog) -> Result<Vec<Offer<'a>>, EstimateError> {
    let mut offers = Vec::new();
    let mut trial = trial::Trial::of(plan);
    for card in catalog.cards() {
        offers.extend(offers_of(&mut trial, card, catalog));
    }
    if let Some(error) = refused_by_all(&offers) {
        return Err(error);
    }
    fair_price::fill(&mut offers);
    Ok(offers)
}

/// The rows of one card.
fn offers_of<'a>(trial: &mut trial::Trial, card: &'a Card, catalog: &'a Catalog) -> Vec<Offer<'a>> {
    let native = runs_natively(card, trial.quantization());
    let mut offers = Vec::new();
    for each_gib in catalog.card_sizes_bought_gib(card) {
        let prices = PriceOfOne::all(card, each_gib, catalog);
        trial.take_size(card, each_gib);
        for (need, count) in counts::needs(trial, card, catalog) {
            let answer = Arc::new(trial.on(card, count, catalog));
            let asked = Asked { each_gib, count, need, prepared: trial.prepared() };
            offers.extend(Offer::all(card, &prices, asked, native, &answer));
        }
    }
    offers
}

/// The plan's own cards as offers, where `ranked` has no row of so many of them; none where they are of several kinds.
pub fn own<'a>(plan: &Plan, catalog: &'a Catalog, ranked: &[Offer<'a>]) -> Vec<Offer<'a>> {
    let [CardCount { card: CardChoice::Catalog(id), count, memory_gib, .. }] = plan.machine.cards.as_slice() else {
        return Vec::new();
    };
    let Some(card) = catalog.card(id) else { return Vec::new() };
    let each_gib = card.size_meant_gib(*memory_gib);
    if ranked.iter().any(|offer| offer.card.id == card.id && offer.each_gib == each_gib && offer.count == *count) {
        return Vec::new();
    }
    let mut trial = trial::Trial::of(plan);
    let native = runs_natively(card, trial.quantization());
    trial.take_size(card, each_gib);
    let answer = Arc::new(trial.on(card, *count, catalog));
    let asked = Asked { each_gib, count: *count, need: Need::Alone, prepared: trial.prepared() };
    let mut prices = PriceOfOne::all(card, each_gib, catalog);
    if prices.is_empty() {
        // No shop names this size: it stands without a price.
        prices.push(PriceOfOne::unknown());
    }
    Offer::all(card, &prices, asked, native, &answer).collect()
}

/// Why no card at all can be asked about.
fn refused_by_all(offers: &[Offer<'_>]) -> Option<EstimateError> {
    if offers.iter().any(|offer| offer.answer.is_ok()) {
        return None;
    }
    offers.first().and_then(|offer| offer.answer.as_ref().as_ref().err().cloned())
}
