//! Electrical power.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::quantity::quantity;

/// Watts drawn or delivered.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Watts(pub f64);

quantity!(Watts);

impl Watts {
    /// Watt-hours in so many hours.
    pub fn watt_hours(self, hours: f64) -> f64 {
        self.0 * hours
    }
}

impl From<u32> for Watts {
    fn from(watts: u32) -> Self {
        Self(watts.into())
    }
}

/// The bare figure.
impl fmt::Display for Watts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
