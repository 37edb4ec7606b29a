//! The answer: the best build with its parts, checks, what the next dollars would buy and what was traded away.

use super::checks::{Check, Surroundings, checks};
use super::choice::PartList;
use super::lines::{PartLine, PartLister};
use super::market::{Market, Total};
use super::score::{Scored, Scorer, on_machine};
use super::search::{Aim, BuildSearch, Found};
use super::violation::{Violation, misfits};
use super::{Counted, manual};
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::parts::{CircuitId, PartKind, Tier, TierId};
use crate::catalog::source::{Date, PriceKind};
use crate::estimate::{Estimate, EstimateError, estimate};
use crate::plan::{BuildGoal, BuildRequest, OutOfRange, Plan};
use crate::units::Usd;

/// What is asked how much further it goes, in US dollars.
const NEXT_USD: [Usd; 2] = [Usd(200.0), Usd(1000.0)];

/// A machine for the goal.
#[derive(Debug, Clone, PartialEq)]
pub struct Build<'a> {
    /// Its tier.
    pub tier: TierId,
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
    /// What that plan comes to.
    pub estimate: Estimate,
    /// The largest dense model in its VRAM at `Q4_K_M`; `None` where not even the smallest fits.
    pub largest: Option<Largest<'a>>,
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

    /// `plan` on this machine; what was chosen for other cards is left to the engine.
    pub fn used_by(&self, plan: &Plan) -> Plan {
        on_machine(plan, &self.choice)
    }
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
    /// RAM below what the tier advises: the money went to VRAM.
    Ram { gib: u32, advised: u32 },
    /// Used parts: no warranty.
    Warranty { parts: u32 },
    /// Several cards where fewer would run faster for one user but hold less.
    SingleCard { cards: u32 },
    /// Prices that are older than six months.
    Freshness { parts: u32 },
    /// What is left of the budget: no part of it makes the machine better at the goal.
    Unspent { usd: Usd },
}

/// The answer to a request.
#[derive(Debug, Clone, PartialEq)]
pub struct BuildOutcome<'a> {
    /// The best build.
    pub build: Build<'a>,
    /// What more of the budget would buy, where [`Self::build`] was kept to what it would cost without the parts that are
    /// there already.
    pub within: Option<Box<Build<'a>>>,
    /// What the next $200 and $1,000 would buy.
    pub next: Vec<Next<'a>>,
    /// What was given up.
    pub traded: Vec<Traded>,
    /// Every machine with one kind of card beside the owned ones was looked at, or shown not to be better.
    pub exhaustive: bool,
    /// Machines that were completed.
    pub tries: u64,
    /// What the search would have chosen, where [`Self::build`] was put together by hand.
    pub searched: Option<Box<Build<'a>>>,
}

/// Why there is no build. Each prints as one line.
#[derive(Debug, Clone, PartialEq)]
pub enum BuildError<'a> {
    /// A wish that nobody can have.
    OutOfRange(OutOfRange),
    /// A part that is not in the catalog.
    UnknownPart(String),
    /// Parts that are kept do not go together.
    Contradiction(Violation),
    /// The budget is below the cheapest build.
    TooLittle {
        /// What there is.
        budget: Usd,
        /// The cheapest build that works.
        cheapest: Box<Build<'a>>,
    },
    /// No machine at any price.
    Nothing,
    /// The plan itself cannot be estimated.
    Plan(EstimateError),
    /// The tier's rules are missing.
    NoRules,
}

impl<'a> BuildError<'a> {
    /// The build that is shown all the same: the cheapest, where the budget is below it.
    pub fn cheapest(&self) -> Option<&Build<'a>> {
        match self {
            Self::TooLittle { cheapest, .. } => Some(cheapest),
            _ => None,
        }
    }
}

impl std::error::Error for BuildError<'_> {}

impl From<OutOfRange> for BuildError<'_> {
    fn from(error: OutOfRange) -> Self {
        Self::OutOfRange(error)
    }
}

impl From<EstimateError> for BuildError<'_> {
    fn from(error: EstimateError) -> Self {
        Self::Plan(error)
    }
}

