//! Buying a machine against renting one or paying for a hosted API.

pub(super) mod offers;

pub use offers::{CloudOffer, cloud_offers};

use offers::MILLION;

use crate::advise::builder::{Build, from_wall};
use crate::catalog::Catalog;
use crate::plan::RentTerms;
use crate::units::{Usd, Watts};

/// Days in a month, on average.
const DAYS_PER_MONTH: f64 = 365.25 / 12.0;
/// Ten years: a machine that pays later than that pays never, since it is not kept so long.
pub const LONGEST_MONTHS: f64 = 120.0;

/// A machine that is bought: its price, and what it draws at work.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bought {
    /// What it costs.
    pub usd: Usd,
    /// What it takes from the wall at work, used where the terms give none; `None` = no data.
    pub work_watts: Option<Watts>,
    /// What it takes from the wall while it waits, used where the terms give none; `None` = no data, counted as nothing.
    pub idle_watts: Option<Watts>,
    /// Tokens a second over all sequences while it works; `None` = no data.
    pub tokens_per_s: Option<f64>,
}

impl Bought {
    /// A build: what its parts cost, what it draws while it serves all its users, or runs the plan that it was judged by, and how
    /// fast that is.
    /// `None` where no part has a price.
    ///
    /// The cards draw what the estimate says, where it knows; processors and the rest draw their most.
    pub fn build(build: &Build<'_>, catalog: &Catalog) -> Option<Self> {
        let Build { choice, estimate, total, users, .. } = build;
        let power = users.as_ref().map_or(estimate.speed.power, |users| users.power);
        let of_cards = || choice.cards.iter().map(|cards| Some(Watts::from(cards.part.tdp_w? * cards.count))).sum();
        let draw = choice.draw().map(|most| {
            let spared = power.filter(|_| choice.system.is_none()).zip(of_cards());
            spared.map_or(most, |(power, cards): (_, Watts)| most - (cards - Watts(power.expected)).max(Watts::ZERO))
        });
        let tokens = estimate.speed.train.or(estimate.speed.decode_total).map(|band| band.expected);
        let tokens = users.as_ref().map(|users| users.total).or(tokens);
        (total.usd > Usd::ZERO).then(|| Self {
            usd: total.usd,
            work_watts: draw.map(|draw| from_wall(choice, draw, catalog)),
            idle_watts: choice.idle_draw().map(|draw| from_wall(choice, draw, catalog)),
            tokens_per_s: tokens,
        })
    }
}

/// What stands against buying.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Instead {
    /// Renting at so much an hour, for the hours of the terms.
    Rent(Usd),
    /// A hosted API at the price of the terms, for the tokens that the machine makes.
    Api,
}

/// Hours of work a day that a table of break-even looks at.
const HOURS: [f64; 5] = [2.0, 4.0, 8.0, 16.0, 24.0];

/// When buying pays at so many hours of work a day.
#[derive(Debug, Clone, PartialEq)]
pub struct UseRow {
    /// Hours of work a day.
    pub hours: f64,
    /// These are the hours of the terms.
    pub now: bool,
    /// Months after which buying is cheaper than each of what stands against it; `None` = never, or not known.
    pub months: Vec<Option<f64>>,
}

/// What buying, renting and a hosted API come to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CostComparison<'t> {
    /// On these terms.
    pub terms: &'t RentTerms,
    /// This machine.
    pub bought: Bought,
    work_watts: Watts,
}

impl<'t> CostComparison<'t> {
    /// A machine on these terms; `None` where nobody knows what it draws at work.
    pub fn new(terms: &'t RentTerms, bought: Bought) -> Option<Self> {
        Some(Self { terms, bought, work_watts: terms.work_watts.or(bought.work_watts)? })
    }

    /// What it draws while it waits: by the terms, else by the parts.
    pub fn idle_watts(&self) -> Watts {
        self.terms.idle_watts.or(self.bought.idle_watts).unwrap_or_default()
    }

    /// What a month of power costs: at work the hours of the terms, idle the rest.
    pub fn power_per_month(&self) -> Usd {
        let terms = self.terms;
        let work = self.work_watts.watt_hours(terms.hours_per_day);
        let idle = self.idle_watts().watt_hours(24.0 - terms.hours_per_day);
        terms.usd_per_kwh * ((work + idle) / 1000.0 * DAYS_PER_MONTH)
    }

