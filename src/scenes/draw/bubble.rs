//! A message where it arises: the literal words of an error.

use super::pencil::Pencil;
use super::{Acts, Progress};
use crate::estimate::Verdict;
use crate::scenes::Scene;
use crate::scenes::mark::{Anchor, Area, At, Face, Fill, Ink, Pen};
use crate::scenes::picture::{Say, Thing};
use crate::scenes::spans::Tongue;
use crate::text::Locale;

/// A message. Its area is the bubble.
#[derive(Debug, Clone, PartialEq)]
pub struct Bubble {
    /// What it says first.
    pub title: Say,
    /// The lines of the program, as it prints them.
    pub lines: Vec<Say>,
    /// What it points at.
    pub at: At,
    /// How bad it is.
    pub verdict: Verdict,
}

impl Bubble {
    /// The area, wider to the left where the lines need it.
    fn wide_enough(&self, area: Area, pencil: &Pencil<'_>) -> Area {
        let lines = self.lines.iter().map(|line| pencil.width(&pencil.say(line), Face::Mono) + 30.0);
        let title = pencil.width(&pencil.say(&self.title), Face::BodyStrong) + 56.0;
        let width = lines.fold(title, f32::max).max(area.w);
        Area::new(area.right() - width, area.y, width, area.h)
    }
}

impl Acts for Bubble {
    fn seconds(&self, before: Option<&Thing>) -> f32 {
        if before.is_some() { 0.0 } else { super::super::clock::BEAT }
    }

    fn draw(&self, before: Option<&Thing>, at: Progress, area: Area, pencil: &mut Pencil<'_>) {
        let seen = if before.is_some() { 1.0 } else { at.moved };
        let area = self.wide_enough(area, pencil);
        pencil.faded(seen, |pencil| {
            let ink = Ink::Verdict(self.verdict);
            let tail = area.x.max(self.at[0]).min(area.right() - 26.0);
            let root = if self.at[1] > area.center()[1] { area.bottom() } else { area.y };
            pencil.path(vec![[tail + 6.0, root], self.at, [tail + 26.0, root]], Pen::new(ink, 1.5));
            pencil.rect(area, 6.0, Fill::Plain(Ink::Raised), Some(Pen::new(ink, 1.5)));
            let [x, y] = [area.x + 14.0, area.y + 20.0];
            pencil.disc([x + 8.0, y], 8.0, None, Some(Pen::new(ink, 1.5)));
            for way in [-1.0, 1.0] {
                pencil.line([x + 5.0, y - 3.0 * way], [x + 11.0, y + 3.0 * way], Pen::new(ink, 1.5));
            }
            let title = pencil.say(&self.title);
            pencil.text([x + 24.0, y], Anchor::Start, &title, (Face::BodyStrong, Ink::Text), area.w - 44.0);
            for (row, line) in self.lines.iter().enumerate() {
                let words = pencil.say(line);
                let at = [x, y + 26.0 + 18.0 * row as f32];
                pencil.text(at, Anchor::Start, &words, (Face::Mono, Ink::Sec), area.w - 24.0);
            }
        });
    }

    fn describe(&self, scene: &Scene, tongue: Tongue, locale: Locale) -> String {
        let mut parts = vec![scene.say(&self.title, tongue, locale)];
        parts.extend(self.lines.iter().map(|line| scene.say(line, tongue, locale)));
        parts.join(" ")
    }
}
