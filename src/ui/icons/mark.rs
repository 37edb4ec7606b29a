//! The mark: a capacity bar, and what does not fit in it.

use eframe::egui::{Painter, Pos2, Rect, Stroke, StrokeKind, pos2, vec2};

use crate::ui::theme::{Memory, Tokens};

/// Draws the mark, 36 wide and 14 high, its left edge centered at `left`.
pub fn mark(painter: &Painter, left: Pos2, t: &Tokens) {
    let bar = Rect::from_min_size(pos2(left.x, left.y - 7.0), vec2(26.0, 14.0));
    let inner = bar.shrink(1.5);
    let weights = Rect::from_min_size(inner.min, vec2(12.0, inner.height()));
    let kv = Rect::from_min_size(weights.right_top(), vec2(4.0, inner.height()));
    painter.rect_filled(weights, 0, t.memory(Memory::Weights).fill);
    painter.rect_filled(kv, 0, t.memory(Memory::Kv).fill);
    painter.rect_stroke(bar, 2, Stroke::new(1.5, t.text), StrokeKind::Inside);
    for offset in [2.0, 6.5] {
        let foot = pos2(bar.right() + offset, bar.bottom() - 1.0);
        painter.line_segment([foot, foot + vec2(4.0, -12.0)], Stroke::new(2.0, t.memory(Memory::Weights).fill));
    }
}
