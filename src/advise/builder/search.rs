//! The search: every set of cards on every board and processor, with the cheapest rest that holds.
//!
//! Exact, since the rest (RAM where nothing spills, disk, supply, case, cooler) does not change the score: of what
//! holds, the cheapest is the best. What cannot beat the best so far is left out by a bound on its score or by its price.

use std::cell::Cell;
use std::cmp::Ordering;

use super::candidates::{BoardCombo, CardSet, bases, card_sets};
use super::choice::{Counted, PartList};
use super::housing::{SupplyRules, housings};
use super::market::{Item, Market, Total, cheapest};
use super::score::{Score, Scored, Scorer};
use super::violation::{by_cards, violations, wide};
use crate::catalog::card::Card;
use crate::catalog::parts::{MemoryKit, System, Tier, TierDemand};
use crate::units::Usd;

/// The most machines that are completed before the search gives up being exhaustive.
const MOST_TRIES: u64 = 2_000_000;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Aim {
    /// The best for at most this much.
    BestFor(Usd),
    /// The cheapest at all.
    Cheapest,
}

/// A machine that holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<'a> {
    /// Its parts.
    pub choice: PartList<'a>,
    /// What they cost.
    pub total: Total,
    /// How good it is.
    pub scored: Scored,
    /// Its price with what unmet wishes are worth: of equally good machines the lowest wins.
    pub weight: Usd,
}

/// A search over one market by one tier's rules.
#[derive(Debug)]
pub struct BuildSearch<'a, 's> {
    market: &'s Market<'a>,
    scorer: &'s Scorer<'s>,
    tier: &'static Tier,
    sets: Vec<CardSet<'a>>,
    bases: Vec<BoardCombo<'a>>,
    tries: Cell<u64>,
}

impl<'a, 's> BuildSearch<'a, 's> {
    /// Prepares what every search over this market needs.
    pub fn new(market: &'s Market<'a>, scorer: &'s Scorer<'s>, tier: &'static Tier) -> Self {
        let mut sets = card_sets(market);
        sets.retain(|set| by_cards(&set.choice(), tier));
        for set in &mut sets {
            let ideal = scorer.score(&set.choice());
            set.bound = ideal.map(|ideal| match ideal.score.holds {
                // What spills runs the faster the faster the RAM is, which is not chosen yet.
                1 => Score { holds: 1, size: 0, speed: i32::MAX, vram_gib: 0 },
                _ => ideal.score,
            });
        }
        sets.retain(|set| set.bound.is_some());
        Self { market, scorer, tier, sets, bases: bases(market, &tier.rules), tries: Cell::new(0) }
    }

    /// Whether every machine was looked at or shown not to be better.
    pub fn exhaustive(&self) -> bool {
        self.tries.get() < MOST_TRIES
    }

    /// Machines that were completed.
    pub fn tries(&self) -> u64 {
        self.tries.get()
    }

