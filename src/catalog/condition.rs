//! New or used, and since when a price says what one pays.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::entry_table;
use super::source::{Date, PriceKind};

/// Whether something is bought new or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, serde::Deserialize, strum::EnumCount)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// From a shop.
    New,
    /// From someone before.
    Used,
}

impl Condition {
    /// Both.
    pub const ALL: [Self; <Self as strum::EnumCount>::COUNT] = [Self::New, Self::Used];

    /// The kind of price that is typed for it.
    pub const fn price_kind(self) -> PriceKind {
        match self {
            Self::New => PriceKind::Street,
            Self::Used => PriceKind::Used,
        }
    }

    /// The condition in which something is bought at a price of this kind; `None` = nobody buys at it.
    pub(super) const fn of(kind: PriceKind) -> Option<Self> {
        match kind {
            PriceKind::Street | PriceKind::List | PriceKind::Launch => Some(Self::New),
            PriceKind::Used => Some(Self::Used),
            PriceKind::Spot => None,
        }
    }

    /// Whether a price of this kind is one of this condition.
    pub(super) fn buys(self, kind: PriceKind) -> bool {
        Self::of(kind) == Some(self)
    }
}

/// Since when prices of what holds memory say what one pays: within months they became several times what they were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemoryPrices {
    /// The first day.
    pub count_from: Date,
    /// Where that shows.
    pub source: String,
}

impl MemoryPrices {
    /// The built-in fact; `None` where the file does not parse, which the tests refuse.
    pub fn known() -> Option<&'static Self> {
        static KNOWN: LazyLock<Option<MemoryPrices>> =
            LazyLock::new(|| entry_table::parse(include_str!("../../data/memory_prices.ron")).ok());
        KNOWN.as_ref()
    }
}
