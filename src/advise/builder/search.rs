//! The search: every set of cards on every board and processor, with the cheapest rest that holds.
//!
//! Exact, since the rest (RAM where nothing spills, disk, supply, case, cooler) does not change the score: of what
//! holds, the cheapest is the best. What cannot beat the best so far is left out by a bound on its score or by its price.

use std::cell::Cell;
use std::collections::HashMap;

use super::aim::Aim;
use super::candidates::{BoardCombo, CardSet, bases, card_sets, is_outdone};
use super::choice::{Counted, PartList, PcieLink};
use super::housing::{SupplyRules, housings};
use super::market::{Item, Market, Total, cheapest};
use super::score::{Score, Scored, Scorer};
use super::size::vram;
use super::spare::Spent;
use super::violation::{by_cards, violations};
use crate::catalog::card::{Card, Vendor};
use crate::catalog::parts::{Case, System, Tier, TierDemand};
use crate::units::Usd;

/// The most machines that are completed before the search gives up being exhaustive.
const MOST_TRIES: u64 = 2_000_000;

/// How much RAM is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum RamWanted {
    /// The cheapest that is enough, where weights spill of every speed, of machines for at most this much.
    Enough(Usd),
    /// Every size and speed for at most this much.
    Every(Usd),
}

impl RamWanted {
    const fn budget(self) -> Usd {
        match self {
            Self::Enough(usd) | Self::Every(usd) => usd,
        }
    }
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
    /// What was bought of it with what was left over.
    pub spent: Spent,
}

/// Cards on a base with supplies and a case, before RAM is chosen.
struct Hosted<'h, 'a> {
    set: &'h CardSet<'a>,
    base: &'h BoardCombo<'a>,
    choice: &'h PartList<'a>,
    /// Disk, supplies, case and what joins them.
    rest: Total,
    /// RAM that is needed at least, in GiB.
    needed: f64,
    /// Experts lie in RAM, so that it may cost more than the cards.
    from_ram: bool,
}

/// The most RAM that some money buys, and its rate.
#[derive(Debug, Clone, Copy, PartialEq)]
struct MostRam {
    gib: u32,
    gb_s: f64,
}

/// What the same cards reach at best.
#[derive(Debug, Default)]
struct Ceilings {
    /// By the most RAM in GiB and the bits of its rate, with nothing laid out.
    roofs: HashMap<(u32, u64), Option<Score>>,
    /// By the link to the cards as well.
    exact: HashMap<(PcieLink, u32, u64), Option<Score>>,
}

/// A search over one market by one tier's rules.
#[derive(Debug)]
pub struct BuildSearch<'a, 's> {
    pub(super) market: &'s Market<'a>,
    pub(super) scorer: &'s Scorer<'s>,
    pub(super) tier: &'static Tier,
    pub(super) sets: Vec<CardSet<'a>>,
    pub(super) bases: Vec<BoardCombo<'a>>,
    tries: Cell<u64>,
}

impl<'a, 's> BuildSearch<'a, 's> {
    /// Prepares what every search over this market needs.
    pub fn new(market: &'s Market<'a>, scorer: &'s Scorer<'s>, tier: &'static Tier) -> Self {
        let mut sets = card_sets(market);
        sets.retain(|set| by_cards(&set.choice(), tier));
        // Where RAM holds the model, cards that others outdo at their price make no machine better.
        if scorer.wants_ram() {
            let outdone = |set: &CardSet<'a>| set.cards.iter().any(|cards| is_outdone(market, cards.part));
            sets.retain(|set| !outdone(set));
        }
        Self { market, scorer, tier, sets, bases: bases(market, &tier.rules), tries: Cell::new(0) }
    }

