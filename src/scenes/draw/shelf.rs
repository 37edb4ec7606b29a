//! A memory as a shelf of cells that can be counted: RAM as a table, VRAM as a stove.

use super::pencil::Pencil;
use super::told::Teller;
use super::{Acts, Progress, ease};
use crate::estimate::Memory;
use crate::scenes::Scene;
use crate::scenes::figure::Figure;
use crate::scenes::handle::Edge;
use crate::scenes::mark::{Anchor, Area, At, Face, Fill, Ink, Link, Pen};
use crate::scenes::picture::{Say, Thing};
use crate::scenes::spans::Tongue;
use crate::text::{Key, Locale, Placeholder};
use crate::units::Bytes;

/// What a shelf stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// Legs: the prep table.
    Table,
    /// Knobs: the stove.
    Stove,
    /// Nothing: the warehouse, a second card that is not bought yet.
    Floor,
}

/// How a portion lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lies {
    /// In VRAM.
    Solid,
    /// In RAM.
    Hatched,
    /// Nowhere: it has no place.
    Nowhere,
    /// Where it would lie.
    Ghost,
}

/// A part of what lies on the shelf.
#[derive(Debug, Clone, PartialEq)]
pub struct Portion {
    /// What it is.
    pub component: Memory,
    /// How much, in cells; cells may be cut.
    pub cells: f32,
    /// How it lies.
    pub lies: Lies,
    /// What stands on it, where there is room.
    pub label: Option<Say>,
}

impl Portion {
    /// So many cells of a component.
    pub const fn new(component: Memory, cells: f32, lies: Lies) -> Self {
        Self { component, cells, lies, label: None }
    }

    /// The same with words on it.
    #[must_use]
    pub fn labeled(mut self, label: impl Into<Say>) -> Self {
        self.label = Some(label.into());
        self
    }
}

/// What one cell is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CellUnit {
    /// 1 GB, as on the box.
    Gb,
    /// So many GiB, as a plan counts.
    Gib(f64),
}

impl CellUnit {
    /// So many cells, as an amount of memory.
    pub fn amount(self, cells: f32) -> Figure {
        match self {
            Self::Gb => Figure::Gb(f64::from(cells)),
            Self::Gib(gib) => Figure::Gib(Bytes::from_gib(gib * f64::from(cells))),
        }
    }
}

/// A memory as cells. It stands on the lower edge of its area, in the middle; what has no place piles up over its rim.
#[derive(Debug, Clone, PartialEq)]
pub struct Shelf {
    /// Its name: `RAM`, `VRAM`.
    pub name: Say,
    /// Its name in the kitchen, or what it is, under it.
    pub role: Say,
    /// What it stands on.
    pub stand: Stand,
    /// How many cells it holds.
    pub cells: u32,
    /// How many stand beside each other.
    pub columns: u32,
    /// The side of a cell, in points.
    pub cell: f32,
    /// What lies in it, from the lower left on.
    pub portions: Vec<Portion>,
    /// Over it: how much it holds.
    pub amount: Option<Say>,
    /// In its first free cell: how much one cell is.
    pub one: Option<Say>,
    /// Drawn dashed: it is not there yet.
    pub planned: bool,
    /// What one cell is.
    pub unit: CellUnit,
    /// How much has no place, where not all of it is drawn.
    pub lost: Option<Say>,
}

/// Between cells, in points.
const GAP: f32 = 2.0;
/// Under the cells: the stand and two lines of names.
const FOOT: f32 = 108.0;
/// A moving cell takes so long, but all together no longer than [`LONGEST`].
const SECONDS_A_CELL: f32 = 0.09;
const LONGEST: f32 = 1.5;
/// How much wider than its words a plate is.
const PLATE: f32 = 10.0;