/// The best build for `request`, or the one that was put together by hand, running `plan`, with the prices of `catalog` as they count on the day `today`.
///
/// # Errors
/// [`BuildError`]: each says in one line what is wrong and what would do.
pub fn best<'a>(
    request: &BuildRequest,
    plan: &Plan,
    catalog: &'a Catalog,
    today: &Date,
) -> Result<BuildOutcome<'a>, BuildError<'a>> {
    request.check()?;
    // The plan's own cards have no part in this: only what no card would mend is said at once.
    let alone = estimate(plan, catalog).err();
    if let Some(error @ (EstimateError::UnknownModel { .. } | EstimateError::OutOfRange(_))) = alone {
        return Err(error.into());
    }
    let tier = request.tier.tier().ok_or(BuildError::NoRules)?;
    if !request.by_hand.is_empty() {
        return manual::outcome(request, plan, catalog, today);
    }
    let market = Market::of(request, catalog);
    if let Some(id) = market.unknown.first() {
        return Err(BuildError::UnknownPart(id.clone()));
    }
    if let Some(violation) = contradiction(&market) {
        return Err(BuildError::Contradiction(violation));
    }
    let scorer = Scorer::new(request, plan, catalog);
    let search = BuildSearch::new(&market, &scorer, tier);
    let describe = Describe { market: &market, scorer: &scorer, tier, catalog, today, plan, circuit: request.outlet() };
    let budget = request.budget_usd;
    let all_bought = AllBought::of(request, catalog, tier);
    let found = match all_bought.as_ref().and_then(|all| all.run(&scorer, Aim::BestFor(budget))) {
        None => search.run(Aim::BestFor(budget)),
        Some(bought) => {
            let found = search.run(Aim::BestFor(bought.total.usd));
            let bought = describe.priced(bought);
            Some(found.filter(|found| found.scored.score >= bought.scored.score).unwrap_or(bought))
        }
    };
    let Some(found) = found else {
        let nothing = || alone.map_or(BuildError::Nothing, BuildError::Plan);
        let cheapest = search.run(Aim::Cheapest).ok_or_else(nothing)?;
        let bought = all_bought.as_ref().and_then(|all| all.run(&scorer, Aim::Cheapest));
        let bought = bought.map(|bought| describe.priced(bought));
        let cheapest = bought.filter(|bought| bought.total.usd < cheapest.total.usd).unwrap_or(cheapest);
        let cheapest = Box::new(describe.build(cheapest)?);
        return Err(BuildError::TooLittle { budget, cheapest });
    };
    let within = all_bought.and_then(|_| search.run(Aim::BestFor(budget)));
    let within = within.filter(|more| more.scored.score > found.scored.score);
    let score = within.as_ref().unwrap_or(&found).scored.score;
    let within = within.map(|found| describe.build(found)).transpose()?.map(Box::new);
    let mut next = Vec::new();
    for usd in NEXT_USD {
        let better = search.run(Aim::BestFor(budget + usd)).filter(|new| new.scored.score > score);
        next.push(Next { usd, build: better.map(|found| describe.build(found)).transpose()?.map(Box::new) });
    }
    let build = describe.build(found)?;
    let mut traded = traded(&build, budget);
    // What is left of the budget would buy that.
    traded.retain(|traded| within.is_none() || !matches!(traded, Traded::Unspent { .. }));
    Ok(BuildOutcome {
        build,
        within,
        next,
        traded,
        exhaustive: search.exhaustive(),
        tries: search.tries(),
        searched: None,
    })
}

/// What could be had if nothing were there already. A part that is owned need not be used and saves money: no build with
/// it is dearer, or worse, than what this finds.
struct AllBought<'a> {
    market: Market<'a>,
    tier: &'static Tier,
}

impl<'a> AllBought<'a> {
    /// `None` where nothing is owned.
    fn of(request: &BuildRequest, catalog: &'a Catalog, tier: &'static Tier) -> Option<Self> {
        let bought = BuildRequest { owned: Vec::new(), ..request.clone() };
        (!request.owned.is_empty()).then(|| Self { market: Market::of(&bought, catalog), tier })
    }

