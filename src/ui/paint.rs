//! Text on the scale of the theme, and the patterns that say which memory is meant and where it lies.

use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextFormat, TextWrapping};
use eframe::egui::{
    Align2, FontId, Galley, Painter, Pos2, Rangef, Rect, Response, Sense, Shape, Stroke, StrokeKind, Ui, pos2, vec2,
};

use super::fonts::Type;
use super::theme::{Ink, Memory, MemoryInk, Tokens, radius};

/// Writes one line; returns where it stands.
pub fn text(painter: &Painter, at: Pos2, anchor: Align2, words: &str, step: Type, ink: Ink) -> Rect {
    let galley = painter.layout_no_wrap(words.to_owned(), step.font(), ink);
    let rect = anchor.anchor_size(at, galley.size());
    painter.galley(rect.min, galley, ink);
    rect
}

/// Writes one line, cut with an ellipsis where it is wider than `width`.
pub fn text_within(
    painter: &Painter,
    at: Pos2,
    anchor: Align2,
    words: &str,
    (step, ink): (Type, Ink),
    width: f32,
) -> Rect {
    let galley = line_within(painter, words, step.font(), ink, width);
    let rect = anchor.anchor_size(at, galley.size());
    painter.galley(rect.min, galley, ink);
    rect
}

/// As [`text_within`]; what is cut is said whole where the pointer rests.
pub fn text_in(ui: &Ui, at: Pos2, anchor: Align2, words: &str, (step, ink): (Type, Ink), room: f32) -> Rect {
    let rect = text_within(ui.painter(), at, anchor, words, (step, ink), room);
    if width(ui.painter(), words, step) > room {
        let id = ui.make_persistent_id(("cut", words, at.x.to_bits(), at.y.to_bits()));
        ui.interact(rect, id, Sense::hover()).on_hover_text(words);
    }
    rect
}

/// One line in any font, cut with an ellipsis where it is wider than `width`, laid out but not drawn.
pub fn line_within(painter: &Painter, words: &str, font: FontId, ink: Ink, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(words.to_owned(), font, ink);
    job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
    painter.layout_job(job)
}

/// How wide a line is.
pub fn width(painter: &Painter, words: &str, step: Type) -> f32 {
    painter.layout_no_wrap(words.to_owned(), step.font(), super::theme::CLEAR).size().x
}

/// A line whose `*starred*` words are set in the strong face and ink, laid out but not drawn.
pub fn starred(painter: &Painter, words: &str, plain: (Type, Ink), strong: (Type, Ink), wrap: f32) -> Arc<Galley> {
    let mut job = LayoutJob::default();
    job.wrap.max_width = wrap;
    for (place, part) in words.split('*').enumerate() {
        let (step, ink) = if place % 2 == 0 { plain } else { strong };
        job.append(part, 0.0, TextFormat::simple(step.font(), ink));
    }
    painter.layout_job(job)
}

/// As [`starred`], on one line that is cut with an ellipsis where it is wider than `width`.
pub fn starred_line(
    painter: &Painter,
    words: &str,
    plain: (Type, Ink),
    strong: (Type, Ink),
    width: f32,
) -> Arc<Galley> {
    let mut job = LayoutJob { wrap: TextWrapping::truncate_at_width(width), ..LayoutJob::default() };
    for (place, part) in words.split('*').enumerate() {
        let (step, ink) = if place % 2 == 0 { plain } else { strong };
        job.append(part, 0.0, TextFormat::simple(step.font(), ink));
    }
    painter.layout_job(job)
}

/// Words of one look, wrapped at `wrap`, laid out but not drawn.
pub fn wrapped(painter: &Painter, words: &str, (step, ink): (Type, Ink), wrap: f32) -> Arc<Galley> {
    painter.layout(words.to_owned(), step.font(), ink, wrap)
}

/// As [`wrapped`], ending with an ellipsis where it takes more than `rows` lines.
pub fn wrapped_in(painter: &Painter, words: &str, (step, ink): (Type, Ink), wrap: f32, rows: usize) -> Arc<Galley> {
    let mut job = LayoutJob::simple(words.to_owned(), step.font(), ink, wrap);
    job.wrap.max_rows = rows;
    painter.layout_job(job)
}

/// The room that [`plate`] needs for these words.
pub fn plate_width(painter: &Painter, words: &str) -> f32 {
    width(painter, words, Type::SmallStrong) + 20.0
}

/// Writes a label on a plate of its own ground, left-aligned at `left`, so that it reads on a pattern.
/// Draws nothing where it would not fit in `room`.
pub fn plate(painter: &Painter, left: Pos2, words: &str, (ground, ink): (Ink, Ink), room: f32) {
    let galley = painter.layout_no_wrap(words.to_owned(), Type::SmallStrong.font(), ink);
    let size = vec2(galley.size().x + 12.0, 18.0);
    if size.x + 8.0 > room {
        return;
    }
    let rect = Rect::from_min_size(pos2(left.x, left.y - size.y / 2.0), size);
    painter.rect_filled(rect, radius::PLATE, ground);
    painter.galley(rect.center() - galley.size() / 2.0, galley, ink);
}

/// A segment in VRAM: the plain fill, its pattern, its edge.
pub fn solid(painter: &Painter, rect: Rect, component: Memory, m: MemoryInk) {
    painter.rect_filled(rect, 0, m.fill);
    if rect.height() >= 12.0 && rect.width() >= 3.0 {
        pattern(&painter.with_clip_rect(rect.intersect(painter.clip_rect())), rect, component, m.pattern);
    }
    if rect.width() >= 2.0 {
        painter.rect_stroke(rect, 0, Stroke::new(1.0, m.edge), StrokeKind::Inside);
    }
}