    /// What was spent on the bought machine after `months`, resale not yet counted.
    pub fn bought_after(&self, months: f64) -> Usd {
        self.bought.usd + self.power_per_month() * months
    }

    /// What the bought machine has cost when it is sold after `months`.
    pub fn bought_and_sold_after(&self, months: f64) -> Usd {
        self.bought_after(months) - self.bought.usd * self.terms.resale_share
    }

    /// What the bought machine costs over the months of the terms, what it is sold for taken off.
    pub fn bought_in_all(&self) -> Usd {
        self.bought_and_sold_after(self.terms.months)
    }

    /// What renting at `usd_per_hour` costs for `months`.
    pub fn rented_after(&self, usd_per_hour: Usd, months: f64) -> Usd {
        usd_per_hour * self.terms.hours_per_day * DAYS_PER_MONTH * months
    }

    /// What a hosted API asks for the tokens of `months`; `None` where the price or the speed is not known.
    pub fn api_after(&self, months: f64) -> Option<Usd> {
        Some(self.terms.api_usd_per_million? * self.tokens_per_month()? / MILLION * months)
    }

    /// Tokens that the machine makes in a month; `None` = no data.
    pub fn tokens_per_month(&self) -> Option<f64> {
        Some(self.bought.tokens_per_s? * 3600.0 * self.terms.hours_per_day * DAYS_PER_MONTH)
    }

    /// What a million tokens cost over the months of the terms; `None` where no token is made or nobody knows how many.
    pub fn usd_per_million(&self) -> Option<Usd> {
        let tokens = self.tokens_per_month()? * self.terms.months;
        (tokens > 0.0).then(|| self.bought_in_all() / tokens * MILLION)
    }

    /// Months after which buying is cheaper than paying `usd_per_month`; `None` = never. What the machine is sold for in
    /// the end counts from the first day on.
    pub fn break_even_months(&self, usd_per_month: Usd) -> Option<f64> {
        let saved = usd_per_month - self.power_per_month();
        (saved > Usd::ZERO).then(|| self.bought.usd * (1.0 - self.terms.resale_share) / saved)
    }

    /// What the other way costs after `months`; `None` where that is not known.
    pub fn instead_after(&self, instead: Instead, months: f64) -> Option<Usd> {
        match instead {
            Instead::Rent(usd_per_hour) => Some(self.rented_after(usd_per_hour, months)),
            Instead::Api => self.api_after(months),
        }
    }

    /// Months after which buying is cheaper than the other way; `None` = never, or not known.
    pub fn break_even(&self, instead: Instead) -> Option<f64> {
        self.break_even_months(self.instead_after(instead, 1.0)?)
    }

    /// The same within [`LONGEST_MONTHS`], beyond which nobody waits for it: `None` = never, or not known.
    pub fn pays_within_reach(&self, instead: Instead) -> Option<f64> {
        self.break_even(instead).filter(|months| *months <= LONGEST_MONTHS)
    }

