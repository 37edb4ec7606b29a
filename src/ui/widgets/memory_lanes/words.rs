//! What is written around the bars: titles with their legends, and notes.

use eframe::egui::{Align2, Painter, Pos2, Rangef, Rect, Ui, pos2, vec2};

use super::{BarNote, LaneTitle, LegendEntry, MemoryLane, TWO_LINES};
use crate::ui::fonts::Type;
use crate::ui::theme::Tokens;
use crate::ui::{icons, paint};

/// A mark of a legend with what is around it.
const SWATCH: f32 = 28.0;

/// Writes a title; where it ends.
pub(super) fn title(ui: &Ui, at: Pos2, title: &LaneTitle, until: f32) -> f32 {
    let t = Tokens::of(ui);
    let painter = ui.painter();
    let drawn = paint::text(painter, at, Align2::LEFT_CENTER, &title.name, Type::SmallStrong, t.text);
    // What is kept stands in the table as well: it gives way to the name of the card.
    let fits = at.x + width(ui, title) <= until;
    let shown: Vec<&LegendEntry> =
        title.legend.iter().filter(|it| fits || !matches!(it, LegendEntry::Kept(_))).collect();
    let next = pos2(drawn.right() + 10.0, at.y);
    let room = (until - next.x - legend_width(painter, &shown)).max(60.0);
    let words = paint::text_in(ui, next, Align2::LEFT_CENTER, &title.words, (Type::Small, t.sec), room);
    let mut x = words.right();
    for legend in shown {
        let swatch = Rect::from_center_size(pos2(x + 18.0, at.y), vec2(10.0, 10.0));
        match legend {
            LegendEntry::Of(component, _) => paint::swatch(painter, swatch, *component, t),
            LegendEntry::Kept(_) => paint::swatch_kept(painter, swatch, t),
        }
        let at = pos2(swatch.right() + 5.0, at.y);
        x = paint::text(painter, at, Align2::LEFT_CENTER, legend.words(), Type::Caption, t.sec).right();
    }
    x
}

/// How wide a title is.
pub(super) fn width(ui: &Ui, title: &LaneTitle) -> f32 {
    let painter = ui.painter();
    let name = paint::width(painter, &title.name, Type::SmallStrong);
    name + 10.0
        + paint::width(painter, &title.words, Type::Small)
        + legend_width(painter, &title.legend.iter().collect::<Vec<_>>())
}

fn legend_width(painter: &Painter, legend: &[&LegendEntry]) -> f32 {
    legend.iter().map(|it| SWATCH + paint::width(painter, it.words(), Type::Caption)).sum()
}

impl LegendEntry {
    fn words(&self) -> &str {
        match self {
            Self::Of(_, words) | Self::Kept(words) => words,
        }
    }
}

/// Writes a note at the right of a bar.
pub(super) fn beside(ui: &Ui, at: Pos2, note: &BarNote, (height, right): (f32, f32)) {
    let t = Tokens::of(ui);
    let painter = ui.painter();
    let two = height >= TWO_LINES && !note.second.is_empty();
    let y = if two { at.y - 8.0 } else { at.y };
    let mut x = at.x;
    if let Some(verdict) = note.verdict {
        icons::verdict_small(painter, pos2(x + 6.0, y), verdict, t);
        x += 17.0;
    }
    let room = right - x;
    let strong = (Type::SmallStrong, t.text);
    paint::text_in(ui, pos2(x, y), Align2::LEFT_CENTER, &note.first, strong, room);
    if two {
        let look = (Type::Caption, t.faint);
        paint::text_in(ui, pos2(x, y + 16.0), Align2::LEFT_CENTER, &note.second, look, room);
    }
    if !note.warning.is_empty() && height >= TWO_LINES {
        icons::draw(painter, pos2(x + 7.0, at.y + 10.0), icons::Icon::Warning, t.warning());
        let look = (Type::CaptionStrong, t.text);
        let at = pos2(x + 18.0, at.y + 10.0);
        paint::text_in(ui, at, Align2::LEFT_CENTER, &note.warning, look, room - 18.0);
    }
}

/// Writes a note under the end of a bar, or above it where the axis stands under it.
pub(super) fn below(ui: &Ui, lane: &MemoryLane, rows: Rangef, note: &BarNote) {
    let t = Tokens::of(ui);
    let painter = ui.painter();
    let end = lane.axis.x(lane.bar.capacity) - 4.0;
    let width = paint::width(painter, &note.first, Type::Caption) + 20.0;
    let at = pos2(end.max(lane.axis.left + width), rows.max + 13.0);
    let drawn = paint::text(painter, at, Align2::RIGHT_CENTER, &note.first, Type::Caption, t.faint);
    if let Some(verdict) = note.verdict {
        icons::verdict_small(painter, pos2(drawn.left() - 9.0, drawn.center().y), verdict, t);
    }
}
