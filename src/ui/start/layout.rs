//! Where the parts of the page stand: three columns where there is room, else two, else one under the other.

use eframe::egui::{Pos2, Rect, Vec2, pos2, vec2};

/// Beside what is scrolled.
pub(super) const SCROLL_BAR: f32 = 10.0;

/// The widest that the page gets, and the narrowest that three and two columns are.
const WIDEST: f32 = 1200.0;
const THREE: f32 = 840.0;
const TWO: f32 = 560.0;
/// Between columns, and between rows.
const GAP: f32 = 24.0;
/// Heights of the parts.
const HEADING: f32 = 78.0;
const FIELD: f32 = 92.0;
const COLUMN: f32 = 332.0;
const DROP: f32 = 92.0;
const FOOT: f32 = 44.0;

/// Where the parts of the page stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    pub(super) heading: Rect,
    pub(super) field: Rect,
    pub(super) machine: Rect,
    pub(super) templates: Rect,
    pub(super) recent: Rect,
    pub(super) drop: Rect,
    pub(super) scene: Rect,
    pub(super) foot: Rect,
    /// Of the whole page.
    pub(super) height: f32,
}

impl Layout {
    /// From this corner on, in a window of this size.
    pub(super) fn of(corner: Pos2, window: Vec2) -> Self {
        let margin = if window.x > 1000.0 { 48.0 } else { 16.0 };
        let width = (window.x - 2.0 * margin - SCROLL_BAR).clamp(200.0, WIDEST);
        let left = corner.x + ((window.x - width) / 2.0).max(margin);
        let narrow_gap = if width < THREE + 120.0 { GAP / 2.0 } else { GAP };
        let columns: usize = match width {
            width if width >= THREE => 3,
            width if width >= TWO => 2,
            _ => 1,
        };
        let gap = narrow_gap;
        let one = (width - gap * (columns - 1) as f32) / columns as f32;
        let at = |column: usize, top: f32, spans: usize, height: f32| {
            let wide = one * spans as f32 + gap * (spans - 1) as f32;
            Rect::from_min_size(pos2(left + (one + gap) * column as f32, top), vec2(wide, height))
        };
        // The page stands in the middle of a high window, a little above.
        let rows = if columns == 3 {
            1
        } else if columns == 2 {
            2
        } else {
            3
        };
        let tail = if columns == 1 { DROP * 2.0 + GAP } else { DROP };
        let content = HEADING + FIELD + (COLUMN + GAP) * rows as f32 + tail + FOOT;
        let spare = (window.y - content).max(0.0);
        let top = corner.y + (spare * 0.4).clamp(16.0, 96.0);
        let heading = at(0, top, columns, HEADING);
        let field = at(0, heading.bottom(), columns, FIELD);
        let row = |number: usize| field.bottom() + (COLUMN + GAP) * number as f32 + 8.0;
        let (machine, templates, recent) = match columns {
            3 => (at(0, row(0), 1, COLUMN), at(1, row(0), 1, COLUMN), at(2, row(0), 1, COLUMN)),
            2 => (at(0, row(0), 1, COLUMN), at(1, row(0), 1, COLUMN), at(0, row(1), 2, COLUMN)),
            _ => (at(0, row(0), 1, COLUMN), at(0, row(1), 1, COLUMN), at(0, row(2), 1, COLUMN)),
        };
        let below = recent.bottom().max(templates.bottom()) + GAP;
        let (drop, scene) = match columns {
            3 => (at(0, below, 2, DROP), at(2, below, 1, DROP)),
            2 => (at(0, below, 1, DROP), at(1, below, 1, DROP)),
            _ => (at(0, below, 1, DROP), at(0, below + DROP + GAP, 1, DROP)),
        };
        let foot = at(0, scene.bottom().max(drop.bottom()) + 8.0, columns, FOOT);
        let height = foot.bottom() + 8.0 - corner.y;
        Self { heading, field, machine, templates, recent, drop, scene, foot, height }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_stands_over_another_in_any_window() {
        for width in [480.0, 600.0, 720.0, 899.0, 900.0, 1024.0, 1100.0, 1440.0, 2560.0] {
            for height in [300.0, 600.0, 852.0, 1400.0] {
                let layout = Layout::of(pos2(0.0, 48.0), vec2(width, height));
                let Layout { heading, field, machine, templates, recent, drop, scene, foot, .. } = layout;
                let parts = [heading, field, machine, templates, recent, drop, scene, foot];
                for (place, part) in parts.iter().enumerate() {
                    assert!(part.left() >= 0.0 && part.right() <= width, "{width} {part:?}");
                    for other in &parts[place + 1..] {
                        let shared = part.intersect(*other);
                        assert!(shared.width() <= 0.5 || shared.height() <= 0.5, "{width}: {part:?} {other:?}");
                    }
                    assert!(part.bottom() - 48.0 <= layout.height);
                }
            }
        }
    }
}
