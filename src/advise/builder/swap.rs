//! What can stand in the place of one part, everything else left as it is.

use super::choice::PartList;
use super::housing::MOST_SUPPLIES;
use super::market::{Item, Market, Total};
use super::violation::{Violation, misfits};
use crate::catalog::Catalog;
use crate::catalog::entry_table::Entry;
use crate::catalog::parts::{PartKind, Written};
use crate::catalog::source::Price;
use crate::plan::PartCount;

/// The most cards that are offered by hand.
const MOST_CARDS: u32 = 8;

/// A part that can stand in the place of another.
#[derive(Debug, Clone, PartialEq)]
pub struct Swap<'a> {
    /// Its id.
    pub id: &'a str,
    /// As a shop writes it.
    pub name: &'a str,
    /// What a builder writes of it.
    pub written: Written<'a>,
    /// How many.
    pub count: u32,
    /// What they cost.
    pub total: Total,
    /// The price of one that counts.
    pub price: Option<&'a Price>,
    /// Why it would not go together with the rest; `None` = it does.
    pub misfit: Option<Violation>,
}

/// `parts` with so many of another part in the place of `from`.
pub fn swapped(parts: &[PartCount], from: &str, to: &Swap<'_>) -> Vec<PartCount> {
    let new = PartCount { part: to.id.to_owned(), count: to.count };
    let mut parts: Vec<PartCount> =
        parts.iter().map(|part| if part.part == from { new.clone() } else { part.clone() }).collect();
    // A card that was there already is not listed twice.
    let first = parts.iter().position(|part| part.part == new.part);
    let mut place = 0;
    parts.retain(|part| {
        place += 1;
        part.part != new.part || first == Some(place - 1)
    });
    parts
}

/// What can stand in the place of the part `from` of `kind` in a machine of `parts`: first that part in other counts,
/// then others of its kind, what goes together with the rest first, each by price.
pub fn swaps<'a>(
    market: &Market<'a>,
    catalog: &'a Catalog,
    parts: &[PartCount],
    kind: PartKind,
    from: &str,
) -> Vec<Swap<'a>> {
    let Some(count) = parts.iter().find(|part| part.part == from).map(|part| part.count) else { return Vec::new() };
    let Ok(before) = PartList::of(parts, catalog) else { return Vec::new() };
    let slots = before.board.map_or(MOST_CARDS, |board| board.dimm_slots);
    let most = match kind {
        PartKind::Card => MOST_CARDS,
        PartKind::Ram => before.ram.map_or(1, |ram| slots / ram.part.sticks.max(1)).max(1),
        PartKind::PowerSupply => MOST_SUPPLIES,
        _ => 0,
    };
    let mut found = match kind {
        PartKind::System => offers(&market.systems, from, count, most),
        PartKind::Card => offers(&market.cards, from, count, most),
        PartKind::Ram => offers(&market.ram, from, count, most),
        PartKind::Processor => offers(&market.processors, from, count, most),
        PartKind::Board => offers(&market.boards, from, count, most),
        PartKind::Disk => offers(&market.disks, from, count, most),
        PartKind::PowerSupply => offers(&market.supplies, from, count, most),
        PartKind::Case => offers(&market.cases, from, count, most),
        PartKind::Fitting => offers(&market.fittings, from, count, most),
        PartKind::Cooler => offers(&market.coolers, from, count, most),
        // No build has one.
        PartKind::Network => Vec::new(),
    };
    let wrong = misfits(&before);
    for swap in &mut found {
        let after = PartList::of(&swapped(parts, from, swap), catalog).map(|after| misfits(&after)).unwrap_or_default();
        swap.misfit = after.into_iter().find(|misfit| !wrong.contains(misfit));
    }
    found.retain(|swap| !matches!(swap.misfit, Some(Violation::NotForSlots { .. })));
    found.sort_by(|a, b| {
        let order = |swap: &Swap<'_>| (swap.id != from, swap.misfit.is_some(), swap.total.unpriced > 0);
        let by_size = if a.id == from && b.id == from { a.count.cmp(&b.count) } else { std::cmp::Ordering::Equal };
        order(a).cmp(&order(b)).then(by_size).then(a.total.usd.total_cmp(&b.total.usd))
    });
    found
}

fn offers<'a, T: Entry>(items: &[Item<'a, T>], from: &str, count: u32, most: u32) -> Vec<Swap<'a>> {
    let offer = |item: &Item<'a, T>, count: u32| Swap {
        id: item.part.id(),
        name: item.part.name(),
        written: item.part.written(),
        count,
        total: item.cost(count),
        price: item.price,
        misfit: None,
    };
    let same = items.iter().filter(|item| item.part.id() == from);
    let others = items.iter().filter(|item| item.part.id() != from);
    let counts = same.flat_map(|item| (1..=most).filter(|other| *other != count).map(|count| offer(item, count)));
    counts.chain(others.map(|item| offer(item, count))).collect()
}
