//! The answer: the best build with its parts, checks, what the next dollars would buy and what was traded away.

use super::checks::Check;
use super::choice::PartList;
use super::lines::PartLine;
use super::market::Total;
use super::rent_first::RentFirst;
use super::score::{Scored, on_machine};
use super::shared_out::shared_out;
use super::users::Users;
use super::violation::Violation;
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::parts::{PartKind, TierId};
use crate::catalog::source::PriceKind;
use crate::estimate::Estimate;
use crate::plan::{BuildGoal, Plan};
use crate::units::Usd;

/// Less of the budget that is left is not worth a word.
const LEAST_LEFT: Usd = Usd(100.0);

/// A machine for the goal.
#[derive(Debug, Clone, PartialEq)]
pub struct Build<'a> {
    /// Its tier.
    pub tier: TierId,
    /// What it was built for.
    pub goal: BuildGoal,
    /// Its parts.
    pub choice: PartList<'a>,
    /// Its parts as a list.
    pub lines: Vec<PartLine<'a>>,
    /// What they cost.
    pub total: Total,
    /// How good it is.
    pub scored: Scored,
    /// The plan it was judged by, on this machine.
    pub plan: Plan,
    /// The catalog's entry of the model in that plan; `None` where a file or a size was asked for.
    pub model: Option<&'a Model>,
    /// What that plan comes to.
    pub estimate: Estimate,
    /// The largest dense model in its VRAM at `Q4_K_M`; `None` where not even the smallest fits.
    pub largest: Option<Largest<'a>>,
    /// How many users at once it serves with the model that it was judged by; `None` for what trains, and in the smallest
    /// tier, which is one person's.
    pub users: Option<Users>,
    /// What was looked over.
    pub checks: Vec<Check>,
    /// What keeps it from being a machine of its tier; nothing where it was searched for.
    pub violations: Vec<Violation>,
}

/// The largest dense model of the catalog that runs on a machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Largest<'a> {
    /// The model.
    pub model: &'a Model,
    /// The plan that runs it.
    pub plan: Plan,
    /// What it comes to.
    pub estimate: Estimate,
}

impl Build<'_> {
    /// US dollars of one kind of part as a share of the total; none where nothing costs anything.
    pub fn share(&self, kind: PartKind) -> f64 {
        let of_kind: Usd = self.lines.iter().filter(|line| line.kind == kind).filter_map(|line| line.usd).sum();
        if self.total.usd > Usd::ZERO { of_kind / self.total.usd } else { 0.0 }
    }

    /// The plan that it is bought for: with all the users that it serves, else the one that it was judged by. A machine for many
    /// is not weighed by what one of them gets.
    pub fn at_work(&self) -> &Plan {
        self.users.as_ref().map_or(&self.plan, |users| &users.plan)
    }

    /// `plan` on this machine; what was chosen for other cards is left to the engine, and what it trains is shared out
    /// where the machine was judged so.
    pub fn used_by(&self, plan: &Plan, catalog: &Catalog) -> Plan {
        shared_out(on_machine(plan, &self.choice), catalog)
    }
}

/// A build whose cards do not run CUDA, which servers and trainers are written for first.
#[derive(Debug, Clone, PartialEq)]
pub struct CudaBeside<'a> {
    /// The best machine for the same money whose cards do; `None` = there is none.
    pub build: Option<Box<Build<'a>>>,
}

/// What more money would buy.
#[derive(Debug, Clone, PartialEq)]
pub struct Next<'a> {
    /// So many US dollars more.
    pub usd: Usd,
    /// The better build; `None` = nothing better.
    pub build: Option<Box<Build<'a>>>,
}