    /// When buying pays by hours of work a day; the hours of the terms are among them.
    pub fn break_even_by_use(&self, instead: &[Instead]) -> Vec<UseRow> {
        let now = self.terms.hours_per_day;
        let mut hours: Vec<f64> = HOURS.into_iter().filter(|hours| *hours != now).chain([now]).collect();
        hours.sort_by(f64::total_cmp);
        let row = |hours: f64| {
            let terms = RentTerms { hours_per_day: hours, ..*self.terms };
            let running = CostComparison { terms: &terms, ..*self };
            let months = instead.iter().map(|instead| running.pays_within_reach(*instead)).collect();
            UseRow { hours, now: hours == now, months }
        };
        hours.into_iter().map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The figures of a machine at $8,456 and 700 W, rented at $1.30 an hour: 29 months at 8 hours a day.
    #[test]
    fn break_even_is_price_over_what_is_saved_a_month() {
        let terms = RentTerms { resale_share: 0.0, ..RentTerms::default() };
        let bought =
            Bought { usd: Usd(8456.0), work_watts: Some(Watts(700.0)), idle_watts: None, tokens_per_s: Some(26.0) };
        let running = CostComparison::new(&terms, bought).unwrap();
        assert!((running.power_per_month().0 - 28.98).abs() < 0.01, "{}", running.power_per_month());
        let months = running.break_even(Instead::Rent(Usd(1.3))).unwrap();
        assert!((months - 29.4).abs() < 0.1, "{months}");
        let at = |months: f64| running.bought_after(months) - running.rented_after(Usd(1.3), months);
        assert!(at(months - 0.1) > Usd::ZERO && at(months + 0.1) < Usd::ZERO);
        assert_eq!(running.break_even(Instead::Rent(Usd(0.05))), None, "renting for less than the power never ends");
        assert_eq!(running.break_even(Instead::Api), None, "nobody said what it costs");
    }

    #[test]
    fn more_use_pays_sooner_and_the_hours_at_hand_are_marked() {
        let terms = RentTerms { hours_per_day: 5.0, api_usd_per_million: Some(Usd(2.0)), ..RentTerms::default() };
        let bought =
            Bought { usd: Usd(8456.0), work_watts: Some(Watts(700.0)), idle_watts: None, tokens_per_s: Some(1000.0) };
        let rows =
            CostComparison::new(&terms, bought).unwrap().break_even_by_use(&[Instead::Rent(Usd(1.3)), Instead::Api]);
        assert_eq!(rows.iter().map(|row| row.hours).collect::<Vec<_>>(), [2.0, 4.0, 5.0, 8.0, 16.0, 24.0]);
        assert_eq!(rows.iter().filter(|row| row.now).map(|row| row.hours).collect::<Vec<_>>(), [5.0]);
        for pair in rows.windows(2) {
            assert!(pair[0].months.iter().zip(&pair[1].months).all(|(less, more)| less > more), "{pair:?}");
        }
        let unknown = CostComparison::new(&terms, Bought { tokens_per_s: None, ..bought }).unwrap();
        assert!(unknown.break_even_by_use(&[Instead::Api]).iter().all(|row| row.months == [None]));
    }

    #[test]
    fn what_nobody_knows_is_no_zero() {
        let bought = Bought { usd: Usd(8456.0), work_watts: None, idle_watts: None, tokens_per_s: None };
        assert!(CostComparison::new(&RentTerms::default(), bought).is_none(), "its power is not known");
        let typed = RentTerms { work_watts: Some(Watts(300.0)), ..RentTerms::default() };
        assert!(CostComparison::new(&typed, bought).is_some_and(|running| running.usd_per_million().is_none()));
    }

    #[test]
    fn what_waits_draws_by_its_parts_until_the_terms_say_otherwise() {
        let bought = Bought {
            usd: Usd(1000.0),
            work_watts: Some(Watts(500.0)),
            idle_watts: Some(Watts(60.0)),
            tokens_per_s: Some(10.0),
        };
        let idle = |terms: RentTerms| CostComparison::new(&terms, bought).unwrap().idle_watts();
        assert_eq!(idle(RentTerms::default()), Watts(60.0));
        assert_eq!(
            idle(RentTerms { idle_watts: Some(Watts(0.0)), ..RentTerms::default() }),
            Watts(0.0),
            "switched off"
        );
    }

    #[test]
    fn beyond_ten_years_is_never() {
        let terms = RentTerms { hours_per_day: 2.0, resale_share: 0.0, ..RentTerms::default() };
        let bought =
            Bought { usd: Usd(8456.0), work_watts: Some(Watts(700.0)), idle_watts: None, tokens_per_s: Some(26.0) };
        let running = CostComparison::new(&terms, bought).unwrap();
        let cheap = Instead::Rent(Usd(0.9));
        assert!(running.break_even(cheap).is_some_and(|months| months > LONGEST_MONTHS));
        assert_eq!(running.pays_within_reach(cheap), None);
        assert!(running.pays_within_reach(Instead::Rent(Usd(4.0))).is_some());
    }

    #[test]
    fn zero_hours_and_resale_have_an_answer() {
        let terms =
            RentTerms { hours_per_day: 0.0, idle_watts: Some(Watts(50.0)), resale_share: 0.4, ..RentTerms::default() };
        let running = CostComparison::new(
            &terms,
            Bought { usd: Usd(1000.0), work_watts: Some(Watts(500.0)), idle_watts: None, tokens_per_s: Some(10.0) },
        )
        .unwrap();
        assert_eq!(running.break_even(Instead::Rent(Usd(2.0))), None);
        assert_eq!(running.usd_per_million(), None, "no tokens, no price a token");
        assert!((running.bought_in_all() - (Usd(600.0) + running.power_per_month() * 48.0)).0.abs() < 1e-9);
    }
}
