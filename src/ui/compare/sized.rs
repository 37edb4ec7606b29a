//! How wide the columns are, and how high each plan: by the window and by the number of its cards.

use eframe::egui::Rangef;

use super::CompareFrame;
use crate::ui::plan::hero::compared::{PlanBar, bars};
use crate::ui::widgets::memory_lanes::{AxisCut, CUT, GibAxis, MemoryBar};

/// A row is no lower.
const ROW: f32 = 94.0;
/// Above and below the bars of a row.
const MARGIN: f32 = 8.0;
const RAM: f32 = 22.0;
/// Names of memories stand left of the bars; that of one pool is longer.
const LABEL: f32 = 72.0;
const LABEL_OF_POOL: f32 = 112.0;
/// Right of the longest bar.
const END: f32 = 76.0;
/// The longest card has at least this share of the room: longer RAM is cut.
const LEAST_CARD: f64 = 0.5;
/// What is seen of a bar behind its cut, in points.
const TAIL: f64 = 26.0;

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
            width if width >= 1230.0 => (310.0, 134.0, true),
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
    let scale = Scale::of(all.iter().flatten(), frame.columns);
    all.into_iter().map(|bars| place(bars, scale)).collect()
}

/// One scale for all bars: bars of one length end at one place, whatever lies in them.
#[derive(Debug, Clone, Copy)]
struct Scale {
    left: f32,
    points_per_gib: f64,
    /// So many GiB have room.
    room_gib: f64,
}

impl Scale {
    fn of<'a>(bars: impl Iterator<Item = &'a PlanBar> + Clone, columns: Columns) -> Self {
        let card = bars.clone().filter(|bar| bar.of_card).map(|bar| bar.bar.capacity).fold(0.0, f64::max);
        let label = if bars.clone().any(|bar| bar.of_both) { LABEL_OF_POOL } else { LABEL };
        let longest = bars.map(|bar| length(&bar.bar)).fold(card, f64::max).max(1e-9);
        let left = columns.bars.min + label;
        let room = f64::from((columns.bars.max - left - END).max(1.0));
        let whole = room / longest;
        let points_per_gib = if card > 0.0 { whole.max(LEAST_CARD * room / card) } else { whole };
        Self { left, points_per_gib, room_gib: room / points_per_gib }
    }

    /// The axis of a bar: whole, or cut before its end where it is too long.
    #[expect(clippy::cast_possible_truncation, reason = "a scale on the screen")]
    fn axis(&self, bar: &MemoryBar) -> GibAxis {
        let long = length(bar);
        let tail = TAIL / self.points_per_gib;
        let from = self.room_gib - tail - f64::from(CUT) / self.points_per_gib;
        let cut = (long > self.room_gib * (1.0 + 1e-9) && from > 0.0).then_some(AxisCut { from, to: long - tail });
        let cuts = cut.into_iter().collect();
        GibAxis { left: self.left, points_per_gib: self.points_per_gib as f32, cuts }
    }
}

/// GiB of a bar with all that is beyond its end.
fn length(bar: &MemoryBar) -> f64 {
    bar.capacity + bar.beyond.iter().map(|segment| segment.gib).sum::<f64>()
}

fn place(bars: Vec<PlanBar>, scale: Scale) -> Picture {
    let cards = bars.iter().filter(|bar| bar.of_card).count();
    let (high, gap, between) = match cards {
        0 | 1 => (28.0, 0.0, 18.0),
        2 => (22.0, 4.0, 8.0),
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
    let placed = bars.into_iter().zip(rows).map(|(bar, rows)| PlacedBar {
        axis: scale.axis(&bar.bar),
        bar,
        rows: Rangef::new(rows.min + top, rows.max + top),
    });
    Picture { bars: placed.collect(), height }
}
