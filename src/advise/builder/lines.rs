//! The parts of a machine as a list: what each costs and why it is there.

use super::choice::PartList;
use super::market::{Item, Market, Total};
use super::score::Scored;
use super::spare::Spent;
use crate::catalog::entry_table::Entry;
use crate::catalog::parts::{Board, FittingKind, PartKind, TierDemand, TierRule, Written};
use crate::catalog::platform::Platform;
use crate::catalog::source::{Date, Price};
use crate::units::{Usd, Watts};

/// One part of a machine.
#[derive(Debug, Clone, PartialEq)]
pub struct PartLine<'a> {
    /// Which kind.
    pub kind: PartKind,
    /// Its id.
    pub id: &'a str,
    /// As a shop writes it.
    pub name: &'a str,
    /// What a builder writes of it.
    pub written: Written<'a>,
    /// How many.
    pub count: u32,
    /// So many of them are there already.
    pub owned: u32,
    /// US dollars for those that are bought; `None` = no price is known.
    pub usd: Option<Usd>,
    /// The price of one; `None` = no price is known.
    pub price: Option<&'a Price>,
    /// The price is older than six months.
    pub stale: bool,
    /// Why it is there.
    pub why: Why,
}

impl PartLine<'_> {
    /// What those that are bought cost.
    pub(super) fn cost(&self) -> Total {
        Total { usd: self.usd.unwrap_or_default(), unpriced: u32::from(self.usd.is_none()) }
    }
}

/// Why a part is there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Why {
    /// It is kept by wish.
    Kept,
    /// It was chosen by hand.
    ByHand,
    /// No other cards score better at the goal for the money.
    Goal,
    /// Bought with what was left over.
    LeftOver(LeftOver),
    /// The cheapest that satisfies this rule of the tier.
    Rule(TierDemand),
    /// The cheapest with so many GiB: what is needed.
    RamNeed {
        /// System, host buffers, spilled weights and the prompt cache, in GiB.
        gib: f64,
    },
    /// The cheapest that has a slot for so many cards at so many lanes.
    Slots {
        /// How many.
        cards: u32,
        /// Lanes of the narrowest.
        lanes: u8,
    },
    /// It has a slot for so many cards at so many lanes. Cheaper ones have that too, but processor, RAM or links ask for more.
    SlotsTogether {
        /// How many.
        cards: u32,
        /// Lanes of the narrowest.
        lanes: u8,
    },
    /// The cheapest that delivers so much with its headroom.
    Power {
        /// What everything draws.
        draw: Watts,
    },
    /// The cheapest that takes board and cards.
    Room {
        /// How many cards.
        cards: u32,
        /// Slots of single width that each takes, where all are alike.
        each: Option<u8>,
        /// Slots that they take together.
        slots: u32,
    },
    /// One for each card that hangs beside the board, or for each supply beyond the first.
    Joins(FittingKind),
    /// The cheapest that fits the processor.
    Fits,
}

/// What is bought with what is left over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOver {
    /// Fewer and larger cards.
    Cards,
    /// Faster cards.
    Speed,
    /// RAM for experts.
    Ram,
    /// RAM for what a model is trained on and with.
    RamToTrain,
    /// A processor with more lanes.
    Base,
    /// A board with more lanes, or slots for that RAM.
    Board,
    /// Room for more models.
    Disk,
    /// Less loss.
    Supply,
}

/// What turns a choice into lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct PartLister<'m, 'a> {
    pub(super) market: &'m Market<'a>,
    pub(super) rules: &'m [TierRule],
    pub(super) today: &'m Date,
    pub(super) scored: Scored,
    pub(super) spent: Spent,
    /// The machine trains.
    pub(super) trains: bool,
}

/// A processor with so many times the cores that a rule asks for is not there for that rule.
const MANY_TIMES: u32 = 2;

