//! The four verdicts as shapes that differ in silhouette, so that color is never the only cue.

use std::f32::consts::PI;

use eframe::egui::{Painter, Pos2, Shape, Stroke, vec2};

use super::arc;
use crate::estimate::Verdict;
use crate::ui::theme::{CLEAR, Ink, Tokens};

/// Draws `verdict` in a box of 16 points around `center`.
pub fn verdict(painter: &Painter, center: Pos2, verdict: Verdict, t: &Tokens) {
    draw(painter, center, verdict, 1.0, t);
}

/// Draws `verdict` in a box of 12 points, for lines of small text.
pub fn verdict_small(painter: &Painter, center: Pos2, verdict: Verdict, t: &Tokens) {
    draw(painter, center, verdict, 0.75, t);
}

/// The filled lower half of a disc.
pub fn lower_half(painter: &Painter, center: Pos2, radius: f32, ink: Ink) {
    painter.add(Shape::convex_polygon(arc(center, radius, 0.0, PI), ink, Stroke::new(0.0, CLEAR)));
}

fn draw(painter: &Painter, center: Pos2, verdict: Verdict, scale: f32, t: &Tokens) {
    let ink = t.verdict(verdict);
    let stroke = Stroke::new(1.5 * scale.sqrt(), ink);
    let radius = 7.0 * scale;
    let line = |points: &[(f32, f32)]| {
        painter.add(Shape::line(points.iter().map(|&(x, y)| center + vec2(x, y) * scale).collect(), stroke));
    };
    let tick = || line(&[(-3.2, 0.3), (-0.9, 2.7), (3.2, -2.2)]);
    match verdict {
        Verdict::Fits => {
            painter.circle_stroke(center, radius, stroke);
            tick();
        }
        Verdict::Tight => {
            // A gauge nearly full: open for an eighth of a turn at the upper right.
            painter.add(Shape::line(
                arc(center, radius, -PI / 8.0, 2.0 * PI - PI * 3.0 / 8.0),
                Stroke::new(2.2 * scale, ink),
            ));
            tick();
        }
        Verdict::Offload => {
            painter.circle_stroke(center, radius, stroke);
            lower_half(painter, center, radius, ink);
        }
        Verdict::DoesNotFit => {
            painter.circle_stroke(center, radius, stroke);
            line(&[(-2.6, -2.6), (2.6, 2.6)]);
            line(&[(2.6, -2.6), (-2.6, 2.6)]);
        }
    }
}
