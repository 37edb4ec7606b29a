//! How the money of a build is split, beside what its tier aims at.

use super::lines::{LeftOver, PartLine, Why};
use super::outcome::Build;
use crate::catalog::parts::{PartKind, TierDemand};
use crate::estimate::Verdict;
use crate::plan::BuildGoal;
use crate::units::Usd;

/// Shares of the total, and what the tier aims at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Split {
    /// Cards.
    pub gpu: f64,
    /// RAM.
    pub ram: f64,
    /// Processors.
    pub cpu: f64,
    /// All else.
    pub rest: f64,
    /// The least share of the cards that is aimed at.
    pub least_gpu: f64,
    /// The largest share of RAM that is aimed at.
    pub most_ram: f64,
    /// The largest share of the processors that is aimed at.
    pub most_cpu: f64,
    /// Experts are to lie in RAM, so that RAM may cost more than the cards.
    pub wants_ram: bool,
    /// Where less goes to the cards than is aimed at: why.
    pub unmet: Unmet,
}

/// Why less goes to the cards than is aimed at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmet {
    /// Cards that are there already cost nothing.
    Owned,
    /// A part of the model lies in RAM, whatever card is bought.
    Spills,
    /// What was left over bought RAM.
    LeftOver,
    /// The rest of a machine costs as much with every card.
    Platform,
}

impl Split {
    /// Whether as much goes to the cards as is aimed at, and no more to the rest.
    pub fn is_met(&self) -> bool {
        self.favors_gpu() && self.cpu <= self.most_cpu && (self.wants_ram || self.ram <= self.most_ram)
    }

    /// Whether as much goes to the cards as is aimed at.
    pub fn favors_gpu(&self) -> bool {
        self.gpu >= self.least_gpu
    }
}

impl Build<'_> {
    /// How its money is split; `None` for a whole machine, whose price is one, and where nothing costs anything.
    pub fn split(&self) -> Option<Split> {
        if self.choice.system.is_some() || self.total.usd.0 <= 0.0 {
            return None;
        }
        let [gpu, ram, cpu] = [PartKind::Card, PartKind::Ram, PartKind::Processor].map(|kind| self.share(kind));
        let (least_gpu, most_ram, most_cpu) = self.tier.tier()?.rules.iter().find_map(|rule| match rule.rule {
            TierDemand::Split { gpu, ram, cpu } => Some((gpu, ram, cpu)),
            _ => None,
        })?;
        let wants_ram = matches!(self.goal, BuildGoal::BestMixture { .. }) || self.estimate.experts.layers > 0;
        let is_more = |line: &&PartLine<'_>| matches!(line.why, Why::LeftOver(LeftOver::Ram | LeftOver::RamToTrain));
        let left_over = self.lines.iter().filter(is_more).filter_map(|line| line.usd).sum::<Usd>() / self.total.usd;
        let owned = |line: &PartLine<'_>| line.kind == PartKind::Card && line.owned > 0;
        let unmet = match () {
            () if self.lines.iter().any(owned) => Unmet::Owned,
            () if self.estimate.verdict == Some(Verdict::Offload) => Unmet::Spills,
            () if gpu >= least_gpu * (1.0 - left_over) => Unmet::LeftOver,
            () => Unmet::Platform,
        };
        let rest = (1.0 - gpu - ram - cpu).max(0.0);
        Some(Split { gpu, ram, cpu, rest, least_gpu, most_ram, most_cpu, wants_ram, unmet })
    }
}
