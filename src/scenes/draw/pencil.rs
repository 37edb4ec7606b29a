//! Makes marks: what every thing draws with.

use super::Beholder;
use crate::scenes::Scene;
use crate::scenes::mark::{Anchor, Area, At, Face, Fill, Ink, Link, Mark, Pen, Shape};
use crate::scenes::picture::Say;

/// From one line of a paragraph to the next, in sizes of its face.
pub const LEADING: f32 = 1.4;

/// Draws marks of one thing.
pub struct Pencil<'a> {
    scene: Option<&'a Scene>,
    beholder: Beholder<'a>,
    opacity: f32,
    link: Option<Link>,
    marks: &'a mut Vec<Mark>,
}

impl<'a> Pencil<'a> {
    /// A pencil for a thing that is seen so much and lights up with `link`.
    pub fn new(
        scene: &'a Scene,
        beholder: Beholder<'a>,
        opacity: f32,
        link: Option<Link>,
        marks: &'a mut Vec<Mark>,
    ) -> Self {
        Self { scene: Some(scene), beholder, opacity, link, marks }
    }

    /// A pencil for what belongs to no scene: its words are names and figures.
    pub const fn alone(beholder: Beholder<'a>, marks: &'a mut Vec<Mark>) -> Self {
        Self { scene: None, beholder, opacity: 1.0, link: None, marks }
    }

    /// The words of a label or figure, as the beholder reads them.
    pub fn say(&self, say: &Say) -> String {
        let Beholder { tongue, locale, .. } = self.beholder;
        self.scene.map_or_else(|| say.unscripted(locale), |scene| scene.say(say, tongue, locale))
    }

    /// Who looks.
    pub const fn beholder(&self) -> Beholder<'a> {
        self.beholder
    }

    /// How wide words are.
    pub fn width(&self, words: &str, face: Face) -> f32 {
        self.beholder.measure.width(words, face)
    }

    /// Draws the next marks as part of something else.
    pub fn with_link(&mut self, link: Option<Link>, draw: impl FnOnce(&mut Self)) {
        let own = self.link;
        self.link = link.or(own);
        draw(self);
        self.link = own;
    }

    /// Draws the next marks seen only so much.
    pub fn faded(&mut self, share: f32, draw: impl FnOnce(&mut Self)) {
        if share <= 0.0 {
            return;
        }
        let own = self.opacity;
        self.opacity *= share.min(1.0);
        draw(self);
        self.opacity = own;
    }

    fn add(&mut self, shape: Shape) {
        self.marks.push(Mark { shape, opacity: self.opacity, link: self.link });
    }

    /// A rectangle.
    pub fn rect(&mut self, area: Area, radius: f32, fill: Fill, pen: Option<Pen>) {
        self.add(Shape::Rect { area, radius, fill, pen });
    }

    /// A line through points.
    pub fn path(&mut self, points: Vec<At>, pen: Pen) {
        self.add(Shape::Path { points, pen });
    }

    /// A line between two points.
    pub fn line(&mut self, from: At, to: At, pen: Pen) {
        self.path(vec![from, to], pen);
    }

    /// A filled convex polygon.
    pub fn polygon(&mut self, points: Vec<At>, ink: Ink) {
        self.add(Shape::Polygon { points, ink });
    }

    /// A disc or a ring.
    pub fn disc(&mut self, center: At, radius: f32, ink: Option<Ink>, pen: Option<Pen>) {
        self.add(Shape::Disc { center, radius, ink, pen });
    }

    /// One line of text; what has no room is cut.
    pub fn text(&mut self, at: At, anchor: Anchor, words: &str, (face, ink): (Face, Ink), room: f32) {
        if !words.is_empty() {
            self.add(Shape::Text { at, anchor, words: words.to_owned(), face, ink, plate: None, room });
        }
    }

    /// One line of text on a ground of its own.
    pub fn plate(&mut self, at: At, anchor: Anchor, words: &str, (ground, ink): (Ink, Ink), room: f32) {
        if !words.is_empty() {
            let face = Face::SmallStrong;
            self.add(Shape::Text { at, anchor, words: words.to_owned(), face, ink, plate: Some(ground), room });
        }
    }

    /// The words as lines no longer than `room`.
    pub fn lines(&self, words: &str, face: Face, room: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for piece in pieces(words) {
            if !line.is_empty() && self.width(&format!("{line}{}", piece.trim_end()), face) > room {
                lines.push(line.trim_end().to_owned());
                line.clear();
            }
            line.push_str(piece);
        }
        lines.push(line.trim_end().to_owned());
        lines
    }

    /// Text on as many lines as it takes, from `at` downward; the height it took.
    pub fn paragraph(&mut self, at: At, words: &str, (face, ink): (Face, Ink), room: f32) -> f32 {
        let height = face.size() * LEADING;
        let mut y = at[1];
        for line in self.lines(words, face, room) {
            self.text([at[0], y + height / 2.0], Anchor::Start, &line, (face, ink), f32::INFINITY);
            y += height;
        }
        y - at[1]
    }
}

/// Where a line may break: after a space, and after each Chinese character that no closing mark follows.
fn pieces(words: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut letters = words.char_indices().peekable();
    while let Some((_, letter)) = letters.next() {
        let next = letters.peek().map(|(place, letter)| (*place, *letter));
        let end = next.map_or(words.len(), |(place, _)| place);
        let closes = next.is_some_and(|(_, next)| "，。、；：？！）》”’」】".contains(next));
        if letter == ' ' || (letter > '\u{2e7f}' && !closes && !"（《“‘「【".contains(letter)) {
            out.push(&words[start..end]);
            start = end;
        }
    }
    if start < words.len() {
        out.push(&words[start..]);
    }
    out
}
