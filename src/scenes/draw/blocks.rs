//! Rows of blocks: layers that are kept or dropped, pages of a cache, what each card does over time.

use super::key;
use super::pencil::Pencil;
use super::shelf::Lies;
use super::told::Teller;
use super::{Acts, Progress};
use crate::estimate::Memory;
use crate::scenes::Scene;
use crate::scenes::mark::{Anchor, Area, Face, Fill, Ink, Link, Pen};
use crate::scenes::picture::{Say, Thing};
use crate::scenes::spans::Tongue;
use crate::text::{self, Key, Locale, Placeholder};

/// Rows of blocks that share one measure across: the first row on top.
#[derive(Debug, Clone, PartialEq)]
pub struct Blocks {
    /// The rows.
    pub rows: Vec<BlockRow>,
    /// How many places a row has.
    pub places: f32,
    /// Under the rows: what runs across, such as time; may be empty.
    pub across: Say,
    /// Under that: which color stands for what.
    pub key: key::Key,
    /// Room for the names at the left, in points.
    pub names: f32,
    /// Room for what is said of a row at the right, in points.
    pub ends: f32,
    /// Seconds in which a new picture runs from left to right; 0 = all of it is there at once.
    pub runs: f32,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockRow {
    /// Its name, at the left.
    pub name: Say,
    /// What stands there.
    pub blocks: Vec<Block>,
    /// At the right: what it comes to.
    pub end: Say,
}

/// One block.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Where it begins, in places.
    pub at: f32,
    /// How many places it takes.
    pub span: f32,
    /// What lies in it and how; `None` = nothing: an empty frame.
    pub holds: Option<(Memory, Lies)>,
    /// On it, where there is room.
    pub label: Option<Say>,
}

impl Block {
    /// A block of a component.
    pub const fn new(at: f32, span: f32, component: Memory, lies: Lies) -> Self {
        Self { at, span, holds: Some((component, lies)), label: None }
    }

    /// An empty one.
    pub const fn empty(at: f32, span: f32) -> Self {
        Self { at, span, holds: None, label: None }
    }

    /// The same with words on it.
    #[must_use]
    pub fn labeled(mut self, label: impl Into<Say>) -> Self {
        self.label = Some(label.into());
        self
    }
}

/// The highest block and what lies between two, in points.
const HIGHEST: f32 = 52.0;
const GAP: f32 = 3.0;
/// Under the rows: what runs across.
const FOOT: f32 = 26.0;
/// Seconds in which one block changes, and all of them at most.
const SECONDS_A_BLOCK: f32 = 0.12;
const LONGEST: f32 = 2.5;

impl Blocks {
    fn of(before: Option<&Thing>) -> Option<&Self> {
        match before {
            Some(Thing::Blocks(blocks)) => Some(blocks),
            _ => None,
        }
    }

    /// Blocks that were otherwise before, by row and place, in the order they change.
    fn changed(&self, before: Option<&Self>) -> Vec<(usize, usize)> {
        let Some(before) = before else { return Vec::new() };
        let was = |row: usize, place: usize| before.rows.get(row).and_then(|row| row.blocks.get(place));
        let rows = self.rows.iter().enumerate();
        rows.flat_map(|(row, line)| (0..line.blocks.len()).map(move |place| (row, place)))
            .filter(|(row, place)| was(*row, *place) != self.rows[*row].blocks.get(*place))
            .collect()
    }

    fn draw_block(&self, block: &Block, row: Area, pencil: &mut Pencil<'_>) {
        let place = row.w / self.places.max(1.0);
        let area = Area::new(row.x + block.at * place, row.y, block.span * place, row.h);
        let gap = GAP.min(area.w / 4.0);
        let area = Area::new(area.x + gap / 2.0, area.y, area.w - gap, area.h);
        let Some((component, lies)) = block.holds else {
            pencil.rect(area, 3.0, Fill::None, Some(Pen::dashed(Ink::Rail, 1.0)));
            self.draw_words(block, area, (Ink::Bg, Ink::Sec), pencil);
            return;
        };
        let (fill, colors) = match lies {
            Lies::Solid => (Fill::Solid(component), (Ink::Memory(component), Ink::OnMemory(component))),
            Lies::Hatched => (Fill::Hatched(component), (Ink::Panel, Ink::Text)),
            Lies::Nowhere => (Fill::Nowhere(component), (Ink::Panel, Ink::Text)),
            Lies::Ghost => (Fill::Ghost(component), (Ink::Panel, Ink::Text)),
        };
        pencil.with_link(Some(Link::of(component)), |pencil| {
            pencil.rect(area, 3.0, fill, None);
            self.draw_words(block, area, colors, pencil);
        });
    }

    #[expect(clippy::unused_self, reason = "beside the block that it belongs to")]
    fn draw_words(&self, block: &Block, area: Area, colors: (Ink, Ink), pencil: &mut Pencil<'_>) {
        let Some(label) = &block.label else { return };
        let words = pencil.say(label);
        if pencil.width(&words, Face::SmallStrong) + 10.0 <= area.w {
            pencil.plate(area.center(), Anchor::Middle, &words, colors, f32::INFINITY);
        }
    }
}

