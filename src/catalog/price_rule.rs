//! One price from several: which of the prices of one thing in one condition counts, in whatever order they stand.
//!
//! - The user's own price comes before all others.
//! - Then what somebody asks or pays now, by more than one doubtful word ([`Standing::Counts`]). Of those within
//!   `RECENT_MONTHS` of the newest the one in the middle counts, of two in the middle the cheaper: a figure that can be
//!   read again, and that one outlier does not move.
//! - The best deal seen is had by few: it stands beside that price, and counts only where nothing else is known.
//! - The maker's list counts where no shop asks anything as new.
//! - A new one costs no less than a used one: a new price of before, below what used ones cost since, is one that nobody
//!   sells at any more ([`Standing::Overtaken`]).
//! - What does not count is still shown, as what it is, where there is nothing better.

use std::cmp::Ordering;
use std::sync::LazyLock;

use serde::Serialize;

use super::condition::{Condition, MemoryPrices};
use super::source::{Confidence, Price, PriceFigure, PriceKind};

/// Prices within so many months of the newest describe the same market.
const RECENT_MONTHS: i32 = 2;

/// A price older by more than so many months than the newest of its market says little beside that.
const YEAR_MONTHS: i32 = 12;

/// Whether `price` is older than a year beside a newer one of the same market: of parts that stand in for each other, one
/// wins by its price only where nobody asks newer ones. Seen from the newest price, not from today: with time none is lost.
pub fn is_left_behind<'a>(price: &Price, market: impl Iterator<Item = &'a Price>) -> bool {
    let newest = market.filter(|other| !other.is_own()).max_by_key(|other| other.date.first_day());
    newest.is_some_and(|newest| !price.is_own() && !price.date.is_within_months(YEAR_MONTHS, &newest.date))
}

/// How far a price can be relied on, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Advice adds it up.
    Counts,
    /// Of low confidence: shown, and taken by nobody but by hand.
    Doubtful,
    /// From before memory became dear: nobody sells at it.
    Outdated,
    /// A new one for less than used ones cost since: nobody sells at it, and advice adds it up for nobody.
    Overtaken,
    /// Nobody asks it of a buyer: what it cost at launch, wholesale, or nobody knows when.
    History,
}

impl Standing {
    /// That of `price` beside `all` prices of the same thing and size, which holds memory or not.
    pub(super) fn among<'a>(price: &Price, all: impl Iterator<Item = &'a Price>, holds_memory: bool) -> Self {
        let used = || used_now(all, holds_memory);
        Self::of(price, holds_memory).unless_overtaken(price, used)
    }

    /// The same, where what used ones cost is known.
    fn unless_overtaken<'a>(self, price: &Price, used: impl FnOnce() -> Option<&'a Price>) -> Self {
        let may = self < Self::Overtaken && !price.is_own() && Condition::New.buys(price.kind);
        if may && used().is_some_and(|used| is_overtaken(price, used)) { Self::Overtaken } else { self }
    }

    /// That of `price` by itself, which is one of something that holds memory or not.
    fn of(price: &Price, holds_memory: bool) -> Self {
        match price {
            price if !price.is_asked() => Self::History,
            price if price.is_own() => Self::Counts,
            price if holds_memory && is_from_before(price) => Self::Outdated,
            price if price.is_doubtful() => Self::Doubtful,
            _ => Self::Counts,
        }
    }
}

/// Whether it was seen before memory became dear.
fn is_from_before(price: &Price) -> bool {
    static RISE: LazyLock<Option<(i32, i32, i32)>> =
        LazyLock::new(|| MemoryPrices::known().and_then(|rise| rise.count_from.first_day()));
    RISE.is_some_and(|rise| price.date.first_day().is_none_or(|day| day < rise))
}

/// Whether a new price is from before the market of a used one that costs more.
fn is_overtaken(new: &Price, used: &Price) -> bool {
    new.expected_usd() < used.expected_usd() && !new.date.is_within_months(RECENT_MONTHS, &used.date)
}

