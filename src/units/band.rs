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

impl<T> Band<T> {
    /// What `of` makes of each of the three.
    pub fn map<U>(self, of: impl Fn(T) -> U) -> Band<U> {
        Band { low: of(self.low), expected: of(self.expected), high: of(self.high) }
    }
}
