//! Offers of clouds to rent cards.

use super::MILLION;
use crate::advise::ranking::trial;
use crate::catalog::Catalog;
use crate::catalog::price::Rent;
use crate::catalog::source::Date;
use crate::estimate::{Verdict, estimate};
use crate::plan::Plan;
use crate::units::{Band, Usd};

/// An offer of a cloud for a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct CloudOffer<'a> {
    /// The offer.
    pub rent: &'a Rent,
    /// What all its cards cost an hour.
    pub usd_per_hour: Usd,
    /// What the plan comes to on its cards.
    pub verdict: Verdict,
    /// Tokens a second over all sequences; `None` = no data.
    pub tokens_per_s: Option<f64>,
    /// What a million decoded or trained tokens cost; `None` = no data.
    pub usd_per_million: Option<Usd>,
    /// The price is older than six months, or undated.
    pub stale: bool,
}

/// What a plan came to on some cards: the verdict, and tokens a second over all sequences, trained or decoded.
type Ran = (Verdict, Option<Band<f64>>);

/// The offers whose cards hold the plan in VRAM, the cheapest a million tokens first; without a speed last.
pub fn cloud_offers<'a>(plan: &Plan, catalog: &'a Catalog, today: &Date) -> Vec<CloudOffer<'a>> {
    let mut known: Vec<(&str, u32, Option<Ran>)> = Vec::new();
    let mut offers = Vec::new();
    for rent in catalog.rents() {
        let Some(usd_per_hour) = rent.hourly_usd() else { continue };
        let Some(card) = catalog.card(&rent.card) else { continue };
        let seen =
            known.iter().find(|(id, count, _)| *id == rent.card && *count == rent.cards).map(|(.., found)| *found);
        let found = seen.unwrap_or_else(|| {
            let found = estimate(&trial(plan, card, rent.cards), catalog).ok();
            let found = found.and_then(|found| Some((found.verdict?, found.speed.train.or(found.speed.decode_total))));
            known.push((&rent.card, rent.cards, found));
            found
        });
        let Some((verdict @ (Verdict::Fits | Verdict::Tight), speed)) = found else { continue };
        let tokens_per_s = speed.map(|band| band.expected);
        let usd_per_million =
            tokens_per_s.filter(|speed| *speed > 0.0).map(|speed| usd_per_hour / (speed * 3600.0) * MILLION);
        let stale = rent.date.is_stale(today);
        offers.push(CloudOffer { rent, usd_per_hour, verdict, tokens_per_s, usd_per_million, stale });
    }
    let order = |offer: &CloudOffer<'_>| offer.usd_per_million.unwrap_or(Usd::ENDLESS);
    offers.sort_by(|a, b| order(a).total_cmp(&order(b)).then(a.usd_per_hour.total_cmp(&b.usd_per_hour)));
    offers
}
