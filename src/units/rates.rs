//! Rates, and the time that bytes and operations take at them.

use super::quantity::quantity;

/// Bytes moved a second, on paper or as reached.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct BytesPerSecond(pub f64);

/// Floating-point operations a second; a multiplication and an addition are two.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct OpsPerSecond(pub f64);

/// A span of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd)]
pub struct Seconds(pub f64);

quantity!(BytesPerSecond OpsPerSecond Seconds);

impl BytesPerSecond {
    /// From GB/s (10^9 bytes), as vendors print bandwidth.
    pub const fn from_gb_s(gb_s: f64) -> Self {
        Self(gb_s * 1e9)
    }

    /// How long `bytes` take.
    pub fn time_for(self, bytes: f64) -> Seconds {
        Seconds(bytes / self.0)
    }
}

impl OpsPerSecond {
    /// From TFLOP/s (10^12 operations), as vendors print arithmetic.
    pub const fn from_tflops(tflops: f64) -> Self {
        Self(tflops * 1e12)
    }

    /// How long so many operations take.
    pub fn time_for(self, operations: f64) -> Seconds {
        Seconds(operations / self.0)
    }
}
