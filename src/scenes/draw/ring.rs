//! The dish as a ring that is read around: one lap is one word. Runs in real time.

use std::f32::consts::{PI, TAU};

use super::pencil::Pencil;
use super::told::Teller;
use super::{Acts, Progress};
use crate::estimate::Memory;
use crate::scenes::Scene;
use crate::scenes::mark::{Anchor, Area, Face, Ink, Link, Pen};
use crate::scenes::picture::{Say, Thing};
use crate::scenes::spans::Tongue;
use crate::text::{Key, Locale, Placeholder};

/// A ring of pieces and the words that its laps make. The ring stands at the left of its area, the words at the right.
#[derive(Debug, Clone, PartialEq)]
pub struct Ring {
    /// What it is made of.
    pub component: Memory,
    /// How many pieces.
    pub pieces: u32,
    /// Seconds that one lap takes.
    pub lap: f64,
    /// In the middle: the lap in words.
    pub reading: Say,
    /// Under that.
    pub unit: Say,
    /// Under the ring: what it is.
    pub role: Say,
    /// How many seconds it runs.
    pub runs: f32,
    /// Outer and inner radius, in points.
    pub radii: [f32; 2],
}

impl Acts for Ring {
    fn seconds(&self, _before: Option<&Thing>) -> f32 {
        self.runs
    }

    fn races(&self) -> bool {
        self.runs > 0.0
    }

    fn draw(&self, _before: Option<&Thing>, at: Progress, area: Area, pencil: &mut Pencil<'_>) {
        let [outer, inner] = self.radii;
        let [x, y] = [area.x + outer, area.y + outer];
        let laps = f64::from(at.seconds) / self.lap.max(1e-6);
        #[expect(clippy::cast_possible_truncation, reason = "a share of a lap")]
        let head = (laps.fract() as f32) * TAU - PI / 2.0;
        let pieces = self.pieces.max(1);
        let step = TAU / pieces as f32;
        pencil.with_link(Some(Link::of(self.component)), |pencil| {
            for piece in 0..pieces {
                let from = piece as f32 * step - PI / 2.0;
                let is_read = from + step / 2.0 <= head || at.seconds == 0.0;
                let ink = if is_read { Ink::Memory(self.component) } else { Ink::Resting(self.component) };
                pencil.polygon(wedge([x, y], [outer, inner], from + 0.03, from + step - 0.03), ink);
            }
        });
        if at.seconds > 0.0 {
            let spoke = |radius: f32| [x + radius * head.cos(), y + radius * head.sin()];
            pencil.line(spoke(inner - 8.0), spoke(outer + 8.0), Pen::new(Ink::Text, 3.0));
        }
        let (reading, unit, role) = (pencil.say(&self.reading), pencil.say(&self.unit), pencil.say(&self.role));
        pencil.text([x, y - 6.0], Anchor::Middle, &reading, (Face::Thing, Ink::Text), 2.0 * inner);
        pencil.text([x, y + 18.0], Anchor::Middle, &unit, (Face::Body, Ink::Sec), 2.0 * inner);
        pencil.text([x, y + outer + 20.0], Anchor::Middle, &role, (Face::SmallStrong, Ink::Text), f32::INFINITY);
    }

    fn describe(&self, scene: &Scene, tongue: Tongue, locale: Locale) -> String {
        let teller = Teller { scene, tongue, locale };
        let [role, reading, unit] = [&self.role, &self.reading, &self.unit].map(|say| teller.say(say));
        let holes = [(Placeholder::Name, &*role), (Placeholder::Value, &*reading), (Placeholder::Other, &*unit)];
        teller.sentence(Key::SceneLap, &holes)
    }
}

/// A piece of a ring, narrow enough to be convex on the stage.
fn wedge([x, y]: [f32; 2], [outer, inner]: [f32; 2], from: f32, to: f32) -> Vec<[f32; 2]> {
    let on = |radius: f32, angle: f32| [x + radius * angle.cos(), y + radius * angle.sin()];
    let middle = f32::midpoint(from, to);
    vec![on(outer, from), on(outer, middle), on(outer, to), on(inner, to), on(inner, from)]
}
