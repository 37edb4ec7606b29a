//! Icons, drawn in a box of 16 points with strokes of 1.5.

mod mark;
mod verdict;

pub use mark::mark;
pub use verdict::{lower_half, verdict, verdict_small};

use std::f32::consts::{PI, TAU};

use eframe::egui::{Painter, Pos2, Shape, Stroke, Vec2, pos2, vec2};

use super::theme::Ink;

/// An icon without a color of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is what its name says")]
pub enum Icon {
    Undo,
    Redo,
    /// A disc, half of it filled.
    Theme,
    Pen,
    Search,
    ChevronUp,
    ChevronDown,
    ChevronRight,
    Plus,
    Minus,
    Close,
    Tick,
    Warning,
    Info,
    Lock,
    LockOpen,
    /// A sheet with lines on it.
    Note,
    /// A turn to the left, closed.
    Replay,
    Play,
    Pause,
    /// Up and out of a box.
    Share,
    /// Six dots, by which something is dragged.
    Grip,
    /// Two sheets, one behind the other.
    Copy,
    /// An arrow out of a box.
    Open,
    /// Two links of a chain.
    Link,
    /// An arrow into a tray.
    Drop,
}

/// Draws `icon` with its box centered at `center`.
pub fn draw(painter: &Painter, center: Pos2, icon: Icon, ink: Ink) {
    let stroke = Stroke::new(1.5, ink);
    let corner = center - Vec2::splat(8.0);
    let at = |x: f32, y: f32| corner + vec2(x, y);
    let line = |points: &[(f32, f32)]| {
        painter.add(Shape::line(points.iter().map(|&(x, y)| at(x, y)).collect(), stroke));
    };
    match icon {
        Icon::Undo | Icon::Redo => {
            let flip = |x: f32| if icon == Icon::Undo { x } else { 16.0 - x };
            line(&[(flip(6.0), 2.5), (flip(2.5), 6.0), (flip(6.0), 9.5)]);
            let turn = arc(pos2(9.5, 9.75), 3.75, -PI / 2.0, PI / 2.0);
            let mut points = vec![(flip(2.5), 6.0)];
            points.extend(turn.iter().map(|p| (flip(p.x), p.y)));
            points.push((flip(5.5), 13.5));
            line(&points);
        }
        Icon::Theme => {
            painter.circle_stroke(center, 6.25, stroke);
            painter.add(Shape::convex_polygon(arc(center, 6.25, -PI / 2.0, PI / 2.0), ink, Stroke::NONE));
        }
        Icon::Pen => {
            line(&[(3.0, 13.0), (3.8, 9.8), (10.8, 2.8), (13.2, 5.2), (6.2, 12.2), (3.0, 13.0)]);
            line(&[(9.2, 4.4), (11.6, 6.8)]);
        }
        Icon::Search => {
            painter.circle_stroke(at(7.0, 7.0), 4.5, stroke);
            line(&[(10.3, 10.3), (14.0, 14.0)]);
        }
        Icon::ChevronUp => line(&[(4.0, 10.0), (8.0, 6.0), (12.0, 10.0)]),
        Icon::ChevronDown => line(&[(4.0, 6.0), (8.0, 10.0), (12.0, 6.0)]),
        Icon::ChevronRight => line(&[(6.0, 4.0), (10.0, 8.0), (6.0, 12.0)]),
        Icon::Plus => {
            line(&[(3.0, 8.0), (13.0, 8.0)]);
            line(&[(8.0, 3.0), (8.0, 13.0)]);
        }
        Icon::Minus => line(&[(3.0, 8.0), (13.0, 8.0)]),
        Icon::Close => {
            line(&[(4.0, 4.0), (12.0, 12.0)]);
            line(&[(12.0, 4.0), (4.0, 12.0)]);
        }
        Icon::Tick => line(&[(3.5, 8.5), (6.5, 11.5), (12.5, 4.5)]),
        Icon::Warning => {
            line(&[(8.0, 2.0), (14.5, 13.5), (1.5, 13.5), (8.0, 2.0), (8.6, 3.0)]);
            line(&[(8.0, 6.2), (8.0, 9.8)]);
            painter.circle_filled(at(8.0, 11.6), 0.9, ink);
        }
        Icon::Lock | Icon::LockOpen => {
            line(&[(3.5, 7.5), (12.5, 7.5), (12.5, 13.5), (3.5, 13.5), (3.5, 7.5)]);
            let closed = icon == Icon::Lock;
            let shackle = arc(pos2(8.0, 5.0), 2.75, -PI, 0.0);
            let mut points: Vec<(f32, f32)> = vec![(5.25, 7.5)];
            points.extend(shackle.iter().map(|p| (p.x, p.y)));
            points.push((10.75, if closed { 7.5 } else { 5.5 }));
            line(&points);
            if closed {
                painter.circle_filled(at(8.0, 10.5), 1.2, ink);
            }
        }
        Icon::Replay => replay(&line),
        Icon::Share => share(&line),
        Icon::Link => link(&line),
        Icon::Drop => drop_in(&line),
        Icon::Play => {
            painter.add(Shape::convex_polygon(vec![at(5.0, 3.0), at(13.0, 8.0), at(5.0, 13.0)], ink, Stroke::NONE));
        }
        Icon::Pause => {
            for x in [5.0, 11.0] {
                painter.line_segment([at(x, 3.5), at(x, 12.5)], Stroke::new(2.5, ink));
            }
        }
        Icon::Grip => grip(painter, corner, ink),
        Icon::Copy => copy(&line),
        Icon::Open => open(&line),
        Icon::Note => note(&line),
        Icon::Info => {
            painter.circle_stroke(center, 6.25, stroke);
            line(&[(8.0, 7.2), (8.0, 11.4)]);
            painter.circle_filled(at(8.0, 5.0), 0.9, ink);
        }
    }
}

