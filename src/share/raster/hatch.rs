//! Patterns on the fills of components.

use vello_cpu::kurbo::{BezPath, Rect, Shape as _};

use super::super::texture::{DOT, HATCH, STROKE, Strokes, texture};
use super::{Canvas, TOLERANCE};
use crate::estimate::Memory;
use crate::scenes::mark::Area;

impl Canvas<'_> {
    /// A component in VRAM: its fill with the strokes of its tile.
    pub(super) fn solid(&mut self, path: &BezPath, area: Area, component: Memory) {
        let colors = self.palette.memory(component);
        self.fill(path, colors.fill);
        let (strokes, side) = texture(component);
        self.context.push_clip_path(path);
        match strokes {
            Strokes::None => {}
            Strokes::Upright => self.line(&upright(area, side), colors.pattern, 1.0, false),
            Strokes::Level => self.line(&level(area, side), colors.pattern, 1.0, false),
            Strokes::Falling => self.line(&slanted(area, side, 1.0), colors.pattern, 1.0, false),
            Strokes::Crossed => {
                self.line(&slanted(area, side, 1.0), colors.pattern, 1.0, false);
                self.line(&slanted(area, side, -1.0), colors.pattern, 1.0, false);
            }
            Strokes::Dots => self.fill(&dots(area, side), colors.pattern),
        }
        self.context.pop_clip_path();
    }

    /// A component in RAM, or nowhere: hatched.
    pub(super) fn hatched(&mut self, path: &BezPath, area: Area, component: Memory) {
        let colors = self.palette.memory(component);
        let (side, width) = HATCH;
        self.fill(path, colors.hatch_ground);
        self.context.push_clip_path(path);
        self.line(&slanted(area, side, -1.0), colors.fill, width, false);
        self.context.pop_clip_path();
    }
}

/// Places from `from` to `to`, one a tile of this side, `offset` from where each begins.
fn steps(from: f32, to: f32, side: f32, offset: f32) -> impl Iterator<Item = f64> {
    let first = (from / side).floor() * side + offset;
    let mut at = f64::from(first);
    std::iter::from_fn(move || {
        let now = at;
        at += f64::from(side);
        (now <= f64::from(to)).then_some(now)
    })
}

fn upright(area: Area, side: f32) -> BezPath {
    let mut path = BezPath::new();
    for x in steps(area.x, area.right(), side, STROKE) {
        path.move_to((x, f64::from(area.y)));
        path.line_to((x, f64::from(area.bottom())));
    }
    path
}

fn level(area: Area, side: f32) -> BezPath {
    let mut path = BezPath::new();
    for y in steps(area.y, area.bottom(), side, STROKE) {
        path.move_to((f64::from(area.x), y));
        path.line_to((f64::from(area.right()), y));
    }
    path
}

/// Lines that fall (`slope` 1) or rise (-1), through the corners of the tiles.
fn slanted(area: Area, side: f32, slope: f64) -> BezPath {
    let (top, bottom) = (f64::from(area.y), f64::from(area.bottom()));
    let mut path = BezPath::new();
    // Each line is named by where it crosses the height zero.
    let (reach, shift) = (area.h, top * slope);
    let (from, to) = (f64::from(area.x) - shift, f64::from(area.right()) - shift);
    #[expect(clippy::cast_possible_truncation, reason = "points of a picture")]
    let (from, to) = (from as f32 - reach, to as f32 + reach);
    for zero in steps(from, to, side, 0.0) {
        path.move_to((zero + top * slope, top));
        path.line_to((zero + bottom * slope, bottom));
    }
    path
}

fn dots(area: Area, side: f32) -> BezPath {
    let (dot, offset) = (f64::from(DOT.0), DOT.1);
    let mut path = BezPath::new();
    for y in steps(area.y, area.bottom(), side, offset) {
        for x in steps(area.x, area.right(), side, offset) {
            path.extend(Rect::new(x, y, x + dot, y + dot).path_elements(TOLERANCE));
        }
    }
    path
}
