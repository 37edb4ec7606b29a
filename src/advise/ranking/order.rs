//! The order of rows: by any column, what is not known always last.

use std::cmp::Ordering;

use super::offer::Offer;
use crate::estimate::Headroom;

/// What rows are put in order by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, strum::EnumCount)]
pub enum SortKey {
    /// The judgment, best first.
    Verdict,
    /// The card's name.
    Card,
    /// What is left or missing.
    Headroom,
    /// Decode speed.
    Decode,
    /// Prefill speed.
    Prefill,
    /// Time to the first token.
    FirstToken,
    /// What it costs to do the job: the price of all cards together, where they run the plan and are sold at it. Those that
    /// run it too slowly to be of use stand after those that do not.
    #[default]
    Price,
    /// Price for each decoded token a second.
    PerToken,
    /// What it is worth at most.
    FairPrice,
    /// Rated power.
    Power,
}

/// Which end comes first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Direction {
    /// The smallest.
    #[default]
    Rising,
    /// The largest.
    Falling,
}

impl Direction {
    /// The other one.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Rising => Self::Falling,
            Self::Falling => Self::Rising,
        }
    }
}

impl SortKey {
    /// All columns, as they stand from left to right.
    pub const ALL: [Self; <Self as strum::EnumCount>::COUNT] = [
        Self::Verdict,
        Self::Card,
        Self::Headroom,
        Self::Decode,
        Self::Prefill,
        Self::FirstToken,
        Self::Price,
        Self::PerToken,
        Self::FairPrice,
        Self::Power,
    ];

    /// The direction in which the best comes first.
    pub const fn best_first(self) -> Direction {
        match self {
            Self::Headroom | Self::Decode | Self::Prefill | Self::FairPrice => Direction::Falling,
            Self::Verdict | Self::Card | Self::FirstToken | Self::Price | Self::PerToken | Self::Power => {
                Direction::Rising
            }
        }
    }

    /// The figure of `offer` in this column; names have none.
    pub fn figure(self, offer: &Offer<'_>) -> Option<f64> {
        match self {
            Self::Card => None,
            Self::Verdict => offer.verdict().map(|verdict| f64::from(verdict as u8)),
            Self::Headroom => offer.headroom().map(Headroom::signed_gib),
            Self::Decode => offer.decode().map(|band| band.expected),
            Self::Prefill => offer.prefill().map(|band| band.expected),
            Self::FirstToken => offer.first_token().map(|band| band.expected),
            Self::Price => offer.sold_for().filter(|_| offer.runs()).map(f64::from),
            Self::PerToken => offer.usd_per_token_s().map(f64::from),
            Self::FairPrice => offer.fair_price.map(f64::from),
            Self::Power => offer.power_w().map(f64::from),
        }
    }
}

/// Puts `places` in `offers` in order. What has no figure comes last in either direction; equals stand by verdict, then
/// by headroom, then by name and count. A price is one for a job: where it is done too slowly to be of use it comes after all
/// that is of use, in either direction.
pub fn sort(places: &mut [usize], offers: &[Offer<'_>], column: SortKey, direction: Direction) {
    let turned = |order: Ordering| if direction == Direction::Rising { order } else { order.reverse() };
    let keys: Vec<(Option<f64>, Option<f64>, Option<f64>)> = offers
        .iter()
        .map(|offer| (column.figure(offer), SortKey::Verdict.figure(offer), SortKey::Headroom.figure(offer)))
        .collect();
    let by_name = |a: &Offer<'_>, b: &Offer<'_>| {
        a.card.name.cmp(&b.card.name).then(a.count.cmp(&b.count)).then(a.condition.cmp(&b.condition))
    };
    places.sort_by(|&a, &b| {
        let first = match column {
            SortKey::Card => turned(by_name(&offers[a], &offers[b])),
            SortKey::Price => {
                let use_of = |place: usize| (keys[place].0.is_none(), Use::of(&offers[place]));
                use_of(a).cmp(&use_of(b)).then_with(|| known_first(keys[a].0, keys[b].0, turned))
            }
            _ => known_first(keys[a].0, keys[b].0, turned),
        };
        first
            .then_with(|| known_first(keys[a].1, keys[b].1, |order| order))
            .then_with(|| known_first(keys[a].2, keys[b].2, Ordering::reverse))
            .then_with(|| by_name(&offers[a], &offers[b]))
    });
}

/// Of how much use an offer is for the job, the most first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    /// It is fast enough.
    Quick,
    /// Nobody knows how fast it is.
    Unknown,
    /// It is slower.
    Slow,
}

impl Use {
    fn of(offer: &Offer<'_>) -> Self {
        match () {
            () if offer.is_quick() => Self::Quick,
            () if offer.is_slow() => Self::Slow,
            () => Self::Unknown,
        }
    }
}

/// Known figures in their order, then the unknown ones.
fn known_first(a: Option<f64>, b: Option<f64>, turned: impl Fn(Ordering) -> Ordering) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => turned(a.total_cmp(&b)),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}
