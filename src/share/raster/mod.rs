//! Marks as pixels, without a window or a GPU.

mod faces;
mod hatch;
mod lettering;

use vello_cpu::kurbo::{Affine, BezPath, Circle, Rect, RoundedRect, Shape as _, Stroke};
use vello_cpu::peniko::Color;
use vello_cpu::{Pixmap, RenderContext, Resources};

use super::texture::{DASHES, PLATE};
use crate::scenes::draw::Measure as _;
use crate::scenes::mark::{Anchor, Area, At, Fill, Ink, Mark, Pen, Shape};
use crate::scenes::palette::{Palette, Rgb};
pub(super) use faces::Faces;

/// Curves are drawn so exactly, in points.
const TOLERANCE: f64 = 0.05;
/// The corners of a plate.
const PLATE_RADIUS: f32 = 3.0;
/// The longest side of a picture, in pixels.
const LONGEST: f32 = 16_000.0;

/// A picture in pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Red, green, blue and opacity of each, row by row.
    pub rgba: Vec<u8>,
}

/// Draws marks on a ground of this size in points, `scale` pixels each.
pub(super) fn draw(marks: &[Mark], size: [f32; 2], palette: &Palette, scale: f32) -> Pixels {
    let scale = scale.min(LONGEST / size[0].max(size[1]).max(1.0));
    let [width, height] = size.map(|side| pixels(side * scale));
    let mut canvas =
        Canvas { context: RenderContext::new(width, height), faces: Faces::bundled(), palette, opacity: 1.0 };
    canvas.context.set_transform(Affine::scale(scale.into()));
    canvas.fill(&rect(Area::new(0.0, 0.0, size[0], size[1])), palette.bg);
    for mark in marks.iter().filter(|mark| mark.opacity > 0.0) {
        canvas.opacity = mark.opacity;
        canvas.shape(&mark.shape);
    }
    let mut pixmap = Pixmap::new(width, height);
    canvas.context.flush();
    canvas.context.render(&mut pixmap, &mut Resources::new());
    let rgba = pixmap.take_unpremultiplied().into_iter().flat_map(|it| [it.r, it.g, it.b, it.a]).collect();
    Pixels { width: width.into(), height: height.into(), rgba }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and the longest side")]
fn pixels(side: f32) -> u16 {
    side.round().clamp(1.0, LONGEST) as u16
}

/// Where marks are drawn.
struct Canvas<'a> {
    context: RenderContext,
    faces: Faces,
    palette: &'a Palette,
    opacity: f32,
}

impl Canvas<'_> {
    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Rect { area, radius, fill, pen } => self.rect(*area, *radius, *fill, *pen),
            Shape::Path { points, pen } => self.stroke(&through(points), *pen),
            Shape::Polygon { points, ink } => {
                let mut path = through(points);
                path.close_path();
                self.fill(&path, self.palette.ink(*ink));
            }
            Shape::Disc { center, radius, ink, pen } => {
                let path = Circle::new(at(*center), f64::from(*radius)).to_path(TOLERANCE);
                if let Some(ink) = ink {
                    self.fill(&path, self.palette.ink(*ink));
                }
                if let Some(pen) = pen {
                    self.stroke(&path, *pen);
                }
            }
            Shape::Text { at, anchor, words, face, ink, plate, room } => {
                let words = self.faces.within(words, *face, *room);
                let width = self.faces.width(&words, *face);
                let left = match anchor {
                    Anchor::Start => at[0],
                    Anchor::Middle => at[0] - width / 2.0,
                    Anchor::End => at[0] - width,
                };
                if let Some(plate) = plate {
                    let [around, height] = PLATE;
                    let area = Area::new(left - around / 2.0, at[1] - height / 2.0, width + around, height);
                    self.fill(&rounded(area, PLATE_RADIUS), self.palette.ink(*plate));
                }
                let letters = self.faces.outlines(&words, *face, [left, at[1]]);
                self.fill(&letters, self.palette.ink(*ink));
            }
        }
    }

    fn rect(&mut self, area: Area, radius: f32, fill: Fill, pen: Option<Pen>) {
        let path = rounded(area, radius);
        // A component's own edge runs inside its area, as wide as one point.
        let inside = rounded(area.inset(0.5), radius);
        match fill {
            Fill::None => {}
            Fill::Plain(ink) => self.fill(&path, self.palette.ink(ink)),
            Fill::Solid(component) => {
                self.solid(&path, area, component);
                self.line(&inside, self.palette.memory(component).edge, 1.0, false);
            }
            Fill::Hatched(component) | Fill::Nowhere(component) => {
                self.hatched(&path, area, component);
                let dashed = matches!(fill, Fill::Nowhere(_));
                self.line(&inside, self.palette.memory(component).fill, 1.0, dashed);
            }
            Fill::Ghost(component) => self.line(&inside, self.palette.memory(component).fill, 1.0, true),
        }
        if let Some(pen) = pen {
            self.stroke(&path, pen);
        }
    }

    fn fill(&mut self, path: &BezPath, color: Rgb) {
        self.paint(color);
        self.context.fill_path(path);
    }

    fn stroke(&mut self, path: &BezPath, Pen { ink, width, dashed }: Pen) {
        self.line(path, self.color(ink), width, dashed);
    }

    fn line(&mut self, path: &BezPath, color: Rgb, width: f32, dashed: bool) {
        let stroke = Stroke::new(width.into());
        let stroke = if dashed { stroke.with_dashes(0.0, DASHES.map(f64::from)) } else { stroke };
        self.paint(color);
        self.context.set_stroke(stroke);
        self.context.stroke_path(path);
    }

    fn color(&self, ink: Ink) -> Rgb {
        self.palette.ink(ink)
    }

    fn paint(&mut self, Rgb([r, g, b]): Rgb) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a byte")]
        let opacity = (self.opacity.clamp(0.0, 1.0) * 255.0).round() as u8;
        self.context.set_paint(Color::from_rgba8(r, g, b, opacity));
    }
}

fn at([x, y]: At) -> (f64, f64) {
    (x.into(), y.into())
}

fn rect(area: Area) -> BezPath {
    Rect::new(area.x.into(), area.y.into(), area.right().into(), area.bottom().into()).to_path(TOLERANCE)
}

fn rounded(area: Area, radius: f32) -> BezPath {
    if radius <= 0.0 {
        return rect(area);
    }
    let (x, y, right, bottom) = (area.x.into(), area.y.into(), area.right().into(), area.bottom().into());
    RoundedRect::new(x, y, right, bottom, f64::from(radius)).to_path(TOLERANCE)
}

fn through(points: &[At]) -> BezPath {
    let mut path = BezPath::new();
    for (place, point) in points.iter().enumerate() {
        match place {
            0 => path.move_to(at(*point)),
            _ => path.line_to(at(*point)),
        }
    }
    path
}
