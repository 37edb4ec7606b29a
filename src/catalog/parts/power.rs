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
    /// Its plugs for cards; several where supplies of its class are sold with these or those. Empty = not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plugs: Vec<PowerPlugs>,
    /// The least voltage of the outlet at which it delivers its watts, where not every outlet's will do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub least_volts: Option<u32>,
    /// What it costs; empty = no price is known.
    #[serde(default, alias = "price", deserialize_with = "one_or_many")]
    pub prices: Vec<Price>,
    /// How sure the figures are.
    pub confidence: Confidence,
    /// What else one should know.
    pub note: Option<String>,
}

/// Plugs between a power supply and cards.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PowerPlugs {
    /// Of eight pins, or of six.
    pub eight_pin: u32,
    /// Of sixteen pins: 12VHPWR or 12V-2x6.
    pub sixteen_pin: u32,
}

/// What one plug of eight pins carries.
const EIGHT_PIN: Watts = Watts(150.0);

impl PowerPlugs {
    /// Plugs of eight pins that the adapter in the box of a card with one plug of sixteen pins takes.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few plugs")]
    pub fn adapted(draw: Watts) -> u32 {
        (draw / EIGHT_PIN).ceil().max(1.0) as u32
    }
}

impl std::ops::Mul<u32> for PowerPlugs {
    type Output = Self;

    fn mul(self, count: u32) -> Self {
        Self { eight_pin: self.eight_pin * count, sixteen_pin: self.sixteen_pin * count }
    }
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
