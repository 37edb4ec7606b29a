//! Where to rent what a build is too slow for, or too dear.

use super::choice::{Counted, PartList};
use super::violation::of_class;
use crate::advise::rent::offers::{CloudOffer, cloud_offers};
use crate::catalog::Catalog;
use crate::catalog::card::Vendor;
use crate::catalog::parts::{BuildRules, Tier};
use crate::catalog::source::Date;
use crate::plan::{LEAST_DECODE, Plan};
use crate::units::Usd;

/// Seconds of an hour.
const HOUR: f64 = 3600.0;

/// An offer on whose cards the plan runs as it should.
#[derive(Debug, Clone, PartialEq)]
pub struct RentFirst<'a> {
    /// The offer.
    pub offer: CloudOffer<'a>,
    /// Hours that it is rented for, where a job ends.
    pub hours: Option<f64>,
}

impl RentFirst<'_> {
    /// What the whole job costs; `None` where it has no end.
    pub fn job_usd(&self) -> Option<Usd> {
        self.hours.map(|hours| self.offer.usd_per_hour * hours)
    }
}

/// The cheapest offer that holds `plan`, is quick enough and of the cards that `tier` asks for; fresh prices first, `None` =
/// no cloud asks one.
pub(super) fn rent_first<'a>(plan: &Plan, catalog: &'a Catalog, tier: &Tier, today: &Date) -> Option<RentFirst<'a>> {
    let workload = &plan.workload;
    let trains = workload.task.trains();
    let tokens = workload.training.dataset_tokens as f64 * f64::from(workload.training.epochs);
    let quick = |offer: CloudOffer<'a>| {
        let speed = offer.tokens_per_s?;
        let hours = trains.then(|| tokens / speed / HOUR);
        let enough = match hours {
            Some(hours) => hours <= BuildRules::known().training.most_days * 24.0,
            None => speed / f64::from(workload.sequences.max(1)) >= LEAST_DECODE,
        };
        enough.then_some(RentFirst { offer, hours })
    };
    let cost = |rent: &RentFirst<'_>| rent.job_usd().unwrap_or(rent.offer.usd_per_hour);
    let order = |a: &RentFirst<'_>, b: &RentFirst<'_>| {
        // What trains is written for CUDA first, on rented cards as on bought ones.
        let elsewhere = |rent: &RentFirst<'_>| trains && rent.offer.card.vendor != Vendor::Nvidia;
        let doubtful = |rent: &RentFirst<'_>| (elsewhere(rent), rent.offer.stale, !rent.offer.leads);
        doubtful(a).cmp(&doubtful(b)).then(cost(a).total_cmp(&cost(b)))
    };
    let of_tier = |offer: &CloudOffer<'a>| {
        let cards = vec![Counted::new(offer.card, offer.cards)];
        of_class(&PartList { cards, ..PartList::default() }, tier)
    };
    cloud_offers(plan, catalog, today).into_iter().filter(of_tier).filter_map(quick).min_by(order)
}