/// What used ones cost, by prices that count and are nobody's own.
fn used_now<'a>(prices: impl Iterator<Item = &'a Price>, holds_memory: bool) -> Option<&'a Price> {
    let used = prices.filter(|price| Condition::Used.buys(price.kind) && !price.is_own());
    let counted = used.filter(|price| Standing::of(price, holds_memory) == Standing::Counts);
    picked(&counted.map(|price| (Standing::Counts, price)).collect::<Vec<_>>())
}

/// The price that counts of `prices`, and how far it can be relied on; `None` = there is none in this condition.
pub(super) fn counting<'a>(
    prices: impl Iterator<Item = &'a Price> + Clone,
    condition: Condition,
    holds_memory: bool,
) -> Option<&'a Price> {
    let used = if condition == Condition::New { used_now(prices.clone(), holds_memory) } else { None };
    let stands = |price: &'a Price| (Standing::of(price, holds_memory).unless_overtaken(price, || used), price);
    let of_condition: Vec<(Standing, &Price)> = prices.filter(|price| condition.buys(price.kind)).map(stands).collect();
    picked(&of_condition)
}

/// The price that counts of those of one condition.
fn picked<'a>(of_condition: &[(Standing, &'a Price)]) -> Option<&'a Price> {
    let best = of_condition.iter().map(|(standing, _)| *standing).min()?;
    let of_best = || of_condition.iter().filter(|(standing, _)| *standing == best).map(|(_, price)| *price);
    if let Some(own) = of_best().filter(|price| price.is_own()).max_by(|a, b| older_then_dearer(a, b)) {
        return Some(own);
    }
    let is_deal = |price: &&Price| price.figure == PriceFigure::Deal;
    if best != Standing::History
        && let Some(middle) = middle_of_recent(of_best().filter(|price| !is_deal(price)))
    {
        return Some(middle);
    }
    of_best().max_by(|a, b| older_then_dearer(a, b))
}

/// The cheapest deal of the months of `price`, where that is less than `price`.
pub(super) fn best_deal<'a>(prices: impl Iterator<Item = &'a Price>, price: &Price) -> Option<&'a Price> {
    let deals = prices.filter(|deal| {
        deal.figure == PriceFigure::Deal
            && Condition::of(deal.kind) == Condition::of(price.kind)
            && deal.memory_gib == price.memory_gib
            && deal.expected_usd() < price.expected_usd()
            && deal.date.is_within_months(RECENT_MONTHS, &price.date)
    });
    deals.min_by(|a, b| a.expected_usd().total_cmp(&b.expected_usd()).then_with(|| a.source.at.cmp(&b.source.at)))
}

/// Of those of about the newest date the one in the middle; shops before the maker's list.
fn middle_of_recent<'a>(prices: impl Iterator<Item = &'a Price> + Clone) -> Option<&'a Price> {
    let newest = &prices.clone().max_by_key(|price| price.date.first_day())?.date;
    let mut recent: Vec<&Price> = prices.filter(|price| price.date.is_within_months(RECENT_MONTHS, newest)).collect();
    if recent.iter().any(|price| price.kind != PriceKind::List) {
        recent.retain(|price| price.kind != PriceKind::List);
    }
    recent.sort_by(|a, b| a.expected_usd().total_cmp(&b.expected_usd()).then_with(|| older_then_dearer(b, a)));
    recent.get(recent.len().saturating_sub(1) / 2).copied()
}

/// The newer and, of one day, the cheaper is the greater; what is alike in both stands by its source, so that no order of
/// the tables matters.
fn older_then_dearer(a: &Price, b: &Price) -> Ordering {
    let by_day = a.date.first_day().cmp(&b.date.first_day());
    let by_price = || b.expected_usd().total_cmp(&a.expected_usd());
    by_day.then_with(by_price).then_with(|| b.source.at.cmp(&a.source.at))
}

impl Price {
    /// How far it can be relied on, whatever it is a price of.
    pub fn standing_by_itself(&self) -> Standing {
        Standing::of(self, false)
    }

    /// Whether it rests on one weak word.
    pub fn is_doubtful(&self) -> bool {
        self.confidence == Confidence::Low
    }

    /// Whether the user typed or imported it.
    pub fn is_own(&self) -> bool {
        self.figure == PriceFigure::Own
    }
}
