//! From a request to its answer: the best build, what stands beside it, and what is said where there is none.

use super::aim::Aim;
use super::candidates::BoardCombo;
use super::choice::{Counted, PartList};
use super::describe::Describe;
use super::fault::BuildError;
use super::given;
use super::kept;
use super::manual;
use super::market::Market;
use super::nearest;
use super::outcome::{Build, BuildOutcome, CudaBeside, Next, Traded, traded};
use super::rent_first::{RentFirst, rent_first};
use super::score::{Score, Scorer};
use super::search::{BuildSearch, Found, all_cuda};
use super::violation::{Violation, misfits};
use crate::catalog::Catalog;
use crate::catalog::parts::{BuildRules, PartKind, Tier, TierDemand, TierId};
use crate::catalog::source::Date;
use crate::estimate::{EstimateError, Verdict, estimate};
use crate::plan::{BuildRequest, Plan, Task};
use crate::units::Usd;

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
    // One whose parts are gone, or that its rows no longer hold together, is searched for again.
    if let Some(build) = catalog.kept_build(|| request.print(plan))
        && let Ok(outcome) = kept::outcome(build, request, plan, catalog, today)
    {
        return Ok(outcome);
    }
    let asked = Asked { request, plan, catalog, today, tier };
    let market = asked.market(request);
    if let Some(id) = market.unknown.first() {
        return Err(BuildError::UnknownPart(id.clone()));
    }
    if let Some(what) = contradiction(&market) {
        return Err(BuildError::Contradiction {
            what: Box::new(what),
            nearest: nearest::without_locks(&asked).map(Box::new),
        });
    }
    asked.answer(market, alone)
}

/// Machines that cost more than so many times the budget are nobody's next.
const FURTHEST: f64 = 6.0;

/// Where what is slow costs no more than this share of what is quick, it is the cheapest that works.
const MUCH_LESS: f64 = 0.5;

/// A request with all that is needed to answer it.
pub(super) struct Asked<'r, 'a> {
    pub(super) request: &'r BuildRequest,
    pub(super) plan: &'r Plan,
    pub(super) catalog: &'a Catalog,
    pub(super) today: &'r Date,
    pub(super) tier: &'static Tier,
}

/// What of the money is looked at.
struct Reach<'a> {
    /// The build.
    found: Found<'a>,
    /// The best score that the budget reaches: the build is alike, and may cost less.
    score: Score,
}