impl Shelf {
    /// Where the cells stand.
    pub fn body(&self, area: Area) -> Area {
        let (columns, rows) = (self.columns.max(1), self.cells.div_ceil(self.columns.max(1)).max(1));
        let (w, h) = (columns as f32 * self.cell, rows as f32 * self.cell);
        Area::new(area.x + (area.w - w) / 2.0, area.bottom() - FOOT - h, w, h)
    }

    /// The place of a cell, counted from the lower left; beyond the last it stands over the rim.
    fn cell_area(&self, body: Area, place: u32) -> Area {
        let columns = self.columns.max(1);
        let (row, column) = (place / columns, place % columns);
        let x = body.x + column as f32 * self.cell;
        let y = body.bottom() - (row + 1) as f32 * self.cell;
        Area::new(x, y, self.cell, self.cell).inset(GAP / 2.0)
    }

    fn filled(&self) -> f32 {
        self.portions.iter().map(|portion| portion.cells).sum()
    }

    fn as_it_was(before: Option<&Thing>) -> Option<&Self> {
        match before {
            Some(Thing::Shelf(shelf)) => Some(shelf),
            _ => None,
        }
    }

    /// The portions at a share of the way from `before`.
    fn between(&self, before: Option<&Self>, share: f32) -> Vec<Portion> {
        let Some(before) = before else { return self.portions.clone() };
        let was = |portion: &Portion| {
            let same = |other: &&Portion| other.component == portion.component && other.lies == portion.lies;
            before.portions.iter().find(same).map_or(0.0, |portion| portion.cells)
        };
        let mut portions: Vec<Portion> = self
            .portions
            .iter()
            .map(|portion| {
                let from = was(portion);
                Portion { cells: from + (portion.cells - from) * share, ..portion.clone() }
            })
            .collect();
        // What is taken away goes last.
        for gone in &before.portions {
            let stays = self.portions.iter().any(|is| is.component == gone.component && is.lies == gone.lies);
            if !stays && share < 1.0 {
                portions.push(Portion { cells: gone.cells * (1.0 - share), label: None, ..gone.clone() });
            }
        }
        portions
    }

    fn draw_cells(&self, body: Area, portions: &[Portion], labels: f32, pencil: &mut Pencil<'_>) {
        let mut at = 0.0_f32;
        for portion in portions {
            let (from, to) = (at, at + portion.cells);
            at = to;
            pencil.with_link(Some(Link::of(portion.component)), |pencil| {
                let mut place = from;
                while place < to - 1e-3 {
                    let whole = place.floor();
                    let end = (whole + 1.0).min(to);
                    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of cells")]
                    let area = self.cell_area(body, whole as u32);
                    let part = Area::new(area.x + area.w * (place - whole), area.y, area.w * (end - place), area.h);
                    let fill = match portion.lies {
                        Lies::Solid => Fill::Solid(portion.component),
                        Lies::Hatched => Fill::Hatched(portion.component),
                        Lies::Nowhere => Fill::Nowhere(portion.component),
                        Lies::Ghost => Fill::Ghost(portion.component),
                    };
                    pencil.rect(part, 3.0, fill, None);
                    place = end;
                }
            });
        }
        // Over all cells: a narrow portion's words reach beyond it.
        let mut from = 0.0_f32;
        for portion in portions {
            let to = from + portion.cells;
            if let Some(label) = &portion.label {
                pencil.faded(labels, |pencil| self.draw_label(body, (from, to), (portion, label), pencil));
            }
            from = to;
        }
    }

