//! Prices of the user's own, and what renting a card costs. Each figure with its date.

use crate::catalog::origin::Origin;
use serde::{Deserialize, Serialize};

use super::Catalog;
use super::cloud::Cloud;
use super::source::{Confidence, Date, Price, PriceFigure, PriceKind, STALE_MONTHS, is_usual, usual_confidence};
use crate::text::Phrase;
use crate::units::Usd;

/// A price that is kept apart from its part or card, in `own_prices.ron` of the user's own tables: it takes the place of
/// the catalog's price of the same kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnPrice {
    /// The part or card, by its id.
    pub part: String,
    /// What it is a price of.
    pub kind: PriceKind,
    /// US dollars for one.
    pub usd: Usd,
    /// When it was seen.
    pub date: Date,
    /// Where it was seen.
    pub source: Origin,
}

impl OwnPrice {
    /// The price as parts hold it.
    pub fn price(&self) -> Price {
        Price {
            kind: self.kind,
            usd: self.usd,
            date: self.date.clone(),
            source: self.source.clone(),
            usd_to: None,
            memory_gib: None,
            figure: PriceFigure::Own,
            confidence: Confidence::High,
            basis: None,
        }
    }

    /// What is wrong with its figures, one sentence each.
    pub fn problems(&self) -> Vec<Phrase> {
        super::check::price_problems(&self.price())
    }
}

/// What renting cards costs by the hour.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rent {
    /// The card rented, by its id.
    pub card: String,
    /// The card as the offer names it.
    pub accelerator: String,
    /// Who rents it out.
    pub cloud: Cloud,
    /// The instance or offer.
    pub offer: Option<String>,
    /// How many cards.
    pub cards: u32,
    /// US dollars an hour for the whole offer, on demand.
    pub usd_per_hour: Option<Usd>,
    /// US dollars an hour for the whole offer, interruptible.
    pub usd_per_hour_spot: Option<Usd>,
    /// US dollars an hour for one card, on demand.
    pub usd_per_card_hour: Option<Usd>,
    /// When it was seen.
    pub date: Date,
    /// What it says of all that was seen.
    #[serde(default, skip_serializing_if = "PriceFigure::is_offer")]
    pub figure: PriceFigure,
    /// How sure it is.
    #[serde(default = "usual_confidence", skip_serializing_if = "is_usual")]
    pub confidence: Confidence,
    /// Where it was seen.
    pub source: Origin,
    /// What else one should know.
    pub note: Option<String>,
}

impl Rent {
    /// Whether one can count on it: no bargain that few get, and no doubtful figure.
    pub fn leads(&self) -> bool {
        self.figure != PriceFigure::Deal && self.confidence != Confidence::Low
    }

    /// Whether it is the same offer, seen another time.
    fn is_same(&self, other: &Self) -> bool {
        self.card == other.card
            && self.cloud == other.cloud
            && self.offer == other.offer
            && self.cards == other.cards
            && self.figure == other.figure
    }

    /// US dollars an hour for the whole offer on demand; `None` = no price is known.
    pub fn hourly_usd(&self) -> Option<Usd> {
        self.usd_per_hour.or_else(|| Some(self.usd_per_card_hour? * self.cards))
    }
}

impl Catalog {
    /// Offers that can be counted on, no older than six months before the newest of them: what was asked before says nothing
    /// of today.
    pub fn fresh_rents(&self) -> impl Iterator<Item = &Rent> {
        let newest = newest(self.open_rents());
        let open = self.open_rents().filter(move |rent| is_fresh(rent, newest));
        let kept = self.kept_rents().into_iter();
        let kept = kept.flat_map(|book| book.rents.iter().filter(move |rent| is_fresh(rent, book.newest.as_ref())));
        open.chain(kept)
    }

    /// The newest date of all offers that can be counted on, by which one is fresh.
    pub(super) fn newest_rent(&self) -> Option<&Date> {
        let kept = self.kept_rents().and_then(|book| book.newest.as_ref());
        newest(self.open_rents()).into_iter().chain(kept).max_by_key(|date| date.first_day())
    }
}

fn newest<'a>(rents: impl Iterator<Item = &'a Rent>) -> Option<&'a Date> {
    rents.filter(|rent| rent.leads()).map(|rent| &rent.date).max_by_key(|date| date.first_day())
}

/// Whether an offer says what renting costs now, the newest of all being of this date.
pub(super) fn is_fresh(rent: &Rent, newest: Option<&Date>) -> bool {
    rent.leads() && newest.is_some_and(|newest| !rent.date.is_stale(newest))
}

/// The offers that say what renting costs now: of each offer the newest, and none that is older by
/// [`STALE_MONTHS`] than the newest of the same card. What is old in itself stays where nothing newer is known.
pub(super) fn current(mut rents: Vec<Rent>) -> Vec<Rent> {
    let day = |rent: &Rent| rent.date.first_day();
    let is_current = |rent: &Rent, rents: &[Rent]| {
        let same_card = || rents.iter().filter(|other| other.card == rent.card);
        let newest = same_card().max_by_key(|other| day(other));
        newest.is_none_or(|newest| rent.date.is_within_months(STALE_MONTHS, &newest.date))
            && same_card().filter(|other| other.is_same(rent)).all(|other| day(other) <= day(rent))
    };
    let current: Vec<bool> = rents.iter().map(|rent| is_current(rent, &rents)).collect();
    let mut current = current.into_iter();
    rents.retain(|_| current.next() == Some(true));
    rents
}
