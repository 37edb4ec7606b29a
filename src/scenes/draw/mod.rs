//! Draws a scene at a moment: a pure function that yields marks.

pub mod axis;
pub mod bars;
pub mod blocks;
pub mod bubble;
pub mod curve;
pub mod grid;
pub mod key;
pub mod lane;
pub mod listing;
pub mod pencil;
pub mod reading;
pub mod ring;
pub mod roads;
pub mod shelf;
pub mod stream;
pub mod table;
pub mod told;
pub mod worker;

use super::Scene;
use super::clock::{Clock, EventKind};
use super::handle::Edge;
use super::mark::{Area, At, DIM, Link, Mark};
use super::picture::{Picture, Placed, Say};
use super::spans::Tongue;
use crate::text::Locale;
use bars::Bars;
use blocks::Blocks;
use bubble::Bubble;
use curve::Curve;
use grid::Grid;
use lane::Lane;
use listing::Listing;
use pencil::Pencil;
use reading::Reading;
use ring::Ring;
use roads::Roads;
use shelf::Shelf;
use stream::Stream;
use table::Table;
use worker::Worker;

macro_rules! things {
    ($($thing:ident),* $(,)?) => {
        /// A kind of thing; each is drawn and put into words by its own file.
        #[derive(Debug, Clone, PartialEq)]
        #[allow(missing_docs, reason = "each is explained where it is defined")]
        pub enum Thing { $($thing($thing),)* }

        $(impl From<$thing> for Thing {
            fn from(thing: $thing) -> Self {
                Self::$thing(thing)
            }
        })*

        impl Thing {
            /// What it does, as every thing does it.
            pub fn acts(&self) -> &dyn Acts {
                match self { $(Self::$thing(thing) => thing,)* }
            }
        }
    };
}

things!(Shelf, Lane, Ring, Worker, Bubble, Reading, Grid, Listing, Roads, Table, Bars, Curve, Blocks, Stream);

/// How wide words are: the window asks its fonts, a page reckons.
pub trait Measure {
    /// Points that `words` take in this face.
    fn width(&self, words: &str, face: super::mark::Face) -> f32;
}

/// Widths by rule: 0.6 of the size a Latin letter, one size a Chinese character. A little more than any line takes.
#[derive(Debug, Clone, Copy, Default)]
pub struct ByRule;

impl Measure for ByRule {
    fn width(&self, words: &str, face: super::mark::Face) -> f32 {
        let letters: f32 = words.chars().map(|letter| if letter > '\u{2e7f}' { 1.0 } else { 0.6 }).sum();
        letters * face.size()
    }
}

/// Who looks, and how.
#[derive(Clone, Copy)]
pub struct Beholder<'a> {
    /// The language.
    pub locale: Locale,
    /// Kitchen words or plain ones.
    pub tongue: Tongue,
    /// How wide words are.
    pub measure: &'a dyn Measure,
}

/// How far a thing is in a stop.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// How far it moved: 0 to 1.
    pub moved: f32,
    /// Seconds of its own movement.
    pub seconds: f32,
    /// How far the numbers of the stop are seen: 0 to 1.
    pub numbers: f32,
}

/// What a thing can do.
pub trait Acts {
    /// Seconds that it moves when it comes after `before`; 0 = it stands still.
    fn seconds(&self, before: Option<&Thing>) -> f32;

    /// Whether it runs in real time beside the others that do, rather than in its turn.
    fn races(&self) -> bool {
        false
    }

    /// Draws it in `area`.
    fn draw(&self, before: Option<&Thing>, at: Progress, area: Area, pencil: &mut Pencil<'_>);

    /// Where a handle on one of its edges sits.
    fn grip(&self, area: Area, edge: Edge) -> At {
        match edge {
            Edge::Right => [area.right(), area.center()[1]],
            Edge::Top => [area.center()[0], area.y],
        }
    }

    /// What it shows, as a sentence for those who do not see it; empty where that says nothing new.
    fn describe(&self, scene: &Scene, tongue: Tongue, locale: Locale) -> String;
}

impl Scene {
    /// The words of a label or figure.
    pub fn say(&self, say: &Say, tongue: Tongue, locale: Locale) -> String {
        say.words(locale, &|name| self.script.label(name).map(|said| self.plain(said, tongue, locale)))
    }
}

impl Say {
    /// The words of names and figures, which need no script.
    pub fn unscripted(&self, locale: Locale) -> String {
        self.words(locale, &|_| None)
    }

