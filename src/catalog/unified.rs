//! One memory for CPU and GPU: how much of it the system gives the GPU, and what changes that.

use std::sync::LazyLock;

use serde::Deserialize;

use super::card::{Card, Vendor};
use super::embedded;
use super::memory::DeviceMemory;
use super::origin::Origin;
use super::runtime::OperatingSystem;
use crate::units::{Bytes, GIB, MIB};

/// What the systems of one maker's machines give the GPU.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnifiedRule {
    /// Who makes the chip.
    pub vendor: Vendor,
    /// How the ids of its cards begin; all where none is given.
    #[serde(default)]
    pub cards: String,
    /// Under which system; any where none is given.
    #[serde(default)]
    pub os: Option<OperatingSystem>,
    /// How much, as the machine is usually set up.
    pub offers: UnifiedOffer,
    /// The share that the system lends where nobody set it up; as it offers where none is given.
    #[serde(default)]
    pub lends: Option<f64>,
    /// What changes it.
    pub setting: UnifiedSetting,
    /// Where that is written.
    pub source: Origin,
}

/// How much of a memory a system gives its GPU.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub enum UnifiedOffer {
    /// A share, by the memory up to so many GiB.
    Shares(Vec<(f64, f64)>),
    /// All but so much.
    Rest {
        /// What stays with the CPU, in GiB.
        kept_gib: f64,
        /// The least share.
        least: f64,
        /// The largest share.
        most: f64,
    },
}

impl UnifiedOffer {
    /// Of so many GiB.
    fn of(&self, gib: f64) -> f64 {
        match self {
            Self::Shares(shares) => gib * shares.iter().find(|(most, _)| gib <= *most).map_or(0.0, |(_, share)| *share),
            Self::Rest { kept_gib, least, most } => (gib - kept_gib).clamp(least * gib, most * gib),
        }
    }
}

/// What changes how much the GPU is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum UnifiedSetting {
    /// macOS: `iogpu.wired_limit_mb`, until the next start.
    WiredLimit,
    /// Linux on AMD: the kernel parameter `ttm.pages_limit`.
    TtmPages,
    /// The firmware, or the maker's program, carves a piece out.
    CarveOut,
    /// Nothing.
    Fixed,
}

/// Bytes of a page that `ttm.pages_limit` counts.
const PAGE: u64 = 4096;

impl UnifiedSetting {
    /// What to type to give the GPU so much; `None` where that is set elsewhere.
    pub fn command(self, given: Bytes) -> Option<String> {
        match self {
            Self::WiredLimit => Some(format!("sudo sysctl iogpu.wired_limit_mb={}", given.0.div_ceil(MIB))),
            Self::TtmPages => Some(format!("ttm.pages_limit={}", given.0.div_ceil(PAGE))),
            Self::CarveOut | Self::Fixed => None,
        }
    }
}

/// Parsed at the first use.
#[expect(clippy::expect_used, reason = "the embedded table is read by a test")]
static RULES: LazyLock<Vec<UnifiedRule>> =
    LazyLock::new(|| ron::from_str(embedded::UNIFIED).expect("data/unified.ron"));

impl Card {
    /// How the system gives the GPU its part, under a system or under any; `None` for a card with memory of its own.
    pub fn unified_rule(&self, os: Option<OperatingSystem>) -> Option<&'static UnifiedRule> {
        let matches = |rule: &&UnifiedRule| {
            let under = rule.os.is_none() || os.is_none() || rule.os == os;
            rule.vendor == self.vendor && self.id.starts_with(&rule.cards) && under
        };
        RULES.iter().filter(|_| self.is_unified()).find(matches)
    }

    /// What the GPU is given of `capacity`, as machines are usually set up.
    pub(super) fn given_of(&self, capacity: Bytes) -> Bytes {
        match (self.usable_share, self.unified_rule(None)) {
            (Some(share), _) => capacity.scaled(share),
            (None, Some(rule)) => Bytes::from_gib(rule.offers.of(capacity.0 as f64 / GIB as f64)),
            (None, None) => capacity,
        }
    }
}

impl DeviceMemory {
    /// The same where the GPU is given so many GiB.
    #[must_use]
    pub fn given(self, gib: f64) -> Self {
        Self { usable: Bytes::from_gib(gib).min(self.capacity), usable_is_estimate: false, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn macs_give_what_their_logs_print() {
        // GiB of the machine, and recommendedMaxWorkingSetSize in MB (10^6) of builds of 2025 and 2026.
        let logs = [(16.0, 12_713.12), (32.0, 26_800.6), (36.0, 30_150.67), (48.0, 40_200.9), (64.0, 55_662.79)];
        let rule = Catalog::embedded().card("apple-m4-max").and_then(|card| card.unified_rule(None)).unwrap();
        for (gib, printed) in logs.into_iter().chain([(24.0, 19_069.67), (128.0, 115_448.73), (512.0, 498_216.21)]) {
            let given = Bytes::from_gib(rule.offers.of(gib));
            assert!((given.0 as f64 / 1e6 / printed - 1.0).abs() < 0.001, "{given} of {gib} GiB");
        }
    }

    #[test]
    fn an_rtx_spark_keeps_16_gb_between_half_and_four_fifths() {
        let offers = UnifiedOffer::Rest { kept_gib: 16.0, least: 0.5, most: 0.8 };
        assert_eq!([24.0, 64.0, 128.0].map(|gib| offers.of(gib)), [12.0, 48.0, 102.4]);
    }

    #[test]
    fn the_command_says_it_in_its_own_unit() {
        // 96 GiB are 25,165,824 pages (noamsto/nix-amd-ai issue 42).
        let given = Bytes::from_gib(96.0);
        assert_eq!(UnifiedSetting::TtmPages.command(given).unwrap(), "ttm.pages_limit=25165824");
        assert_eq!(UnifiedSetting::WiredLimit.command(given).unwrap(), "sudo sysctl iogpu.wired_limit_mb=98304");
        assert_eq!(UnifiedSetting::CarveOut.command(given), None);
    }

    #[test]
    fn every_card_that_shares_memory_has_a_rule() {
        for card in Catalog::embedded().cards().filter(|card| card.is_unified()) {
            let memory = card.device_memory(None).unwrap();
            assert!(card.unified_rule(None).is_some(), "{}", card.id);
            assert!(memory.usable < memory.capacity && memory.usable.0 * 2 >= memory.capacity.0, "{}", card.id);
        }
    }
}
