//! How a figure of one plan stands to that of another.

use super::figure::{Figure, FigureKind, Reading};
use super::side::Side;
use crate::text;
use crate::units::{Band, GIB};

/// How a figure stands to the base's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Difference {
    /// Alike to the last digit.
    Same,
    /// Within the band of the estimate, or too little to be written.
    AboutTheSame,
    /// More or less.
    Differs {
        /// How much.
        change: Change,
        /// Whether it is more than the base's.
        more: bool,
        /// Whether that is better for who runs the plan.
        better: bool,
    },
    /// One is the price of a whole machine, the other of cards alone.
    OtherPurchase,
    /// Either is not known.
    Unknown,
}

/// How much a figure differs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// So many times the base's.
    Times(f64),
    /// So much more, below zero so much less, in the unit of the figure.
    By(f64),
}

/// How `figure` of `side` stands to that of `base`. What is estimated is about the same where the expected value of either
/// lies in the band of the other: nobody can tell them apart then, whichever is the base.
pub fn difference(figure: Figure, side: &Side, base: &Side) -> Difference {
    let (Some(ours), Some(theirs)) = (figure.of(side), figure.of(base)) else { return Difference::Unknown };
    let whole = |side: &Side| side.price.as_ref().is_some_and(|price| price.whole);
    if figure.kind() == FigureKind::Money && whole(side) != whole(base) {
        return Difference::OtherPurchase;
    }
    if ours == theirs {
        return Difference::Same;
    }
    if let (Reading::Estimated(ours), Reading::Estimated(theirs)) = (ours, theirs)
        && are_alike(&ours, &theirs)
    {
        return Difference::AboutTheSame;
    }
    let (ours, theirs) = (ours.expected(), theirs.expected());
    let change = change(figure, ours, theirs);
    if !is_written(figure, change) {
        return Difference::AboutTheSame;
    }
    let more = ours > theirs;
    Difference::Differs { change, more, better: more == figure.more_is_better() }
}

/// Whether nobody can tell two estimates apart.
pub(super) fn are_alike(one: &Band<f64>, other: &Band<f64>) -> bool {
    let holds = |band: &Band<f64>, value: f64| (band.low..=band.high).contains(&value);
    holds(one, other.expected) || holds(other, one.expected)
}

/// Memory, money and power differ by so much, everything else by so many times.
fn change(figure: Figure, ours: f64, theirs: f64) -> Change {
    let by = match figure.kind() {
        FigureKind::Memory | FigureKind::Power => true,
        FigureKind::Money => figure == Figure::Price,
        _ => false,
    };
    if by || ours <= 0.0 || theirs <= 0.0 { Change::By(ours - theirs) } else { Change::Times(ours / theirs) }
}

/// Whether a difference is large enough to be seen in the digits that it is written in.
fn is_written(figure: Figure, change: Change) -> bool {
    let zero =
        |value: f64, digits: usize| text::decimal(value.abs(), digits).chars().all(|c| !('1'..='9').contains(&c));
    match (change, figure.kind()) {
        (Change::Times(times), _) => text::figure(times.max(times.recip())) != "1",
        (Change::By(bytes), FigureKind::Memory) => !zero(bytes / GIB as f64, 1),
        (Change::By(usd), FigureKind::Money) => !zero(usd, 2),
        (Change::By(amount), _) => !zero(amount, 0),
    }
}