/// What was given up for what was wanted more.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "the fields are named by their units")]
pub enum Traded {
    /// Slots narrower than wished, since wider ones cost more than they are worth.
    Lanes { lanes: u8, r#gen: u8 },
    /// Used parts: no warranty.
    Warranty { parts: u32 },
    /// Several cards where fewer would run faster for one user but hold less.
    SingleCard { cards: u32 },
    /// Prices that are older than six months.
    Freshness { parts: u32 },
    /// More RAM beside VRAM that holds more: the next size costs so much more, which is beyond the budget.
    Ram { gib: u32, usd: Usd },
    /// What is left of the budget: no part of it makes the machine better at the goal. `next` = what the next machine of parts
    /// that is clearly better costs in all.
    Unspent { usd: Usd, next: Option<Usd> },
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq)]
pub struct BuildOutcome<'a> {
    /// The best build.
    pub build: Build<'a>,
    /// What more of the budget would buy, where [`Self::build`] was kept to what it would cost without the parts that are
    /// there already.
    pub within: Option<Box<Build<'a>>>,
    /// What a tenth and a quarter more of the budget would buy.
    pub next: Vec<Next<'a>>,
    /// The cheapest machine that is clearly better, whatever it costs.
    pub better: Option<Box<Build<'a>>>,
    /// The best machine for the budget that is bought as a whole, such as one with unified memory.
    pub whole: Option<Box<Build<'a>>>,
    /// What is given up beside CUDA, where the build's cards do not run it.
    pub cuda: Option<CudaBeside<'a>>,
    /// A node that would be clearly better, at a price that rests on one weak word and is not counted on.
    pub doubtful: Option<Box<Build<'a>>>,
    /// The best machine for the same money that is heard through a room, where it is clearly better than a quiet one.
    pub louder: Option<Box<Build<'a>>>,
    /// Why and where to rent first: the build is too slow for what is asked.
    pub rent: Option<RentFirst<'a>>,
    /// More than this much buys no better machine of the tier, and the budget is more.
    pub enough: Option<Usd>,
    /// What was given up.
    pub traded: Vec<Traded>,
    /// Every machine with one kind of card beside the owned ones was looked at, or shown not to be better.
    pub exhaustive: bool,
    /// Machines that were completed.
    pub tries: u64,
    /// What the search would have chosen, where [`Self::build`] was put together by hand.
    pub searched: Option<Box<Build<'a>>>,
}

impl<'a> BuildOutcome<'a> {
    /// [`Self::better`], where it does not stand among [`Self::next`] already.
    pub fn better_beside_next(&self) -> Option<&Build<'a>> {
        let better = self.better.as_deref()?;
        let mut said = self.next.iter().filter_map(|next| next.build.as_deref());
        let same = |next: &Build<'_>| next.choice.cards == better.choice.cards && next.total == better.total;
        if said.any(same) { None } else { Some(better) }
    }
}

pub(super) fn traded(build: &Build<'_>, budget: Usd) -> Vec<Traded> {
    let mut found = Vec::new();
    for check in &build.checks {
        if let Check::Link { lanes, r#gen, preferred: false, .. } = *check {
            found.push(Traded::Lanes { lanes, r#gen });
        }
    }
    let counted = |which: &dyn Fn(&&PartLine<'_>) -> bool| {
        build.lines.iter().filter(which).map(|line| line.count - line.owned).sum::<u32>()
    };
    let used =
        counted(&|line| line.price.is_some_and(|price| price.kind == PriceKind::Used) && line.owned < line.count);
    let stale = counted(&|line| line.stale);
    let cards = build.choice.card_count();
    found.extend((used > 0).then_some(Traded::Warranty { parts: used }));
    // Nobody sells the cards of a node as fewer and larger ones.
    found.extend((cards > 1 && build.choice.system.is_none()).then_some(Traded::SingleCard { cards }));
    found.extend((stale > 0).then_some(Traded::Freshness { parts: stale }));
    let left = budget - build.total.usd;
    // What a part without a price costs is not left over.
    let is_left = left >= LEAST_LEFT && build.total.unpriced == 0;
    found.extend(is_left.then_some(Traded::Unspent { usd: left, next: None }));
    found
}
