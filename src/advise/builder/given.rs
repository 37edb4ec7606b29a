//! A machine of given parts: priced and judged as it is.

use super::choice::PartList;
use super::describe::Describe;
use super::fault::BuildError;
use super::market::{Market, Total};
use super::outcome::{Build, BuildOutcome, Traded};
use super::score::{Score, Scored, Scorer, needed_ram};
use super::search::Found;
use super::spare::Spent;
use crate::catalog::Catalog;
use crate::catalog::source::Date;
use crate::estimate::{EstimateError, estimate};
use crate::plan::{BuildRequest, PartCount, Plan};
use crate::units::Usd;

/// Parts that make a machine.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'p> {
    /// The parts by id.
    pub(super) parts: &'p [PartCount],
    /// What of them was bought with what was left over.
    pub(super) spent: Spent,
    /// What joins the parts is among them too, and no other is taken for it.
    pub(super) with_fittings: bool,
}

/// The machine of these parts as `request` buys them, running `plan`.
pub(super) fn of_parts<'a>(
    Given { parts, spent, with_fittings }: Given<'_>,
    request: &BuildRequest,
    plan: &Plan,
    catalog: &'a Catalog,
    today: &Date,
) -> Result<Build<'a>, BuildError<'a>> {
    let choice = PartList::of(parts, catalog).map_err(BuildError::UnknownPart)?;
    let tier = request.tier.tier().ok_or(BuildError::NoRules)?;
    let mut market = Market::all(request, catalog);
    if with_fittings {
        market.fittings.retain(|item| parts.iter().any(|it| it.part == item.part.id));
    }
    let scorer = Scorer::new(request, plan, catalog);
    let scored = scorer.score(&choice).map_or_else(|| unfit(&scorer, &choice, catalog), Ok)?;
    let describe = Describe { market: &market, scorer: &scorer, tier, catalog, today, plan, circuit: request.outlet() };
    let found = Found { choice, total: Total::default(), scored, weight: Usd::ZERO, spent };
    Ok(describe.build(found)?)
}

/// A build beside which nothing was searched for.
pub(super) fn alone<'a>(build: Build<'a>, traded: Vec<Traded>, searched: Option<Box<Build<'a>>>) -> BuildOutcome<'a> {
    BuildOutcome {
        build,
        within: None,
        next: Vec::new(),
        better: None,
        whole: None,
        cuda: None,
        doubtful: None,
        louder: None,
        rent: None,
        enough: None,
        traded,
        exhaustive: true,
        tries: 0,
        searched,
    }
}

/// What is said of a machine that the goal does not run on.
fn unfit(scorer: &Scorer<'_>, choice: &PartList<'_>, catalog: &Catalog) -> Result<Scored, EstimateError> {
    let found = estimate(&scorer.plan_on(choice, None), catalog)?;
    Ok(Scored {
        score: Score::NONE,
        needed_ram_gib: needed_ram(&found).unwrap_or(0.0),
        experts_in_ram: found.experts.layers > 0,
        with: None,
    })
}
