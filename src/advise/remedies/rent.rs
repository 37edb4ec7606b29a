//! Renting cards instead of buying them: the cheapest fresh offer of cards on which the plan fits.

use super::room::Houses;
use super::{Baseline, Change, Cost, PlanOutcome, Remedy, RemedyGroup};
use crate::advise::ranking::allowed_counts;
use crate::catalog::Catalog;
use crate::catalog::price::Rent;
use crate::plan::{CardChoice, Plan, Runtime};
use crate::units::Usd;

/// The cheapest rented cards that hold a plan which the present ones do not.
pub(super) fn ways(base: &Baseline<'_>) -> Option<Remedy> {
    if base.now.fits() {
        return None;
    }
    let mut tried: Vec<(&str, u32)> = Vec::new();
    let mut found: Option<(f64, Remedy)> = None;
    let mut offers: Vec<(&Rent, Usd)> = offers(base.catalog).collect();
    offers.sort_by(|one, other| one.1.total_cmp(&other.1));
    for (offer, usd_per_hour) in offers {
        let key = (offer.card.as_str(), offer.cards);
        // The first of each is its cheapest.
        if tried.contains(&key) {
            continue;
        }
        tried.push(key);
        if !suits(base, &offer.card) {
            continue;
        }
        let holds = |count: &u32| {
            let change = Change::RentCards { card: offer.card.clone(), count: *count };
            let way = base.better(RemedyGroup::Parallelize, change)?;
            way.after.fits().then_some((*count, way))
        };
        let Some((count, way)) = counts(base, offer).iter().find_map(holds) else { continue };
        // A job is paid by what it takes; who serves pays by the hour.
        let hours = job_hours(base.plan, way.after.rate());
        let usd = of_so_many(offer, usd_per_hour, count).0 * hours.unwrap_or(1.0);
        if found.as_ref().is_none_or(|(least, _)| usd < *least) {
            found = Some((usd, way));
        }
    }
    found.map(|(_, way)| way)
}

/// How many cards of an offer may be rented: clouds rent out single ones by the machine of several as well.
fn counts<'r>(base: &Baseline<'_>, offer: &'r Rent) -> &'r [u32] {
    let card = base.catalog.card(&offer.card).filter(|_| offer.cards == 1);
    card.map_or_else(|| std::slice::from_ref(&offer.cards), |card| allowed_counts(card, base.plan.workload.runtime))
}

/// What so many cards of an offer cost an hour.
fn of_so_many(offer: &Rent, usd_per_hour: Usd, count: u32) -> Usd {
    usd_per_hour * (f64::from(count) / f64::from(offer.cards.max(1)))
}

/// Software that is set up for one maker's cards stays with them: trainers and server engines. llama.cpp runs on all.
fn suits(base: &Baseline<'_>, card: &str) -> bool {
    let vendor = |id: &str| base.catalog.card(id).map(|card| card.vendor);
    let present = base.plan.machine.cards.iter().filter_map(|kind| match &kind.card {
        CardChoice::Catalog(id) => vendor(id),
        CardChoice::Detected { .. } => None,
    });
    let anywhere = !base.plan.workload.task.trains() && base.plan.workload.runtime == Runtime::LlamaCpp;
    anywhere || present.into_iter().all(|own| Some(own) == vendor(card))
}

/// The plan on the cheapest cards that are rented out and hold it, where its own do not.
pub fn rented(plan: &Plan, catalog: &Catalog) -> Option<Plan> {
    let now = PlanOutcome::of(plan, catalog)?;
    let housing = &Houses::of(catalog);
    let base = Baseline { plan, catalog, now, parameters: super::parameters(plan, catalog), housing };
    ways(&base).map(|way| way.plan)
}

/// What so many rented cards cost.
pub(super) fn cost(base: &Baseline<'_>, card: &str, count: u32) -> Cost {
    let offers = offers(base.catalog).filter(|(offer, _)| offer.card == card && counts(base, offer).contains(&count));
    let offers = offers.map(|(offer, usd)| (offer, of_so_many(offer, usd, count)));
    let Some((offer, usd_per_hour)) = offers.min_by(|one, other| one.1.total_cmp(&other.1)) else {
        return Cost::NoPrice;
    };
    Cost::Rent {
        usd_per_hour,
        cloud: offer.cloud.clone(),
        date: offer.date.clone(),
        source: vec![offer.source.clone()],
    }
}

fn offers(catalog: &Catalog) -> impl Iterator<Item = (&Rent, Usd)> {
    catalog.fresh_rents().filter_map(|rent| Some((rent, rent.hourly_usd()?)))
}

/// Hours that a training job takes at so many tokens a second; `None` where nothing is trained, or nobody knows.
fn job_hours(plan: &Plan, tokens_per_s: f64) -> Option<f64> {
    let training = &plan.workload.training;
    let tokens = training.dataset_tokens as f64 * f64::from(training.epochs);
    (plan.workload.task.trains() && tokens_per_s > 0.0).then(|| tokens / tokens_per_s / 3600.0)
}