impl Blocks {
    /// A row as a sentence: how many blocks of what stand there, and what it comes to.
    fn told(&self, row: &BlockRow, teller: Teller<'_>) -> String {
        let mut counts: Vec<(Memory, u64)> = Vec::new();
        for (component, _) in row.blocks.iter().filter_map(|block| block.holds) {
            match counts.iter_mut().find(|(is, _)| *is == component) {
                Some((_, count)) => *count += 1,
                None => counts.push((component, 1)),
            }
        }
        let counted = |(component, count): (Memory, u64)| {
            let name = self.key.0.iter().find(|(is, _)| *is == component);
            let name = name.map_or_else(|| teller.component(component), |(_, name)| teller.say(name));
            let holes = [(Placeholder::Count, &*text::count(count)), (Placeholder::Name, &*name)];
            teller.sentence(Key::SceneCounted, &holes)
        };
        let parts = counts.into_iter().map(counted).chain([teller.say(&row.end)]).collect();
        teller.named(&teller.say(&row.name), &teller.list(parts))
    }
}

impl Acts for Blocks {
    fn seconds(&self, before: Option<&Thing>) -> f32 {
        let Some(before) = Self::of(before) else { return self.runs };
        let count = self.changed(Some(before)).len();
        if count == 0 {
            0.0
        } else if self.runs > 0.0 {
            self.runs
        } else {
            (count as f32 * SECONDS_A_BLOCK).clamp(0.6, LONGEST)
        }
    }

    fn draw(&self, before: Option<&Thing>, at: Progress, area: Area, pencil: &mut Pencil<'_>) {
        let before = Self::of(before);
        let body = Area::new(
            area.x + self.names,
            area.y,
            (area.w - self.names - self.ends).max(1.0),
            (area.h - FOOT - self.key.height()).max(1.0),
        );
        let pitch = body.h / self.rows.len().max(1) as f32;
        let height = (pitch - 8.0).clamp(4.0, HIGHEST);
        let changed = self.changed(before);
        for (row, line) in self.rows.iter().enumerate() {
            let y = body.y + pitch * row as f32 + (pitch - height) / 2.0;
            let at_row = Area::new(body.x, y, body.w, height);
            for (place, block) in line.blocks.iter().enumerate() {
                let was = before.and_then(|before| before.rows.get(row)).and_then(|line| line.blocks.get(place));
                let turn = changed.iter().position(|it| *it == (row, place));
                let share = if self.runs > 0.0 && (before.is_none() || turn.is_some()) {
                    // It runs from left to right: each appears when its time comes.
                    ((at.moved * self.places - block.at) / block.span.max(0.01)).clamp(0.0, 1.0)
                } else {
                    let due = |turn: usize| at.moved * changed.len() as f32 - turn as f32;
                    turn.map_or(1.0, |turn| due(turn).clamp(0.0, 1.0))
                };
                if share < 1.0
                    && let Some(was) = was
                {
                    pencil.faded(1.0 - share, |pencil| self.draw_block(was, at_row, pencil));
                }
                pencil.faded(share, |pencil| self.draw_block(block, at_row, pencil));
            }
            let (name, end) = (pencil.say(&line.name), pencil.say(&line.end));
            let middle = at_row.center()[1];
            pencil.text([area.x, middle], Anchor::Start, &name, (Face::BodyStrong, Ink::Text), self.names - 14.0);
            let was = before.and_then(|before| before.rows.get(row));
            let same = was.is_some_and(|was| was.end == line.end);
            pencil.faded(if same { 1.0 } else { at.numbers }, |pencil| {
                let at = [body.right() + 14.0, middle];
                pencil.text(at, Anchor::Start, &end, (Face::BodyStrong, Ink::Text), self.ends - 14.0);
            });
        }
        self.key.draw(body.x, area.bottom() - 8.0, pencil);
        let across = pencil.say(&self.across);
        if !across.is_empty() {
            let y = body.bottom() + 14.0;
            let width = pencil.width(&across, Face::Small);
            pencil.text([body.x, y], Anchor::Start, &across, (Face::Small, Ink::Sec), f32::INFINITY);
            let from = body.x + width + 12.0;
            pencil.line([from, y], [body.right(), y], Pen::new(Ink::Rail, 1.0));
            let tip = [body.right(), y];
            pencil.path(vec![[tip[0] - 6.0, y - 4.0], tip, [tip[0] - 6.0, y + 4.0]], Pen::new(Ink::Rail, 1.0));
        }
    }

    fn describe(&self, scene: &Scene, tongue: Tongue, locale: Locale) -> String {
        let teller = Teller { scene, tongue, locale };
        teller.lines(self.rows.iter().map(|row| self.told(row, teller)).collect())
    }
}
