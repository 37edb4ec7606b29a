//! What is known of a chip beside its card: how many threads it holds, and what its driver does with the memory.

use std::sync::LazyLock;

use serde::Deserialize;

use super::card::{Card, MarketSegment, Vendor};
use super::embedded;

/// `data/chips.ron`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chips {
    chips: Vec<Chip>,
    inline_ecc: Vec<InlineEcc>,
}

/// A chip of NVIDIA's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Chip {
    compute_capability: String,
    /// Threads that can be resident at once on one streaming multiprocessor.
    threads_per_unit: u32,
    /// FP32 lanes of one streaming multiprocessor.
    lanes_per_unit: u32,
    /// Whether the driver keeps firmware in the card's memory.
    pub(super) firmware: Firmware,
    reported_share: Option<Share>,
    /// The clock that its cards run at, where that is far from the usual.
    clock: Option<Clock>,
}

/// A clock, and where it stands.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Clock {
    ghz: f64,
    #[serde(rename = "source")]
    _source: String,
}

/// Since when a driver keeps its firmware in the memory of a chip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Firmware {
    /// It never did: Kepler to Volta.
    Absent,
    /// Since driver 555 on `GeForce` and workstation cards; always on those for data centers.
    SinceMid2024,
    /// In every driver that runs it.
    Always,
}

/// A share that was read, and where.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Share {
    share: f64,
    #[serde(rename = "source")]
    _source: String,
}

/// What ECC leaves of a kind of memory that has no bits of its own for it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct InlineEcc {
    memory: String,
    share: f64,
    #[serde(rename = "source")]
    _source: String,
}

/// Parsed at the first use.
#[expect(clippy::expect_used, reason = "the embedded table is read by a test")]
static CHIPS: LazyLock<Chips> = LazyLock::new(|| ron::from_str(embedded::CHIPS).expect("data/chips.ron"));

/// Clock in GHz that stands in where only the arithmetic rate is known; real chips of cards boost to 1.4-2.6.
const TYPICAL_CLOCK_GHZ: f64 = 1.7;

impl Card {
    /// Its chip; `None` where it is not NVIDIA's or its compute capability is not in the table.
    pub(super) fn chip(&self) -> Option<&'static Chip> {
        let capability = self.compute_capability.as_deref().filter(|_| self.vendor == Vendor::Nvidia)?;
        CHIPS.chips.iter().find(|chip| chip.compute_capability == capability)
    }

    /// Threads that one device can hold at once; `None` where that is not known. Where the units are not known they follow
    /// from the FP32 rate: two operations a lane and clock.
    pub fn resident_threads(&self) -> Option<u32> {
        let chip = self.chip()?;
        let units = self.compute_units.map(u32::from).or_else(|| Some(chip.units_at(self.rates.fp32?)))?;
        Some(units * chip.threads_per_unit)
    }

    /// Share of the nominal memory that a driver reports.
    pub(super) fn reported_share(&self) -> f64 {
        let by_chip = || self.chip().and_then(|chip| Some(chip.reported_share.as_ref()?.share));
        self.inline_ecc_share().or_else(by_chip).unwrap_or(1.0)
    }

    /// Share of the nominal memory that is left by ECC which takes its bits from the memory itself, as data-center
    /// cards have it on by default; `None` where nothing is taken.
    fn inline_ecc_share(&self) -> Option<f64> {
        let kind = self.memory_kind.as_deref().filter(|_| self.ecc && self.segment == MarketSegment::Datacenter)?;
        CHIPS.inline_ecc.iter().find(|ecc| ecc.memory == kind).map(|ecc| ecc.share)
    }
}

impl Chip {
    /// How many units reach this rate in TFLOPS.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float cast saturates, which is what is wanted"
    )]
    fn units_at(&self, fp32: f64) -> u32 {
        let clock = self.clock.as_ref().map_or(TYPICAL_CLOCK_GHZ, |clock| clock.ghz);
        let one = 2.0 * f64::from(self.lanes_per_unit) * clock / 1000.0;
        ((fp32 / one).round() as u32).clamp(1, 1024)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn every_chip_of_nvidias_is_in_the_table_once() {
        let catalog = Catalog::embedded();
        let missing: Vec<&str> = catalog
            .cards()
            .filter(|card| card.vendor == Vendor::Nvidia && card.chip().is_none())
            .map(|card| card.id.as_str())
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
        for (index, chip) in CHIPS.chips.iter().enumerate() {
            let twice = CHIPS.chips[..index].iter().any(|other| other.compute_capability == chip.compute_capability);
            assert!(!twice, "{}", chip.compute_capability);
        }
    }
}
