//! What the document holds of a build: the wishes, never the result.

use serde::{Deserialize, Serialize};

use super::OutOfRange;
use super::fault::{Allowed, Given};
use crate::catalog::parts::{CircuitId, TierDemand, TierId, TierRule};
use crate::catalog::priced::Condition;
use crate::catalog::quantization::Quantization;
use crate::catalog::resale::Resale;
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
    /// It stands beside a desk: no blowers side by side, open frames, rack cases or server nodes.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub quiet: bool,
    /// The outlet it is plugged into; where none is given, [`outlet`](Self::outlet) has the usual one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub circuit: Option<CircuitId>,
    /// The usual outlet of where the machine is to stand: not part of what is saved, since a file travels.
    #[serde(skip)]
    pub usual_outlet: CircuitId,
    /// Parts that are there already and cost nothing; they need not be used.
    pub owned: Vec<PartCount>,
    /// Parts that stay as they are, in exactly this count, with no other of their kind beside them.
    pub locks: Vec<PartCount>,
    /// The parts of a machine that was put together by hand; empty where the best one is searched for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_hand: Vec<PartCount>,
    /// What was wished of the tiers that are not chosen, where that is not what they begin with.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<TierWishes>,
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
            quiet: false,
            circuit: None,
            usual_outlet: CircuitId::default(),
            owned: Vec::new(),
            locks: Vec::new(),
            by_hand: Vec::new(),
            others: Vec::new(),
            terms: RentTerms::default(),
        }
    }
}

/// What is wished of one tier alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierWishes {
    /// The tier.
    pub tier: TierId,
    /// The most its build may cost.
    pub budget_usd: Usd,
    /// Parts of it that stay as they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locks: Vec<PartCount>,
    /// The parts of its machine that was put together by hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_hand: Vec<PartCount>,
}

impl TierWishes {
    /// What a tier begins with: the middle of its budgets.
    fn usual(tier: TierId) -> Option<Self> {
        let budget_usd = tier.tier()?.bracket.middle_usd();
        Some(Self { tier, budget_usd, locks: Vec::new(), by_hand: Vec::new() })
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
    /// The largest mixture of experts of the catalog, experts in RAM where VRAM ends.
    BestMixture {
        /// How its weights are stored.
        quantization: Quantization,
        /// The least decode speed in tokens/s for one sequence: what is slower does not count as running.
        least_decode: f64,
    },
    /// The plan runs with the most tokens a second over all sequences.
    MostTokens,
    /// The plan serves the most users at once.
    MostUsers {
        /// The least decode speed in tokens/s that each of them receives.
        least_decode: f64,
    },
}

/// What is about twice as fast as people read, in tokens/s: what is slower keeps its users waiting.
pub const LEAST_DECODE: f64 = 10.0;

impl BuildGoal {
    /// Whether several use the machine's model at once where its tier is for several: the goal chooses the model, and leaves
    /// open for how many.
    pub const fn is_shared(self) -> bool {
        matches!(self, Self::LargestModel { .. })
    }

    /// The largest dense model at `Q4_K_M` that still writes faster than people read.
    pub const LARGEST: Self = Self::LargestModel { quantization: Quantization::Q4_K_M, least_decode: LEAST_DECODE };
    /// The same of mixtures of experts.
    pub const MIXTURE: Self = Self::BestMixture { quantization: Quantization::Q4_K_M, least_decode: LEAST_DECODE };
    /// As many users as can read along.
    pub const USERS: Self = Self::MostUsers { least_decode: LEAST_DECODE };

    /// How the weights of the model are stored that the goal chooses; `None` where it runs the plan's own.
    pub const fn quantization(self) -> Option<Quantization> {
        match self {
            Self::LargestModel { quantization, .. } | Self::BestMixture { quantization, .. } => Some(quantization),
            Self::RunPlan | Self::MostTokens | Self::MostUsers { .. } => None,
        }
    }