impl<'a> Asked<'_, 'a> {
    /// What can be bought for `request`. What trains runs CUDA where the tier says so.
    fn market(&self, request: &BuildRequest) -> Market<'a> {
        let mut market = Market::of(request, self.catalog);
        let cuda = self.tier.rules.iter().any(|rule| matches!(rule.rule, TierDemand::CudaFirst { .. }));
        if cuda && self.plan.workload.task.trains() {
            market.keep_cuda();
        }
        market
    }

    /// More than this much buys no better machine of the tier; `None` where the budget is no more.
    fn enough(&self) -> Option<Usd> {
        let enough = self.tier.rules.iter().find_map(|rule| match rule.rule {
            TierDemand::EnoughAt { usd } => Some(usd),
            _ => None,
        });
        enough.filter(|usd| *usd < self.request.budget_usd && self.request.locks.is_empty())
    }

    fn answer(&self, mut market: Market<'a>, alone: Option<EstimateError>) -> Result<BuildOutcome<'a>, BuildError<'a>> {
        let wholes = Market { systems: market.take_desktops(), catalog: market.catalog, ..Market::default() };
        let scorer = Scorer::new(self.request, self.plan, self.catalog);
        let search = BuildSearch::new(&market, &scorer, self.tier);
        let beside = BuildSearch::new(&wholes, &scorer, self.tier);
        let Self { plan, catalog, today, tier, .. } = *self;
        let describe =
            Describe { market: &market, scorer: &scorer, tier, catalog, today, plan, circuit: self.request.outlet() };
        let whole_of = Describe { market: &wholes, ..describe };
        let enough = self.enough();
        let budget = enough.unwrap_or(self.request.budget_usd);
        let whole = beside.run(Aim::BestFor(budget));
        let all_bought = self.all_bought();
        let Some(Reach { found, score }) = self.reach(&search, &describe, all_bought.as_ref(), budget) else {
            // Where parts do not come to it, a machine that is bought as a whole may.
            if let Some(whole) = whole {
                return Ok(self.only_whole(whole_of.build(whole)?, (search.exhaustive(), beside.tries())));
            }
            return Err(self.too_little(&search, (&describe, &beside, &whole_of), all_bought.as_ref(), alone)?);
        };
        let within = all_bought.and_then(|_| search.run(Aim::BestFor(budget)));
        let within = within.filter(|more| more.scored.score > found.scored.score && more.scored.score >= score);
        // With parts that are there already the build can be better than what all the money buys without them.
        let score = within.as_ref().map_or(score, |more| more.scored.score.max(score)).max(found.scored.score);
        let within = within.map(|found| describe.build(found)).transpose()?.map(Box::new);
        let better = if enough.is_some() { None } else { search.run(Aim::Better(score, budget * FURTHEST)) };
        let mut next = Vec::new();
        for share in BuildRules::known().more.shares.iter().filter(|_| enough.is_none()) {
            let usd = (budget * *share).ceil();
            let reached = better.as_ref().is_some_and(|better| better.total.usd <= budget + usd);
            let more = if reached { search.run(Aim::BestFor(budget + usd)) } else { None };
            let more = more.filter(|new| new.scored.score.is_clearly_better(&score));
            next.push(Next { usd, build: more.map(|found| describe.build(found)).transpose()?.map(Box::new) });
        }
        let build = describe.build(found)?;
        let cuda = self.cuda_beside(&build, budget);
        let doubtful = self.doubtful(build.scored.score, budget).map(Box::new);
        let louder = self.louder(build.scored.score, budget).map(Box::new);
        let rent = self.rent_for(&build.plan, build.scored.score.quick, build.total.usd);
        let mut traded = traded(&build, self.request.budget_usd);
        traded.extend(dearer_ram(&search.bases, &build, budget));
        // What is left of the budget would buy that.
        traded.retain(|traded| within.is_none() || !matches!(traded, Traded::Unspent { .. }));
        for traded in &mut traded {
            if let Traded::Unspent { next, .. } = traded {
                *next = better.as_ref().map(|better| better.total.usd);
            }
        }
        Ok(BuildOutcome {
            build,
            within,
            next,
            better: better.map(|found| describe.build(found)).transpose()?.map(Box::new),
            whole: whole.map(|found| whole_of.build(found)).transpose()?.map(Box::new),
            cuda,
            doubtful,
            louder,
            rent,
            enough,
            traded,
            exhaustive: search.exhaustive(),
            tries: search.tries(),
            searched: None,
        })
    }

    /// What CUDA would cost of the goal, where the build goes without: the best machine with it for the same money.
    fn cuda_beside(&self, build: &Build<'a>, budget: Usd) -> Option<CudaBeside<'a>> {
        let chosen =
            self.request.locks.iter().chain(&self.request.owned).any(|it| self.catalog.card(&it.part).is_some());
        if all_cuda(&build.choice) || chosen || build.choice.cards.is_empty() {
            return None;
        }
        let mut market = self.market(self.request);
        market.take_desktops();
        market.keep_cuda();
        Some(CudaBeside { build: self.best_of(&market, budget).map(Box::new) })
    }

    /// A node that would be better than `score` if a price of low confidence could be counted on.
    fn doubtful(&self, score: Score, budget: Usd) -> Option<Build<'a>> {
        if !self.request.locks.is_empty() || self.request.quiet {
            return None;
        }
        let market = Market::of_doubtful_nodes(self.request, self.catalog);
        self.best_of(&market, budget).filter(|build| build.scored.score.is_clearly_better(&score))
    }

    /// What is given up for quiet, where that is clearly better.
    fn louder(&self, score: Score, budget: Usd) -> Option<Build<'a>> {
        let louder = BuildRequest { quiet: false, ..self.request.clone() };
        let mut market = self.request.quiet.then(|| self.market(&louder))?;
        market.take_desktops();
        self.best_of(&market, budget).filter(|build| build.scored.score.is_clearly_better(&score))
    }

    /// The best of another market for the same goal. What the sizes of one search rule out, another may need.
    fn best_of(&self, market: &Market<'a>, budget: Usd) -> Option<Build<'a>> {
        let Self { plan, catalog, today, tier, request } = *self;
        let scorer = &Scorer::new(request, plan, catalog);
        let found = BuildSearch::new(market, scorer, tier).run(Aim::BestFor(budget))?;
        Describe { market, scorer, tier, catalog, today, plan, circuit: request.outlet() }.build(found).ok()
    }

    /// The build for `budget`: of what is alike the cheapest, and what is left spent as a person would.
    fn reach(
        &self,
        search: &BuildSearch<'a, '_>,
        describe: &Describe<'_, 'a>,
        all_bought: Option<&Market<'a>>,
        budget: Usd,
    ) -> Option<Reach<'a>> {
        let bought = all_bought.and_then(|market| {
            let search = BuildSearch::new(market, describe.scorer, self.tier);
            within(&search, budget)
        });
        let Some(Reach { found: bought, score }) = bought else { return within(search, budget) };
        // A part that is owned need not be used and saves money: no build with it is dearer, or worse, than without.
        let no_dearer = search.run(Aim::NoWorse(bought.scored.score, bought.total.usd));
        let found = no_dearer.map(|found| {
            let spent = search.spend(found.clone(), bought.total.usd);
            if spent.scored.score >= bought.scored.score { spent } else { found }
        });
        Some(Reach { found: found.unwrap_or_else(|| describe.priced(bought)), score })
    }

    /// What could be had if nothing were there already; `None` where nothing is owned.
    fn all_bought(&self) -> Option<Market<'a>> {
        let bought = BuildRequest { owned: Vec::new(), ..self.request.clone() };
        (!self.request.owned.is_empty()).then(|| {
            let mut market = self.market(&bought);
            market.take_desktops();
            market
        })
    }

    fn only_whole(&self, build: Build<'a>, (exhaustive, tries): (bool, u64)) -> BuildOutcome<'a> {
        let rent = self.rent_for(&build.plan, build.scored.score.quick, build.total.usd);
        let traded = traded(&build, self.request.budget_usd);
        BuildOutcome { rent, exhaustive, tries, ..given::alone(build, traded, None) }
    }

    /// Why there is no build for the budget: the cheapest that works, or what comes nearest.
    fn too_little(
        &self,
        search: &BuildSearch<'a, '_>,
        (describe, beside, whole_of): (&Describe<'_, 'a>, &BuildSearch<'a, '_>, &Describe<'_, 'a>),
        all_bought: Option<&Market<'a>>,
        alone: Option<EstimateError>,
    ) -> Result<BuildError<'a>, BuildError<'a>> {
        let trains = self.plan.workload.task.trains();
        let cheapest = |search: &BuildSearch<'a, '_>| {
            let quick = search.run(Aim::Cheapest(Score::QUICK));
            let Some(quick) = quick else { return search.run(Aim::Cheapest(Score::NONE)) };
            let slow = search.run(Aim::Cheapest(Score::slow())).filter(|_| !trains);
            Some(slow.filter(|slow| slow.total.usd <= quick.total.usd * MUCH_LESS).unwrap_or(quick))
        };
        let bought = all_bought.and_then(|market| cheapest(&BuildSearch::new(market, describe.scorer, self.tier)));
        let parts = cheapest(search).into_iter().chain(bought.map(|bought| describe.priced(bought)));
        let parts = parts.min_by(|a, b| a.total.usd.total_cmp(&b.total.usd));
        let whole = cheapest(beside).filter(|whole| parts.as_ref().is_none_or(|it| whole.total.usd < it.total.usd));
        let build = match (whole, parts) {
            (Some(whole), _) => whole_of.build(whole)?,
            (None, Some(parts)) => describe.build(parts)?,
            (None, None) => {
                let kinds = Market::unsold(self.request, self.catalog);
                if !kinds.is_empty() {
                    let nearest = nearest::at_any_price(self).map(Box::new);
                    return Ok(BuildError::NoPrice { kinds, nearest });
                }
                let nearest = nearest::anything(self);
                return Ok(match (nearest, alone) {
                    (None, Some(error)) => BuildError::Plan(error),
                    (nearest, _) => BuildError::Nothing { nearest: nearest.map(Box::new) },
                });
            }
        };
        let rent = rent_first(&build.plan, self.catalog, self.tier, self.today).map(Box::new);
        Ok(BuildError::TooLittle { budget: self.request.budget_usd, cheapest: Box::new(build), rent })
    }

    /// Why to rent first: the build is too slow, or all weights are trained, which a machine is not bought for.
    fn rent_for(&self, plan: &Plan, quick: bool, total: Usd) -> Option<RentFirst<'a>> {
        let full = plan.workload.task == Task::Full;
        if quick && !full {
            return None;
        }
        let most = total * BuildRules::known().training.rented_below;
        let found = rent_first(plan, self.catalog, self.tier, self.today)?;
        (!quick || found.job_usd().is_some_and(|usd| usd < most)).then_some(found)
    }
}