    /// A plate in the middle of the rows that a portion takes, within the shelf.
    fn draw_label(
        &self,
        body: Area,
        (from, to): (f32, f32),
        (portion, label): (&Portion, &Say),
        pencil: &mut Pencil<'_>,
    ) {
        let columns = self.columns.max(1) as f32;
        let (first, last) = ((from / columns).floor(), ((to - 1e-3) / columns).floor());
        let (left, right) = if first == last { (from - first * columns, to - first * columns) } else { (0.0, columns) };
        let x = body.x + f32::midpoint(left, right) * self.cell;
        let y = body.bottom() - (first + last + 1.0) / 2.0 * self.cell;
        let words = pencil.say(label);
        let wide = pencil.width(&words, Face::SmallStrong) + PLATE;
        let half = wide.min(body.w) / 2.0;
        let x = x.clamp(body.x + half, body.right() - half);
        let colors = match portion.lies {
            // Beyond its own cells it is a sign beside them.
            Lies::Solid if wide > (right - left) * self.cell => (Ink::Panel, Ink::Text),
            Lies::Solid => (Ink::Memory(portion.component), Ink::OnMemory(portion.component)),
            Lies::Hatched | Lies::Nowhere | Lies::Ghost => (Ink::Panel, Ink::Text),
        };
        pencil.plate([x, y], Anchor::Middle, &words, colors, f32::INFINITY);
    }

    fn draw_stand(&self, body: Area, pencil: &mut Pencil<'_>) {
        let top = body.bottom() + 3.0;
        let wood = Fill::Plain(Ink::Rail);
        match self.stand {
            Stand::Table => {
                pencil.rect(Area::new(body.x - 14.0, top, body.w + 28.0, 8.0), 3.0, wood, None);
                for x in [body.x, body.right() - 10.0] {
                    pencil.rect(Area::new(x, top + 8.0, 10.0, 34.0), 0.0, wood, None);
                }
                pencil.line([body.x + 10.0, top + 30.0], [body.right() - 10.0, top + 30.0], Pen::new(Ink::Rail, 3.0));
            }
            Stand::Stove => {
                pencil.rect(Area::new(body.x - 10.0, top, body.w + 20.0, 6.0), 3.0, wood, None);
                let front = Area::new(body.x - 6.0, top + 6.0, body.w + 12.0, 36.0);
                pencil.rect(front, 3.0, Fill::Plain(Ink::Panel), Some(Pen::new(Ink::Rail, 1.5)));
                let knobs = if body.w < 120.0 { 2 } else { 4 };
                for knob in 0..knobs {
                    let x = front.x + front.w * (knob as f32 + 0.5) / knobs as f32;
                    let y = front.center()[1];
                    pencil.disc([x, y], 6.5, None, Some(Pen::new(Ink::Sec, 1.5)));
                    pencil.line([x, y - 5.0], [x, y], Pen::new(Ink::Sec, 1.5));
                }
            }
            Stand::Floor => {
                pencil.line([body.x - 10.0, top + 1.0], [body.right() + 10.0, top + 1.0], Pen::new(Ink::Rail, 2.0));
            }
        }
    }
}

impl Acts for Shelf {
    fn seconds(&self, before: Option<&Thing>) -> f32 {
        let Some(before) = Self::as_it_was(before) else { return 0.0 };
        let moved = (self.filled() - before.filled()).abs();
        let changed = self.portions != before.portions || self.cells != before.cells;
        if changed { (moved * SECONDS_A_CELL).clamp(0.6, LONGEST) } else { 0.0 }
    }

