//! What the document holds of a build: the wishes, never the result.

use serde::{Deserialize, Serialize};

use super::OutOfRange;
use crate::catalog::parts::TierId;
use crate::catalog::priced::Condition;
use crate::catalog::quantization::Quantization;
use crate::units::{Usd, Watts};

/// The budgets that can be asked for, in US dollars.
pub const BUDGET_USD: std::ops::RangeInclusive<f64> = 1.0..=1e8;
/// The most parts that can be owned or kept.
const MOST_PARTS: usize = 64;

/// What a machine is to be built for, and with what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BuildRequest {
    /// The most it may cost.
    pub budget_usd: Usd,
    /// Which rules it follows.
    pub tier: TierId,
    /// What makes one build better than another.
    pub goal: BuildGoal,
    /// Whether used parts are looked at.
    pub buying: Buying,
    /// Parts that are there already and cost nothing; they need not be used.
    pub owned: Vec<PartCount>,
    /// Parts that stay as they are, in exactly this count, with no other of their kind beside them.
    pub locks: Vec<PartCount>,
    /// The parts of a machine that was put together by hand; empty where the best one is searched for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_hand: Vec<PartCount>,
    /// The terms of buying and renting.
    pub terms: RentTerms,
}

impl Default for BuildRequest {
    fn default() -> Self {
        Self {
            budget_usd: Usd(3000.0),
            tier: TierId::default(),
            goal: BuildGoal::default(),
            buying: Buying::default(),
            owned: Vec::new(),
            locks: Vec::new(),
            by_hand: Vec::new(),
            terms: RentTerms::default(),
        }
    }
}

/// What makes one build better than another. A plan that trains is trained by [`Self::RunPlan`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub enum BuildGoal {
    /// The plan runs, in VRAM if it can, as fast as the budget allows for one sequence.
    #[default]
    RunPlan,
    /// The largest dense model of the catalog in VRAM.
    LargestModel {
        /// How its weights are stored.
        quantization: Quantization,
        /// The least decode speed in tokens/s for one sequence: what is slower does not count as running.
        least_decode: f64,
    },
    /// The plan runs with the most tokens a second over all sequences.
    MostTokens,
}

impl BuildGoal {
    /// The largest model at `Q4_K_M` that still writes about twice as fast as people read: 10 tokens/s.
    pub const LARGEST: Self = Self::LargestModel { quantization: Quantization::Q4_K_M, least_decode: 10.0 };
}

/// Whether used parts are looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Buying {
    /// New ones alone.
    New,
    /// New and used ones, whichever is cheaper.
    #[default]
    NewOrUsed,
}

impl Buying {
    /// The conditions in which parts are looked at.
    pub const fn conditions(self) -> &'static [Condition] {
        match self {
            Self::New => &[Condition::New],
            Self::NewOrUsed => &Condition::ALL,
        }
    }
}

/// So many of a part.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartCount {
    /// The part, by its id.
    pub part: String,
    /// How many.
    #[serde(default = "one")]
    pub count: u32,
}

const fn one() -> u32 {
    1
}

/// The terms on which buying is compared with renting.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RentTerms {
    /// Hours of work a day.
    pub hours_per_day: f64,
    /// What a kWh costs.
    pub usd_per_kwh: Usd,
    /// Share of the price that the machine is sold for in the end.
    pub resale_share: f64,
    /// How long it is kept, in months.
    pub months: f64,
    /// What the machine draws while it waits; zero where it is switched off.
    pub idle_watts: Watts,
    /// What it draws at work; by its parts where none is given.
    pub work_watts: Option<Watts>,
    /// What a million tokens of a hosted API cost.
    pub api_usd_per_million: Option<Usd>,
}

impl Default for RentTerms {
    fn default() -> Self {
        Self {
            hours_per_day: 8.0,
            usd_per_kwh: Usd(0.17),
            resale_share: 0.0,
            months: 48.0,
            idle_watts: Watts::ZERO,
            work_watts: None,
            api_usd_per_million: None,
        }
    }
}

impl BuildRequest {
    /// The same wishes in another tier: what fits it for the middle of its budgets, nothing kept of this one.
    #[must_use]
    pub fn in_tier(&self, tier: TierId) -> Self {
        if tier == self.tier {
            return self.clone();
        }
        let budget_usd = tier.tier().map_or(self.budget_usd, |tier| tier.bracket.middle_usd());
        Self { budget_usd, tier, locks: Vec::new(), by_hand: Vec::new(), ..self.clone() }
    }

    /// Whether every value can be planned with. Ids are not looked up here.
    ///
    /// # Errors
    /// The first value that is out of range.
    pub fn check(&self) -> Result<(), OutOfRange> {
        within("budget_usd", self.budget_usd.0, *BUDGET_USD.start(), *BUDGET_USD.end())?;
        if let BuildGoal::LargestModel { least_decode, .. } = self.goal {
            within("goal.least_decode", least_decode, 0.0, 1e6)?;
        }
        let RentTerms { hours_per_day, usd_per_kwh, resale_share, months, idle_watts, work_watts, api_usd_per_million } =
            self.terms;
        within("terms.hours_per_day", hours_per_day, 0.0, 24.0)?;
        within("terms.usd_per_kwh", usd_per_kwh.0, 0.0, 100.0)?;
        within("terms.resale_share", resale_share, 0.0, 1.0)?;
        within("terms.months", months, 0.1, 1200.0)?;
        within("terms.idle_watts", idle_watts.0, 0.0, 1e6)?;
        within("terms.work_watts", work_watts.unwrap_or_default().0, 0.0, 1e6)?;
        within("terms.api_usd_per_million", api_usd_per_million.unwrap_or_default().0, 0.0, 1e6)?;
        for (field, parts) in [("owned", &self.owned), ("locks", &self.locks), ("by_hand", &self.by_hand)] {
            within(field, parts.len() as f64, 0.0, MOST_PARTS as f64)?;
            for part in parts {
                within(&format!("{field}.count"), f64::from(part.count), 1.0, 1024.0)?;
            }
        }
        Ok(())
    }
}

fn within(field: &str, value: f64, least: f64, most: f64) -> Result<(), OutOfRange> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(OutOfRange::new(field, value.to_string(), format!("from {least} to {most}")))
}