    /// The least speed that it asks for, in tokens/s.
    pub const fn least_decode(self) -> Option<f64> {
        match self {
            Self::LargestModel { least_decode, .. }
            | Self::BestMixture { least_decode, .. }
            | Self::MostUsers { least_decode } => Some(least_decode),
            Self::RunPlan | Self::MostTokens => None,
        }
    }

    /// The same goal with weights stored like this, where it chooses the model.
    #[must_use]
    pub const fn stored_as(self, quantization: Quantization) -> Self {
        match self {
            Self::LargestModel { least_decode, .. } => Self::LargestModel { quantization, least_decode },
            Self::BestMixture { least_decode, .. } => Self::BestMixture { quantization, least_decode },
            other => other,
        }
    }

    /// The same goal with this least speed in tokens/s, where it asks for one.
    #[must_use]
    pub const fn at_least(self, least_decode: f64) -> Self {
        match self {
            Self::LargestModel { quantization, .. } => Self::LargestModel { quantization, least_decode },
            Self::BestMixture { quantization, .. } => Self::BestMixture { quantization, least_decode },
            Self::MostUsers { .. } => Self::MostUsers { least_decode },
            other => other,
        }
    }
}

/// Whether used parts are looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, strum::EnumCount)]
pub enum Buying {
    /// New ones alone.
    New,
    /// New and used ones, whichever is cheaper.
    #[default]
    NewOrUsed,
    /// Used cards and whole machines; of other parts whichever is cheaper, since few are sold used.
    UsedCards,
}

impl Buying {
    /// All three.
    pub const ALL: [Self; <Self as strum::EnumCount>::COUNT] = [Self::NewOrUsed, Self::New, Self::UsedCards];

    /// The conditions in which parts are looked at.
    pub const fn conditions(self) -> &'static [Condition] {
        match self {
            Self::New => &[Condition::New],
            Self::NewOrUsed | Self::UsedCards => &Condition::ALL,
        }
    }

    /// The conditions in which cards, and machines that are bought whole, are looked at.
    pub const fn of_cards(self) -> &'static [Condition] {
        match self {
            Self::UsedCards => &[Condition::Used],
            Self::New | Self::NewOrUsed => self.conditions(),
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
    /// What the machine draws while it waits: by its parts where none is given, zero where it is switched off.
    pub idle_watts: Option<Watts>,
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
            resale_share: Resale::known().map_or(0.0, |resale| resale.share),
            months: 48.0,
            idle_watts: None,
            work_watts: None,
            api_usd_per_million: None,
        }
    }
}

impl BuildRequest {
    /// The outlet that was chosen, or else the usual one; for a tier of server platforms the circuit of its own that such
    /// machines are given.
    pub fn outlet(&self) -> CircuitId {
        self.outlet_where(self.usual_outlet)
    }

    /// The same where another outlet is usual.
    pub fn outlet_where(&self, usual: CircuitId) -> CircuitId {
        let is_server = |rule: &TierRule| matches!(rule.rule, TierDemand::ServerPlatform { .. });
        let serves = self.tier.tier().is_some_and(|tier| tier.rules.iter().any(is_server));
        let usual = if serves { usual.for_server() } else { usual };
        self.circuit.unwrap_or(usual)
    }

    /// The wishes of one tier alone, as its build is searched for: its own budget, locks and parts put together by hand.
    #[must_use]
    pub fn in_tier(&self, tier: TierId) -> Self {
        let mut request = self.clone();
        request.choose(tier);
        request.others.clear();
        request
    }