    /// No machine with these cards has a better score; `None` = they do not run what is asked. Worked out once, of sets that
    /// are looked at: most cost more than anybody has.
    pub(super) fn bound(&self, set: &CardSet<'a>) -> Option<Score> {
        *set.bound.get_or_init(|| {
            let choice = set.choice();
            // How large a model it runs is known with its RAM: see `Self::may_beat`.
            if self.scorer.wants_ram() {
                return Some(Score { vram_gib: vram(&choice), ..Score::ENDLESS });
            }
            let ideal = self.scorer.score(&choice)?.score;
            // What spills runs the faster the faster the RAM is, which is not chosen yet.
            let spills = Score { quick: true, holds: 1, size: 0, speed: i32::MAX, vram_gib: 0 };
            Some(if ideal.holds == 1 { spills } else { ideal })
        })
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
            aim.keep(&mut best, self.whole(system));
        }
        let may_be = |set: &CardSet<'a>| self.bound(set).is_some_and(|bound| aim.admits(&bound));
        let paid = |set: &&CardSet<'a>| set.total.usd <= aim.budget();
        let mut order: Vec<&CardSet<'a>> = self.sets.iter().filter(paid).collect();
        if aim.by_price() {
            order.sort_by(|a, b| a.total.usd.total_cmp(&b.total.usd));
        } else {
            order.retain(|set| may_be(set));
            order.sort_by(|a, b| self.bound(b).cmp(&self.bound(a)).then(a.total.usd.total_cmp(&b.total.usd)));
        }
        if !aim.by_price() && self.scorer.wants_ram() {
            order.sort_by_cached_key(|set| std::cmp::Reverse(self.roof(set, aim.budget())));
        }
        for set in order {
            // Of those that follow, no bound is asked for.
            if aim.by_price() && aim.is_beyond(set.total.usd, None, best.as_ref()) {
                break;
            }
            if may_be(set) {
                self.on_all_bases(set, aim, &mut best);
            }
        }
        best
    }

    /// These cards on every base that may take the place of the best so far.
    fn on_all_bases(&self, set: &CardSet<'a>, aim: Aim, best: &mut Option<Found<'a>>) {
        let bound = self.bound(set);
        let mut ceilings = Ceilings::default();
        let may = !self.scorer.wants_ram() || may_take(aim, self.roof(set, aim.most(best.as_ref())), best.as_ref());
        for base in &self.bases {
            let usd = set.total.usd + base.total.usd;
            if aim.is_beyond(usd, bound, best.as_ref()) || !self.exhaustive() {
                break;
            }
            let most = aim.most(best.as_ref());
            if may && self.may_beat(set, base, (aim, most), best.as_ref(), &mut ceilings) {
                self.complete(set, base, RamWanted::Enough(most), &mut |found| aim.keep(best, Some(found)));
            } else {
                self.tries.set(self.tries.get() + 1);
            }
            if let (Aim::BestFor(_), Some(best)) = (aim, &*best) {
                self.scorer.sizes.ask_from(best.scored.score.size);
            }
        }
    }

    /// Whether these cards on this base may take the place of the best so far, where more RAM makes a machine better: with
    /// the fastest and the most RAM that can be paid.
    fn may_beat(
        &self,
        set: &CardSet<'a>,
        base: &BoardCombo<'a>,
        (aim, most): (Aim, Usd),
        best: Option<&Found<'a>>,
        ceilings: &mut Ceilings,
    ) -> bool {
        if !self.scorer.wants_ram() {
            return true;
        }
        let ram = match most_ram(base, most - set.total.usd - base.total.usd) {
            Some(ram) if ram.gib > 0 => ram,
            Some(_) => return false,
            None => return true,
        };
        let roof = ceilings.roofs.entry((ram.gib, ram.gb_s.to_bits()));
        let roof = *roof.or_insert_with(|| self.scorer.roof(&set.choice(), ram.gb_s, ram.gib));
        if !may_take(aim, roof, best) {
            return false;
        }
        let mut choice = set.choice();
        (choice.board, choice.processor) = (Some(base.board), Some(base.processor));
        let ceiling = ceilings.exact.entry((choice.link(), ram.gib, ram.gb_s.to_bits()));
        let ceiling = *ceiling.or_insert_with(|| {
            self.scorer.ceiling(&choice, (ram.gb_s, ram.gib), &|score| may_take(aim, Some(score), best))
        });
        may_take(aim, ceiling, best)
    }

    /// What these cards reach at best with all the RAM of any base that can be paid for at most `most`; `None` = nothing that
    /// still matters.
    fn roof(&self, set: &CardSet<'a>, most: Usd) -> Option<Score> {
        let mut all = MostRam { gib: 0, gb_s: 0.0 };
        for base in self.bases.iter().take_while(|base| set.total.usd + base.total.usd <= most) {
            let Some(ram) = most_ram(base, most - set.total.usd - base.total.usd) else { return Some(Score::ENDLESS) };
            all = MostRam { gib: all.gib.max(ram.gib), gb_s: all.gb_s.max(ram.gb_s) };
        }
        if all.gib == 0 { None } else { self.scorer.roof(&set.choice(), all.gb_s, all.gib) }
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
        Some(Found { choice, total, scored, weight, spent: Spent::default() })
    }

    /// These cards on this base with the cheapest rest and RAM: what is enough, or every size and speed of it.
    pub(super) fn complete(
        &self,
        set: &CardSet<'a>,
        base: &BoardCombo<'a>,
        wanted: RamWanted,
        each: &mut dyn FnMut(Found<'a>),
    ) {
        self.tries.set(self.tries.get() + 1);
        let mut choice = set.choice();
        choice.board = Some(base.board);
        choice.processor = Some(base.processor);
        choice.cooler = base.cooler.map(|cooler| cooler.part);
        if choice.slots().is_none() {
            return;
        }
        // Where RAM is a place to run from, what is enough of it is known size by size.
        let alone = if self.scorer.wants_ram() {
            Some((0.0, true))
        } else {
            self.scorer.score(&choice).map(|it| (it.needed_ram_gib, it.experts_in_ram))
        };
        let Some((needed, from_ram)) = alone else { return };
        let Some(disk_usd) = self.disk(&mut choice) else { return };
        for housing in housings(self.market, &choice, SupplyRules::of(self.tier)) {
            choice.supply = Some(housing.supply);
            choice.case = Some(housing.case);
            let host = Hosted { set, base, choice: &choice, rest: disk_usd + housing.total, needed, from_ram };
            self.with_ram(&host, wanted, each);
        }
    }

    /// The cheapest RAM that holds, where weights spill of every speed; or every size and speed of it.
    fn with_ram(&self, host: &Hosted<'_, 'a>, wanted: RamWanted, each: &mut dyn FnMut(Found<'a>)) {
        let Hosted { set, base, rest, needed, from_ram, .. } = *host;
        let mut choice = host.choice.clone();
        let every = self.scorer.wants_ram() || matches!(wanted, RamWanted::Every(_));
        let left = wanted.budget() - set.total.usd - base.total.usd - rest.usd;
        let (mut fastest, mut largest, mut found_fitting) = (0.0, 0, false);
        for option in &base.ram {
            let usd = option.item.cost(option.count).usd;
            // Money goes to the GPU first, but where the model runs from RAM.
            let outweighs = !from_ram && usd > set.worth && option.item.locked.is_none();
            if found_fitting && !every || f64::from(option.gib) < needed || outweighs || usd > left {
                continue;
            }
            choice.ram = Some(Counted::new(option.item.part, option.count));
            let rate = option.gb_s.unwrap_or(0.0);
            if rate <= fastest && (!every || option.gib <= largest) {
                continue;
            }
            let Some(scored) = self.scorer.score(&choice) else { continue };
            if scored.needed_ram_gib > f64::from(option.gib) {
                continue;
            }
            (fastest, largest) = (rate.max(fastest), option.gib.max(largest));
            found_fitting = scored.score.holds > 1;
            let total = set.total + base.total + rest + option.item.cost(option.count);
            let weight = total.usd * (1.0 + self.unmet(&choice));
            if violations(&choice, self.tier, scored.needed_ram_gib).is_empty() {
                each(Found { choice: choice.clone(), total, scored, weight, spent: Spent::default() });
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
    pub(super) fn unmet(&self, choice: &PartList<'a>) -> f64 {
        let worth = |rule: &TierDemand| match *rule {
            TierDemand::PreferPcie { r#gen, lanes, worth }
                if choice.system.is_none() && !choice.is_wide(lanes, r#gen) =>
            {
                worth
            }
            TierDemand::CudaFirst { worth } if !all_cuda(choice) => worth,
            TierDemand::PreferCase { worth } if choice.case.is_some_and(Case::has_risers) => worth,
            TierDemand::PreferFewCards { worth } => worth * f64::from(choice.card_count().saturating_sub(1)),
            _ => 0.0,
        };
        self.tier.rules.iter().map(|rule| worth(&rule.rule)).sum()
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

/// The most RAM and the fastest of a base for at most so much, none where none is to be had; `None` = nobody knows how fast
/// some of it is.
fn most_ram(base: &BoardCombo<'_>, left: Usd) -> Option<MostRam> {
    let paid = base.ram.iter().take_while(|option| option.item.cost(option.count).usd <= left);
    paid.map(|option| Some(MostRam { gib: option.gib, gb_s: option.gb_s? })).try_fold(
        MostRam { gib: 0, gb_s: 0.0 },
        |most, ram| {
            let ram = ram?;
            Some(MostRam { gib: most.gib.max(ram.gib), gb_s: most.gb_s.max(ram.gb_s) })
        },
    )
}

/// Whether a machine that is no better than `ceiling` may take the place of the best so far.
fn may_take(aim: Aim, ceiling: Option<Score>, best: Option<&Found<'_>>) -> bool {
    ceiling.is_some_and(|ceiling| match (aim, best) {
        (Aim::BestFor(_), Some(best)) => ceiling >= best.scored.score,
        _ => aim.may_admit(ceiling),
    })
}

/// Whether every card runs CUDA.
pub(super) fn all_cuda(choice: &PartList<'_>) -> bool {
    choice.cards.iter().all(|cards| cards.part.vendor == Vendor::Nvidia)
}
