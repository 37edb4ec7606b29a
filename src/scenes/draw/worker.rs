//! Who works: the GPU as a wok team, the CPU as a chef.

use super::pencil::Pencil;
use super::{Acts, Progress};
use crate::scenes::Scene;
use crate::scenes::mark::{Anchor, Area, Face, Fill, Ink, Pen};
use crate::scenes::picture::{Say, Thing};
use crate::scenes::spans::Tongue;
use crate::text::Locale;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trade {
    /// A wok on its flame.
    Wok,
    /// A chef's hat.
    Hat,
}

/// A chip with its trade. It stands in the middle of its area.
#[derive(Debug, Clone, PartialEq)]
pub struct Worker {
    /// What it does.
    pub trade: Trade,
    /// `GPU`, `CPU`.
    pub name: Say,
    /// Under it: who it is in the kitchen.
    pub role: Say,
}

/// The side of a chip, in points.
const SIDE: f32 = 72.0;

impl Acts for Worker {
    fn seconds(&self, _before: Option<&Thing>) -> f32 {
        0.0
    }

    fn draw(&self, _before: Option<&Thing>, _at: Progress, area: Area, pencil: &mut Pencil<'_>) {
        let [x, y] = area.center();
        let chip = Area::new(x - SIDE / 2.0, y - SIDE / 2.0, SIDE, SIDE);
        for pin in 0..4 {
            let at = chip.x + SIDE * (pin as f32 + 0.5) / 4.0;
            pencil.line([at, chip.y - 6.0], [at, chip.y], Pen::new(Ink::Rail, 2.0));
            pencil.line([at, chip.bottom()], [at, chip.bottom() + 6.0], Pen::new(Ink::Rail, 2.0));
        }
        pencil.rect(chip, 6.0, Fill::Plain(Ink::Raised), Some(Pen::new(Ink::Rail, 1.5)));
        draw_trade(self.trade, [x, chip.y + 27.0], pencil);
        let (name, role) = (pencil.say(&self.name), pencil.say(&self.role));
        pencil.text([x, chip.bottom() - 15.0], Anchor::Middle, &name, (Face::BodyStrong, Ink::Text), SIDE);
        pencil.text([x, chip.bottom() + 22.0], Anchor::Middle, &role, (Face::Body, Ink::Sec), f32::INFINITY);
    }

    fn describe(&self, _scene: &Scene, _tongue: Tongue, _locale: Locale) -> String {
        String::new()
    }
}

fn draw_trade(trade: Trade, [x, y]: [f32; 2], pencil: &mut Pencil<'_>) {
    let pen = Pen::new(Ink::Text, 2.0);
    match trade {
        Trade::Wok => {
            let bowl = (0..=8).map(|step| {
                let angle = std::f32::consts::PI * step as f32 / 8.0;
                [x - 12.0 * angle.cos(), y - 4.0 + 10.0 * angle.sin()]
            });
            pencil.path(bowl.collect(), pen);
            pencil.line([x - 15.0, y - 4.0], [x + 12.0, y - 4.0], pen);
            pencil.line([x + 12.0, y - 4.0], [x + 21.0, y - 11.0], pen);
            for flame in [-6.0, 0.0, 6.0] {
                pencil.line([x + flame, y + 10.0], [x + flame, y + 15.0], pen);
            }
        }
        Trade::Hat => {
            for [dx, dy] in [[-7.0, -2.0], [0.0, -7.0], [7.0, -2.0]] {
                pencil.disc([x + dx, y + dy], 7.0, Some(Ink::Raised), Some(pen));
            }
            pencil.rect(Area::new(x - 9.0, y, 18.0, 12.0), 1.0, Fill::Plain(Ink::Raised), Some(pen));
        }
    }
}
