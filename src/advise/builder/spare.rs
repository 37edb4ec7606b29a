//! What is left of a budget buys what a person would buy with it: RAM and lanes, a larger disk, a better supply. What
//! none of these is worth is kept.

use super::choice::Counted;
use super::housing::feeds;
use super::market::{Total, cheapest};
use super::score::{SAME_SPEED, Score, in_steps};
use super::search::{BuildSearch, Found, RamWanted};
use crate::catalog::card::Card;
use crate::catalog::parts::{Efficiency, SupplyForm, TierDemand};
use crate::catalog::source::PriceKind;
use crate::units::Usd;

/// What was bought with what was left over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "parts of a machine, each by itself")]
pub struct Spent {
    /// Fewer and larger cards.
    pub cards: bool,
    /// Faster cards.
    pub speed: bool,
    /// More RAM.
    pub ram: bool,
    /// A processor with more lanes.
    pub base: bool,
    /// A board with more lanes, or with slots for that RAM.
    pub board: bool,
    /// A larger disk.
    pub disk: bool,
    /// A power supply that loses less.
    pub supply: bool,
}

/// Where this share of the budget is left over, much is.
const MUCH_LEFT: f64 = 0.25;
/// Other cards are much faster that serve each user so many times as fast.
const MUCH_FASTER: f64 = 2.0;
/// Fewer cards hold at least this share of the VRAM.
const LEAST_VRAM: f64 = 0.7;
/// A larger disk takes at most this share of the price of the machine.
const DISK_SHARE: f64 = 0.06;
/// A better supply takes at most this share.
const SUPPLY_SHARE: f64 = 0.03;
/// Another board and processor take at most this share.
const BASE_SHARE: f64 = 0.1;
/// A larger disk is at most so many times what the tier asks for.
const MOST_TIMES: u32 = 2;

