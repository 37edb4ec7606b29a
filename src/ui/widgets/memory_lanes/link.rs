//! The link between two memories: its bandwidth as thickness, and what flows over it.

use eframe::egui::{Align2, Mesh, Painter, Pos2, Rangef, Rect, Shape, Stroke, Ui, pos2, vec2};

use super::GibAxis;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Ink, Memory, Tokens, radius};

/// Rows of the mesh from one end of the link to the waist.
const ROWS: u8 = 20;
/// Room for the words of a link.
const WORDS: f32 = 190.0;

/// How thick a bandwidth is drawn: 1 point = 18 GB/s, less where a card is faster than 1,008 GB/s.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thickness {
    gb_s_per_point: f64,
}

impl Default for Thickness {
    fn default() -> Self {
        Self { gb_s_per_point: 18.0 }
    }
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

/// What joins two memories.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MemoryLink {
    /// Its bandwidth in GB/s, where it is known.
    pub gb_s: Option<f64>,
    /// What it is.
    pub name: String,
    /// Its bandwidth in words.
    pub rate: String,
    /// What else is said of it.
    pub more: String,
    /// What lies below for want of room above.
    pub flow: Option<LinkFlow>,
    /// Where it stands without a flow, in GiB of the memory above; words stand under the bar at the right of it.
    pub at: f64,
    /// So far below the memory above it begins.
    pub below: f32,
    /// How thick bandwidth is drawn.
    pub thickness: Thickness,
}

/// The same bytes past the end of one memory and in the other, in GiB.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinkFlow {
    /// Where they begin above.
    pub from: f64,
    /// Where they begin below.
    pub to: f64,
    /// How many.
    pub gib: f64,
}

impl MemoryLink {
    pub(super) fn show(&self, ui: &Ui, rows: Rangef, (above, below): (&GibAxis, &GibAxis), right: f32) {
        let t = Tokens::of(ui);
        let painter = ui.painter();
        let waist = self.gb_s.map_or(0.75, |rate| self.thickness.points(rate));
        let at = if let Some(LinkFlow { from, to, gib }) = self.flow {
            let from = Rangef::new(above.x(from), above.x(from + gib));
            let to = Rangef::new(below.x(to), below.x(to + gib));
            hourglass(painter, (rows.min, from), (rows.max, to), waist, t.flow(Memory::Weights))
        } else {
            let x = above.x(self.at);
            painter.vline(x, rows.min + self.below..=rows.max - 6.0, Stroke::new(waist, t.rail));
            pos2(x, f32::midpoint(rows.min + self.below, rows.max - 6.0))
        };
        if self.name.is_empty() {
            return;
        }
        // A bottleneck near the right end leaves more room at its left.
        let x = if at.x + 16.0 + WORDS <= right { at.x + 16.0 } else { at.x - 16.0 - WORDS };
        let two_lines = self.flow.is_some() && rows.span() >= 60.0;
        let y = if two_lines { at.y + 2.0 } else { at.y };
        let strip = [self.name.as_str(), " ", self.rate.as_str()].concat();
        let width = paint::width(painter, &strip, Type::SmallStrong) + 12.0;
        let plate = |y: f32, width: f32, height: f32| {
            painter.rect_filled(Rect::from_min_size(pos2(x - 5.0, y), vec2(width, height)), radius::PLATE, t.bg);
        };
        plate(y - 9.0, width, 18.0);
        let drawn = paint::text(painter, pos2(x, y), Align2::LEFT_CENTER, &self.name, Type::Small, t.sec);
        let after = pos2(drawn.right() + 8.0, y);
        let rate = paint::text(painter, after, Align2::LEFT_CENTER, &self.rate, Type::SmallStrong, t.text);
        if self.more.is_empty() {
            return;
        }
        if two_lines {
            plate(y + 8.0, paint::width(painter, &self.more, Type::Caption) + 10.0, 16.0);
            paint::text(painter, pos2(x, y + 15.0), Align2::LEFT_CENTER, &self.more, Type::Caption, t.faint);
        } else if self.flow.is_none() {
            let after = pos2(rate.right() + 10.0, y);
            paint::text(painter, after, Align2::LEFT_CENTER, &self.more, Type::Caption, t.faint);
        }
    }
}

/// What spills: it leaves `from` at its full width, narrows to `waist` half-way and opens onto `to`, so that the same
/// bytes are equally wide at both ends. Where the waist stands.
fn hourglass(painter: &Painter, (top, from): (f32, Rangef), (bottom, to): (f32, Rangef), waist: f32, ink: Ink) -> Pos2 {
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
