//! The answer: the best build with its parts, checks, what the next dollars would buy and what was traded away.

use thiserror::Error;

use super::checks::{Check, checks};
use super::choice::Choice;
use super::judge::{Judge, Judgement};
use super::lines::{Line, Listing, PartKind};
use super::market::{Market, Total};
use super::search::{Aim, Found, Search};
use super::violation::{Violation, misfits};
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::parts::{Tier, TierId};
use crate::catalog::source::{Date, PriceKind};
use crate::estimate::{Estimate, EstimateError, estimate};
use crate::plan::{BuildRequest, Goal, OutOfRange, Plan};

/// What is asked how much further it goes, in US dollars.
const NEXT_USD: [f64; 2] = [200.0, 1000.0];

/// A machine for the goal.
#[derive(Debug, Clone, PartialEq)]
pub struct Build<'a> {
    /// Its tier.
    pub tier: TierId,
    /// Its parts.
    pub choice: Choice<'a>,
    /// Its parts as a list.
    pub lines: Vec<Line<'a>>,
    /// What they cost.
    pub total: Total,
    /// How good it is.
    pub judgement: Judgement,
    /// The plan it was judged by, on this machine.
    pub plan: Plan,
    /// What that plan comes to.
    pub estimate: Estimate,
    /// The largest dense model in its VRAM at `Q4_K_M`; `None` where not even the smallest fits.
    pub largest: Option<Largest<'a>>,
    /// What was looked over.
    pub checks: Vec<Check>,
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
    #[must_use]
    pub fn share(&self, kind: PartKind) -> f64 {
        let of_kind: f64 = self.lines.iter().filter(|line| line.kind == kind).filter_map(|line| line.usd).sum();
        if self.total.usd > 0.0 { of_kind / self.total.usd } else { 0.0 }
    }
}

/// What more money would buy.
#[derive(Debug, Clone, PartialEq)]
pub struct Next<'a> {
    /// So many US dollars more.
    pub usd: f64,
    /// The better build; `None` = nothing better.
    pub build: Option<Box<Build<'a>>>,
}

/// What was given up for what was wanted more.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "the fields are named by their units")]
pub enum Traded {
    /// Slots narrower than wished, since wider ones cost more than they are worth.
    Lanes { lanes: u8, r#gen: u8 },
    /// RAM below what the tier advises: the money went to VRAM.
    Ram { gib: u32, advised: u32 },
    /// Used parts: no warranty.
    Warranty { parts: u32 },
    /// Several cards where fewer would run faster for one user but hold less.
    SingleCard { cards: u32 },
    /// Prices that are older than six months.
    Freshness { parts: u32 },
    /// What is left of the budget: no part of it makes the machine better at the goal.
    Unspent { usd: f64 },
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome<'a> {
    /// The best build.
    pub build: Build<'a>,
    /// What the next $200 and $1,000 would buy.
    pub next: Vec<Next<'a>>,
    /// What was given up.
    pub traded: Vec<Traded>,
    /// Every machine with one kind of card beside the owned ones was looked at, or shown not to be better.
    pub exhaustive: bool,
    /// Machines that were completed.
    pub tries: u64,
}

/// Why there is no build. Each prints as one line.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum BuildError<'a> {
    /// A wish that nobody can have.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
    /// A part that is not in the catalog.
    #[error("unknown part {0:?}: name a part of the catalog by its id")]
    UnknownPart(String),
    /// Parts that are kept do not go together.
    #[error("the parts that are kept do not go together: {0}; let one of them go")]
    Contradiction(Violation),
    /// The budget is below the cheapest build.
    #[error("${budget:.0} is below the cheapest build that works, which costs ${:.0}: ${:.0} more are needed", .cheapest.total.usd, .cheapest.total.usd - .budget)]
    TooLittle {
        /// What there is, in US dollars.
        budget: f64,
        /// The cheapest build that works.
        cheapest: Box<Build<'a>>,
    },
    /// No machine at any price.
    #[error("no machine of this tier does that at any price: ask for less, take another tier, or let a kept part go")]
    Nothing,
    /// The plan itself cannot be estimated.
    #[error(transparent)]
    Plan(#[from] EstimateError),
    /// The tier's rules are missing.
    #[error("no rules are known for this tier")]
    NoRules,
}

/// The best build for `request`, running `plan`, with the prices of `catalog` as they count on the day `today`.
///
/// # Errors
/// [`BuildError`]: each says in one line what is wrong and what would do.
pub fn best<'a>(
    request: &'a BuildRequest,
    plan: &'a Plan,
    catalog: &'a Catalog,
    today: &'a Date,
) -> Result<Outcome<'a>, BuildError<'a>> {
    request.check()?;
    estimate(plan, catalog)?;
    let tier = request.tier.tier().ok_or(BuildError::NoRules)?;
    let market = Market::of(request, catalog, today);
    if let Some(id) = market.unknown.first() {
        return Err(BuildError::UnknownPart((*id).to_owned()));
    }
    if let Some(violation) = contradiction(&market) {
        return Err(BuildError::Contradiction(violation));
    }
    let judge = Judge::new(request, plan, catalog);
    let search = Search::new(&market, &judge, tier);
    let describe = Describe { market: &market, judge: &judge, tier, catalog, today, plan };
    let Some(found) = search.run(Aim::BestFor(request.budget_usd)) else {
        let cheapest = search.run(Aim::Cheapest).ok_or(BuildError::Nothing)?;
        let cheapest = Box::new(describe.build(cheapest)?);
        return Err(BuildError::TooLittle { budget: request.budget_usd, cheapest });
    };
    let score = found.judgement.score;
    let mut next = Vec::new();
    for usd in NEXT_USD {
        let better = search.run(Aim::BestFor(request.budget_usd + usd)).filter(|new| new.judgement.score > score);
        next.push(Next { usd, build: better.map(|found| describe.build(found)).transpose()?.map(Box::new) });
    }
    let build = describe.build(found)?;
    let traded = traded(&build, request.budget_usd);
    Ok(Outcome { build, next, traded, exhaustive: search.exhaustive(), tries: search.tries() })
}

