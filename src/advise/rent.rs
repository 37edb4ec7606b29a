//! Buying a machine against renting one or paying for a hosted API.

use crate::advise::ranking::trial;
use crate::catalog::Catalog;
use crate::catalog::price::Rent;
use crate::catalog::source::Date;
use crate::estimate::{Verdict, estimate};
use crate::plan::{Plan, RentTerms};

/// Days in a month, on average.
const DAYS_PER_MONTH: f64 = 365.25 / 12.0;
/// Tokens that prices of hosted models count by.
const MILLION: f64 = 1e6;

/// A machine that is bought: its price, and what it draws at work.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bought {
    /// US dollars.
    pub usd: f64,
    /// W from the wall at work, used where the terms give none.
    pub work_watts: f64,
    /// Tokens a second over all sequences while it works; `None` = no data.
    pub tokens_per_s: Option<f64>,
}

/// What buying, renting and a hosted API come to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Running<'t> {
    /// On these terms.
    pub terms: &'t RentTerms,
    /// This machine.
    pub bought: Bought,
}

impl Running<'_> {
    /// US dollars a month for power: at work the hours of the terms, idle the rest.
    #[must_use]
    pub fn power_per_month(&self) -> f64 {
        let terms = self.terms;
        let work = terms.work_watts.unwrap_or(self.bought.work_watts) * terms.hours_per_day;
        let idle = terms.idle_watts * (24.0 - terms.hours_per_day);
        (work + idle) / 1000.0 * DAYS_PER_MONTH * terms.usd_per_kwh
    }

    /// US dollars spent on the bought machine after `months`, resale not yet counted.
    #[must_use]
    pub fn bought_after(&self, months: f64) -> f64 {
        self.bought.usd + self.power_per_month() * months
    }

    /// US dollars that the bought machine costs over the months of the terms, what it is sold for taken off.
    #[must_use]
    pub fn bought_in_all(&self) -> f64 {
        self.bought_after(self.terms.months) - self.bought.usd * self.terms.resale_share
    }

    /// US dollars for renting at `usd_per_hour` for `months`.
    #[must_use]
    pub fn rented_after(&self, usd_per_hour: f64, months: f64) -> f64 {
        usd_per_hour * self.terms.hours_per_day * DAYS_PER_MONTH * months
    }

    /// US dollars that a hosted API asks for the tokens of `months`; `None` where the price or the speed is not known.
    #[must_use]
    pub fn api_after(&self, months: f64) -> Option<f64> {
        Some(self.terms.api_usd_per_million? * self.tokens_per_month()? / MILLION * months)
    }

    /// Tokens that the machine makes in a month; `None` = no data.
    #[must_use]
    pub fn tokens_per_month(&self) -> Option<f64> {
        Some(self.bought.tokens_per_s? * 3600.0 * self.terms.hours_per_day * DAYS_PER_MONTH)
    }

    /// US dollars a million tokens over the months of the terms; `None` where no token is made or nobody knows how many.
    #[must_use]
    pub fn usd_per_million(&self) -> Option<f64> {
        let tokens = self.tokens_per_month()? * self.terms.months;
        (tokens > 0.0).then(|| self.bought_in_all() / tokens * MILLION)
    }

    /// Months after which buying is cheaper than paying `usd_per_month`; `None` = never. What the machine is sold for in
    /// the end counts from the first day on.
    #[must_use]
    pub fn break_even_months(&self, usd_per_month: f64) -> Option<f64> {
        let saved = usd_per_month - self.power_per_month();
        (saved > 0.0).then(|| self.bought.usd * (1.0 - self.terms.resale_share) / saved)
    }

    /// Months after which buying is cheaper than renting at `usd_per_hour`; `None` = never.
    #[must_use]
    pub fn break_even_with_rent(&self, usd_per_hour: f64) -> Option<f64> {
        self.break_even_months(self.rented_after(usd_per_hour, 1.0))
    }

    /// Months after which buying is cheaper than the hosted API; `None` = never, or not known.
    #[must_use]
    pub fn break_even_with_api(&self) -> Option<f64> {
        self.break_even_months(self.api_after(1.0)?)
    }
}

