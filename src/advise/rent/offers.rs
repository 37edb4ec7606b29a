//! Offers of clouds to rent cards.

use crate::advise::ranking::{allowed_counts, trial};
use crate::catalog::Catalog;
use crate::catalog::card::{Card, Vendor};
use crate::catalog::price::Rent;
use crate::catalog::source::Date;
use crate::estimate::{Verdict, estimate};
use crate::plan::{Offload, Plan};
use crate::units::{Band, Usd};

/// Tokens that prices of hosted models count by.
pub(super) const MILLION: f64 = 1e6;

/// An offer of a cloud for a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct CloudOffer<'a> {
    /// The offer.
    pub rent: &'a Rent,
    /// Its card.
    pub card: &'a Card,
    /// How many of its card are rented: as many as hold the plan, where it is one of single cards.
    pub cards: u32,
    /// What all its cards cost an hour.
    pub usd_per_hour: Usd,
    /// What the plan comes to on its cards.
    pub verdict: Verdict,
    /// All sequences of the plan run at once; on others some wait for the rest.
    pub serves_all: bool,
    /// Tokens a second over all sequences; `None` = no data.
    pub tokens_per_s: Option<f64>,
    /// What a million decoded or trained tokens cost; `None` = no data.
    pub usd_per_million: Option<Usd>,
    /// The price is older than six months, or undated.
    pub stale: bool,
    /// A bargain that few get, or a doubtful figure: it does not lead.
    pub leads: bool,
}

/// What a plan came to on some cards: the verdict, whether no sequence waits, and tokens a second over all sequences, trained
/// or decoded.
type Ran = (Verdict, bool, Option<Band<f64>>);

/// The offers whose cards hold the plan in VRAM, those that run all its sequences at once before those that let some wait, of
/// each the cheapest a million tokens first; those that one cannot count on and those without a speed last.
pub fn cloud_offers<'a>(plan: &Plan, catalog: &'a Catalog, today: &Date) -> Vec<CloudOffer<'a>> {
    let trains = plan.workload.task.trains();
    let plan = &without_offload(plan);
    let mut tried = Tried { plan, catalog, known: Vec::new() };
    let mut offers: Vec<CloudOffer<'_>> = catalog.rents().filter_map(|rent| offer(rent, &mut tried, today)).collect();
    let order = |offer: &CloudOffer<'_>| offer.usd_per_million.unwrap_or(Usd::ENDLESS);
    offers.sort_by(|a, b| {
        // What trains is written for CUDA first, on rented cards as on bought ones.
        let elsewhere = |offer: &CloudOffer<'_>| trains && offer.card.vendor != Vendor::Nvidia;
        let leads = b.leads.cmp(&a.leads).then(elsewhere(a).cmp(&elsewhere(b))).then(b.serves_all.cmp(&a.serves_all));
        leads.then(order(a).total_cmp(&order(b))).then(a.usd_per_hour.total_cmp(&b.usd_per_hour))
    });
    offers
}

/// A plan that trains as it is run on cards that hold it: what waits in RAM on the cards that it was made for stays on these.
fn without_offload(plan: &Plan) -> Plan {
    let mut plan = plan.clone();
    if plan.workload.task.trains() {
        plan.workload.training.offload = Offload::None;
    }
    plan
}

/// An offer with as many of its cards as hold the plan; `None` where none do.
fn offer<'a>(rent: &'a Rent, tried: &mut Tried<'_, 'a>, today: &Date) -> Option<CloudOffer<'a>> {
    let hourly = rent.hourly_usd()?;
    let card = tried.catalog.card(&rent.card)?;
    // Clouds rent out single cards by the machine of several as well.
    let counts: &[u32] = if rent.cards == 1 {
        allowed_counts(card, tried.plan.workload.runtime)
    } else {
        std::slice::from_ref(&rent.cards)
    };
    let mut held = |count: &u32| {
        let ran = tried.on(card, *count)?;
        matches!(ran.0, Verdict::Fits | Verdict::Tight).then_some((*count, ran))
    };
    // The fewest that serve everybody, else the fewest that hold it.
    let all = |count: &u32| held(count).filter(|(_, ran)| ran.1);
    let (cards, (verdict, serves_all, speed)) = counts.iter().find_map(all).or_else(|| counts.iter().find_map(held))?;
    let usd_per_hour = hourly * (f64::from(cards) / f64::from(rent.cards.max(1)));
    let tokens_per_s = speed.map(|band| band.expected);
    let usd_per_million =
        tokens_per_s.filter(|speed| *speed > 0.0).map(|speed| usd_per_hour / (speed * 3600.0) * MILLION);
    let (stale, leads) = (rent.date.is_stale(today), rent.leads());
    Some(CloudOffer {
        rent,
        card,
        cards,
        usd_per_hour,
        verdict,
        serves_all,
        tokens_per_s,
        usd_per_million,
        stale,
        leads,
    })
}

/// What the plan came to on so many of a card, each tried once.
struct Tried<'p, 'a> {
    plan: &'p Plan,
    catalog: &'a Catalog,
    known: Vec<(&'a str, u32, Option<Ran>)>,
}

impl<'a> Tried<'_, 'a> {
    fn on(&mut self, card: &'a Card, count: u32) -> Option<Ran> {
        let seen = self.known.iter().find(|(id, cards, _)| *id == card.id && *cards == count);
        if let Some((.., ran)) = seen {
            return *ran;
        }
        let found = estimate(&trial(self.plan, card, count, self.catalog), self.catalog).ok();
        let ran = found.and_then(|found| {
            Some((found.verdict?, found.serves_all(), found.speed.train.or(found.speed.decode_total)))
        });
        self.known.push((&card.id, count, ran));
        ran
    }
}