    fn run(&self, scorer: &Scorer<'_>, aim: Aim) -> Option<Found<'a>> {
        BuildSearch::new(&self.market, scorer, self.tier).run(aim)
    }
}

/// What of the kept parts does not go together.
fn contradiction(market: &Market<'_>) -> Option<Violation> {
    let mut kept = PartList::default();
    let two = |kind: PartKind| Some(Violation::TwoKept(kind));
    macro_rules! take {
        ($items:expr, $kind:ident) => {{
            let mut locked = $items.iter().filter(|item| item.locked.is_some());
            let first = locked.next();
            if locked.next().is_some() {
                return two(PartKind::$kind);
            }
            first
        }};
    }
    kept.processor = take!(market.processors, Processor).map(|item| item.part);
    kept.board = take!(market.boards, Board).map(|item| item.part);
    kept.disk = take!(market.disks, Disk).map(|item| item.part);
    kept.case = take!(market.cases, Case).map(|item| item.part);
    kept.cooler = take!(market.coolers, Cooler).map(|item| item.part);
    let counted = |locked: Option<u32>| locked.unwrap_or(1);
    kept.ram = take!(market.ram, Ram).map(|item| Counted::new(item.part, counted(item.locked)));
    kept.supply = take!(market.supplies, PowerSupply).map(|item| Counted::new(item.part, counted(item.locked)));
    let cards = market.cards.iter().filter_map(|item| Some(Counted::new(item.part, item.locked?)));
    kept.cards = cards.collect();
    let whole = take!(market.systems, System).is_some();
    let parts = kept != PartList::default();
    if whole && parts {
        return Some(Violation::WholeBesideParts);
    }
    misfits(&kept).into_iter().next()
}

/// What a found machine is described with.
pub(super) struct Describe<'m, 'a> {
    pub(super) market: &'m Market<'a>,
    pub(super) scorer: &'m Scorer<'m>,
    pub(super) tier: &'static Tier,
    pub(super) catalog: &'a Catalog,
    pub(super) today: &'m Date,
    pub(super) plan: &'m Plan,
    pub(super) circuit: CircuitId,
}

impl<'a> Describe<'_, 'a> {
    /// A machine at what it costs in this market: what is owned is free.
    fn priced(&self, found: Found<'a>) -> Found<'a> {
        let total = self.listing(found.scored).lines(&found.choice).iter().map(PartLine::cost).sum();
        Found { total, ..found }
    }

    fn listing(&self, scored: Scored) -> PartLister<'_, 'a> {
        PartLister { market: self.market, rules: &self.tier.rules, today: self.today, scored }
    }

    pub(super) fn build(&self, found: Found<'a>) -> Result<Build<'a>, EstimateError> {
        let Found { choice, scored, .. } = found;
        let violations = Vec::new();
        let lines = self.listing(scored).lines(&choice);
        let total = lines.iter().map(PartLine::cost).sum();
        let plan = self.scorer.plan_on(&choice, scored.with);
        let estimate = estimate(&plan, self.catalog)?;
        let surroundings = Surroundings { circuit: self.circuit, power_limit_w: self.plan.machine.power_limit_w };
        let checks = checks(&choice, self.tier, &scored, self.catalog, surroundings);
        let largest = largest(&choice, self.plan, self.catalog);
        Ok(Build { tier: self.tier.id, choice, lines, total, scored, plan, estimate, largest, checks, violations })
    }
}

/// The largest dense model at `Q4_K_M` that a machine holds in VRAM at 10 tokens/s or more.
pub fn largest<'a>(choice: &PartList<'_>, plan: &Plan, catalog: &'a Catalog) -> Option<Largest<'a>> {
    let mut plan = plan.clone();
    plan.workload.choose_runtime(crate::plan::Runtime::LlamaCpp);
    let request = BuildRequest { goal: BuildGoal::LARGEST, ..BuildRequest::default() };
    let scorer = Scorer::new(&request, &plan, catalog);
    let with = scorer.score(choice)?.with?;
    let model = catalog.model(&scorer.ladder().get(with.model)?.id)?;
    let plan = scorer.plan_on(choice, Some(with));
    let estimate = estimate(&plan, catalog).ok()?;
    Some(Largest { model, plan, estimate })
}

pub(super) fn traded(build: &Build<'_>, budget: Usd) -> Vec<Traded> {
    let mut found = Vec::new();
    for check in &build.checks {
        match *check {
            Check::Link { lanes, r#gen, preferred: false, .. } => found.push(Traded::Lanes { lanes, r#gen }),
            Check::RamAdvised { gib, advised } => found.push(Traded::Ram { gib, advised }),
            _ => {}
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
    found.extend((cards > 1).then_some(Traded::SingleCard { cards }));
    found.extend((stale > 0).then_some(Traded::Freshness { parts: stale }));
    let left = budget - build.total.usd;
    found.extend((left >= Usd(100.0)).then_some(Traded::Unspent { usd: left }));
    found
}
