//! Words as paths.

use skrifa::MetadataProvider as _;
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use vello_cpu::kurbo::BezPath;

use super::super::texture::FEET;
use super::Faces;
use crate::scenes::mark::{At, Face};

impl Faces {
    /// The outlines of words that begin at a point and are centered on its height.
    pub(super) fn outlines(&self, words: &str, face: Face, [left, middle]: At) -> BezPath {
        let mut pen = PathPen { path: BezPath::new(), origin: [left, middle + FEET * face.size()] };
        for letter in words.chars().filter_map(|letter| self.letter(letter, face)) {
            if let Some(outline) = letter.font.outline_glyphs().get(letter.glyph) {
                let settings = DrawSettings::unhinted(Size::new(face.size()), LocationRef::default());
                // A letter that cannot be drawn leaves its room empty.
                let _ = outline.draw(settings, &mut pen);
            }
            pen.origin[0] += letter.advance;
        }
        pen.path
    }
}

/// Draws outlines, whose height grows upward, from a point on.
struct PathPen {
    path: BezPath,
    origin: At,
}

impl PathPen {
    fn at(&self, x: f32, y: f32) -> (f64, f64) {
        ((self.origin[0] + x).into(), (self.origin[1] - y).into())
    }
}

impl OutlinePen for PathPen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.at(x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.at(x, y));
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        self.path.quad_to(self.at(cx0, cy0), self.at(x, y));
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.path.curve_to(self.at(cx0, cy0), self.at(cx1, cy1), self.at(x, y));
    }

    fn close(&mut self) {
        self.path.close_path();
    }
}
