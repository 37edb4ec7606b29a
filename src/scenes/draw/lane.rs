//! A way between two things, as wide as its bandwidth: one point is 8 GB/s unless the lane says otherwise.

use super::pencil::Pencil;
use super::told::Teller;
use super::{Acts, Progress, ease};
use crate::estimate::Memory;
use crate::scenes::Scene;
use crate::scenes::handle::Edge;
use crate::scenes::mark::{Anchor, Area, At, Face, Fill, Ink, Link, Pen};
use crate::scenes::picture::{Say, Thing};
use crate::scenes::spans::Tongue;
use crate::text::{Key, Locale, Placeholder};

/// A way. It runs along the middle of its area, from left to right.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// Its bandwidth in GB/s.
    pub gb_s: f64,
    /// GB/s that one point of its width stands for.
    pub scale: f64,
    /// Over it: the bandwidth.
    pub rate: Say,
    /// Under it: what it is.
    pub role: Say,
    /// What travels on it.
    pub cargo: Option<Memory>,
    /// The widest there is, dashed: its GB/s and what is said of it.
    pub limit: Option<(f64, Say)>,
    /// Plates travel for so long, in seconds; 0 = they stand.
    pub runs: f32,
    /// From right to left.
    pub back: bool,
}

/// Side of a plate and its pitch along and across, in points; plates move so many points a second in every lane.
const PLATE: f32 = 8.0;
const PITCH: [f32; 2] = [15.0, 11.2];
const SPEED: f32 = 120.0;
/// The thinnest line that is seen.
const THINNEST: f32 = 0.75;

impl Lane {
    #[expect(clippy::cast_possible_truncation, reason = "points")]
    fn points(&self, gb_s: f64) -> f32 {
        ((gb_s / self.scale.max(f64::MIN_POSITIVE)) as f32).max(THINNEST)
    }
}

impl Acts for Lane {
    fn seconds(&self, before: Option<&Thing>) -> f32 {
        let changed = matches!(before, Some(Thing::Lane(before)) if before.gb_s != self.gb_s);
        self.runs.max(if changed { 0.8 } else { 0.0 })
    }

    fn races(&self) -> bool {
        self.runs > 0.0
    }

    fn draw(&self, before: Option<&Thing>, at: Progress, area: Area, pencil: &mut Pencil<'_>) {
        let full = self.points(self.gb_s).min(area.h);
        let width = match before {
            Some(Thing::Lane(before)) => {
                let was = before.points(before.gb_s).min(area.h);
                was + (full - was) * ease((at.moved * self.seconds(None).max(1.0)).min(1.0))
            }
            _ => full,
        };
        let y = area.center()[1];
        let body = Area::new(area.x, y - width / 2.0, area.w, width);
        if let Some((gb_s, words)) = &self.limit {
            let half = self.points(*gb_s).min(area.h) / 2.0;
            for edge in [y - half, y + half] {
                pencil.line([area.x, edge], [area.right(), edge], Pen::dashed(Ink::Rail, 1.0));
            }
            let words = pencil.say(words);
            pencil.text([area.right(), y - half - 10.0], Anchor::End, &words, (Face::Small, Ink::Sec), area.w);
        }
        pencil.rect(body, 0.0, Fill::Plain(Ink::Rail), None);
        if let Some(cargo) = self.cargo {
            pencil.with_link(Some(Link::of(cargo)), |pencil| draw_plates(self, body, at.seconds, cargo, pencil));
        }
        let (tip, wing) = if self.back { (area.x - 14.0, 8.0) } else { (area.right() + 14.0, -8.0) };
        pencil.path(vec![[tip + wing, y - 7.0], [tip, y], [tip + wing, y + 7.0]], Pen::new(Ink::Text, 2.0));
        let half = (width / 2.0).max(if self.limit.is_some() { 0.0 } else { 6.0 });
        let (rate, role) = (pencil.say(&self.rate), pencil.say(&self.role));
        let middle = area.center()[0];
        pencil.text([middle, y - half - 18.0], Anchor::Middle, &rate, (Face::BodyStrong, Ink::Text), f32::INFINITY);
        let under = self.limit.as_ref().map_or(half, |(gb_s, _)| self.points(*gb_s).min(area.h) / 2.0);
        pencil.text([middle, y + under + 18.0], Anchor::Middle, &role, (Face::Small, Ink::Sec), f32::INFINITY);
    }

    fn grip(&self, area: Area, edge: Edge) -> At {
        let half = self.points(self.gb_s).min(area.h) / 2.0;
        match edge {
            Edge::Right => [area.right(), area.center()[1]],
            // On the lower edge: the limit and its words stand over it.
            Edge::Top => [area.center()[0], area.center()[1] + half],
        }
    }

    fn describe(&self, scene: &Scene, tongue: Tongue, locale: Locale) -> String {
        let teller = Teller { scene, tongue, locale };
        let (role, rate) = (teller.say(&self.role), teller.say(&self.rate));
        let limit = self.limit.as_ref().map(|(_, words)| teller.say(words)).unwrap_or_default();
        if rate.is_empty() || role.is_empty() {
            return teller.list(vec![role, rate, limit]);
        }
        let way = teller.sentence(Key::SceneWay, &[(Placeholder::Value, &rate), (Placeholder::Name, &role)]);
        teller.list(vec![way, limit])
    }
}

fn draw_plates(lane: &Lane, body: Area, seconds: f32, cargo: Memory, pencil: &mut Pencil<'_>) {
    let rows = (body.h / PITCH[1]).floor().max(1.0);
    let side = PLATE.min(body.h);
    let moved = (seconds * SPEED) % PITCH[0];
    let mut x = body.x + if lane.back { PITCH[0] - moved } else { moved };
    while x + side <= body.right() {
        let mut row = 0.0;
        while row < rows {
            let y = body.y + (row + 0.5) * body.h / rows - side / 2.0;
            pencil.rect(Area::new(x, y, side, side), 2.0_f32.min(side / 4.0), Fill::Plain(Ink::Memory(cargo)), None);
            row += 1.0;
        }
        x += PITCH[0];
    }
}