/// What the budget of `request` buys one tier below.
pub fn one_tier_below<'a>(
    request: &BuildRequest,
    plan: &Plan,
    catalog: &'a Catalog,
    today: &Date,
) -> Option<Build<'a>> {
    let tier = TierId::ALL.into_iter().rev().find(|tier| *tier < request.tier)?;
    let request = BuildRequest { tier, ..request.clone() };
    best(&request, plan, catalog, today).ok().map(|outcome| outcome.build)
}

/// The build for another request, or the cheapest there is; nothing is looked for in its place.
pub(super) fn once<'a>(asked: &Asked<'_, 'a>, request: &BuildRequest) -> Option<Build<'a>> {
    let asked = Asked { request, tier: request.tier.tier()?, ..*asked };
    from_market(&asked, &asked.market(request))
}

/// The build for a request, or the cheapest there is, from what a market has.
pub(super) fn from_market<'a>(asked: &Asked<'_, 'a>, market: &Market<'a>) -> Option<Build<'a>> {
    let Asked { request, plan, catalog, today, tier } = *asked;
    let scorer = Scorer::new(request, plan, catalog);
    let search = BuildSearch::new(market, &scorer, tier);
    let found = search.run(Aim::BestFor(request.budget_usd)).or_else(|| search.run(Aim::Cheapest(Score::NONE)))?;
    let circuit = request.outlet();
    Describe { market, scorer: &scorer, tier, catalog, today, plan, circuit }.build(found).ok()
}