/// An offer of a cloud for a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct CloudOffer<'a> {
    /// The offer.
    pub rent: &'a Rent,
    /// US dollars an hour for all its cards.
    pub usd_per_hour: f64,
    /// What the plan comes to on its cards.
    pub verdict: Verdict,
    /// Tokens a second over all sequences; `None` = no data.
    pub tokens_per_s: Option<f64>,
    /// US dollars a million decoded tokens; `None` = no data.
    pub usd_per_million: Option<f64>,
    /// The price is older than six months, or undated.
    pub stale: bool,
}

/// What a plan came to on some cards: the verdict, and tokens a second over all sequences.
type Ran = (Verdict, Option<f64>);

/// The offers whose cards hold the plan in VRAM, the cheapest a million tokens first; without a speed last.
#[must_use]
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
            let found =
                found.and_then(|found| Some((found.verdict?, found.speed.decode_total.map(|band| band.expected))));
            known.push((&rent.card, rent.cards, found));
            found
        });
        let Some((verdict @ (Verdict::Fits | Verdict::Tight), tokens_per_s)) = found else { continue };
        let usd_per_million =
            tokens_per_s.filter(|speed| *speed > 0.0).map(|speed| usd_per_hour / (speed * 3600.0) * MILLION);
        let stale = rent.date.is_stale(today);
        offers.push(CloudOffer { rent, usd_per_hour, verdict, tokens_per_s, usd_per_million, stale });
    }
    let order = |offer: &CloudOffer<'_>| offer.usd_per_million.unwrap_or(f64::INFINITY);
    offers.sort_by(|a, b| order(a).total_cmp(&order(b)).then(a.usd_per_hour.total_cmp(&b.usd_per_hour)));
    offers
}

/// The offers that rent out a card, the cheapest a card first: what stands beside a node without a price.
#[must_use]
pub fn rents_of<'a>(card: &str, catalog: &'a Catalog) -> Vec<&'a Rent> {
    let each = |rent: &Rent| rent.hourly_usd().map_or(f64::INFINITY, |usd| usd / f64::from(rent.cards.max(1)));
    let mut rents: Vec<&Rent> =
        catalog.rents().filter(|rent| rent.card == card && rent.hourly_usd().is_some()).collect();
    rents.sort_by(|a, b| each(a).total_cmp(&each(b)));
    rents
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The figures of a machine at $8,456 and 700 W, rented at $1.30 an hour: 29 months at 8 hours a day.
    #[test]
    fn break_even_is_price_over_what_is_saved_a_month() {
        let terms = RentTerms::default();
        let bought = Bought { usd: 8456.0, work_watts: 700.0, tokens_per_s: Some(26.0) };
        let running = Running { terms: &terms, bought };
        assert!((running.power_per_month() - 28.98).abs() < 0.01, "{}", running.power_per_month());
        let months = running.break_even_with_rent(1.3).unwrap();
        assert!((months - 29.4).abs() < 0.1, "{months}");
        let at = |months: f64| running.bought_after(months) - running.rented_after(1.3, months);
        assert!(at(months - 0.1) > 0.0 && at(months + 0.1) < 0.0);
        assert_eq!(running.break_even_with_rent(0.05), None, "renting for less than the power never ends");
        assert_eq!(running.break_even_with_api(), None, "nobody said what it costs");
    }

    #[test]
    fn zero_hours_and_resale_have_an_answer() {
        let terms = RentTerms { hours_per_day: 0.0, idle_watts: 50.0, resale_share: 0.4, ..RentTerms::default() };
        let running =
            Running { terms: &terms, bought: Bought { usd: 1000.0, work_watts: 500.0, tokens_per_s: Some(10.0) } };
        assert_eq!(running.break_even_with_rent(2.0), None);
        assert_eq!(running.usd_per_million(), None, "no tokens, no price a token");
        assert!((running.bought_in_all() - (600.0 + running.power_per_month() * 48.0)).abs() < 1e-9);
    }
}
