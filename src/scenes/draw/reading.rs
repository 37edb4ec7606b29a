//! One figure that carries the stop, with what it means beside or under it.

use super::pencil::Pencil;
use super::{Acts, Progress};
use crate::scenes::Scene;
use crate::scenes::mark::{Anchor, Area, Face, Ink};
use crate::scenes::picture::{Say, Thing};
use crate::scenes::spans::Tongue;
use crate::text::Locale;

/// A large figure. It stands at the upper left of its area.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The figure.
    pub figure: Say,
    /// Right after it, small: its unit.
    pub unit: Say,
    /// Under it, on as many lines as it takes.
    pub about: Say,
}

impl Acts for Reading {
    fn seconds(&self, _before: Option<&Thing>) -> f32 {
        0.0
    }

    fn draw(&self, before: Option<&Thing>, at: Progress, area: Area, pencil: &mut Pencil<'_>) {
        let same = matches!(before, Some(Thing::Reading(before)) if before == self);
        pencil.faded(if same { 1.0 } else { at.numbers }, |pencil| {
            let (figure, unit, about) = (pencil.say(&self.figure), pencil.say(&self.unit), pencil.say(&self.about));
            let width = pencil.width(&figure, Face::Reading);
            pencil.text([area.x, area.y + 20.0], Anchor::Start, &figure, (Face::Reading, Ink::Text), area.w);
            let beside = [area.x + width + 8.0, area.y + 27.0];
            pencil.text(beside, Anchor::Start, &unit, (Face::Lead, Ink::Sec), (area.w - width - 8.0).max(0.0));
            pencil.paragraph([area.x, area.y + 46.0], &about, (Face::Body, Ink::Sec), area.w);
        });
    }

    fn describe(&self, scene: &Scene, tongue: Tongue, locale: Locale) -> String {
        let say = |say: &Say| scene.say(say, tongue, locale);
        let space = if say(&self.unit).is_empty() { "" } else { " " };
        let about = say(&self.about);
        let colon = match (about.is_empty(), locale) {
            (true, _) => "",
            (false, Locale::En) => ": ",
            (false, Locale::Zh) => "：",
        };
        format!("{}{space}{}{colon}{about}", say(&self.figure), say(&self.unit))
    }
}