impl<'a> PartLister<'_, 'a> {
    /// The parts of `choice`.
    pub(super) fn lines(&self, choice: &PartList<'a>) -> Vec<PartLine<'a>> {
        let mut lines = Vec::new();
        let market = self.market;
        if let Some(system) = choice.system {
            lines.extend(self.line(&market.systems, PartKind::System, system, 1, Why::Goal));
        } else {
            for cards in &choice.cards {
                let why = left_over(self.spent.speed, LeftOver::Speed, Why::Goal);
                let why = left_over(self.spent.cards, LeftOver::Cards, why);
                lines.extend(self.line(&market.cards, PartKind::Card, cards.part, cards.count, why));
            }
        }
        if let Some(ram) = choice.ram {
            lines.extend(self.line(&market.ram, PartKind::Ram, ram.part, ram.count, self.why_ram(choice)));
        }
        let processors = choice.processors();
        if let Some(processor) = choice.processor {
            let why = left_over(self.spent.base, LeftOver::Base, self.why_processor(processor));
            lines.extend(self.line(&market.processors, PartKind::Processor, processor, processors, why));
        }
        if let Some(board) = choice.board {
            let lanes = choice.slots().and_then(|slots| slots.iter().map(|slot| slot.lanes).min()).unwrap_or(0);
            let why = left_over(self.spent.board, LeftOver::Board, self.why_board(choice, board, lanes));
            lines.extend(self.line(&market.boards, PartKind::Board, board, 1, why));
        }
        if let Some(disk) = choice.disk {
            let why = self.rule(|rule| matches!(rule, TierDemand::MinStorage { .. })).map_or(Why::Fits, Why::Rule);
            let why = left_over(self.spent.disk, LeftOver::Disk, why);
            lines.extend(self.line(&market.disks, PartKind::Disk, disk, 1, why));
        }
        if let Some(supply) = choice.supply {
            let why = Why::Power { draw: choice.draw().unwrap_or_default() };
            let why = left_over(self.spent.supply, LeftOver::Supply, why);
            lines.extend(self.line(&market.supplies, PartKind::PowerSupply, supply.part, supply.count, why));
        }
        if let Some(case) = choice.case {
            let thicknesses = choice.thicknesses().unwrap_or_default();
            let each = thicknesses.first().copied().filter(|first| thicknesses.iter().all(|thick| thick == first));
            let why = Why::Room { cards: choice.card_count(), each, slots: choice.thickness().unwrap_or(0) };
            lines.extend(self.line(&market.cases, PartKind::Case, case, 1, why));
        }
        for (item, count) in self.market.fittings_of(choice).unwrap_or_default() {
            let why = Why::Joins(item.part.kind);
            lines.extend(self.line(&market.fittings, PartKind::Fitting, item.part, count, why));
        }
        if let Some(cooler) = choice.cooler {
            lines.extend(self.line(&market.coolers, PartKind::Cooler, cooler, processors, Why::Fits));
        }
        lines
    }

    /// Which rule it is the cheapest for: faster lanes, where a cheaper one for that socket has enough cores too.
    fn why_processor(&self, processor: &Platform) -> Why {
        let usd = |part: &Platform| cost_of_one(&self.market.processors, part);
        let asked =
            |rule: &TierDemand| matches!(rule, TierDemand::MinCores { cores } if processor.cores < cores * MANY_TIMES);
        let by_cores = self.rule(asked).map_or(Why::Fits, Why::Rule);
        let enough = |other: &Platform| {
            self.rules.iter().all(|rule| !matches!(rule.rule, TierDemand::MinCores { cores } if other.cores < cores))
        };
        let own = usd(processor);
        let mut cheaper = self.market.processors.iter().map(|item| item.part).filter(|other| {
            other.socket == processor.socket
                && enough(other)
                && other.pcie_gen() < processor.pcie_gen()
                && usd(other) < own
        });
        let lanes = |rule: &TierDemand| matches!(rule, TierDemand::PreferPcie { r#gen, .. } if processor.pcie_gen() >= Some(*r#gen));
        cheaper.next().and_then(|_| self.rule(lanes)).map_or(by_cores, Why::Rule)
    }

    /// Whether it is the cheapest with these slots, or with all that is asked besides.
    fn why_board(&self, choice: &PartList<'a>, board: &Board, lanes: u8) -> Why {
        let cards = choice.card_count();
        let usd = |board: &Board| cost_of_one(&self.market.boards, board);
        let wide = |other: &Board| {
            let slots = usize::try_from(cards).ok().and_then(|cards| other.slots_for(cards));
            slots.is_some_and(|slots| slots.iter().all(|slot| slot.lanes >= lanes))
        };
        let own = usd(board);
        let cheaper = self.market.boards.iter().any(|item| usd(item.part) < own && wide(item.part));
        if cheaper { Why::SlotsTogether { cards, lanes } } else { Why::Slots { cards, lanes } }
    }

    fn rule(&self, which: impl Fn(&TierDemand) -> bool) -> Option<TierDemand> {
        self.rules.iter().map(|rule| rule.rule).find(which)
    }

    /// What decided the size of the RAM: the need, or a rule that asks for more.
    fn why_ram(&self, choice: &PartList<'_>) -> Why {
        let need = Why::RamNeed { gib: self.scored.needed_ram_gib };
        let per_node =
            self.rule(|rule| matches!(rule, TierDemand::RamPerNode { from_gib, .. } if choice.ram_gib() >= *from_gib));
        let least = self
            .rule(|rule| matches!(rule, TierDemand::MinRam { gib } if f64::from(*gib) >= self.scored.needed_ram_gib));
        let more = if self.trains { LeftOver::RamToTrain } else { LeftOver::Ram };
        left_over(self.spent.ram, more, per_node.or(least).map_or(need, Why::Rule))
    }

    fn line<T: Entry>(
        &self,
        items: &[Item<'a, T>],
        kind: PartKind,
        part: &'a T,
        count: u32,
        why: Why,
    ) -> Option<PartLine<'a>> {
        let item = items.iter().find(|item| item.part.id() == part.id())?;
        let total = item.cost(count);
        Some(PartLine {
            kind,
            id: part.id(),
            name: part.name(),
            written: part.written(),
            count,
            owned: item.owned.min(count),
            usd: (total.unpriced == 0).then_some(total.usd),
            price: item.price,
            stale: item.price.is_some_and(|price| price.date.is_stale(self.today)) && item.owned < count,
            why: if item.locked.is_some() { Why::Kept } else { why },
        })
    }
}

/// What one costs; endless where it is not sold.
fn cost_of_one<T: Entry>(items: &[Item<'_, T>], part: &T) -> Usd {
    let item = items.iter().find(|item| item.part.id() == part.id());
    item.map_or(Usd::ENDLESS, |item| item.cost(1).usd)
}

/// Bought with what was left over, or for another reason.
const fn left_over(is: bool, what: LeftOver, otherwise: Why) -> Why {
    if is { Why::LeftOver(what) } else { otherwise }
}
