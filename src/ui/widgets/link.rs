//! Lanes and the link: bandwidth as thickness, on one scale for the whole picture.

use eframe::egui::{Align2, Mesh, Painter, Pos2, Rangef, Rect, Shape, Stroke, StrokeKind, pos2, vec2};

use crate::text;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Ink, Tokens, radius};

/// Rows of the mesh from one end of the link to the waist.
const ROWS: u8 = 20;

/// How thick a bandwidth is drawn: 1 point = 18 GB/s, less where a card is faster than 1,008 GB/s.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thickness {
    gb_s_per_point: f64,
}

impl Thickness {
    /// The scale on which the fastest card's lane is as thick as its bar, `most` points.
    pub fn up_to(fastest_gb_s: f64, most: f32) -> Self {
        Self { gb_s_per_point: (fastest_gb_s / f64::from(most)).max(18.0) }
    }

    /// Points, never under 0.75.
    #[expect(clippy::cast_possible_truncation, reason = "a thickness on the screen")]
    pub fn points(self, gb_s: f64) -> f32 {
        ((gb_s / self.gb_s_per_point) as f32).max(0.75)
    }
}

/// A chip: a rounded rectangle with four pins above and below.
pub fn chip(painter: &Painter, rect: Rect, name: &str, t: &Tokens) {
    let pin = Stroke::new(1.5, t.rail);
    for place in 1..=4u8 {
        let x = rect.left() + rect.width() * f32::from(place) / 5.0;
        painter.vline(x, rect.top() - 4.0..=rect.top(), pin);
        painter.vline(x, rect.bottom()..=rect.bottom() + 4.0, pin);
    }
    painter.rect(rect, radius::SEGMENT, t.raised, Stroke::new(1.0, t.rail), StrokeKind::Inside);
    paint::text(painter, rect.center(), Align2::CENTER_CENTER, name, Type::SmallStrong, t.text);
}

/// The lane between a chip and its memory, labeled with its bandwidth; a thin line where that is not known.
pub fn lane(painter: &Painter, rect: Rect, gb_s: Option<f64>, no_data: &str, thickness: Thickness, t: &Tokens) {
    let middle = rect.center();
    let points = gb_s.map_or(0.75, |gb_s| thickness.points(gb_s)).min(rect.height());
    let body = Rect::from_center_size(middle, vec2(rect.width(), points));
    painter.rect_filled(body, 0, if points > 24.0 { t.lane() } else { t.rail });
    let (reading, unit) = match gb_s {
        Some(gb_s) => (text::decimal(gb_s, 0), "GB/s"),
        None => (String::new(), no_data),
    };
    let (above, below) = if points > 24.0 { (-7.0, 7.0) } else { (-points / 2.0 - 9.0, points / 2.0 + 9.0) };
    // A low lane has no room for two lines: the unit is on the other lanes and in the link.
    if rect.height() >= 28.0 || points > 24.0 {
        paint::text(painter, middle + vec2(0.0, above), Align2::CENTER_CENTER, &reading, Type::SmallStrong, t.text);
        paint::text(painter, middle + vec2(0.0, below), Align2::CENTER_CENTER, unit, Type::Caption, t.sec);
    } else {
        paint::text(painter, middle, Align2::CENTER_CENTER, &reading, Type::CaptionStrong, t.text);
    }
}

/// What spills: it leaves `from` at its full width, narrows to `waist` half-way and opens onto `to`, so that the same
/// bytes are equally wide at both ends. Where the waist stands.
pub fn hourglass(
    painter: &Painter,
    (top, from): (f32, Rangef),
    (bottom, to): (f32, Rangef),
    waist: f32,
    ink: Ink,
) -> Pos2 {
    let neck = f32::midpoint(from.center(), to.center());
    let middle = f32::midpoint(top, bottom);
    let narrow = Rangef::new(neck - waist / 2.0, neck + waist / 2.0);
    let mut mesh = Mesh::default();
    half(&mut mesh, (top, from), (middle, narrow), ink);
    half(&mut mesh, (middle, narrow), (bottom, to), ink);
    painter.add(Shape::mesh(mesh));
    pos2(neck, middle)
}

/// One half: both edges are cubic Béziers that leave and arrive upright.
fn half(mesh: &mut Mesh, (top, from): (f32, Rangef), (bottom, to): (f32, Rangef), ink: Ink) {
    for row in 0..=ROWS {
        let at = f32::from(row) / f32::from(ROWS);
        let y = bezier(top, top + 0.8 * (bottom - top), top + 0.2 * (bottom - top), bottom, at);
        let edge = |a: f32, b: f32| bezier(a, a, b, b, at);
        let first = u32::try_from(mesh.vertices.len()).unwrap_or(0);
        mesh.colored_vertex(pos2(edge(from.min, to.min), y), ink);
        mesh.colored_vertex(pos2(edge(from.max, to.max), y), ink);
        if row > 0 {
            mesh.add_triangle(first - 2, first - 1, first);
            mesh.add_triangle(first - 1, first, first + 1);
        }
    }
}

/// A cubic Bézier with these control values, `at` from 0 to 1.
fn bezier(start: f32, leave: f32, arrive: f32, end: f32, at: f32) -> f32 {
    let rest = 1.0 - at;
    rest.powi(3) * start + 3.0 * rest * at * (rest * leave + at * arrive) + at.powi(3) * end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_its_width_at_both_ends() {
        let mut mesh = Mesh::default();
        half(&mut mesh, (0.0, Rangef::new(10.0, 60.0)), (34.0, Rangef::new(20.0, 22.0)), crate::ui::theme::CLEAR);
        let x: Vec<f32> = mesh.vertices.iter().map(|vertex| vertex.pos.x).collect();
        assert_eq!((x[0], x[1]), (10.0, 60.0));
        assert_eq!((x[x.len() - 2], x[x.len() - 1]), (20.0, 22.0));
    }

    #[test]
    fn one_point_is_18_gb_s_until_a_card_is_faster() {
        assert_eq!(Thickness::up_to(1008.0, 56.0).points(1008.0), 56.0);
        assert_eq!(Thickness::up_to(1792.0, 56.0).points(1792.0), 56.0);
        assert_eq!(Thickness::up_to(448.0, 56.0).points(9.0), 0.75);
    }
}