    /// What is looked for, where there is any.
    pub fn run(&self, aim: Aim) -> Option<Found<'a>> {
        let mut best: Option<Found<'a>> = None;
        for system in &self.market.systems {
            keep(&mut best, self.whole(system), aim);
        }
        let mut order: Vec<&CardSet<'a>> = self.sets.iter().collect();
        match aim {
            Aim::BestFor(_) => order.sort_by(|a, b| b.bound.cmp(&a.bound).then(a.total.usd.total_cmp(&b.total.usd))),
            Aim::Cheapest => order.sort_by(|a, b| a.total.usd.total_cmp(&b.total.usd)),
        }
        for set in order {
            self.on_every_base(set, aim, &mut best);
        }
        if let Aim::BestFor(budget) = aim {
            best = best.map(|found| self.with_spare_ram(found, budget));
        }
        best
    }

    /// A machine that is bought as a whole.
    fn whole(&self, item: &Item<'a, System>) -> Option<Found<'a>> {
        let system = item.part;
        let cards = self.market.cards_of(system);
        let choice = PartList { system: Some(system), cards, ..PartList::default() };
        if choice.cards.is_empty() || !violations(&choice, self.tier, 0.0).is_empty() {
            return None;
        }
        let scored = self.scorer.score(&choice)?;
        let total = item.cost(1);
        let weight = total.usd * (1.0 + self.unmet(&choice));
        Some(Found { choice, total, scored, weight })
    }

    fn on_every_base(&self, set: &CardSet<'a>, aim: Aim, best: &mut Option<Found<'a>>) {
        let cannot_win = |usd: Usd, best: &Option<Found<'a>>| {
            let Some(best) = best else { return false };
            match aim {
                Aim::Cheapest => usd > best.weight,
                Aim::BestFor(_) => match set.bound.cmp(&Some(best.scored.score)) {
                    Ordering::Less => true,
                    Ordering::Equal => usd > best.weight,
                    Ordering::Greater => false,
                },
            }
        };
        for base in &self.bases {
            let usd = set.total.usd + base.total.usd;
            let beyond = matches!(aim, Aim::BestFor(budget) if usd > budget);
            if beyond || cannot_win(usd, best) || !self.exhaustive() {
                break;
            }
            self.tries.set(self.tries.get() + 1);
            self.complete(set, base, aim, best);
        }
    }

    /// The cheapest rest for these cards on this base.
    fn complete(&self, set: &CardSet<'a>, base: &BoardCombo<'a>, aim: Aim, best: &mut Option<Found<'a>>) {
        let mut choice = set.choice();
        choice.board = Some(base.board);
        choice.processor = Some(base.processor);
        choice.cooler = base.cooler.map(|cooler| cooler.part);
        if choice.slots().is_none() {
            return;
        }
        let Some(ideal) = self.scorer.score(&choice) else { return };
        let Some(disk_usd) = self.disk(&mut choice) else { return };
        for housing in housings(self.market, &choice, SupplyRules::of(self.tier)) {
            choice.supply = Some(housing.supply);
            choice.case = Some(housing.case);
            self.with_ram(set, base, &choice, (disk_usd + housing.total, ideal.needed_ram_gib), aim, best);
        }
    }

    /// The cheapest RAM that holds; where weights spill, RAM of every speed.
    fn with_ram(
        &self,
        set: &CardSet<'a>,
        base: &BoardCombo<'a>,
        choice: &PartList<'a>,
        (rest, least_gib): (Total, f64),
        aim: Aim,
        best: &mut Option<Found<'a>>,
    ) {
        let mut choice = choice.clone();
        let (mut fastest, mut found_fitting) = (0.0, false);
        for option in &base.ram {
            if found_fitting || f64::from(option.gib) < least_gib {
                continue;
            }
            choice.ram = Some(Counted::new(option.item.part, option.count));
            let rate = choice.ram_gb_s().unwrap_or(0.0);
            if rate <= fastest {
                continue;
            }
            let Some(scored) = self.scorer.score(&choice) else { continue };
            if scored.needed_ram_gib > f64::from(option.gib) {
                continue;
            }
            fastest = rate;
            found_fitting = scored.score.holds > 1;
            let total = set.total + base.total + rest + option.item.cost(option.count);
            let weight = total.usd * (1.0 + self.unmet(&choice));
            let found = Found { choice: choice.clone(), total, scored, weight };
            if violations(&found.choice, self.tier, scored.needed_ram_gib).is_empty() {
                keep(best, Some(found), aim);
            }
        }
    }

    /// Puts in the cheapest disk that holds, and says what it costs.
    fn disk(&self, choice: &mut PartList<'a>) -> Option<Total> {
        let (disk, total) = cheapest(&self.market.disks, 1, |disk| {
            self.tier.rules.iter().all(|rule| match rule.rule {
                TierDemand::MinStorage { gb } => disk.capacity_gb >= gb && disk.pcie_gen.is_some(),
                _ => true,
            })
        })?;
        choice.disk = Some(disk.part);
        Some(total)
    }

    /// What unmet wishes of the tier are worth, as a share of the price.
    fn unmet(&self, choice: &PartList<'a>) -> f64 {
        let worth = |rule: &TierDemand| match *rule {
            TierDemand::PreferPcie { r#gen, lanes, worth }
                if choice.system.is_none() && !wide(choice, lanes, r#gen) =>
            {
                worth
            }
            TierDemand::PreferFewCards { worth } => worth * f64::from(choice.card_count().saturating_sub(1)),
            _ => 0.0,
        };
        self.tier.rules.iter().map(|rule| worth(&rule.rule)).sum()
    }

    /// The machine with the RAM that its tier advises, where the budget has so much left.
    fn with_spare_ram(&self, found: Found<'a>, budget: Usd) -> Found<'a> {
        let advised = self.tier.rules.iter().find_map(|rule| match rule.rule {
            TierDemand::RamPerNode { from_gib, to_gib } => Some(from_gib..=to_gib),
            _ => None,
        });
        let (Some(advised), Some(before)) = (advised, found.choice.ram) else { return found };
        let Some(base) = self
            .bases
            .iter()
            .find(|base| found.choice.board == Some(base.board) && found.choice.processor == Some(base.processor))
        else {
            return found;
        };
        let paid = base.ram.iter().find(|option| option.item.part == before.part && option.count == before.count);
        let paid = paid.map_or(Usd::ZERO, |option| option.item.cost(option.count).usd);
        let left = budget - found.total.usd + paid;
        let holds = |option: &&super::candidates::RamOption<'a>| {
            advised.contains(&option.gib)
                && option.gib > found.choice.ram_gib()
                && option.item.cost(option.count).usd <= left
        };
        let Some(more) = base.ram.iter().find(holds) else { return found };
        let mut choice = found.choice.clone();
        choice.ram = Some(Counted::<MemoryKit>::new(more.item.part, more.count));
        let Some(scored) = self.scorer.score(&choice).filter(|new| new.score >= found.scored.score) else {
            return found;
        };
        let usd = found.total.usd - paid + more.item.cost(more.count).usd;
        let weight = usd * (1.0 + self.unmet(&choice));
        Found { choice, total: Total { usd, ..found.total }, scored, weight }
    }
}

/// Keeps the better of the two.
fn keep<'a>(best: &mut Option<Found<'a>>, new: Option<Found<'a>>, aim: Aim) {
    let Some(new) = new else { return };
    if matches!(aim, Aim::BestFor(budget) if new.total.usd > budget) {
        return;
    }
    let better = best.as_ref().is_none_or(|best| {
        let by_price = new.weight.total_cmp(&best.weight);
        let order = match aim {
            Aim::Cheapest => by_price.then(best.scored.score.cmp(&new.scored.score)),
            Aim::BestFor(_) => best.scored.score.cmp(&new.scored.score).then(by_price),
        };
        order == Ordering::Less
    });
    if better {
        *best = Some(new);
    }
}

impl<'a> Market<'a> {
    /// The cards inside a whole machine.
    pub fn cards_of(&self, system: &'a System) -> Vec<Counted<'a, Card>> {
        let named = system.cards.iter().map(|cards| (cards.card.as_str(), cards.count));
        let unified = system.unified_card.iter().map(|card| (card.as_str(), 1));
        named.chain(unified).filter_map(|(id, count)| Some(Counted::new(self.catalog?.card(id)?, count))).collect()
    }
}