    fn words(&self, locale: Locale, label: &dyn Fn(&str) -> Option<String>) -> String {
        match self {
            // One that is missing is seen, so that it is mended.
            Self::Label(name) => label(name).unwrap_or_else(|| format!("{{{name}}}")),
            Self::Figure(figure) => figure.say(locale),
            Self::Name(name) => name.clone(),
            Self::Joined(parts) => {
                let mut out = String::new();
                for part in parts {
                    let word = part.words(locale, label);
                    // A wide colon brings its own space.
                    if !out.is_empty() && !word.is_empty() && !out.ends_with('：') {
                        out.push(' ');
                    }
                    out.push_str(&word);
                }
                out
            }
        }
    }
}

/// The marks of `scene` at `time` on its clock.
pub fn draw(scene: &Scene, clock: &Clock, time: f32, beholder: Beholder<'_>) -> Vec<Mark> {
    let mut marks = Vec::new();
    let stop = clock.stop_at(time);
    let Some(picture) = scene.pictures.get(stop) else { return marks };
    let before = stop.checked_sub(1).and_then(|earlier| scene.pictures.get(earlier));
    let look = clock.share(stop, EventKind::Look, None, time);
    let name = clock.share(stop, EventKind::Name, None, time);
    let numbers = clock.share(stop, EventKind::Number, None, time);
    if let Some(before) = before {
        draw_leaving(scene, before, picture, 1.0 - look, beholder, &mut marks);
    }
    for placed in &picture.things {
        let was = before.and_then(|before| before.find(placed.id));
        let light = |picture: &Picture| if picture.is_lit(placed.id) { 1.0 } else { DIM };
        let opacity = match (before, was) {
            (Some(before), Some(_)) => light(before) + (light(picture) - light(before)) * look,
            _ => light(picture) * name,
        };
        let moved = clock.share(stop, EventKind::Move, Some(placed.id), time);
        let seconds = placed.thing.acts().seconds(was.map(|was| &was.thing)) * moved;
        let area = was.map_or(placed.area, |was| was.area.between(placed.area, ease(moved)));
        let mut pencil = Pencil::new(scene, beholder, opacity, placed.link, &mut marks);
        let at = Progress { moved, seconds, numbers };
        placed.thing.acts().draw(was.map(|was| &was.thing), at, area, &mut pencil);
    }
    marks
}

/// The marks of a picture by itself, at rest.
pub fn still(scene: &Scene, picture: &Picture, beholder: Beholder<'_>) -> Vec<Mark> {
    let mut marks = Vec::new();
    for placed in &picture.things {
        let light = if picture.is_lit(placed.id) { 1.0 } else { DIM };
        let mut pencil = Pencil::new(scene, beholder, light, placed.link, &mut marks);
        draw_at_rest(placed, &mut pencil);
    }
    marks
}

fn draw_at_rest(placed: &Placed, pencil: &mut Pencil<'_>) {
    let still = Progress { moved: 1.0, seconds: placed.thing.acts().seconds(None), numbers: 1.0 };
    placed.thing.acts().draw(Some(&placed.thing), still, placed.area, pencil);
}

/// What is not there any more fades.
fn draw_leaving(
    scene: &Scene,
    before: &Picture,
    after: &Picture,
    left: f32,
    beholder: Beholder<'_>,
    marks: &mut Vec<Mark>,
) {
    if left <= 0.0 {
        return;
    }
    for placed in before.things.iter().filter(|placed| after.find(placed.id).is_none()) {
        let light = if before.is_lit(placed.id) { 1.0 } else { DIM };
        let mut pencil = Pencil::new(scene, beholder, light * left, placed.link, marks);
        draw_at_rest(placed, &mut pencil);
    }
}

/// Slow at both ends.
pub fn ease(share: f32) -> f32 {
    share * share * (3.0 - 2.0 * share)
}

/// What lies under a point: the last mark drawn there that belongs to something.
pub fn link_at(marks: &[Mark], at: [f32; 2]) -> Option<Link> {
    use super::mark::Shape;
    let within = |area: &Area| (area.x..=area.right()).contains(&at[0]) && (area.y..=area.bottom()).contains(&at[1]);
    let is_hit = |shape: &Shape| match shape {
        Shape::Rect { area, .. } => within(area),
        Shape::Disc { center, radius, .. } => (at[0] - center[0]).hypot(at[1] - center[1]) <= *radius,
        Shape::Polygon { points, .. } => is_within(points, at),
        Shape::Path { .. } | Shape::Text { .. } => false,
    };
    marks.iter().rev().find(|mark| mark.link.is_some() && is_hit(&mark.shape)).and_then(|mark| mark.link)
}

/// Whether a point lies within a convex polygon: on the same side of all its edges.
fn is_within(points: &[At], at: At) -> bool {
    let ends = points.iter().zip(points.iter().cycle().skip(1));
    let mut sides =
        ends.map(|(from, to)| (to[0] - from[0]) * (at[1] - from[1]) - (to[1] - from[1]) * (at[0] - from[0]));
    let Some(first) = sides.next() else { return false };
    sides.all(|side| side * first >= 0.0)
}
