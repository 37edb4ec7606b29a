//! How wide the columns are, and how high each plan: by the window and by the number of its cards.

use eframe::egui::Rangef;

use super::CompareFrame;
use crate::ui::plan::hero::compared::{PlanBar, bars};
use crate::ui::widgets::memory_lanes::GibAxis;

/// A row is no lower.
const ROW: f32 = 94.0;
/// Above and below the bars of a row.
const MARGIN: f32 = 10.0;
const RAM: f32 = 22.0;
/// Names of memories stand left of the bars.
const LABEL: f32 = 72.0;
/// Right of the longest bar.
const END: f32 = 76.0;
/// The longest card has at least this share of the room: longer RAM is cut.
const LEAST_CARD: f64 = 0.5;

/// Where everything stands, from the left to the right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    pub(super) whole: Rangef,
    pub(super) names: Rangef,
    pub(super) bars: Rangef,
    /// Right ends of the figures.
    pub(super) figures: [Rangef; 3],
    /// Figures say how they differ under them; else on hover alone.
    pub(super) differences: bool,
}

impl Columns {
    pub(super) fn of(left: f32, width: f32) -> Self {
        let (names, figure, differences) = match width {
            width if width >= 1230.0 => (290.0, 134.0, true),
            width if width >= 1040.0 => (250.0, 104.0, false),
            _ => (214.0, 96.0, false),
        };
        let right = left + width;
        let figures = [3.0, 2.0, 1.0].map(|place| Rangef::new(right - place * figure, right - (place - 1.0) * figure));
        Self {
            whole: Rangef::new(left, right),
            names: Rangef::new(left, left + names),
            bars: Rangef::new(left + names, figures[0].min),
            figures,
            differences,
        }
    }
}

/// A bar in its place: its top from that of the row, its height, and where its GiB stand.
pub(super) struct PlacedBar {
    pub(super) bar: PlanBar,
    pub(super) axis: GibAxis,
    pub(super) rows: Rangef,
}

/// The bars of one plan; none where it cannot be estimated.
pub(super) struct Picture {
    pub(super) bars: Vec<PlacedBar>,
    height: f32,
}

impl Picture {
    pub(super) const fn height(&self) -> f32 {
        self.height
    }
}

/// The bars of all plans on one axis.
pub(super) fn pictures(frame: &CompareFrame<'_>) -> Vec<Picture> {
    let inputs = &frame.inputs;
    let all: Vec<Vec<PlanBar>> = inputs
        .sides
        .iter()
        .map(|side| {
            let estimate = side.estimate();
            estimate.map_or_else(Vec::new, |it| bars(&side.plan, it, inputs.catalog, inputs.locale))
        })
        .collect();
    let flat = || all.iter().flatten();
    let stretches: Vec<_> = flat().map(PlanBar::stretches).collect();
    let card = flat().filter(|bar| bar.of_card).map(|bar| bar.bar.capacity).fold(0.0, f64::max);
    let left = frame.columns.bars.min + LABEL;
    let room = frame.columns.bars.max - left - END;
    let mut axes = GibAxis::fit(left, room, &stretches, card, LEAST_CARD).into_iter();
    all.into_iter().map(|bars| place(bars, &mut axes)).collect()
}

fn place(bars: Vec<PlanBar>, axes: &mut impl Iterator<Item = GibAxis>) -> Picture {
    let cards = bars.iter().filter(|bar| bar.of_card).count();
    let (high, gap, between) = match cards {
        0 | 1 => (28.0, 0.0, 18.0),
        2 => (22.0, 3.0, 5.0),
        3 | 4 => (16.0, 3.0, 6.0),
        _ => (12.0, 3.0, 6.0),
    };
    let mut y = 0.0;
    let mut rows = Vec::new();
    for (index, bar) in bars.iter().enumerate() {
        if index > 0 {
            y += if bar.of_card { gap } else { between };
        }
        let height = if bar.of_card { high } else { RAM };
        rows.push(Rangef::new(y, y + height));
        y += height;
    }
    let height = ROW.max(y + 2.0 * MARGIN);
    let top = (height - y) / 2.0;
    let placed = bars.into_iter().zip(axes).zip(rows);
    let placed =
        placed.map(|((bar, axis), rows)| PlacedBar { bar, axis, rows: Rangef::new(rows.min + top, rows.max + top) });
    Picture { bars: placed.collect(), height }
}
