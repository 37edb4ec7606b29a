//! Money, kept in US dollars as prices were seen; `text::money` writes it in the currency that is shown.

use std::fmt;
use std::ops::Mul;

use serde::{Deserialize, Serialize};

use super::quantity::quantity;

/// US dollars.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Usd(pub f64);

quantity!(Usd);

impl Usd {
    /// More than anything costs: where no price is known and the cheapest is looked for.
    pub const ENDLESS: Self = Self(f64::INFINITY);

    /// The middle of a range.
    #[must_use]
    pub const fn midpoint(self, to: Self) -> Self {
        Self(f64::midpoint(self.0, to.0))
    }

    /// Up to the next whole dollar.
    #[must_use]
    pub fn ceil(self) -> Self {
        Self(self.0.ceil())
    }
}

/// So many at this price.
impl Mul<u32> for Usd {
    type Output = Self;
    fn mul(self, pieces: u32) -> Self {
        self * f64::from(pieces)
    }
}

impl From<Usd> for f64 {
    fn from(amount: Usd) -> Self {
        amount.0
    }
}

/// The bare amount.
impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