fn pattern(painter: &Painter, rect: Rect, component: Memory, ink: Ink) {
    let stroke = Stroke::new(1.0, ink);
    match component {
        Memory::Weights | Memory::Adapter | Memory::Also => {}
        Memory::Kv => {
            for x in steps(rect.left() + 4.0, rect.right(), 6.0, painter.clip_rect().x_range()) {
                painter.vline(x, rect.y_range(), stroke);
            }
        }
        Memory::Compute => {
            for y in steps(rect.top() + 4.0, rect.bottom(), 6.0, painter.clip_rect().y_range()) {
                painter.hline(rect.x_range(), y, stroke);
            }
        }
        Memory::Gradients => falling(painter, rect, 8.0, stroke),
        Memory::Optimizer => {
            falling(painter, rect, 9.0, stroke);
            rising(painter, rect, 9.0, stroke);
        }
        Memory::Overhead | Memory::Os => {
            let seen = painter.clip_rect();
            for y in steps(rect.top() + 4.0, rect.bottom(), 7.0, seen.y_range()) {
                for x in steps(rect.left() + 4.0, rect.right(), 7.0, seen.x_range()) {
                    painter.rect_filled(Rect::from_center_size(pos2(x, y), vec2(1.6, 1.6)), 0, ink);
                }
            }
        }
    }
}

/// Strokes that fall to the right, `apart` from each other.
fn falling(painter: &Painter, rect: Rect, apart: f32, stroke: Stroke) {
    for x in strokes(painter, rect, apart) {
        painter.line_segment([pos2(x, rect.top()), pos2(x + rect.height(), rect.bottom())], stroke);
    }
}

/// Strokes that rise to the right, `apart` from each other.
fn rising(painter: &Painter, rect: Rect, apart: f32, stroke: Stroke) {
    for x in strokes(painter, rect, apart) {
        painter.line_segment([pos2(x, rect.bottom()), pos2(x + rect.height(), rect.top())], stroke);
    }
}

/// A segment in RAM, or not placed anywhere: strokes rising to the right, every 7 points.
pub fn hatch(painter: &Painter, rect: Rect, m: MemoryInk, placed: bool) {
    painter.rect_filled(rect, 0, m.hatch_ground);
    if rect.width() >= 3.0 {
        let inside = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
        rising(&inside, rect, 7.0, Stroke::new(2.2, m.fill));
    }
    if placed {
        painter.rect_stroke(rect, 0, Stroke::new(1.0, m.fill), StrokeKind::Inside);
    } else {
        dashed(painter, rect.shrink(0.5), Stroke::new(1.0, m.fill));
    }
}

/// A dashed outline, 4 on and 3 off.
pub fn dashed(painter: &Painter, rect: Rect, stroke: Stroke) {
    // No further than it is seen, for the same reason as the strokes.
    let rect = rect.intersect(painter.clip_rect().expand(8.0));
    let corners = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
    painter.extend(Shape::dashed_line(&corners, stroke, 4.0, 3.0));
}

/// A small square of a component's look, for tables and legends.
pub fn swatch(painter: &Painter, rect: Rect, component: Memory, t: &Tokens) {
    let m = t.memory(component);
    painter.rect_filled(rect, radius::SWATCH, m.fill);
    let inside = painter.with_clip_rect(rect.shrink(1.0).intersect(painter.clip_rect()));
    pattern(&inside, rect.translate(vec2(-1.0, -1.0)), component, m.pattern);
    painter.rect_stroke(rect, radius::SWATCH, Stroke::new(1.0, m.edge), StrokeKind::Inside);
}

/// The same of memory that nobody is offered: its plain ground, outlined.
pub fn swatch_kept(painter: &Painter, rect: Rect, t: &Tokens) {
    painter.rect(rect, radius::SWATCH, t.hover, Stroke::new(1.0, t.rail), StrokeKind::Inside);
}

/// Scrolls to what the keyboard has just come to. What draws nothing out of sight asks for it itself, all else by its ring.
pub fn reveal_focused(response: &Response) {
    if response.gained_focus() && !response.is_pointer_button_down_on() {
        response.scroll_to_me(None);
    }
}

/// The ring around what has the keyboard: 2 points wide, 2 points outside.
pub fn focus_ring(ui: &Ui, response: &Response, corner: u8) {
    if response.has_focus() {
        reveal_focused(response);
        ring(ui, response.rect, corner);
    }
}

/// The same around what a control shows as the one that its keys are at.
pub fn ring(ui: &Ui, rect: Rect, corner: u8) {
    let stroke = Stroke::new(2.0, Tokens::of(ui).focus);
    ui.painter().rect_stroke(rect.expand(2.0), corner + 2, stroke, StrokeKind::Outside);
}

/// Where slanted strokes begin that are seen.
fn strokes(painter: &Painter, rect: Rect, apart: f32) -> impl Iterator<Item = f32> {
    let seen = painter.clip_rect().x_range();
    let seen = Rangef::new(seen.min - rect.height(), seen.max);
    steps(rect.left() - rect.height(), rect.right(), apart * std::f32::consts::SQRT_2, seen)
}

/// The steps that are seen: the length of what is drawn may come from a plan, and be many times the window's.
fn steps(from: f32, to: f32, step: f32, seen: Rangef) -> impl Iterator<Item = f32> {
    let hidden = ((seen.min - from) / step).floor().max(0.0);
    let to = to.min(seen.max);
    std::iter::successors(Some(from + hidden * step), move |x| Some(x + step)).take_while(move |x| *x < to)
}
