//! A build that a document kept: as it was found, whatever the prices have become since.

use super::fault::BuildError;
use super::given::{Given, alone, of_parts};
use super::lines::{LeftOver, Why};
use super::outcome::{Build, BuildOutcome, traded};
use super::spare::Spent;
use crate::catalog::Catalog;
use crate::catalog::frozen::KeptBuild;
use crate::catalog::parts::PartKind;
use crate::catalog::source::Date;
use crate::plan::{BuildRequest, PartCount, Plan};

impl Build<'_> {
    /// The build to be kept with the document that asked for it; `request` and `plan` are what was asked.
    pub fn kept(&self, request: &BuildRequest, plan: &Plan, catalog: &Catalog) -> KeptBuild {
        let parts = self.parts().into_iter().map(|PartCount { part, count }| (part, count)).collect();
        // Cards are kept as fewer and larger ones, or for the goal: of those that were bought for speed no more is known then.
        let is_kept = |why: Why| matches!(why, Why::LeftOver(what) if what != LeftOver::Speed);
        let left_over = self.lines.iter().filter(|line| is_kept(line.why));
        KeptBuild {
            tier: self.tier,
            asked: request.print(plan),
            prices: catalog.prices_print(),
            parts,
            left_over: left_over.map(|line| line.kind).collect(),
        }
    }
}

impl LeftOver {
    /// The kind of part that shows it.
    const fn kind(self) -> PartKind {
        match self {
            Self::Cards | Self::Speed => PartKind::Card,
            Self::Ram | Self::RamToTrain => PartKind::Ram,
            Self::Base => PartKind::Processor,
            Self::Board => PartKind::Board,
            Self::Disk => PartKind::Disk,
            Self::Supply => PartKind::PowerSupply,
        }
    }
}

/// The kept build at the prices that were kept with it. What more money would buy is a question of today's.
pub(super) fn outcome<'a>(
    kept: &KeptBuild,
    request: &BuildRequest,
    plan: &Plan,
    catalog: &'a Catalog,
    today: &Date,
) -> Result<BuildOutcome<'a>, BuildError<'a>> {
    let parts: Vec<PartCount> =
        kept.parts.iter().map(|(part, count)| PartCount { part: part.clone(), count: *count }).collect();
    let was = |what: LeftOver| kept.left_over.contains(&what.kind());
    let spent = Spent {
        cards: was(LeftOver::Cards),
        ram: was(LeftOver::Ram),
        speed: false,
        base: was(LeftOver::Base),
        board: was(LeftOver::Board),
        disk: was(LeftOver::Disk),
        supply: was(LeftOver::Supply),
    };
    let build = of_parts(Given { parts: &parts, spent, with_fittings: true }, request, plan, catalog, today)?;
    let traded = traded(&build, request.budget_usd);
    Ok(alone(build, traded, None))
}
