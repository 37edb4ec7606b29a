//! Paints marks: plain shapes become those of the toolkit, colors those of the theme.

use eframe::egui::epaint::PathShape;
use eframe::egui::{Align2, Painter, Pos2, Rect, Shape as Painted, Stroke, StrokeKind, pos2, vec2};

use crate::scenes::draw::Measure;
use crate::scenes::mark::{Anchor, Area, At, Face, Fill, Link, Mark, Pen, STAGE, Shape};
use crate::ui::fonts;
use crate::ui::paint;
use crate::ui::theme::{self, Tokens};

/// Where the stage lies in the window, and how large.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    /// The stage in the window.
    pub(super) rect: Rect,
    /// Points of the window for one of the stage.
    pub(super) scale: f32,
}

impl Place {
    /// The largest stage in `room`, in its middle.
    pub(super) fn within(room: Rect) -> Self {
        let scale = (room.width() / STAGE[0]).min(room.height() / STAGE[1]).max(0.05);
        Self { rect: Rect::from_center_size(room.center(), vec2(STAGE[0], STAGE[1]) * scale), scale }
    }

    /// A point of the stage in the window.
    pub(super) fn at(&self, at: At) -> Pos2 {
        self.rect.min + vec2(at[0], at[1]) * self.scale
    }

    /// A point of the window on the stage.
    pub(super) fn on_stage(&self, at: Pos2) -> At {
        let at = (at - self.rect.min) / self.scale;
        [at.x, at.y]
    }

    /// An area of the stage in the window.
    pub(super) fn area(&self, area: Area) -> Rect {
        Rect::from_min_size(self.at([area.x, area.y]), vec2(area.w, area.h) * self.scale)
    }
}

/// Widths as the window's fonts have them at the scale of the stage.
pub(super) struct Fonts<'a> {
    pub(super) painter: &'a Painter,
    pub(super) scale: f32,
}

impl Measure for Fonts<'_> {
    fn width(&self, words: &str, face: Face) -> f32 {
        let font = fonts::of_stage(face, self.scale);
        let galley = self.painter.layout_no_wrap(words.to_owned(), font, theme::CLEAR);
        galley.size().x / self.scale
    }
}

/// Paints `marks`; what belongs to `lit` is outlined.
pub(super) fn show(painter: &Painter, t: &Tokens, marks: &[Mark], place: Place, lit: Option<Link>) {
    let mut faded = painter.clone();
    for mark in marks {
        faded.set_opacity(mark.opacity);
        show_one(&faded, t, &mark.shape, place);
    }
    let Some(lit) = lit else { return };
    let outline = Stroke::new(2.0, t.text);
    for mark in marks.iter().filter(|mark| mark.link == Some(lit)) {
        match &mark.shape {
            Shape::Rect { area, radius, .. } => {
                let corner = (radius * place.scale).min(8.0);
                painter.rect_stroke(place.area(*area), corner, outline, StrokeKind::Outside);
            }
            Shape::Polygon { points, .. } => {
                let points = points.iter().map(|at| place.at(*at)).collect();
                painter.add(Painted::closed_line(points, outline));
            }
            Shape::Disc { center, radius, .. } => {
                painter.circle_stroke(place.at(*center), radius * place.scale, outline);
            }
            Shape::Path { .. } | Shape::Text { .. } => {}
        }
    }
}

fn show_one(painter: &Painter, t: &Tokens, shape: &Shape, place: Place) {
    let scale = place.scale;
    match shape {
        Shape::Rect { area, radius, fill, pen } => {
            let (rect, corner) = (place.area(*area), radius * scale);
            match fill {
                Fill::None => {}
                Fill::Plain(ink) => {
                    painter.rect_filled(rect, corner, t.scene(*ink));
                }
                Fill::Solid(component) => paint::solid(painter, rect, *component, t.memory(*component)),
                Fill::Hatched(component) => paint::hatch(painter, rect, t.memory(*component), true),
                Fill::Nowhere(component) => paint::hatch(painter, rect, t.memory(*component), false),
                Fill::Ghost(component) => {
                    paint::dashed(painter, rect.shrink(0.5), Stroke::new(1.0, t.memory(*component).fill));
                }
            }
            match pen {
                Some(pen) if pen.dashed => paint::dashed(painter, rect, stroke(t, *pen, scale)),
                Some(pen) => {
                    painter.rect_stroke(rect, corner, stroke(t, *pen, scale), StrokeKind::Middle);
                }
                None => {}
            }
        }
        Shape::Path { points, pen } => {
            let points: Vec<Pos2> = points.iter().map(|at| place.at(*at)).collect();
            if pen.dashed {
                painter.extend(Painted::dashed_line(&points, stroke(t, *pen, scale), 4.0, 3.0));
            } else {
                painter.add(Painted::Path(PathShape::line(points, stroke(t, *pen, scale))));
            }
        }
        Shape::Polygon { points, ink } => {
            let points = points.iter().map(|at| place.at(*at)).collect();
            painter.add(Painted::convex_polygon(points, t.scene(*ink), Stroke::NONE));
        }
        Shape::Disc { center, radius, ink, pen } => {
            let (center, radius) = (place.at(*center), radius * scale);
            if let Some(ink) = ink {
                painter.circle_filled(center, radius, t.scene(*ink));
            }
            if let Some(pen) = pen {
                painter.circle_stroke(center, radius, stroke(t, *pen, scale));
            }
        }
        Shape::Text { at, anchor, words, face, ink, plate, room } => {
            let line = Line { at: place.at(*at), anchor: *anchor, words, face: *face, room: room * scale };
            line.show(painter, scale, t.scene(*ink), plate.map(|ground| t.scene(ground)));
        }
    }
}

fn stroke(t: &Tokens, pen: Pen, scale: f32) -> Stroke {
    Stroke::new((pen.width * scale).max(1.0), t.scene(pen.ink))
}

/// A line of text in the window.
struct Line<'a> {
    at: Pos2,
    anchor: Anchor,
    words: &'a str,
    face: Face,
    room: f32,
}

impl Line<'_> {
    fn show(&self, painter: &Painter, scale: f32, ink: theme::Ink, plate: Option<theme::Ink>) {
        let galley = paint::line_within(painter, self.words, fonts::of_stage(self.face, scale), ink, self.room);
        let align = match self.anchor {
            Anchor::Start => Align2::LEFT_CENTER,
            Anchor::Middle => Align2::CENTER_CENTER,
            Anchor::End => Align2::RIGHT_CENTER,
        };
        let rect = align.anchor_size(self.at, galley.size());
        if let Some(ground) = plate {
            painter.rect_filled(rect.expand2(vec2(6.0, 2.0)), theme::radius::PLATE, ground);
        }
        painter.galley(pos2(rect.left(), rect.top()), galley, ink);
    }
}
