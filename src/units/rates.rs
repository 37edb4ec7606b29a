//! Rates, and the time that bytes and operations take at them.

use std::cmp::Ordering;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Sub};

/// Bytes moved a second, on paper or as reached.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct BytesPerSecond(pub f64);

/// Floating-point operations a second; a multiplication and an addition are two.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct OpsPerSecond(pub f64);

/// A span of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd)]
pub struct Seconds(pub f64);

impl BytesPerSecond {
    /// From GB/s (10^9 bytes), as vendors print bandwidth.
    #[must_use]
    pub const fn from_gb_s(gb_s: f64) -> Self {
        Self(gb_s * 1e9)
    }

    /// How long `bytes` take.
    #[must_use]
    pub fn time_for(self, bytes: f64) -> Seconds {
        Seconds(bytes / self.0)
    }

    /// The slower of the two.
    #[must_use]
    pub const fn min(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }
}

impl OpsPerSecond {
    /// From TFLOP/s (10^12 operations), as vendors print arithmetic.
    #[must_use]
    pub const fn from_tflops(tflops: f64) -> Self {
        Self(tflops * 1e12)
    }

    /// How long so many operations take.
    #[must_use]
    pub fn time_for(self, operations: f64) -> Seconds {
        Seconds(operations / self.0)
    }
}

impl Seconds {
    /// No time at all.
    pub const ZERO: Self = Self(0.0);

    /// From microseconds.
    #[must_use]
    pub fn from_us(us: f64) -> Self {
        Self(us * 1e-6)
    }

    /// The longer of the two.
    #[must_use]
    pub const fn max(self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }

    /// The shorter of the two.
    #[must_use]
    pub const fn min(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }

    /// The order of the two, whatever they hold.
    #[must_use]
    pub fn total_cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Mul<f64> for BytesPerSecond {
    type Output = Self;
    fn mul(self, share: f64) -> Self {
        Self(self.0 * share)
    }
}

impl Mul<f64> for OpsPerSecond {
    type Output = Self;
    fn mul(self, share: f64) -> Self {
        Self(self.0 * share)
    }
}

impl Mul<f64> for Seconds {
    type Output = Self;
    fn mul(self, times: f64) -> Self {
        Self(self.0 * times)
    }
}

impl Div<f64> for Seconds {
    type Output = Self;
    fn div(self, parts: f64) -> Self {
        Self(self.0 / parts)
    }
}

impl Div for Seconds {
    type Output = f64;
    fn div(self, other: Self) -> f64 {
        self.0 / other.0
    }
}

impl Add for Seconds {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Seconds {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Seconds {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Sum for Seconds {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}
