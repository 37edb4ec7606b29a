//! What a search goes through: sets of cards, and boards with their processors and RAM.

use std::cell::OnceCell;

use super::checks::is_loud;
use super::choice::{Counted, PartList};
use super::market::{Item, Market, Total, cheapest};
use super::score::Score;
use super::violation::channels_filled;
use crate::catalog::card::Card;
use crate::catalog::parts::{Board, BuildRules, Cooler, MemoryKit, TierDemand, TierRule};
use crate::catalog::platform::Platform;
use crate::units::Usd;

/// The most cards of one kind that are bought for one machine.
pub(super) const MOST_CARDS: u32 = 8;
/// Smaller cards are not mixed with others.
const LEAST_MIXED_GIB: f64 = 12.0;
/// How many of either kind.
const MIXED_COUNTS: [(u32, u32); 3] = [(1, 1), (2, 1), (1, 2)];

/// Cards that go into one machine: some of one kind, beside those that are there already.
#[derive(Debug, Clone)]
pub(super) struct CardSet<'a> {
    pub(super) cards: Vec<Counted<'a, Card>>,
    pub(super) total: Total,
    /// What they would cost if none were there already; endless where one has no price.
    pub(super) worth: Usd,
    /// See [`BuildSearch::bound`](super::search::BuildSearch::bound).
    pub(super) bound: OnceCell<Option<Score>>,
}

impl<'a> CardSet<'a> {
    fn of(cards: &[(Item<'a, Card>, u32)]) -> Self {
        let total = cards.iter().fold(Total::default(), |total, (item, count)| total + item.cost(*count));
        let price = |(item, count): &(Item<'a, Card>, u32)| Some(item.price?.expected_usd() * *count);
        let worth = cards.iter().map(price).sum::<Option<Usd>>().unwrap_or(Usd::ENDLESS);
        let cards = cards.iter().map(|(item, count)| Counted::new(item.part, *count)).collect();
        Self { cards, total, worth, bound: OnceCell::new() }
    }

    /// The cards alone.
    pub(super) fn choice(&self) -> PartList<'a> {
        PartList { cards: self.cards.clone(), ..PartList::default() }
    }
}

/// Every set of cards of a market.
pub(super) fn card_sets<'a>(market: &Market<'a>) -> Vec<CardSet<'a>> {
    let locked: Vec<_> = market.cards.iter().filter_map(|item| Some((*item, item.locked?))).collect();
    if !locked.is_empty() {
        return vec![CardSet::of(&locked)];
    }
    let owned: Vec<_> = market.cards.iter().filter(|item| item.owned > 0).map(|item| (*item, item.owned)).collect();
    let mut sets = Vec::new();
    for item in &market.cards {
        // More than is owned of a card that nobody sells cannot be had.
        let most = if item.sold { MOST_CARDS } else { item.owned };
        for count in 1..=most.max(item.owned) {
            sets.push(CardSet::of(&[(*item, count)]));
            // Cards of different makers do not share one model without giving up what is fast on either.
            let alike = |other: &Card| other.id != item.part.id && other.vendor == item.part.vendor;
            let others = owned.iter().filter(|(other, _)| alike(other.part));
            let mut mixed: Vec<_> = others.copied().collect();
            if !mixed.is_empty() {
                mixed.push((*item, count));
                sets.push(CardSet::of(&mixed));
            }
        }
    }
    sets.extend(mixed(market));
    if market.quiet {
        sets.retain(|set| !is_loud(&set.choice()));
    }
    sets
}

/// Whether another card of the market is of the same maker, no dearer, and no smaller or slower.
pub(super) fn is_outdone(market: &Market<'_>, part: &Card) -> bool {
    let figures = |item: &Item<'_, Card>| {
        let rate = item.part.bandwidth_gb_s.unwrap_or(0.0);
        Some((item.part.memory_gib, rate, -item.price?.expected_usd().0))
    };
    let Some(item) = market.cards.iter().find(|item| std::ptr::eq(item.part, part)) else { return false };
    let Some(own) = figures(item).filter(|_| item.owned == 0 && item.locked.is_none()) else { return false };
    let outdoes = |other: &Item<'_, Card>| {
        let Some(its) = figures(other).filter(|_| other.part.vendor == part.vendor) else { return false };
        its != own && its.0 >= own.0 && its.1 >= own.1 && its.2 >= own.2
    };
    market.cards.iter().any(outdoes)
}

