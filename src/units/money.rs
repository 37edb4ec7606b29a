//! Money, kept in US dollars as prices were seen; `text::money` writes it in the currency that is shown.

use std::cmp::Ordering;
use std::iter::Sum;
use std::ops::{Add, Div, Mul, Sub};

use serde::{Deserialize, Serialize};

/// US dollars.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Usd(pub f64);

impl Usd {
    /// Nothing.
    pub const ZERO: Self = Self(0.0);
    /// More than anything costs: where no price is known and the cheapest is looked for.
    pub const ENDLESS: Self = Self(f64::INFINITY);

    /// The order by amount.
    #[must_use]
    pub fn total_cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }

    /// The middle of a range.
    #[must_use]
    pub const fn midpoint(self, to: Self) -> Self {
        Self(f64::midpoint(self.0, to.0))
    }
}

impl Add for Usd {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Usd {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

/// So many at this price.
impl Mul<u32> for Usd {
    type Output = Self;
    fn mul(self, pieces: u32) -> Self {
        Self(self.0 * f64::from(pieces))
    }
}

/// A share of it, or so many hours at so much an hour.
impl Mul<f64> for Usd {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        Self(self.0 * factor)
    }
}

/// How many times the other it is.
impl Div for Usd {
    type Output = f64;
    fn div(self, other: Self) -> f64 {
        self.0 / other.0
    }
}

impl Sum for Usd {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl From<Usd> for f64 {
    fn from(amount: Usd) -> Self {
        amount.0
    }
}
