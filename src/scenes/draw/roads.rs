//! Memory and chip with the wires between them as roads: many or few, flat or in storeys, each with its own speed.

use super::pencil::Pencil;
use super::{Acts, Progress};
use crate::estimate::Memory;
use crate::scenes::Scene;
use crate::scenes::mark::{Anchor, Area, Face, Fill, Ink, Link, Pen};
use crate::scenes::picture::{Say, Thing};
use crate::scenes::spans::Tongue;
use crate::text::Locale;

/// A bus as roads: memory at the left, the chip at the right. Its words stand over and under it.
#[derive(Debug, Clone, PartialEq)]
pub struct Roads {
    /// Data wires of the bus.
    pub wires: u32,
    /// In how many storeys they run.
    pub storeys: u32,
    /// What one wire carries, in Gbit/s.
    pub gbit_s: f64,
    /// Over it: what memory it is.
    pub name: Say,
    /// Under it: the bandwidth.
    pub rate: Say,
    /// Under that: how it comes about.
    pub role: Say,
    /// Cars drive for so long, in seconds.
    pub runs: f32,
}

/// Wires that one road stands for.
pub const WIRES_A_ROAD: u32 = 64;
/// From one road to the next, between storeys, and a car's length and pitch, in points.
const ROAD: f32 = 4.0;
const STOREY: f32 = 10.0;
const CAR: [f32; 2] = [9.0, 2.4];
const PITCH: f32 = 38.0;
/// Points a second that a car drives for each Gbit/s.
const SPEED: f32 = 9.0;
/// The width of memory and chip.
const SIDE: f32 = 56.0;
/// Over and under the roads.
const HEAD: f32 = 28.0;
const FOOT: f32 = 56.0;

impl Roads {
    const fn roads(&self) -> u32 {
        self.wires.div_ceil(WIRES_A_ROAD)
    }

    /// From one road to the next: narrower where they have no room otherwise.
    fn road(&self, area: Area) -> f32 {
        let between = self.storeys.saturating_sub(1) as f32 * STOREY;
        let room = (area.h - HEAD - FOOT - between).max(1.0);
        ROAD.min(room / self.roads().max(1) as f32)
    }

    /// The storeys, from above: where each begins, and how many roads it has.
    fn levels(&self, area: Area) -> Vec<(f32, u32)> {
        let (roads, storeys) = (self.roads(), self.storeys.max(1));
        let road = self.road(area);
        let height = roads as f32 * road + (storeys - 1) as f32 * STOREY;
        let mut y = area.y + HEAD + (area.h - HEAD - FOOT - height) / 2.0;
        let mut left = roads;
        (0..storeys)
            .map(|level| {
                let own = left.div_ceil(storeys - level);
                left -= own;
                let top = y;
                y += own as f32 * road + STOREY;
                (top, own)
            })
            .collect()
    }

    fn draw_level(&self, (top, roads): (f32, u32), area: Area, seconds: f32, pencil: &mut Pencil<'_>) {
        let road = self.road(area);
        let height = roads as f32 * road;
        let deck = Area::new(area.x + SIDE, top, area.w - 2.0 * SIDE, height);
        let chip = Area::new(area.x, top - 3.0, SIDE - 8.0, height + 6.0);
        pencil.rect(chip, 3.0, Fill::Plain(Ink::Raised), Some(Pen::new(Ink::Rail, 1.5)));
        pencil.rect(deck, 0.0, Fill::Plain(Ink::Line), None);
        pencil.with_link(Some(Link::Weights), |pencil| {
            #[expect(clippy::cast_possible_truncation, reason = "points")]
            let moved = seconds * SPEED * self.gbit_s as f32;
            for place in 0..roads {
                let tall = CAR[1].min(road * 0.6);
                let y = top + (place as f32 + 0.5) * road - tall / 2.0;
                // Roads do not drive in step.
                let mut x = deck.x + (moved + place as f32 * 0.618 * PITCH) % PITCH;
                while x + CAR[0] <= deck.right() {
                    let car = Area::new(x, y, CAR[0], tall);
                    pencil.rect(car, 1.0, Fill::Plain(Ink::Memory(Memory::Weights)), None);
                    x += PITCH;
                }
            }
        });
    }
}

impl Acts for Roads {
    fn seconds(&self, _before: Option<&Thing>) -> f32 {
        self.runs
    }

    fn races(&self) -> bool {
        self.runs > 0.0
    }

    fn draw(&self, _before: Option<&Thing>, at: Progress, area: Area, pencil: &mut Pencil<'_>) {
        let levels = self.levels(area);
        let (Some(first), Some(last)) = (levels.first().copied(), levels.last().copied()) else { return };
        let (top, bottom) = (first.0, last.0 + last.1 as f32 * self.road(area));
        for level in levels {
            self.draw_level(level, area, at.seconds, pencil);
        }
        let middle = f32::midpoint(top, bottom);
        let chip = Area::new(area.right() - SIDE + 8.0, middle - 30.0, SIDE - 8.0, 60.0);
        let chip = Area { y: chip.y.min(top - 3.0), h: chip.h.max(bottom - top + 6.0), ..chip };
        pencil.rect(chip, 6.0, Fill::Plain(Ink::Raised), Some(Pen::new(Ink::Rail, 1.5)));
        pencil.text(chip.center(), Anchor::Middle, "GPU", (Face::SmallStrong, Ink::Text), chip.w);
        let x = area.center()[0];
        let lines = [
            (&self.name, top - 22.0, Face::Amount, Ink::Text),
            (&self.rate, bottom + 24.0, Face::Amount, Ink::Text),
            (&self.role, bottom + 46.0, Face::Body, Ink::Sec),
        ];
        for (say, y, face, ink) in lines {
            let words = pencil.say(say);
            pencil.text([x, y], Anchor::Middle, &words, (face, ink), f32::INFINITY);
        }
    }

    fn describe(&self, scene: &Scene, tongue: Tongue, locale: Locale) -> String {
        let lines = [&self.name, &self.role, &self.rate].map(|say| scene.say(say, tongue, locale));
        let said: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        said.join(if locale == Locale::En { ", " } else { "，" })
    }
}