/// The build for `budget`: of what is alike the cheapest, and what is left spent as a person would.
fn within<'a>(search: &BuildSearch<'a, '_>, budget: Usd) -> Option<Reach<'a>> {
    let best = search.run(Aim::BestFor(budget))?;
    let score = best.scored.score;
    let found = search.run(Aim::NoWorse(score.alike_from(), budget)).unwrap_or(best);
    Some(Reach { found: search.spend(found, budget), score })
}

/// Where VRAM holds more than RAM: what the next size of RAM costs more, if that is beyond the budget.
fn dearer_ram(bases: &[BoardCombo<'_>], build: &Build<'_>, budget: Usd) -> Option<Traded> {
    let choice = &build.choice;
    let spills = build.estimate.verdict == Some(Verdict::Offload);
    let (ram, gib) = (choice.ram.filter(|_| choice.system.is_none() && !spills)?, choice.ram_gib());
    let base =
        bases.iter().find(|base| choice.board == Some(base.board) && choice.processor == Some(base.processor))?;
    let present =
        base.ram.iter().find(|option| std::ptr::eq(option.item.part, ram.part) && option.count == ram.count)?;
    let more = base.ram.iter().find(|option| option.gib > gib)?;
    let usd = more.item.cost(more.count).usd - present.item.cost(present.count).usd;
    let is_beyond = f64::from(gib) < choice.vram_gib() && build.total.usd + usd > budget;
    is_beyond.then_some(Traded::Ram { gib: more.gib, usd })
}

/// What of the kept parts does not go together.
pub(super) fn contradiction(market: &Market<'_>) -> Option<Violation> {
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
