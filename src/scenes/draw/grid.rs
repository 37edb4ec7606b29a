//! A block of cells, each in a shade of its own: numbers of a model, experts, pieces of a matrix.

use super::pencil::Pencil;
use super::{Acts, Progress, ease};
use crate::estimate::Memory;
use crate::scenes::Scene;
use crate::scenes::handle::Edge;
use crate::scenes::mark::{Anchor, Area, At, Face, Fill, Ink, Link, Pen};
use crate::scenes::picture::{Say, Thing};
use crate::scenes::spans::Tongue;
use crate::text::Locale;

/// A block of cells. It stands on the lower edge of its area, in the middle, its words under it.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Its name.
    pub name: Say,
    /// Under that: an amount.
    pub amount: Say,
    /// Under that: what it means.
    pub role: Say,
    /// What it is made of.
    pub component: Memory,
    /// How many cells stand beside each other.
    pub columns: u32,
    /// The side of a cell, in points.
    pub cell: f32,
    /// How strong each cell is, from the upper left on: 0 = hardly seen, 1 = the full color.
    pub shades: Vec<f32>,
    /// Cells have gaps between them, as things do; without, they are one block.
    pub apart: bool,
}

/// The faintest cell is seen so much.
const FAINTEST: f32 = 0.1;
/// Under the cells: three lines of words.
const FOOT: f32 = 84.0;
/// A change takes so long.
const SECONDS: f32 = 0.8;

impl Grid {
    /// The block itself.
    pub fn body(&self, area: Area) -> Area {
        #[expect(clippy::cast_possible_truncation, reason = "a few hundred cells")]
        let rows = (self.shades.len() as u32).div_ceil(self.columns.max(1));
        let (w, h) = (self.columns as f32 * self.cell, rows as f32 * self.cell);
        Area::new(area.x + (area.w - w) / 2.0, area.bottom() - FOOT - h, w, h)
    }

    fn of(before: Option<&Thing>) -> Option<&Self> {
        match before {
            Some(Thing::Grid(grid)) => Some(grid),
            _ => None,
        }
    }

    fn draw_cells(&self, before: Option<&Self>, share: f32, body: Area, pencil: &mut Pencil<'_>) {
        let columns = self.columns.max(1) as usize;
        let side = body.w / columns as f32;
        let gap = if self.apart { (side * 0.12).max(1.0) } else { 0.0 };
        for (place, shade) in self.shades.iter().enumerate() {
            let was = before.and_then(|before| before.shades.get(place)).unwrap_or(shade);
            let shade = was + (shade - was) * share;
            let (row, column) = ((place / columns) as f32, (place % columns) as f32);
            let cell = Area::new(body.x + column * side, body.y + row * side, side, side).inset(gap / 2.0);
            let radius = if self.apart { 2.0 } else { 0.0 };
            pencil.faded(FAINTEST + (1.0 - FAINTEST) * shade.clamp(0.0, 1.0), |pencil| {
                pencil.rect(cell, radius, Fill::Plain(Ink::Memory(self.component)), None);
            });
        }
    }
}

impl Acts for Grid {
    fn seconds(&self, before: Option<&Thing>) -> f32 {
        let Some(before) = Self::of(before) else { return 0.0 };
        let changed = before.shades != self.shades || before.cell != self.cell || before.columns != self.columns;
        if changed { SECONDS } else { 0.0 }
    }

    fn draw(&self, before: Option<&Thing>, at: Progress, area: Area, pencil: &mut Pencil<'_>) {
        let before = Self::of(before);
        let own = self.body(area);
        let share = ease(at.moved);
        let body = before.map_or(own, |before| before.body(area).between(own, share));
        pencil.with_link(Some(Link::of(self.component)), |pencil| {
            let same = before.filter(|before| before.columns == self.columns);
            self.draw_cells(same, share, body, pencil);
            pencil.rect(body.inset(-2.0), 2.0, Fill::None, Some(Pen::new(Ink::Rail, 1.0)));
        });
        let said = |grid: &Self| (grid.name.clone(), grid.amount.clone(), grid.role.clone());
        let same = before.is_some_and(|before| said(before) == said(self));
        let middle = own.center()[0];
        let lines = [
            (&self.name, 22.0, Face::Amount, Ink::Text),
            (&self.amount, 46.0, Face::BodyStrong, Ink::Text),
            (&self.role, 68.0, Face::Body, Ink::Sec),
        ];
        pencil.faded(if same || before.is_none() { 1.0 } else { at.numbers }, |pencil| {
            for (say, down, face, ink) in lines {
                let words = pencil.say(say);
                let at = [middle, own.bottom() + down];
                pencil.text(at, Anchor::Middle, &words, (face, ink), f32::INFINITY);
            }
        });
    }

    /// On the block itself.
    fn grip(&self, area: Area, edge: Edge) -> At {
        let body = self.body(area);
        match edge {
            Edge::Right => [body.right(), body.center()[1]],
            Edge::Top | Edge::Pile => [body.center()[0], body.y],
        }
    }

    fn describe(&self, scene: &Scene, tongue: Tongue, locale: Locale) -> String {
        let lines = [&self.name, &self.amount, &self.role].map(|say| scene.say(say, tongue, locale));
        let said: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        said.join(if locale == Locale::En { ", " } else { "，" })
    }
}