    /// Takes another tier with what was wished of it; what was wished of this one is kept.
    pub fn choose(&mut self, tier: TierId) {
        if tier == self.tier {
            return;
        }
        let next = self.take_other(tier).or_else(|| TierWishes::usual(tier)).unwrap_or_else(|| TierWishes {
            tier,
            budget_usd: self.budget_usd,
            locks: Vec::new(),
            by_hand: Vec::new(),
        });
        let left = TierWishes {
            tier: std::mem::replace(&mut self.tier, next.tier),
            budget_usd: std::mem::replace(&mut self.budget_usd, next.budget_usd),
            locks: std::mem::replace(&mut self.locks, next.locks),
            by_hand: std::mem::replace(&mut self.by_hand, next.by_hand),
        };
        self.keep_other(left);
    }

    /// Another budget, and the tier that it is of: a machine put together by hand stays as it is.
    pub fn move_budget(&mut self, usd: Usd) {
        let left = self.tier;
        self.choose(TierId::for_budget(usd));
        self.budget_usd = usd;
        // The one that was left goes back to its own budgets, since this one only went through them.
        if left != self.tier
            && let Some(usual) = TierWishes::usual(left)
        {
            self.set_budget(left, usual.budget_usd);
        }
    }

    /// Gives one tier another budget; all else that is wished of it stays, and so does the tier that is chosen.
    pub fn set_budget(&mut self, tier: TierId, usd: Usd) {
        if tier == self.tier {
            self.budget_usd = usd;
        } else if let Some(wishes) = self.take_other(tier).or_else(|| TierWishes::usual(tier)) {
            self.keep_other(TierWishes { budget_usd: usd, ..wishes });
        }
    }

    fn take_other(&mut self, tier: TierId) -> Option<TierWishes> {
        let place = self.others.iter().position(|other| other.tier == tier)?;
        Some(self.others.remove(place))
    }

    /// Keeps what was wished of a tier, in the order of the tiers; what it begins with anyway is not written down.
    fn keep_other(&mut self, wishes: TierWishes) {
        if TierWishes::usual(wishes.tier).as_ref() != Some(&wishes) {
            self.others.push(wishes);
            self.others.sort_by_key(|other| other.tier);
        }
    }

    /// Whether every value can be planned with. Ids are not looked up here.
    ///
    /// # Errors
    /// The first value that is out of range.
    pub fn check(&self) -> Result<(), OutOfRange> {
        within("budget_usd", self.budget_usd.0, *BUDGET_USD.start(), *BUDGET_USD.end())?;
        if let Some(least_decode) = self.goal.least_decode() {
            within("goal.least_decode", least_decode, 0.0, 1e6)?;
        }
        let RentTerms { hours_per_day, usd_per_kwh, resale_share, months, idle_watts, work_watts, api_usd_per_million } =
            self.terms;
        within("terms.hours_per_day", hours_per_day, 0.0, 24.0)?;
        within("terms.usd_per_kwh", usd_per_kwh.0, 0.0, 100.0)?;
        within("terms.resale_share", resale_share, 0.0, 1.0)?;
        within("terms.months", months, 0.1, 1200.0)?;
        within("terms.idle_watts", idle_watts.unwrap_or_default().0, 0.0, 1e6)?;
        within("terms.work_watts", work_watts.unwrap_or_default().0, 0.0, 1e6)?;
        within("terms.api_usd_per_million", api_usd_per_million.unwrap_or_default().0, 0.0, 1e6)?;
        let mut lists = vec![("owned", &self.owned), ("locks", &self.locks), ("by_hand", &self.by_hand)];
        within("others", self.others.len() as f64, 0.0, TierId::ALL.len() as f64)?;
        for other in &self.others {
            within("others.budget_usd", other.budget_usd.0, *BUDGET_USD.start(), *BUDGET_USD.end())?;
            lists.extend([("others.locks", &other.locks), ("others.by_hand", &other.by_hand)]);
        }
        for (field, parts) in lists {
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
    let allowed = Allowed::Range { least: least.to_string(), most: most.to_string() };
    // As people write it: 0, not 0.0, and 1e300, not 301 digits.
    let given = if value.abs() < 1e15 { value.to_string() } else { format!("{value:?}") };
    Err(OutOfRange::new(field, Given::Value(given), allowed))
}
