//! The three tiers and their rules, each with its reason in two languages.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::Efficiency;
use crate::catalog::entry_table;
use crate::text::Locale;
use crate::units::Usd;

const TIERS: &str = include_str!("../../../data/tiers.ron");

/// How much is asked of a build.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, strum::EnumCount,
)]
pub enum TierId {
    /// One person at a desk.
    #[default]
    Starter,
    /// Several people at once.
    Team,
    /// Large models and many users.
    Enterprise,
}

impl TierId {
    /// All three, the smallest first.
    pub const ALL: [Self; <Self as strum::EnumCount>::COUNT] = [Self::Starter, Self::Team, Self::Enterprise];

    /// The tier whose bracket holds `usd`, or else is nearest to it in ratio.
    pub fn for_budget(usd: Usd) -> Self {
        let away = |tier: &&Tier| {
            let Bracket { from_usd, to_usd } = tier.bracket;
            (from_usd / usd).max(usd / to_usd).max(1.0)
        };
        Tier::all().iter().min_by(|a, b| away(a).total_cmp(&away(b))).map_or_else(Self::default, |tier| tier.id)
    }

    /// The tier itself; `None` where the built-in file does not parse, which the tests refuse.
    pub fn tier(self) -> Option<&'static Tier> {
        Tier::all().iter().find(|tier| tier.id == self)
    }
}

/// A tier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Which one.
    pub id: TierId,
    /// Its name.
    pub name: Reason,
    /// Where it lies on the budget slider.
    pub bracket: Bracket,
    /// What it asks for.
    pub rules: Vec<TierRule>,
}

impl Tier {
    /// The built-in tiers.
    pub fn all() -> &'static [Self] {
        static ALL: LazyLock<Vec<Tier>> = LazyLock::new(|| entry_table::parse(TIERS).unwrap_or_default());
        &ALL
    }

    /// The reason of the first rule that `which` picks.
    pub fn reason(&self, which: impl Fn(&TierDemand) -> bool) -> Option<&Reason> {
        self.rules.iter().find(|rule| which(&rule.rule)).map(|rule| &rule.reason)
    }
}

/// A part of the budget slider.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bracket {
    /// From.
    pub from_usd: Usd,
    /// To.
    pub to_usd: Usd,
}

impl Bracket {
    /// The middle of it in ratio, in two digits.
    pub fn middle_usd(&self) -> Usd {
        let middle = (self.from_usd.0 * self.to_usd.0).sqrt();
        let unit = 10_f64.powf(middle.log10().floor() - 1.0);
        Usd((middle / unit).round() * unit)
    }
}

/// Words in both languages of the window.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// English.
    pub en: String,
    /// Simplified Chinese.
    pub zh: String,
}

impl Reason {
    /// In one of the languages.
    pub fn said_in(&self, locale: Locale) -> &str {
        match locale {
            Locale::En => &self.en,
            Locale::Zh => &self.zh,
        }
    }
}

/// A rule and why it holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierRule {
    /// What is asked.
    pub rule: TierDemand,
    /// Why.
    pub reason: Reason,
}

/// What a tier asks for. Sizes in GiB, disks in GB.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the fields are named by their units")]
pub enum TierDemand {
    /// Money goes to VRAM first: cards take at least this share of it, RAM and processor at most those. What is aimed at,
    /// and said; RAM above the cards is never built but where experts are to lie in it.
    Split { gpu: f64, ram: f64, cpu: f64 },
    /// More than this much buys no better machine of the tier.
    EnoughAt { usd: Usd },
    /// What trains runs CUDA; to whatever else, that is worth this share of the total.
    CudaFirst { worth: f64 },
    /// Judged by how many users at once it serves.
    ManyUsers,
    /// The largest model is one that serves so many users at once; of machines that run as large a one, more users are better.
    UsersAtOnce { least: u32 },
    /// What is left over buys RAM up to this much.
    SpareRam { to_gib: u32 },
    /// VRAM of all cards together.
    MinVram { gib: f64 },
    /// Processor cores.
    MinCores { cores: u32 },
    /// RAM, or unified memory.
    MinRam { gib: u32 },
    /// Size of the disk, which is attached to PCI Express.
    MinStorage { gb: u32 },
    /// Cards in the machine.
    MaxCards { count: u32 },
    /// A card of this size, or so many cards.
    CardVramOrCards { gib: f64, cards: u32 },
    /// Lanes of the processor for each card.
    SlotPerCard { lanes: u8 },
    /// HBM of this size on each card, or cards of that size that hold so much together.
    HbmOrLargeCards { hbm_gib: f64, each_gib: f64, total_gib: f64 },
    /// A link of this rate between cards, or at most so many on PCI Express 5.0 x16.
    FastLink { gb_s: f64, most_cards: u32 },
    /// Registered memory and so many lanes a card.
    ServerPlatform { lanes: u8 },
    /// As many sticks of RAM as the processor has channels.
    FillChannels,
    /// Least class of the power supply.
    MinEfficiency { class: Efficiency },
    /// RAM of a node; the upper end is bought with what no longer buys a better build.
    RamPerNode { from_gib: u32, to_gib: u32 },
    /// RAM is what is needed, never a ratio.
    RamByNeed,
    /// Wider slots are worth this share of the total.
    PreferPcie { r#gen: u8, lanes: u8, worth: f64 },
    /// Each further card costs this share of the total in trouble.
    PreferFewCards { worth: f64 },
    /// A case around the cards, unless an open frame saves this share of the price.
    PreferCase { worth: f64 },
    /// Share of the supply's rating that stays free.
    PowerHeadroom { share: f64 },
    /// Modules are bought as whole nodes.
    NodeAsWhole,
    /// What a node draws.
    Power { kw: f64 },
}
