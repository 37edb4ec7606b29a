//! Where a value stands on a slider's rail.

use std::ops::RangeInclusive;

/// Values along a rail, from 0 at its left end to 1 at its right end.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    range: RangeInclusive<f64>,
    logarithmic: bool,
}

impl Scale {
    /// Equal distances are equal differences.
    pub const fn linear(range: RangeInclusive<f64>) -> Self {
        Self { range, logarithmic: false }
    }

    /// Equal distances are equal ratios; the range must be above zero.
    pub const fn logarithmic(range: RangeInclusive<f64>) -> Self {
        Self { range, logarithmic: true }
    }

    /// Both ends.
    pub const fn range(&self) -> &RangeInclusive<f64> {
        &self.range
    }

    /// Where `value` stands, ends included for what lies beyond them.
    pub fn place(&self, value: f64) -> f64 {
        let (low, high, value) = (self.bend(*self.range.start()), self.bend(*self.range.end()), self.bend(value));
        if high > low { ((value - low) / (high - low)).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// The value that stands at `place`.
    pub fn value(&self, place: f64) -> f64 {
        let (low, high) = (self.bend(*self.range.start()), self.bend(*self.range.end()));
        let bent = low + (high - low) * place.clamp(0.0, 1.0);
        if self.logarithmic { bent.exp() } else { bent }
    }

    fn bend(&self, value: f64) -> f64 {
        if self.logarithmic { value.max(f64::MIN_POSITIVE).ln() } else { value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_places_answer_each_other() {
        for scale in [Scale::logarithmic(512.0..=131_072.0), Scale::linear(0.0..=81.0)] {
            for value in [*scale.range().start(), 600.0_f64.min(*scale.range().end()), *scale.range().end()] {
                assert!((scale.value(scale.place(value)) / value.max(1e-9) - 1.0).abs() < 1e-9 || value == 0.0);
            }
        }
        assert!((Scale::logarithmic(512.0..=131_072.0).place(8192.0) - 0.5).abs() < 1e-12);
        assert_eq!(Scale::linear(3.0..=3.0).place(7.0), 0.0);
    }
}