/// What of the kept parts does not go together.
fn contradiction(market: &Market<'_>) -> Option<Violation> {
    let mut kept = Choice::default();
    let two = |kind: &'static str| Some(Violation::Tier(format!("two different {kind} are kept")));
    macro_rules! take {
        ($items:expr, $kind:literal) => {{
            let mut locked = $items.iter().filter(|item| item.locked.is_some());
            let first = locked.next();
            if locked.next().is_some() {
                return two($kind);
            }
            first
        }};
    }
    kept.processor = take!(market.processors, "processors").map(|item| item.part);
    kept.board = take!(market.boards, "boards").map(|item| item.part);
    kept.disk = take!(market.disks, "disks").map(|item| item.part);
    kept.case = take!(market.cases, "cases").map(|item| item.part);
    kept.cooler = take!(market.coolers, "coolers").map(|item| item.part);
    let counted = |locked: Option<u32>| locked.unwrap_or(1);
    kept.ram = take!(market.ram, "kinds of RAM").map(|item| super::Counted::new(item.part, counted(item.locked)));
    kept.supply =
        take!(market.supplies, "power supplies").map(|item| super::Counted::new(item.part, counted(item.locked)));
    let cards = market.cards.iter().filter_map(|item| Some(super::Counted::new(item.part, item.locked?)));
    kept.cards = cards.collect();
    let whole = take!(market.systems, "machines").is_some();
    let parts = kept != Choice::default();
    if whole && parts {
        return Some(Violation::Tier("a whole machine is kept beside single parts".to_owned()));
    }
    misfits(&kept).into_iter().next()
}

/// What a found machine is described with.
struct Describe<'m, 'a> {
    market: &'m Market<'a>,
    judge: &'m Judge<'a>,
    tier: &'static Tier,
    catalog: &'a Catalog,
    today: &'m Date,
    plan: &'a Plan,
}

impl<'a> Describe<'_, 'a> {
    fn build(&self, found: Found<'a>) -> Result<Build<'a>, EstimateError> {
        let Found { choice, judgement, .. } = found;
        let listing = Listing { market: self.market, rules: &self.tier.rules, today: self.today, judgement };
        let (lines, total) = listing.lines(&choice);
        let plan = self.judge.plan_on(&choice, judgement.with);
        let estimate = estimate(&plan, self.catalog)?;
        let checks = checks(&choice, self.tier, &judgement, self.catalog);
        let largest = largest(&choice, self.plan, self.catalog);
        Ok(Build { tier: self.tier.id, choice, lines, total, judgement, plan, estimate, largest, checks })
    }
}

/// The largest dense model at `Q4_K_M` that a machine holds in VRAM at 10 tokens/s or more.
#[must_use]
pub fn largest<'a>(choice: &Choice<'_>, plan: &Plan, catalog: &'a Catalog) -> Option<Largest<'a>> {
    let mut plan = plan.clone();
    plan.workload.choose_runtime(crate::plan::Runtime::LlamaCpp);
    let request = BuildRequest { goal: Goal::LARGEST, ..BuildRequest::default() };
    let judge = Judge::new(&request, &plan, catalog);
    let with = judge.judge(choice)?.with?;
    let model = catalog.model(&judge.ladder().get(with.model)?.id)?;
    let plan = judge.plan_on(choice, Some(with));
    let estimate = estimate(&plan, catalog).ok()?;
    Some(Largest { model, plan, estimate })
}

fn traded(build: &Build<'_>, budget: f64) -> Vec<Traded> {
    let mut found = Vec::new();
    for check in &build.checks {
        match *check {
            Check::Link { lanes, r#gen, preferred: false, .. } => found.push(Traded::Lanes { lanes, r#gen }),
            Check::RamAdvised { gib, advised } => found.push(Traded::Ram { gib, advised }),
            _ => {}
        }
    }
    let counted = |which: &dyn Fn(&&Line<'_>) -> bool| {
        build.lines.iter().filter(which).map(|line| line.count - line.owned).sum::<u32>()
    };
    let used =
        counted(&|line| line.price.is_some_and(|price| price.kind == PriceKind::Used) && line.owned < line.count);
    let stale = counted(&|line| line.stale);
    let cards = build.choice.card_count();
    found.extend((used > 0).then_some(Traded::Warranty { parts: used }));
    found.extend((cards > 1).then_some(Traded::SingleCard { cards }));
    found.extend((stale > 0).then_some(Traded::Freshness { parts: stale }));
    let left = budget - build.total.usd;
    found.extend((left >= 100.0).then_some(Traded::Unspent { usd: left }));
    found
}
