//! Figures that add up as they are printed: every sum that is shown is the sum of the parts that are shown beside it.

use std::iter::Sum;
use std::ops::{Add, Sub};

use super::number::decimal;

/// The most digits after the point that an amount is rounded to.
const MOST_DIGITS: u8 = 3;

/// An amount as it is printed: so many steps of its last digit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct PrintedFigure {
    steps: i64,
    digits: u8,
}

impl PrintedFigure {
    /// The nearest amount with so many digits after the point.
    #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
    pub fn of(amount: f64, digits: u8) -> Self {
        let digits = digits.min(MOST_DIGITS);
        Self { steps: (amount * 10_f64.powi(i32::from(digits))).round() as i64, digits }
    }

    /// As it is printed: `42.93`.
    pub fn write(self) -> String {
        decimal(self.steps as f64 / 10_f64.powi(i32::from(self.digits)), usize::from(self.digits))
    }

    /// Whether it is printed as nothing: `0.0`.
    pub const fn is_zero(self) -> bool {
        self.steps == 0
    }

    const fn with(self, steps: i64) -> Self {
        Self { steps, digits: self.digits }
    }
}

impl Add for PrintedFigure {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { steps: self.steps.saturating_add(other.steps), digits: self.digits.max(other.digits) }
    }
}

impl Sub for PrintedFigure {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { steps: self.steps.saturating_sub(other.steps), digits: self.digits.max(other.digits) }
    }
}

impl Sum for PrintedFigure {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.reduce(Add::add).unwrap_or_default()
    }
}

/// `parts` rounded so that they add up to `total` as it is printed: those that lose most by rounding down are rounded up
/// first (largest remainder).
#[expect(clippy::cast_possible_truncation, reason = "a float cast saturates")]
pub fn apportion(parts: &[f64], total: PrintedFigure) -> Vec<PrintedFigure> {
    let scale = 10_f64.powi(i32::from(total.digits));
    let exact: Vec<f64> = parts.iter().map(|part| (part * scale).max(0.0)).collect();
    let mut steps: Vec<i64> = exact.iter().map(|part| part.floor() as i64).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    let rest = |place: &usize| exact[*place] - exact[*place].floor();
    order.sort_by(|a, b| rest(b).total_cmp(&rest(a)));
    let mut missing = total.steps.saturating_sub(steps.iter().sum());
    // Nothing gets a share where there is nothing of it.
    for place in order.iter().filter(|place| exact[**place] > 0.0) {
        if missing > 0 {
            steps[*place] += 1;
            missing -= 1;
        }
    }
    // The total is further off than rounding goes: what is largest bears that.
    if let Some(largest) = (0..parts.len()).max_by(|a, b| exact[*a].total_cmp(&exact[*b])) {
        steps[largest] = steps[largest].saturating_add(missing);
    }
    steps.into_iter().map(|steps| total.with(steps)).collect()
}

/// Shares of a whole in percent that add up to 100.
pub fn percents(parts: &[f64]) -> Vec<PrintedFigure> {
    let whole: f64 = parts.iter().sum();
    let shares: Vec<f64> = parts.iter().map(|part| if whole > 0.0 { 100.0 * part / whole } else { 0.0 }).collect();
    apportion(&shares, PrintedFigure::of(shares.iter().sum(), 0))
}

/// One memory: what is needed in it, what stays free or is too much, and what nobody is offered.
///
/// As printed, the parts add up to `needed`, `needed + free - excess` to `offered`, and `offered` and `kept` to `capacity`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FigureColumn {
    /// What is needed, part by part.
    pub parts: Vec<PrintedFigure>,
    /// All of it.
    pub needed: PrintedFigure,
    /// What is left.
    pub free: PrintedFigure,
    /// What is needed and not there.
    pub excess: PrintedFigure,
    /// What is there for the parts.
    pub offered: PrintedFigure,
    /// What is there and not offered.
    pub kept: Vec<PrintedFigure>,
    /// Everything that is there.
    pub capacity: PrintedFigure,
}

impl FigureColumn {
    /// What is left: free, or as a negative figure what is missing.
    pub fn left(&self) -> PrintedFigure {
        self.free - self.excess
    }

    /// A memory of which `parts` need so much; `free` or `excess` or neither, and with several devices both.
    pub fn of(parts: &[f64], (free, excess): (f64, f64), kept: &[f64], digits: u8) -> Self {
        let need: f64 = parts.iter().sum();
        let needed = PrintedFigure::of(need, digits);
        let offer = (need + free - excess).max(0.0);
        let offered = PrintedFigure::of(offer, digits);
        let (free, excess) = match (free > 0.0, excess > 0.0) {
            (true, true) => {
                let free = PrintedFigure::of(free, digits);
                (free, needed + free - offered)
            }
            (_, true) => (PrintedFigure::of(0.0, digits), needed - offered),
            (_, false) => (offered - needed, PrintedFigure::of(0.0, digits)),
        };
        let capacity = PrintedFigure::of(offer + kept.iter().sum::<f64>(), digits);
        Self {
            parts: apportion(parts, needed),
            needed,
            free,
            excess,
            offered,
            kept: apportion(kept, capacity - offered),
            capacity,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(amounts: &[PrintedFigure]) -> Vec<String> {
        amounts.iter().map(|amount| amount.write()).collect()
    }

    #[test]
    fn parts_add_up_to_their_sum_as_printed() {
        let thirds = apportion(&[1.0 / 3.0; 3], PrintedFigure::of(1.0, 1));
        assert_eq!(written(&thirds), ["0.4", "0.3", "0.3"]);
        assert_eq!(written(&percents(&[1.0, 1.0, 1.0, 0.0])), ["34", "33", "33", "0"]);
        assert_eq!(percents(&[0.0, 0.0]).into_iter().sum::<PrintedFigure>().write(), "0");
    }

    #[test]
    fn a_column_adds_up_whatever_is_in_it() {
        for step in 0..2000 {
            let x = f64::from(step) * 0.0137;
            let (free, excess) = if x < 20.0 { (20.0 - x, 0.0) } else { (0.0, x - 20.0) };
            for digits in [1, 2] {
                let it = FigureColumn::of(&[x * 0.7, x * 0.3], (free, excess), &[0.47, 0.9], digits);
                assert_eq!(it.parts.iter().copied().sum::<PrintedFigure>(), it.needed);
                assert_eq!(it.needed + it.free - it.excess, it.offered, "{it:?}");
                assert_eq!(it.offered + it.kept.iter().copied().sum::<PrintedFigure>(), it.capacity);
                assert!(
                    it.free >= PrintedFigure::of(0.0, digits) && it.excess >= PrintedFigure::of(0.0, digits),
                    "{it:?}"
                );
            }
        }
    }
}
