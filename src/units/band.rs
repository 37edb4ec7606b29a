//! Figures that are not known to a point.

use serde::{Deserialize, Serialize};

/// A figure that is not known to a point: low, expected, high.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band<T> {
    /// The low end.
    pub low: T,
    /// The best single figure.
    pub expected: T,
    /// The high end.
    pub high: T,
}
