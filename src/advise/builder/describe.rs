//! A found machine with all that is said of it.

use super::checks::{Check, Surroundings, checks};
use super::choice::PartList;
use super::lines::{PartLine, PartLister};
use super::market::Market;
use super::outcome::{Build, Largest};
use super::score::Scorer;
use super::search::Found;
use super::users;
use crate::catalog::Catalog;
use crate::catalog::parts::{CircuitId, Tier, TierId};
use crate::catalog::source::Date;
use crate::estimate::{EstimateError, estimate};
use crate::plan::{BuildGoal, BuildRequest, LEAST_DECODE, ModelChoice, Plan};

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
    pub(super) fn priced(&self, found: Found<'a>) -> Found<'a> {
        let total = self.listing(&found).lines(&found.choice).iter().map(PartLine::cost).sum();
        Found { total, ..found }
    }

    fn listing(&self, found: &Found<'a>) -> PartLister<'_, 'a> {
        let Found { scored, spent, .. } = *found;
        let (market, trains) = (self.market, self.plan.workload.task.trains());
        PartLister { market, rules: &self.tier.rules, today: self.today, scored, spent, trains }
    }

    pub(super) fn build(&self, found: Found<'a>) -> Result<Build<'a>, EstimateError> {
        let lines = self.listing(&found).lines(&found.choice);
        let Found { choice, scored, .. } = found;
        let violations = Vec::new();
        let total = lines.iter().map(PartLine::cost).sum();
        let plan = self.scorer.plan_on(&choice, scored.with);
        let estimate = estimate(&plan, self.catalog)?;
        let model = match &plan.workload.model {
            ModelChoice::Catalog(id) => self.catalog.model(id),
            ModelChoice::Size(_) | ModelChoice::File { .. } => None,
        };
        let surroundings = Surroundings { circuit: self.circuit, power_limit_w: self.plan.machine.power_limit_w };
        let mut checks = checks(&choice, self.tier, &scored, self.catalog, surroundings);
        checks.extend(estimate.warnings.iter().find_map(Check::of_fit));
        let largest = largest(&choice, self.plan, self.catalog);
        let (tier, goal) = (self.tier.id, self.scorer.goal);
        let serves = tier != TierId::Starter && !plan.workload.task.trains();
        let least = goal.least_decode().unwrap_or(LEAST_DECODE);
        let users = serves.then(|| users::at_once(&plan, self.catalog, least)).flatten();
        Ok(Build {
            tier,
            goal,
            choice,
            lines,
            total,
            scored,
            plan,
            model,
            estimate,
            largest,
            users,
            checks,
            violations,
        })
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
