//! What a change costs: prices of the catalog with their dates, nothing, or no price.

use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::catalog::cloud::Cloud;
use crate::catalog::origin::Origin;
use crate::catalog::parts::Dimm;
use crate::catalog::priced::{Condition, Priced};
use crate::catalog::runtime::RamSpeed;
use crate::catalog::source::{Date, Price, PriceKind};
use crate::units::Usd;

/// What a change costs.
#[derive(Debug, Clone, PartialEq)]
pub enum Cost {
    /// Nothing to buy.
    Nothing,
    /// So much.
    Usd {
        /// US dollars in all: what is paid more than for the plan as it is, which is less than nothing where it is cheaper.
        usd: Usd,
        /// What the cards that it replaces would have cost, where they are not bought yet: it is taken off.
        spared: Option<Usd>,
        /// Of what kind the price is.
        kind: PriceKind,
        /// When it was seen.
        date: Date,
        /// Where it was seen.
        source: Vec<Origin>,
    },
    /// So much for each hour of rented cards.
    Rent {
        /// US dollars an hour for all of them.
        usd_per_hour: Usd,
        /// Who rents them out.
        cloud: Cloud,
        /// When the offer was seen.
        date: Date,
        /// Where it was seen.
        source: Vec<Origin>,
    },
    /// Something to buy of which no price is known.
    NoPrice,
}

impl Cost {
    /// US dollars to buy it; `None` where no price is known, or where it is rented.
    pub const fn usd(&self) -> Option<Usd> {
        match self {
            Self::Nothing => Some(Usd::ZERO),
            Self::Usd { usd, .. } => Some(*usd),
            Self::Rent { .. } | Self::NoPrice => None,
        }
    }

    fn of(price: Option<&Price>, pieces: u32) -> Self {
        price.map_or(Self::NoPrice, |price| Self::Usd {
            usd: price.expected_usd() * pieces,
            spared: None,
            kind: price.kind,
            date: price.date.clone(),
            source: vec![price.source.clone()],
        })
    }

    /// So many of a card, new or used, at a price that counts.
    pub fn of_cards(card: &Card, pieces: u32) -> Self {
        Self::of(card.offered_price(&Condition::ALL), pieces)
    }

    /// So many GiB of RAM at least, in the kits that come cheapest of those that run at `speed`: desktops take unbuffered
    /// ones, servers registered ones.
    pub(in crate::advise) fn of_ram(
        speed: RamSpeed,
        (dimm, socket): (Dimm, Option<&str>),
        gib: f64,
        catalog: &Catalog,
    ) -> Self {
        let bought = catalog.ram_for(speed, dimm, gib, socket);
        bought.map_or(Self::NoPrice, |bought| Self::of(Some(bought.price), bought.pieces))
    }

    /// The same where cards worth so much need not be bought.
    #[must_use]
    pub fn instead_of(self, worth: Option<Usd>) -> Self {
        match (self, worth) {
            (Self::Usd { usd, kind, date, source, .. }, Some(worth)) => {
                Self::Usd { usd: usd - worth, spared: Some(worth), kind, date, source }
            }
            (it, _) => it,
        }
    }

    /// Both together; the older date and the doubtful kind stand for the sum.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, it) | (it, Self::Nothing) => it,
            // An hour and a purchase have no sum.
            (Self::NoPrice | Self::Rent { .. }, _) | (_, Self::NoPrice | Self::Rent { .. }) => Self::NoPrice,
            (
                Self::Usd { usd, spared, kind, date, mut source },
                Self::Usd { usd: more, spared: also, date: other, source: second, .. },
            ) => {
                let date = if other.as_str() < date.as_str() { other } else { date };
                source.extend(second);
                Self::Usd { usd: usd + more, spared: spared.or(also), kind, date, source }
            }
        }
    }
}
