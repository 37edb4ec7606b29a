//! Steps or points in order, each with a line of what is done: a recipe.

use super::pencil::Pencil;
use super::{Acts, Progress};
use crate::scenes::Scene;
use crate::scenes::mark::{Anchor, Area, Face, Fill, Ink, Pen};
use crate::scenes::picture::{Say, Thing};
use crate::scenes::spans::Tongue;
use crate::text::{self, Locale};

/// Points, one under the other from the upper left of its area.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// The points.
    pub points: Vec<Point>,
    /// From one to the next, in points.
    pub pitch: f32,
}

/// One point.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// What is done.
    pub title: Say,
    /// What that means, on as many lines as it takes.
    pub about: Say,
    /// What is typed for it, as it is typed; may be empty.
    pub command: Say,
}

impl Point {
    /// A point without a command.
    pub fn new(title: impl Into<Say>, about: impl Into<Say>) -> Self {
        Self { title: title.into(), about: about.into(), command: Say::Name(String::new()) }
    }

    /// The same with what is typed.
    #[must_use]
    pub fn typed(mut self, command: impl Into<Say>) -> Self {
        self.command = command.into();
        self
    }
}

/// From the left edge to the words.
const INDENT: f32 = 44.0;
const DISC: f32 = 14.0;
/// The height of a command's ground.
const COMMAND: f32 = 26.0;

impl Acts for Listing {
    fn seconds(&self, before: Option<&Thing>) -> f32 {
        if before.is_some() { 0.0 } else { super::super::clock::BEAT }
    }

    fn draw(&self, before: Option<&Thing>, at: Progress, area: Area, pencil: &mut Pencil<'_>) {
        let count = self.points.len() as f32;
        for (place, point) in self.points.iter().enumerate() {
            // One after the other.
            let seen = if before.is_some() { 1.0 } else { (at.moved * count - place as f32).clamp(0.0, 1.0) };
            let y = area.y + place as f32 * self.pitch;
            pencil.faded(seen, |pencil| draw_point(point, place, Area { y, ..area }, pencil));
        }
    }

    fn describe(&self, scene: &Scene, tongue: Tongue, locale: Locale) -> String {
        let say = |say: &Say| scene.say(say, tongue, locale);
        let points = self.points.iter().enumerate().map(|(place, point)| {
            let lines = [&point.title, &point.about, &point.command].map(say);
            let said: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
            format!("{}. {}", place + 1, said.join(if locale == Locale::En { ": " } else { "：" }))
        });
        points.collect::<Vec<_>>().join(if locale == Locale::En { " " } else { "" })
    }
}

fn draw_point(point: &Point, place: usize, area: Area, pencil: &mut Pencil<'_>) {
    let center = [area.x + DISC, area.y + DISC];
    pencil.disc(center, DISC, None, Some(Pen::new(Ink::Rail, 1.5)));
    let number = text::count(place as u64 + 1);
    pencil.text(center, Anchor::Middle, &number, (Face::BodyStrong, Ink::Text), f32::INFINITY);
    let [x, room] = [area.x + INDENT, area.w - INDENT];
    let (title, about, command) = (pencil.say(&point.title), pencil.say(&point.about), pencil.say(&point.command));
    pencil.text([x, area.y + DISC], Anchor::Start, &title, (Face::Amount, Ink::Text), room);
    let height = pencil.paragraph([x, area.y + 2.0 * DISC], &about, (Face::Lead, Ink::Sec), room);
    if command.is_empty() {
        return;
    }
    let ground = Area::new(x, area.y + 2.0 * DISC + height + 6.0, room, COMMAND);
    pencil.rect(ground, 4.0, Fill::Plain(Ink::Raised), None);
    let at = [x + 10.0, ground.center()[1]];
    pencil.text(at, Anchor::Start, &command, (Face::Mono, Ink::Text), room - 20.0);
}
