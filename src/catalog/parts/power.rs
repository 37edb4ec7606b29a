//! Power supplies, and what they take from the wall.

use crate::catalog::origin::Origin;
use serde::{Deserialize, Serialize};

use crate::catalog::price_list::one_or_many;
use crate::catalog::source::{Confidence, Price};
use crate::units::Watts;

/// A power supply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerSupply {
    /// Kebab-case, unique among all parts.
    pub id: String,
    /// As a shop writes it.
    pub name: String,
    /// What it delivers, in W.
    pub watts: u32,
    /// Its 80 PLUS class.
    pub efficiency: Efficiency,
    /// How it is built in.
    pub form: SupplyForm,
    /// What it costs; empty = no price is known.
    #[serde(default, alias = "price", deserialize_with = "one_or_many")]
    pub prices: Vec<Price>,
    /// How sure the figures are.
    pub confidence: Confidence,
    /// What else one should know.
    pub note: Option<String>,
}

/// How a power supply is built in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SupplyForm {
    /// A desktop's.
    Atx,
    /// A server's module, which needs a chassis made for it.
    Crps,
}

/// A class of the 80 PLUS program, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "proper names")]
pub enum Efficiency {
    Bronze,
    Gold,
    Platinum,
    Titanium,
}

/// The least efficiency that a class asks for, in percent by load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EfficiencyCurve {
    /// Kebab-case, unique among all parts.
    pub id: String,
    /// The class.
    pub efficiency: Efficiency,
    /// Voltage of the test.
    pub volts: u32,
    /// The class for redundant supplies.
    pub redundant: bool,
    /// At a tenth of the load, where the class says so.
    pub at_10: Option<f64>,
    /// At a fifth of the load.
    pub at_20: f64,
    /// At half the load.
    pub at_50: f64,
    /// At full load.
    pub at_100: f64,
    /// Where the figures come from.
    pub source: Origin,
    /// How sure they are.
    pub confidence: Confidence,
}

impl EfficiencyCurve {
    /// What is taken from the wall for `delivered` by supplies of `rated`: the points joined by lines, level outside.
    pub fn from_wall(&self, delivered: Watts, rated: Watts) -> Watts {
        let load = if rated > Watts::ZERO { delivered / rated } else { 1.0 };
        let between =
            |(x0, y0): (f64, f64), (x1, y1): (f64, f64)| y0 + (y1 - y0) * ((load - x0) / (x1 - x0)).clamp(0.0, 1.0);
        let (low, half, full) = ((0.2, self.at_20), (0.5, self.at_50), (1.0, self.at_100));
        let percent = if load < 0.5 { between(low, half) } else { between(half, full) };
        delivered * 100.0 / percent
    }
}
