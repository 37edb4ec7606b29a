//! What a change costs: prices of the catalog with their dates, nothing, or no price.

use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::catalog::platform::RamKind;
use crate::catalog::price::{Part, PriceUnit};
use crate::catalog::source::{Date, Price, PriceKind};

/// The first year whose launch prices still say something about a card one buys now.
const LIST_FROM: u16 = 2024;

/// What a change costs.
#[derive(Debug, Clone, PartialEq)]
pub enum Cost {
    /// Nothing to buy.
    Nothing,
    /// So much.
    Usd {
        /// US dollars in all.
        usd: f64,
        /// Of what kind the price is.
        kind: PriceKind,
        /// When it was seen.
        date: Date,
        /// Where it was seen.
        source: String,
    },
    /// Something to buy of which no price is known.
    NoPrice,
}

impl Cost {
    /// US dollars; `None` where no price is known.
    #[must_use]
    pub const fn usd(&self) -> Option<f64> {
        match self {
            Self::Nothing => Some(0.0),
            Self::Usd { usd, .. } => Some(*usd),
            Self::NoPrice => None,
        }
    }

    /// So many pieces at a price.
    fn of(price: Option<&Price>, pieces: u32) -> Self {
        price.map_or(Self::NoPrice, |price| Self::Usd {
            usd: price.usd * f64::from(pieces),
            kind: price.kind,
            date: price.date.clone(),
            source: price.source.clone(),
        })
    }

    /// So many of a card.
    pub(super) fn of_cards(card: Option<&Card>, pieces: u32) -> Self {
        Self::of(card.and_then(price), pieces)
    }

    /// So many GiB of RAM of a kind, at the newest price per GB of a kit.
    pub(super) fn of_ram(kind: RamKind, gib: f64, catalog: &Catalog) -> Self {
        let prefix = format!("{}-udimm", kind.to_string().to_lowercase());
        let kits = catalog
            .prices()
            .filter(|it| it.part == Part::Ram && it.unit == PriceUnit::GB && it.id.starts_with(prefix.as_str()));
        let newest = kits.filter(|it| it.usd.is_some()).max_by(|a, b| a.date.as_str().cmp(b.date.as_str()));
        newest.and_then(|it| it.usd.map(|usd| (usd, it))).map_or(Self::NoPrice, |(usd, it)| Self::Usd {
            usd: usd * gib,
            kind: PriceKind::Street,
            date: it.date.clone(),
            source: it.source.clone(),
        })
    }

    /// Both together; the older date and the doubtful kind stand for the sum.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Nothing, it) | (it, Self::Nothing) => it,
            (Self::NoPrice, _) | (_, Self::NoPrice) => Self::NoPrice,
            (Self::Usd { usd, kind, date, source }, Self::Usd { usd: more, date: other, source: second, .. }) => {
                let date = if other.as_str() < date.as_str() { other } else { date };
                Self::Usd { usd: usd + more, kind, date, source: format!("{source}; {second}") }
            }
        }
    }
}

/// What one pays for a card now: used where that is the cheaper, else in a shop, else the list price of a recent one.
pub(super) fn price(card: &Card) -> Option<&Price> {
    let dated = |kind| card.price(kind).filter(|price| price.date.year().is_some());
    let (used, street) = (dated(PriceKind::Used), dated(PriceKind::Street));
    let list = || dated(PriceKind::Launch).filter(|_| card.year >= LIST_FROM);
    match (used, street) {
        (Some(used), Some(street)) if street.usd <= used.usd => Some(street),
        (Some(used), _) => Some(used),
        (None, street) => street.or_else(list),
    }
}