    fn draw(&self, before: Option<&Thing>, at: Progress, area: Area, pencil: &mut Pencil<'_>) {
        let before = Self::as_it_was(before);
        // A shelf that is larger now grows while its cells move.
        let body =
            before.map_or_else(|| self.body(area), |before| before.body(area).between(self.body(area), ease(at.moved)));
        let frame = body.inset(-3.0);
        let pen = if self.planned { Pen::dashed(Ink::Rail, 1.5) } else { Pen::new(Ink::Text, 1.5) };
        pencil.rect(frame, 3.0, Fill::None, Some(pen));
        let drawn =
            if at.moved < 1.0 { before.map_or(self.cells, |before| before.cells.min(self.cells)) } else { self.cells };
        for place in 0..drawn {
            pencil.rect(self.cell_area(body, place), 3.0, Fill::None, Some(Pen::new(Ink::Line, 1.0)));
        }
        let portions = self.between(before, at.moved);
        let labels = if before.is_some_and(|before| before.portions == self.portions) { 1.0 } else { at.numbers };
        self.draw_cells(body, &portions, labels, pencil);
        if let Some(one) = &self.one {
            let free = self.filled().ceil();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of cells")]
            let last = (free as u32).max(self.cells.saturating_sub(self.columns));
            if last < self.cells {
                let cell = self.cell_area(body, last);
                let words = pencil.say(one);
                pencil.text(cell.center(), Anchor::Middle, &words, (Face::Small, Ink::Faint), cell.w);
            }
        }
        let rows = (self.filled() / self.columns.max(1) as f32).ceil().max(1.0);
        let top = (frame.y).min(body.bottom() - rows * self.cell) - 22.0;
        if let Some(amount) = &self.amount {
            let words = pencil.say(amount);
            let over = if self.filled() > self.cells as f32 { frame.x - 90.0 } else { body.center()[0] };
            let y = if self.filled() > self.cells as f32 { frame.y + 10.0 } else { top };
            pencil.text([over, y], Anchor::Middle, &words, (Face::Amount, Ink::Text), f32::INFINITY);
        }
        self.draw_stand(body, pencil);
        let middle = body.center()[0];
        let (name, role) = (pencil.say(&self.name), pencil.say(&self.role));
        pencil.text([middle, body.bottom() + 66.0], Anchor::Middle, &name, (Face::Thing, Ink::Text), f32::INFINITY);
        pencil.text([middle, body.bottom() + 92.0], Anchor::Middle, &role, (Face::Body, Ink::Sec), f32::INFINITY);
    }

    fn grip(&self, area: Area, edge: Edge) -> At {
        let body = self.body(area);
        match edge {
            Edge::Right => [body.right() + 3.0, body.center()[1]],
            Edge::Top => [body.center()[0], body.y - 3.0],
            Edge::Pile => {
                let rows = (self.filled() / self.columns.max(1) as f32).ceil();
                [body.center()[0], (body.bottom() - rows * self.cell).max(area.y) - 3.0]
            }
        }
    }

    fn describe(&self, scene: &Scene, tongue: Tongue, locale: Locale) -> String {
        let teller = Teller { scene, tongue, locale };
        let amount = |cells: f32| self.unit.amount(cells).say(locale);
        let name = teller.say(&self.name);
        let holds = amount(self.cells as f32);
        let holes = [(Placeholder::Name, &*name), (Placeholder::Value, &*holds)];
        let is_told = |portion: &&Portion| portion.lies != Lies::Nowhere || self.lost.is_none();
        let parts = self.portions.iter().filter(is_told);
        let mut parts: Vec<String> = parts.map(|portion| told(portion, &amount(portion.cells), teller)).collect();
        if let Some(lost) = &self.lost {
            parts.push(teller.sentence(Key::SceneTooMuch, &[(Placeholder::Value, &teller.say(lost))]));
        }
        if parts.is_empty() {
            return teller.sentence(Key::SceneHoldsNothing, &holes);
        }
        let lies = self.portions.iter().filter(|portion| portion.lies != Lies::Nowhere);
        let free = self.cells as f32 - lies.map(|portion| portion.cells).sum::<f32>();
        let free = (free > 0.05).then(|| teller.sentence(Key::SceneFree, &[(Placeholder::Value, &amount(free))]));
        let parts = teller.list(parts.into_iter().chain(free).collect());
        let [name, value] = holes;
        teller.sentence(Key::SceneHolds, &[name, value, (Placeholder::Parts, &parts)])
    }
}

/// A portion with its amount; what has no place is said to have none.
fn told(portion: &Portion, amount: &str, teller: Teller<'_>) -> String {
    let name = teller.component(portion.component);
    match portion.lies {
        Lies::Nowhere => {
            teller.sentence(Key::SceneNoPlace, &[(Placeholder::Value, amount), (Placeholder::Name, &name)])
        }
        Lies::Solid | Lies::Hatched | Lies::Ghost => format!("{name} {amount}"),
    }
}