impl<'a> BuildSearch<'a, '_> {
    /// The machine with what is left of `budget` spent as a person would.
    pub(super) fn spend(&self, found: Found<'a>, budget: Usd) -> Found<'a> {
        if found.choice.system.is_some() || self.scorer.wants_ram() {
            return found;
        }
        let found = self.with_fewer_cards(found, budget);
        let found = self.with_faster_cards(found, budget);
        let found = self.with_more_ram(found, budget);
        let found = self.with_larger_disk(found, budget);
        self.with_better_supply(found, budget)
    }

    /// Fewer, larger, new cards that run the largest model as well, where much is left over.
    fn with_fewer_cards(&self, found: Found<'a>, budget: Usd) -> Found<'a> {
        let (before, size_is_goal) = (found.choice.card_count(), !self.scorer.ladder().is_empty());
        let wanted = budget - found.total.usd >= budget * MUCH_LEFT || self.overloads_a_circuit(&found);
        if before < 2 || !size_is_goal || self.scorer.many_users || !wanted || self.keeps_cards(&found) {
            return found;
        }
        let least = self.least_with_fewer_cards(found.scored.score);
        let is_used = |card: &Card| {
            let item = self.market.cards.iter().find(|item| std::ptr::eq(item.part, card));
            item.is_some_and(|item| item.price.is_some_and(|price| price.kind == PriceKind::Used))
        };
        let largest = found.choice.cards.iter().map(|cards| cards.part.memory_gib).fold(0.0, f64::max);
        let mut best: Option<Found<'a>> = None;
        for set in &self.sets {
            let count = set.cards.iter().map(|cards| cards.count).sum::<u32>();
            let fewest = best.as_ref().map_or(before - 1, |best| best.choice.card_count());
            let may = || count <= fewest && self.bound(set).is_some_and(|bound| bound.meets(&least));
            let larger = set.cards.iter().all(|cards| cards.part.memory_gib > largest);
            if !larger || set.total.usd > budget || set.cards.iter().any(|cards| is_used(cards.part)) || !may() {
                continue;
            }
            for base in self.bases.iter().take_while(|base| set.total.usd + base.total.usd <= budget) {
                self.complete(set, base, RamWanted::Enough(budget), &mut |it| {
                    let fewer = best.as_ref().is_none_or(|best| {
                        let (new, old) = (it.choice.card_count(), best.choice.card_count());
                        let better = it.scored.score > best.scored.score;
                        new < old
                            || new == old && (better || it.scored.score == best.scored.score && it.weight < best.weight)
                    });
                    let draws_less = it.choice.draw() <= found.choice.draw();
                    if fewer && draws_less && it.total.usd <= budget && it.scored.score.meets(&least) {
                        best = Some(it);
                    }
                });
            }
        }
        best.map_or(found, |best| Found { spent: Spent { cards: true, ..best.spent }, ..best })
    }

    /// Cards on which the same model, or a larger one, serves those who share it much faster, where much is left over: users
    /// beyond them decide while money is short, and with plenty of it nobody wants to wait.
    fn with_faster_cards(&self, found: Found<'a>, budget: Usd) -> Found<'a> {
        let much = budget - found.total.usd >= budget * MUCH_LEFT;
        if !much || self.scorer.least_users().is_none() || self.keeps_cards(&found) {
            return found;
        }
        let (least, now) =
            (self.least_with_fewer_cards(found.scored.score), self.scorer.rate(&found.choice, found.scored.with));
        let mut best: Option<(f64, Found<'a>)> = None;
        let sets = self.sets.iter().filter(|set| set.total.usd <= budget && set.cards != found.choice.cards);
        for set in sets.filter(|set| self.bound(set).is_some_and(|bound| bound.meets(&least))) {
            let mut cheapest: Option<Found<'a>> = None;
            for base in self.bases.iter().take_while(|base| set.total.usd + base.total.usd <= budget) {
                self.complete(set, base, RamWanted::Enough(budget), &mut |it| {
                    let cheaper = cheapest.as_ref().is_none_or(|cheapest| it.weight < cheapest.weight);
                    if cheaper && it.total.usd <= budget && it.scored.score.meets(&least) {
                        cheapest = Some(it);
                    }
                });
            }
            let rate = cheapest.as_ref().map_or(0.0, |it| self.scorer.rate(&it.choice, it.scored.with));
            let fastest = best.as_ref().map_or(now * MUCH_FASTER, |best| best.0);
            best = cheapest.filter(|_| rate > fastest).map(|it| (rate, it)).or(best);
        }
        best.map_or(found, |(_, best)| Found { spent: Spent { speed: true, ..Spent::default() }, ..best })
    }

    /// Whether some of its cards are there already.
    fn keeps_cards(&self, found: &Found<'a>) -> bool {
        let is_there =
            |card: &Card| self.market.cards.iter().any(|item| item.owned > 0 && std::ptr::eq(item.part, card));
        found.choice.cards.iter().any(|cards| is_there(cards.part))
    }

    /// What fewer cards reach at least. Beyond reading speed, speed is not the goal, and the same model runs in less VRAM;
    /// where several use it at once, as many as there are at least.
    fn least_with_fewer_cards(&self, score: Score) -> Score {
        if let Some(users) = self.scorer.least_users() {
            return Score { speed: in_steps(users.into(), SAME_SPEED), vram_gib: 0, ..score };
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a sum of sizes on sale"
        )]
        let vram_gib = (f64::from(score.vram_gib) * LEAST_VRAM) as u32;
        Score { speed: i32::MIN, vram_gib, ..score }
    }

    /// The same cards with as much RAM as the tier likes to have, on the board and processor that give them most lanes.
    fn with_more_ram(&self, found: Found<'a>, budget: Usd) -> Found<'a> {
        let Some(set) = self.sets.iter().find(|set| set.cards == found.choice.cards) else { return found };
        let (before, most_gib) = (found.choice.ram_gib(), self.most_ram_gib());
        let base_of = |found: &Found<'a>| {
            let base = self
                .bases
                .iter()
                .find(|base| found.choice.board == Some(base.board) && found.choice.processor == Some(base.processor));
            base.map_or(Usd::ZERO, |base| base.total.usd)
        };
        let most_base = base_of(&found) + found.total.usd * BASE_SHARE;
        let wish = |it: &Found<'a>| (it.choice.ram_gib(), -self.unmet(&it.choice), -it.total.usd.0);
        let unmet = self.unmet(&found.choice);
        let mut best = found.clone();
        for base in self.bases.iter().filter(|base| base.total.usd <= most_base) {
            self.complete(set, base, RamWanted::Every(budget), &mut |it| {
                let ram_share = self.ram_usd(&it) / it.total.usd;
                let more = it.choice.ram_gib() > before;
                let allowed = it.total.usd <= budget
                    && it.choice.ram_gib() >= before
                    && self.unmet(&it.choice) <= unmet
                    && it.scored.score.meets(&found.scored.score)
                    && (!more || it.choice.ram_gib() <= most_gib && ram_share <= self.most_ram_share());
                if allowed && wish(&it) > wish(&best) {
                    best = it;
                }
            });
        }
        let base = best.choice.processor != found.choice.processor;
        let board = best.choice.board != found.choice.board;
        let ram = best.choice.ram_gib() > before;
        Found { spent: Spent { ram, base, board, ..found.spent }, ..best }
    }

    /// Whether it draws more than the outlet carries.
    fn overloads_a_circuit(&self, found: &Found<'a>) -> bool {
        found.choice.draw().is_some_and(|draw| draw > self.scorer.circuit.carries())
    }

    fn ram_usd(&self, found: &Found<'a>) -> Usd {
        let Some(ram) = found.choice.ram else { return Usd::ZERO };
        let item = self.market.ram.iter().find(|item| std::ptr::eq(item.part, ram.part));
        item.map_or(Usd::ZERO, |item| item.cost(ram.count).usd)
    }

    fn most_ram_gib(&self) -> u32 {
        let wished = self.tier.rules.iter().filter_map(|rule| match rule.rule {
            TierDemand::SpareRam { to_gib } | TierDemand::RamPerNode { to_gib, .. } => Some(to_gib),
            _ => None,
        });
        wished.max().unwrap_or(0)
    }

    fn most_ram_share(&self) -> f64 {
        let shares = self.tier.rules.iter().filter_map(|rule| match rule.rule {
            TierDemand::Split { ram, .. } => Some(ram),
            _ => None,
        });
        shares.fold(0.0, f64::max)
    }

    fn with_larger_disk(&self, mut found: Found<'a>, budget: Usd) -> Found<'a> {
        let Some(before) = found.choice.disk else { return found };
        let asked = self.tier.rules.iter().find_map(|rule| match rule.rule {
            TierDemand::MinStorage { gb } => Some(gb),
            _ => None,
        });
        let wanted = asked.unwrap_or(0) * MOST_TIMES;
        let Some(old) = self.market.disks.iter().find(|item| std::ptr::eq(item.part, before)) else { return found };
        let larger = |disk: &crate::catalog::parts::Storage| {
            disk.capacity_gb >= wanted && disk.capacity_gb > before.capacity_gb && disk.pcie_gen.is_some()
        };
        let Some((new, cost)) = cheapest(&self.market.disks, 1, larger) else { return found };
        if afforded(&mut found, (old.cost(1), cost), budget, DISK_SHARE) {
            found.choice.disk = Some(new.part);
            found.spent.disk = true;
        }
        found
    }

    fn with_better_supply(&self, mut found: Found<'a>, budget: Usd) -> Found<'a> {
        let Some(before) = found.choice.supply.filter(|supply| supply.part.efficiency < Efficiency::Gold) else {
            return found;
        };
        let Some(old) = self.market.supplies.iter().find(|item| std::ptr::eq(item.part, before.part)) else {
            return found;
        };
        let better = |supply: &crate::catalog::parts::PowerSupply| {
            supply.watts >= before.part.watts
                && supply.form == SupplyForm::Atx
                && supply.efficiency >= Efficiency::Gold
                && feeds(Counted::new(supply, before.count), &found.choice.cards)
        };
        let Some((new, cost)) = cheapest(&self.market.supplies, before.count, better) else { return found };
        if afforded(&mut found, (old.cost(before.count), cost), budget, SUPPLY_SHARE) {
            found.choice.supply = Some(Counted::new(new.part, before.count));
            found.spent.supply = true;
        }
        found
    }
}

/// Pays for one part in place of another, where that is no more than is left and no more than this share of the whole.
fn afforded(found: &mut Found<'_>, (before, after): (Total, Total), budget: Usd, share: f64) -> bool {
    let more = after.usd - before.usd;
    let within = after.unpriced == 0 && found.total.usd + more <= budget && more <= found.total.usd * share;
    if within {
        found.weight += more;
        found.total.usd += more;
    }
    within
}
