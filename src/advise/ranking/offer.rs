//! One row of the ranking: so many of one card, new or used.

use std::sync::Arc;

use crate::advise::quick::is_quick;
use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::catalog::price_rule::Standing;
use crate::catalog::priced::{Condition, Priced};
use crate::catalog::source::Price;
use crate::estimate::{Estimate, EstimateError, Headroom, Verdict};
use crate::units::{Band, Bytes, Usd};

/// Why this count of a card is in the ranking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// A single one, where more are needed to hold everything or no count does.
    Alone,
    /// The smallest count that holds everything, or where none does that runs at all.
    Fewest,
    /// One step more than that.
    OneMore,
}

/// Tells a row from every other of a ranking, and finds it again in the next.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct OfferKey {
    /// The card's id.
    pub card: String,
    /// The memory of one device, where that is not all that the card is sold with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Bytes>,
    /// How many.
    pub count: u32,
    /// New or used.
    pub condition: Condition,
}

/// What an offer costs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OfferPrice<'a> {
    /// US dollars for all cards together.
    pub usd: Usd,
    /// The price of one: its kind, date and source.
    pub each: &'a Price,
    /// How far it can be relied on.
    pub standing: Standing,
    /// The best deal seen about that time, for one, where that was less.
    pub deal: Option<&'a Price>,
}

/// What is asked of a card.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) each_gib: f64,
    pub(super) count: u32,
    pub(super) need: Need,
    /// For how many sequences the engine is told to prepare.
    pub(super) prepared: Option<u32>,
}

/// What one of a card costs in one condition.
#[derive(Debug, Clone, Copy)]
pub(super) struct PriceOfOne<'a> {
    condition: Condition,
    price: Option<OfferPrice<'a>>,
}

impl<'a> PriceOfOne<'a> {
    /// With so much memory, in GiB: new, and used where a price says so. A size that is only one of several is there in
    /// the conditions that have a price.
    pub(super) fn all(card: &'a Card, each_gib: f64, catalog: &'a Catalog) -> Vec<Self> {
        let of = |condition| {
            let price = catalog.card_price_with(card, each_gib, condition).map(|each| OfferPrice {
                usd: each.expected_usd(),
                each,
                standing: card.standing(each),
                deal: card.best_deal(each),
            });
            Self { condition, price }
        };
        let whole = each_gib == card.memory_gib;
        let is_there = |one: &Self| one.price.is_some() || whole && one.condition == Condition::New;
        Condition::ALL.map(of).into_iter().filter(is_there).collect()
    }

    /// New, for a price that nobody knows.
    pub(super) const fn unknown() -> Self {
        Self { condition: Condition::New, price: None }
    }
}

/// So many of one card, new or used, for the plan.
#[derive(Debug, Clone)]
pub struct Offer<'a> {
    /// The card.
    pub card: &'a Card,
    /// The memory of one device, in GiB: one of the sizes that the card is sold with.
    pub each_gib: f64,
    /// How many.
    pub count: u32,
    /// New or used.
    pub condition: Condition,
    /// Why this count.
    pub need: Need,
    /// What the plan comes to on them, or why it cannot be said. New and used share one.
    pub answer: Arc<Result<Estimate, EstimateError>>,
    /// For how many sequences the engine has to be told to prepare, where it would not start on them as it comes and the
    /// plan leaves that open.
    pub prepared: Option<u32>,
    /// What they cost; `None` = no price is known.
    pub price: Option<OfferPrice<'a>>,
    /// The plan's precision is one that the card computes in.
    pub native: bool,
    /// The price at which it would cost as much per token and second as the next better card, see
    /// [`fair_price`](super::rank).
    pub fair_price: Option<Usd>,
}

