//! A chip, and the lane to its memory: bandwidth as thickness.

use eframe::egui::{Align2, Painter, Rangef, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use super::{CHIP, LEFT, MemoryLane, Thickness};
use crate::text;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius};

/// A lane so thick has its rate written on it.
const THICK: f32 = 24.0;
/// A row so high has room for the rate above the lane and the unit below it.
const HIGH: f32 = 50.0;
/// Pins of a chip, and the gap that they need to the next.
const PIN: f32 = 4.0;
const LEAST_GAP: f32 = 10.0;

/// Draws both; `gap` is how far the next chip is.
pub(super) fn show(
    ui: &Ui,
    left: f32,
    rows: Rangef,
    (place, it): (usize, &MemoryLane),
    thickness: Thickness,
    gap: f32,
) {
    let t = Tokens::of(ui);
    if it.chip.is_empty() {
        return;
    }
    let whole = Rect::from_x_y_ranges(left..=left + CHIP, rows);
    let lane = Rect::from_x_y_ranges(whole.right()..=left + LEFT, rows);
    draw(ui.painter(), lane, it, thickness, t);
    chip(ui.painter(), whole, &it.chip, gap >= LEAST_GAP, t);
    // What is no rate is a sentence of its own.
    let rate = it.bandwidth.gb_s.is_some();
    let words = if rate { format!("{} {}", it.chip, it.bandwidth.words) } else { it.bandwidth.words.clone() };
    ui.interact(lane, ui.make_persistent_id(("lane", place)), Sense::hover()).on_hover_text(words);
}

/// A rounded rectangle, where there is room with four pins above and below.
fn chip(painter: &Painter, rect: Rect, name: &str, pins: bool, t: &Tokens) {
    let pin = Stroke::new(1.5, t.rail);
    for place in (1..=4_u8).filter(|_| pins) {
        let x = rect.left() + rect.width() * f32::from(place) / 5.0;
        painter.vline(x, rect.top() - PIN..=rect.top(), pin);
        painter.vline(x, rect.bottom()..=rect.bottom() + PIN, pin);
    }
    painter.rect(rect, radius::SEGMENT, t.raised, Stroke::new(1.0, t.rail), StrokeKind::Inside);
    let step = if rect.height() >= 24.0 { Type::SmallStrong } else { Type::CaptionStrong };
    paint::text(painter, rect.center(), Align2::CENTER_CENTER, name, step, t.text);
}

/// The lane with its rate, always within its own row; a thin line where the rate is not known.
fn draw(painter: &Painter, rect: Rect, it: &MemoryLane, thickness: Thickness, t: &Tokens) {
    let middle = rect.center();
    let rate = it.bandwidth.gb_s;
    let points = rate.map_or(0.75, |gb_s| thickness.points(gb_s)).min(rect.height());
    let body = Rect::from_center_size(middle, vec2(rect.width(), points));
    let thick = points > THICK;
    painter.rect_filled(body, 0, if thick { t.lane() } else { t.rail });
    let reading = rate.map(|gb_s| text::decimal(gb_s, 0)).unwrap_or_default();
    if rect.height() >= HIGH {
        let unit = if rate.is_some() { "GB/s" } else { &it.bandwidth.unknown };
        let (above, below) = if thick { (-7.0, 7.0) } else { (-points / 2.0 - 9.0, points / 2.0 + 9.0) };
        paint::text(painter, middle + vec2(0.0, above), Align2::CENTER_CENTER, &reading, Type::SmallStrong, t.text);
        paint::text(painter, middle + vec2(0.0, below), Align2::CENTER_CENTER, unit, Type::Caption, t.sec);
        return;
    }
    // One line, on a ground of its own where the lane is thinner than the words.
    let words = if rate.is_some() { &reading } else { &it.bandwidth.unknown };
    let step = if rect.height() >= 24.0 { Type::SmallStrong } else { Type::CaptionStrong };
    if points < 16.0 && !words.is_empty() {
        let plate = vec2(paint::width(painter, words, step) + 6.0, rect.height().min(16.0));
        painter.rect_filled(Rect::from_center_size(middle, plate), 0, t.bg);
    }
    paint::text(painter, pos2(middle.x, middle.y), Align2::CENTER_CENTER, words, step, t.text);
}