/// A filled triangle, 9 wide and 7 high, its tip down at `tip`: the largest value that still fits.
pub fn limit(painter: &Painter, tip: Pos2, ink: Ink) {
    let points = vec![tip, tip + vec2(-4.5, -7.0), tip + vec2(4.5, -7.0)];
    painter.add(Shape::convex_polygon(points, ink, Stroke::NONE));
}

/// Points on a circle from one angle to another, clockwise on the screen.
pub(super) fn arc(center: Pos2, radius: f32, from: f32, to: f32) -> Vec<Pos2> {
    const STEPS: u16 = 24;
    let steps = ((to - from) / TAU * 2.0 * f32::from(STEPS)).abs().ceil().max(2.0);
    (0..=STEPS * 2)
        .map(f32::from)
        .take_while(|step| *step <= steps)
        .map(|step| center + radius * Vec2::angled(from + (to - from) * step / steps))
        .collect()
}

/// Six dots, by which something is dragged.
fn grip(painter: &Painter, corner: Pos2, ink: Ink) {
    for (x, y) in [(5.5, 3.0), (5.5, 8.0), (5.5, 13.0), (10.5, 3.0), (10.5, 8.0), (10.5, 13.0)] {
        painter.circle_filled(corner + vec2(x, y), 1.2, ink);
    }
}

/// Two sheets, one behind the other.
fn copy(line: &impl Fn(&[(f32, f32)])) {
    line(&[(5.5, 5.5), (13.5, 5.5), (13.5, 13.5), (5.5, 13.5), (5.5, 5.5)]);
    line(&[(3.5, 10.5), (2.5, 10.5), (2.5, 2.5), (10.5, 2.5), (10.5, 3.5)]);
}

/// An arrow out of a box.
fn open(line: &impl Fn(&[(f32, f32)])) {
    line(&[(7.0, 3.5), (2.5, 3.5), (2.5, 13.5), (12.5, 13.5), (12.5, 9.0)]);
    line(&[(7.5, 8.5), (13.5, 2.5)]);
    line(&[(9.5, 2.5), (13.5, 2.5), (13.5, 6.5)]);
}

/// A sheet with lines on it.
fn note(line: &impl Fn(&[(f32, f32)])) {
    line(&[(3.5, 2.5), (12.5, 2.5), (12.5, 13.5), (3.5, 13.5), (3.5, 2.5)]);
    for y in [5.5, 8.0, 10.5] {
        line(&[(5.5, y), (if y > 10.0 { 8.5 } else { 10.5 }, y)]);
    }
}

/// Two links that reach into each other, on the slant.
fn link(line: &impl Fn(&[(f32, f32)])) {
    const RADIUS: f32 = 2.6;
    let slant = |x: f32, y: f32| {
        (8.0 + (x - y) * std::f32::consts::FRAC_1_SQRT_2, 8.0 - (x + y) * std::f32::consts::FRAC_1_SQRT_2)
    };
    for side in [-1.0, 1.0] {
        let end = arc(pos2(3.8, 0.0), RADIUS, -PI / 2.0, PI / 2.0);
        let mut points = vec![slant(side * 1.6, side * -RADIUS)];
        points.extend(end.iter().map(|p| slant(side * p.x, side * p.y)));
        points.push(slant(side * 1.6, side * RADIUS));
        line(&points);
    }
}

/// Once around, back to the beginning.
fn replay(line: &impl Fn(&[(f32, f32)])) {
    let turn = arc(pos2(8.0, 8.5), 5.0, -PI * 0.8, PI * 0.85);
    line(&turn.iter().map(|p| (p.x, p.y)).collect::<Vec<_>>());
    line(&[(3.0, 2.5), (3.6, 6.0), (7.2, 5.6)]);
}

/// An arrow up and out of a box.
fn share(line: &impl Fn(&[(f32, f32)])) {
    line(&[(5.0, 6.5), (3.0, 6.5), (3.0, 14.0), (13.0, 14.0), (13.0, 6.5), (11.0, 6.5)]);
    line(&[(8.0, 10.0), (8.0, 2.0)]);
    line(&[(5.0, 5.0), (8.0, 2.0), (11.0, 5.0)]);
}

/// An arrow down into a box.
fn drop_in(line: &impl Fn(&[(f32, f32)])) {
    line(&[(8.0, 1.5), (8.0, 9.5)]);
    line(&[(4.5, 6.0), (8.0, 9.5), (11.5, 6.0)]);
    line(&[(1.5, 9.0), (1.5, 14.0), (14.5, 14.0), (14.5, 9.0)]);
}

/// A filled triangle in a box of 10 points: more points up, less points down.
pub fn arrow(painter: &Painter, center: Pos2, up: bool, ink: Ink) {
    let flip = if up { 1.0 } else { -1.0 };
    let at = |x: f32, y: f32| center + vec2(x, y * flip);
    painter.add(Shape::convex_polygon(vec![at(0.0, -3.5), at(4.5, 3.5), at(-4.5, 3.5)], ink, Stroke::NONE));
}
