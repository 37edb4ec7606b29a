//! Rows and columns of words: what is compared, side by side, or what one thing after the other takes.

use super::pencil::Pencil;
use super::{Acts, Progress};
use crate::scenes::Scene;
use crate::scenes::mark::{Anchor, Area, Face, Fill, Ink, Link, Pen};
use crate::scenes::picture::{Say, Thing};
use crate::scenes::spans::Tongue;
use crate::text::Locale;

/// A table. It fills its area from the upper left; its rows are as high as their words need.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The columns, the first of which names the rows.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its head.
    pub head: Say,
    /// Its share of the width; the shares of all columns are weighed against each other.
    pub share: f32,
    /// What lights up with its cells.
    pub link: Option<Link>,
}

impl Column {
    /// A column of this share.
    pub fn new(head: impl Into<Say>, share: f32) -> Self {
        Self { head: head.into(), share, link: None }
    }

    /// The same, lighting up with others.
    #[must_use]
    pub const fn linked(mut self, link: Link) -> Self {
        self.link = Some(link);
        self
    }
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// One a column.
    pub cells: Vec<Say>,
    /// What lights up with it, where its columns do not say.
    pub link: Option<Link>,
    /// The row that counts, in heavier type.
    pub is_strong: bool,
}

impl Row {
    /// A row of these cells.
    pub fn new(cells: impl IntoIterator<Item = Say>) -> Self {
        Self { cells: cells.into_iter().collect(), link: None, is_strong: false }
    }

    /// The same, lighting up with others.
    #[must_use]
    pub const fn linked(mut self, link: Link) -> Self {
        self.link = Some(link);
        self
    }

    /// The same, in heavier type.
    #[must_use]
    pub const fn strong(mut self) -> Self {
        self.is_strong = true;
        self
    }
}

/// The row of heads, and what a row has over and under its words.
const HEAD: f32 = 34.0;
const PADDING: f32 = 9.0;
/// Between two columns.
const GUTTER: f32 = 24.0;
/// Each row takes so long to appear.
const SECONDS_A_ROW: f32 = 0.35;

impl Table {
    fn of(thing: Option<&Thing>) -> Option<&Self> {
        match thing {
            Some(Thing::Table(table)) => Some(table),
            _ => None,
        }
    }

    /// Rows that were not there before; a row that says something else stays where it is.
    fn new_rows(&self, before: Option<&Self>) -> usize {
        self.rows.len().saturating_sub(before.map_or(0, |before| before.rows.len()))
    }

    /// Left edge and width of each column.
    fn spans(&self, area: Area) -> Vec<(f32, f32)> {
        let whole = self.columns.iter().map(|column| column.share).sum::<f32>().max(f32::EPSILON);
        let mut x = area.x;
        let span = |column: &Column| {
            let (left, width) = (x, area.w * column.share / whole);
            x += width;
            (left, (width - GUTTER).max(0.0))
        };
        self.columns.iter().map(span).collect()
    }

    fn face(row: &Row, column: usize) -> (Face, Ink) {
        match (column, row.is_strong) {
            (0, false) => (Face::Body, Ink::Sec),
            (_, false) => (Face::Body, Ink::Text),
            (_, true) => (Face::BodyStrong, Ink::Text),
        }
    }

    /// Draws a row from `y` on; the height that it took.
    fn draw_row(&self, row: &Row, spans: &[(f32, f32)], y: f32, pencil: &mut Pencil<'_>) -> f32 {
        let cells: Vec<_> = row.cells.iter().zip(spans).enumerate().collect();
        let laid_out = |pencil: &Pencil<'_>, column: usize, say: &Say, room: f32| {
            pencil.lines(&pencil.say(say), Self::face(row, column).0, room).len()
        };
        let lines = cells.iter().map(|(column, (say, (_, room)))| laid_out(pencil, *column, say, *room)).max();
        let line = Face::Body.size() * super::pencil::LEADING;
        let height = lines.unwrap_or(1).max(1) as f32 * line + 2.0 * PADDING;
        for (column, (say, (x, room))) in cells {
            let link = self.columns.get(column).and_then(|column| column.link).or(row.link);
            pencil.with_link(link, |pencil| {
                if link.is_some() {
                    let cell = Area::new(x - GUTTER / 2.0, y, room + GUTTER, height);
                    pencil.rect(cell.inset(1.0), 3.0, Fill::None, None);
                }
                let own = laid_out(pencil, column, say, *room) as f32 * line;
                let words = pencil.say(say);
                pencil.paragraph([*x, y + (height - own) / 2.0], &words, Self::face(row, column), *room);
            });
        }
        height
    }
}

impl Acts for Table {
    fn seconds(&self, before: Option<&Thing>) -> f32 {
        self.new_rows(Self::of(before)) as f32 * SECONDS_A_ROW
    }

    fn draw(&self, before: Option<&Thing>, at: Progress, area: Area, pencil: &mut Pencil<'_>) {
        let new = self.new_rows(Self::of(before));
        let old = self.rows.len() - new;
        let spans = self.spans(area);
        for (column, (x, room)) in self.columns.iter().zip(&spans) {
            let head = pencil.say(&column.head);
            pencil.with_link(column.link, |pencil| {
                pencil.text([*x, area.y + HEAD / 2.0], Anchor::Start, &head, (Face::BodyStrong, Ink::Text), *room);
            });
        }
        let mut y = area.y + HEAD;
        pencil.line([area.x, y], [area.right() - GUTTER, y], Pen::new(Ink::Rail, 1.5));
        for (place, row) in self.rows.iter().enumerate() {
            let share = if place < old { 1.0 } else { (at.moved * new as f32 - (place - old) as f32).clamp(0.0, 1.0) };
            let from = y;
            let mut height = 0.0;
            pencil.faded(share, |pencil| height = self.draw_row(row, &spans, from, pencil));
            if share <= 0.0 {
                break;
            }
            y += height;
            pencil.faded(share, |pencil| {
                pencil.line([area.x, y], [area.right() - GUTTER, y], Pen::new(Ink::Line, 1.0));
            });
        }
    }

    fn describe(&self, scene: &Scene, tongue: Tongue, locale: Locale) -> String {
        let say = |say: &Say| scene.say(say, tongue, locale);
        let (colon, comma, end) = if locale == Locale::En { (": ", ", ", "; ") } else { ("：", "，", "；") };
        let row = |row: &Row| {
            let mut cells = row.cells.iter().zip(&self.columns).map(|(cell, column)| (say(&column.head), say(cell)));
            let name = cells.next().map(|(_, name)| name).unwrap_or_default();
            let named = |(head, cell): (String, String)| if head.is_empty() { cell } else { format!("{head} {cell}") };
            let rest: Vec<String> = cells.filter(|(_, cell)| !cell.is_empty()).map(named).collect();
            if rest.is_empty() { name } else { format!("{name}{colon}{}", rest.join(comma)) }
        };
        self.rows.iter().map(row).collect::<Vec<_>>().join(end)
    }
}
