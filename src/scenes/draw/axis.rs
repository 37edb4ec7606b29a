//! An axis with its ticks, for bars and curves.

use super::pencil::Pencil;
use crate::scenes::figure::Figure;
use crate::scenes::mark::{Anchor, Area, Face, Ink, Pen};
use crate::scenes::picture::Say;
use crate::units::Bytes;

/// An axis from one value to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What it begins at.
    pub from: f64,
    /// What it ends at.
    pub to: f64,
    /// Each step of the same length doubles the value; it begins above zero then.
    pub doubling: bool,
    /// Values with their words.
    pub ticks: Vec<(f64, Say)>,
    /// What is counted along it; may be empty.
    pub name: Say,
}

/// About so many ticks stand on an even axis.
const TICKS: f64 = 6.0;

impl Axis {
    /// From zero to `to`, with even ticks of round values.
    pub fn even(to: f64, name: impl Into<Say>, say: impl Fn(f64) -> Figure) -> Self {
        let to = if to.is_finite() && to > 0.0 { to } else { 1.0 };
        let rough = to / TICKS;
        let tens = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|it| it * tens).find(|it| *it >= rough).unwrap_or(rough);
        let mut ticks = Vec::new();
        let mut at = 0.0;
        while at <= to * 1.000_001 {
            ticks.push((at, say(at).into()));
            at += step;
        }
        Self { from: 0.0, to, doubling: false, ticks, name: name.into() }
    }

    /// Memory from zero to so many GiB.
    pub fn gib(to: f64) -> Self {
        Self::even(to, Say::NOTHING, |gib| Figure::Gib(Bytes::from_gib(gib)))
    }

    /// Each of these values with its tick, every step a doubling.
    pub fn doubling(values: &[f64], name: impl Into<Say>, say: impl Fn(f64) -> Figure) -> Self {
        let ticks = values.iter().map(|value| (*value, say(*value).into())).collect();
        let (from, to) = (values.first().copied().unwrap_or(1.0), values.last().copied().unwrap_or(2.0));
        Self { from, to, doubling: from > 0.0 && to > from, ticks, name: name.into() }
    }

    /// A value as the ticks are written; `None` where they are words.
    pub fn figure(&self, value: f64) -> Option<Figure> {
        let Some((_, Say::Figure(kind))) = self.ticks.first() else { return None };
        kind.of_kind(value)
    }

    /// Where a value stands: 0 at the beginning, 1 at the end.
    #[expect(clippy::cast_possible_truncation, reason = "a share of the stage")]
    pub fn share(&self, value: f64) -> f32 {
        let share = if self.doubling {
            (value.max(f64::MIN_POSITIVE) / self.from).log2() / (self.to / self.from).log2()
        } else {
            (value - self.from) / (self.to - self.from)
        };
        if share.is_finite() { share.clamp(0.0, 1.0) as f32 } else { 0.0 }
    }

    /// The place of a value along the width of an area.
    pub fn x(&self, area: Area, value: f64) -> f32 {
        area.x + area.w * self.share(value)
    }

    /// The place of a value up the height of an area.
    pub fn y(&self, area: Area, value: f64) -> f32 {
        area.bottom() - area.h * self.share(value)
    }

    /// Draws it under an area, with faint lines over its height.
    pub fn draw_under(&self, area: Area, pencil: &mut Pencil<'_>) {
        pencil.line([area.x, area.bottom()], [area.right(), area.bottom()], Pen::new(Ink::Rail, 1.0));
        let mut free = f32::NEG_INFINITY;
        for (value, words) in &self.ticks {
            let x = self.x(area, *value);
            pencil.line([x, area.y], [x, area.bottom() + 5.0], Pen::new(Ink::Line, 1.0));
            let words = pencil.say(words);
            let half = pencil.width(&words, Face::Small) / 2.0;
            if x - half > free {
                let at = [x, area.bottom() + 16.0];
                pencil.text(at, Anchor::Middle, &words, (Face::Small, Ink::Sec), f32::INFINITY);
                free = x + half + 8.0;
            }
        }
        let name = pencil.say(&self.name);
        let at = [area.center()[0], area.bottom() + 36.0];
        pencil.text(at, Anchor::Middle, &name, (Face::Small, Ink::Sec), f32::INFINITY);
    }

    /// Draws it left of an area, with faint lines over its width.
    pub fn draw_beside(&self, area: Area, pencil: &mut Pencil<'_>) {
        let mut free = f32::INFINITY;
        for (value, words) in &self.ticks {
            let y = self.y(area, *value);
            pencil.line([area.x - 5.0, y], [area.right(), y], Pen::new(Ink::Line, 1.0));
            if y + Face::Small.size() < free {
                let words = pencil.say(words);
                let at = [area.x - 10.0, y];
                pencil.text(at, Anchor::End, &words, (Face::Small, Ink::Sec), f32::INFINITY);
                free = y;
            }
        }
        let name = pencil.say(&self.name);
        let at = [area.x, area.y - 18.0];
        pencil.text(at, Anchor::Start, &name, (Face::Small, Ink::Sec), f32::INFINITY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_axes_have_round_ticks_that_end_within_them() {
        for to in [0.4, 3.0, 9.0, 24.0, 81.0, 315.0, 1100.0] {
            let axis = Axis::even(to, Say::NOTHING, Figure::Number);
            let values: Vec<f64> = axis.ticks.iter().map(|(value, _)| *value).collect();
            assert!((3..=10).contains(&values.len()), "{to}: {values:?}");
            assert!(values.iter().all(|value| (0.0..=to * 1.001).contains(value)), "{to}: {values:?}");
        }
        let endless = Axis::even(f64::NAN, Say::NOTHING, Figure::Number);
        assert!(endless.to.is_finite(), "no axis is without an end");
    }

    #[test]
    fn a_doubling_takes_the_same_step_everywhere() {
        let axis = Axis::doubling(&[1.0, 2.0, 4.0, 8.0], Say::NOTHING, Figure::Number);
        for (value, share) in [(1.0, 0.0), (2.0, 1.0 / 3.0), (4.0, 2.0 / 3.0), (8.0, 1.0), (99.0, 1.0)] {
            assert!((axis.share(value) - share).abs() < 1e-6, "{value}");
        }
    }
}