/// Cards of two kinds of one maker, among those that give the most memory for the money.
fn mixed<'a>(market: &Market<'a>) -> Vec<CardSet<'a>> {
    let usd_per_gib = |item: &Item<'a, Card>| Some(item.price?.expected_usd() / item.part.memory_gib);
    let mut kinds: Vec<_> = market.cards.iter().filter(|item| item.part.memory_gib >= LEAST_MIXED_GIB).collect();
    kinds.retain(|item| item.sold && usd_per_gib(item).is_some());
    kinds.sort_by(|a, b| usd_per_gib(a).partial_cmp(&usd_per_gib(b)).unwrap_or(std::cmp::Ordering::Equal));
    kinds.truncate(BuildRules::known().mixed.kinds);
    let mut sets = Vec::new();
    for (place, first) in kinds.iter().enumerate() {
        for second in kinds.iter().skip(place + 1).filter(|second| second.part.vendor == first.part.vendor) {
            for (of_first, of_second) in MIXED_COUNTS {
                sets.push(CardSet::of(&[(**first, of_first), (**second, of_second)]));
            }
        }
    }
    sets
}

/// A board with its processors, the RAM it takes and a cooler.
#[derive(Debug, Clone)]
pub(super) struct BoardCombo<'a> {
    pub(super) board: &'a Board,
    pub(super) processor: &'a Platform,
    pub(super) cooler: Option<Item<'a, Cooler>>,
    /// Board, processors and coolers.
    pub(super) total: Total,
    /// The cheapest first.
    pub(super) ram: Vec<RamOption<'a>>,
}

/// So many kits of RAM.
#[derive(Debug, Clone, Copy)]
pub(super) struct RamOption<'a> {
    pub(super) item: Item<'a, MemoryKit>,
    pub(super) count: u32,
    pub(super) gib: u32,
    /// Its bandwidth on this board in GB/s, where it is known.
    pub(super) gb_s: Option<f64>,
}

/// Every board with every processor that fits it and is of the tier, the cheapest first.
pub(super) fn bases<'a>(market: &Market<'a>, rules: &[TierRule]) -> Vec<BoardCombo<'a>> {
    let mut found = Vec::new();
    for board in &market.boards {
        for processor in &market.processors {
            let (item, cpu) = (processor, processor.part);
            let cores =
                rules.iter().all(|rule| !matches!(rule.rule, TierDemand::MinCores { cores } if cpu.cores < cores));
            let fits = cpu.socket == board.part.socket && cpu.max_sockets >= board.part.sockets;
            if !fits || !cores || cpu.draw_w().is_none() {
                continue;
            }
            let cools = |cooler: &Cooler| {
                cooler.sockets.contains(&cpu.socket)
                    && cooler.cools_w.is_none_or(|cools| cpu.tdp_w.is_none_or(|heat| cools >= heat))
            };
            let Some((cooler, cooler_total)) =
                cheapest(&market.coolers, board.part.sockets, cools).or_else(|| cheapest(&market.coolers, 1, cools))
            else {
                continue;
            };
            let total = board.cost(1) + item.cost(board.part.sockets) + cooler_total;
            let ram = ram_options(market, board.part, cpu, rules);
            if !ram.is_empty() {
                found.push(BoardCombo { board: board.part, processor: cpu, cooler: Some(*cooler), total, ram });
            }
        }
    }
    found.sort_by(|a, b| a.total.usd.total_cmp(&b.total.usd));
    found
}

fn ram_options<'a>(market: &Market<'a>, board: &Board, cpu: &Platform, rules: &[TierRule]) -> Vec<RamOption<'a>> {
    let most = board.max_memory_gib.min(cpu.max_memory_gib * board.sockets);
    let of_base = PartList { board: Some(board), processor: Some(cpu), ..PartList::default() };
    let evenly = channels_filled(&of_base).unwrap_or(1);
    let mut options = Vec::new();
    for item in &market.ram {
        let kit = item.part;
        let fits = kit.kind == board.memory_kind && kit.dimm == board.dimm && cpu.dimm == Some(kit.dimm);
        if !fits || cpu.rate_with(kit.kind).is_none() {
            continue;
        }
        for count in 1..=board.dimm_slots / kit.sticks.max(1) {
            let gib = kit.gib() * count;
            let enough =
                rules.iter().all(|rule| !matches!(rule.rule, TierDemand::MinRam { gib: least } | TierDemand::RamPerNode { from_gib: least, .. } if gib < least));
            let sticks = kit.sticks * count;
            let filled = sticks >= cpu.memory_channels() * board.sockets
                || rules.iter().all(|rule| rule.rule != TierDemand::FillChannels);
            let evenly = sticks % evenly == 0;
            if gib <= most && enough && filled && evenly && item.allows(count) {
                let gb_s = cpu.bandwidth_with(kit.kind, kit.mt_s, sticks);
                options.push(RamOption { item: *item, count, gib, gb_s });
            }
        }
    }
    options.sort_by(|a, b| a.item.cost(a.count).usd.total_cmp(&b.item.cost(b.count).usd));
    options
}