impl<'a> Offer<'a> {
    /// The offers of so many of a card: new, and used where a price says so.
    pub(super) fn all(
        card: &'a Card,
        prices: &[PriceOfOne<'a>],
        asked: Asked,
        native: bool,
        answer: &Arc<Result<Estimate, EstimateError>>,
    ) -> impl Iterator<Item = Self> {
        let Asked { each_gib, count, need, prepared } = asked;
        prices.iter().map(move |one| {
            let price = one.price.map(|price| OfferPrice { usd: price.usd * count, ..price });
            let (answer, condition) = (Arc::clone(answer), one.condition);
            Self { card, each_gib, count, condition, need, answer, prepared, price, native, fair_price: None }
        })
    }

    /// Whether advice may take it at its price: a shop, its maker or a seller of used ones asks that now.
    pub fn is_sold(&self) -> bool {
        self.sold_for().is_some()
    }

    /// US dollars for all cards, where its price is one that counts.
    pub fn sold_for(&self) -> Option<Usd> {
        self.price.filter(|price| price.standing == Standing::Counts).map(|price| price.usd)
    }

    /// Tokens a second over all sequences, where it runs and there are several.
    pub fn decode_total(&self) -> Option<Band<f64>> {
        let speed = &self.estimate().filter(|_| self.runs())?.speed;
        let (each, all) = (speed.decode?, speed.decode_total?);
        (all.expected > each.expected * 1.001).then_some(all)
    }

    /// What tells it from every other.
    pub fn key(&self) -> OfferKey {
        let size = self.size_gib().map(Bytes::from_gib);
        OfferKey { card: self.card.id.clone(), size, count: self.count, condition: self.condition }
    }

    /// Whether this is the row of `key`.
    pub fn is(&self, key: &OfferKey) -> bool {
        self.card.id == key.card
            && self.count == key.count
            && self.condition == key.condition
            && self.size_gib().map(Bytes::from_gib) == key.size
    }

    /// The memory of one device in GiB, as a plan names it: nothing where it is all that the card is sold with.
    pub fn size_gib(&self) -> Option<f64> {
        (self.each_gib != self.card.memory_gib).then_some(self.each_gib)
    }

    /// The estimate, where there is one.
    pub fn estimate(&self) -> Option<&Estimate> {
        self.answer.as_ref().as_ref().ok()
    }

    /// The judgment.
    pub fn verdict(&self) -> Option<Verdict> {
        self.estimate()?.verdict
    }

    /// Whether it runs at all.
    pub fn runs(&self) -> bool {
        self.verdict().is_some_and(|verdict| verdict != Verdict::DoesNotFit)
    }

    /// Whether it does the job at a speed that is of use, see [`crate::plan::LEAST_DECODE`].
    pub fn is_quick(&self) -> bool {
        self.runs() && self.estimate().is_some_and(is_quick)
    }

    /// Whether it runs and is known to be slower than that.
    pub fn is_slow(&self) -> bool {
        self.decode().is_some() && !self.is_quick()
    }

    /// What is left or missing.
    pub fn headroom(&self) -> Option<Headroom> {
        self.estimate()?.headroom()
    }

    /// Tokens a second that one sequence receives (on average, where some wait), or that training goes through, where it runs.
    pub fn decode(&self) -> Option<Band<f64>> {
        let found = self.estimate().filter(|_| self.runs())?;
        found.decode_of_each().or(found.speed.train)
    }

    /// Whether the plan trains.
    pub fn trains(&self) -> bool {
        self.estimate().is_some_and(|estimate| estimate.training.is_some())
    }

    /// Tokens of prompts a second, where it runs.
    pub fn prefill(&self) -> Option<Band<f64>> {
        self.estimate().filter(|_| self.runs())?.speed.prefill
    }

    /// Seconds to the first token, where it runs.
    pub fn first_token(&self) -> Option<Band<f64>> {
        self.estimate().filter(|_| self.runs())?.speed.first_token
    }

    /// What each decoded token a second costs, where its price is one that counts.
    pub fn usd_per_token_s(&self) -> Option<Usd> {
        let speed = self.decode()?.expected;
        (speed > 0.0).then_some(self.sold_for()? / speed)
    }

    /// Memory of all cards together, in GiB.
    pub fn memory_gib(&self) -> f64 {
        self.each_gib * f64::from(u32::from(self.card.devices_per_card) * self.count)
    }

    /// Whether it is a whole machine, not a card that goes into one.
    pub fn is_whole(&self) -> bool {
        self.card.is_unified()
    }

    /// Rated power of all cards together, in W.
    pub fn power_w(&self) -> Option<u32> {
        Some(self.card.tdp_w? * self.count)
    }
}
