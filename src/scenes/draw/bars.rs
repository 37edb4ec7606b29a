//! Memory as stacked bars on one axis: what it is taken for, and where it ends.

use super::axis::Axis;
use super::key;
use super::pencil::Pencil;
use super::shelf::{Lies, Portion};
use super::told::Teller;
use super::{Acts, Progress, ease};
use crate::estimate::Memory;
use crate::scenes::Scene;
use crate::scenes::handle::Edge;
use crate::scenes::mark::{Anchor, Area, At, Face, Fill, Ink, Link, Pen};
use crate::scenes::picture::{Say, Thing};
use crate::scenes::spans::Tongue;
use crate::text::{Key, Locale, Placeholder};

/// Bars on one axis, the first on top. Over them stands the word of the limit, under them the axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// The bars.
    pub rows: Vec<Bar>,
    /// The axis that they share, in the unit of their portions.
    pub axis: Axis,
    /// Where memory ends for all of them: a line, and what is said of it.
    pub limit: Option<(f64, Say)>,
    /// Under the axis: which color stands for what.
    pub key: key::Key,
    /// Room for the names at the left, in points.
    pub names: f32,
    /// Room past the end of the axis, for what is said of a bar, in points.
    pub ends: f32,
    /// What runs past the end of one bar and lies in another.
    pub flow: Option<Flow>,
}

/// What has no room in the first bar and lies in the second: a band between the two.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// What most of it is.
    pub component: Memory,
    /// How much, in the unit of the axis.
    pub amount: f64,
    /// Where it begins in the second bar.
    pub at: f64,
}

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Its name, at the left.
    pub name: Say,
    /// Under the name: what it is.
    pub about: Say,
    /// What lies there, from the left on, in the unit of the axis. What lies past its end lies nowhere.
    pub portions: Vec<Portion>,
    /// Where its own memory ends: a frame.
    pub holds: Option<f64>,
    /// After its end: the sum.
    pub total: Say,
}

impl Bar {
    /// A bar of these portions.
    pub fn new(name: impl Into<Say>, portions: Vec<Portion>) -> Self {
        Self { name: name.into(), about: Say::NOTHING, portions, holds: None, total: Say::NOTHING }
    }

    /// The same with words under its name.
    #[must_use]
    pub fn about(mut self, about: impl Into<Say>) -> Self {
        self.about = about.into();
        self
    }

    /// The same, ending there.
    #[must_use]
    pub const fn holding(mut self, holds: f64) -> Self {
        self.holds = Some(holds);
        self
    }

    /// The same with words after its end.
    #[must_use]
    pub fn total(mut self, total: impl Into<Say>) -> Self {
        self.total = total.into();
        self
    }
}

/// Over the bars: the word of the limit. Under them: ticks.
const HEAD: f32 = 26.0;
const HEAD_WITHOUT: f32 = 4.0;
const FOOT: f32 = 26.0;
/// The highest bar, and what stays free under each for words that have no room in it.
const HIGHEST: f32 = 120.0;
const UNDER: f32 = 24.0;
/// Around words in a portion, and between words under a bar.
const PLATE: f32 = 12.0;
const APART: f32 = 14.0;
/// A tooth where a bar goes on past the axis.
const TOOTH: f32 = 6.0;
/// Seconds that one portion moves, and all of them at most.
const SECONDS_A_PORTION: f32 = 0.5;
const LONGEST: f32 = 2.4;

impl Bars {
    fn of(before: Option<&Thing>) -> Option<&Self> {
        match before {
            Some(Thing::Bars(bars)) => Some(bars),
            _ => None,
        }
    }

    /// The portion of a row that was there before: of the same component and the same place among those of its kind.
    fn was<'a>(&self, before: &'a Self, row: usize, place: usize) -> Option<&'a Portion> {
        let now = self.rows.get(row)?;
        let portion = now.portions.get(place)?;
        let same = |other: &&Portion| other.component == portion.component;
        let nth = now.portions.iter().take(place).filter(same).count();
        before.rows.get(row)?.portions.iter().filter(same).nth(nth)
    }

    /// Portions that are larger or smaller than before, by row and place, in the order they move.
    fn changed(&self, before: Option<&Self>) -> Vec<(usize, usize)> {
        let Some(before) = before else { return Vec::new() };
        let rows = self.rows.iter().enumerate();
        rows.flat_map(|(row, bar)| (0..bar.portions.len()).map(move |place| (row, place, &bar.portions[place])))
            .filter(|(row, place, portion)| {
                self.was(before, *row, *place).map_or(0.0, |was| was.cells) != portion.cells
            })
            .map(|(row, place, _)| (row, place))
            .collect()
    }

    /// Over the bars: room for the word of the limit, where there is one.
    const fn head(&self) -> f32 {
        if self.limit.is_some() { HEAD } else { HEAD_WITHOUT }
    }

    /// Where bars stand, from the beginning of the axis to its end.
    fn body(&self, area: Area) -> Area {
        Area::new(
            area.x + self.names,
            area.y + self.head(),
            (area.w - self.names - self.ends).max(1.0),
            (area.h - self.head() - FOOT - self.key.height()).max(1.0),
        )
    }

    /// Where a bar stands, as long as the axis.
    fn row(&self, body: Area, row: usize) -> Area {
        let pitch = body.h / self.rows.len().max(1) as f32;
        let height = (pitch - UNDER).clamp(8.0, HIGHEST);
        let y = body.y + pitch * row as f32 + (pitch - UNDER - height).max(0.0) / 2.0 + 4.0;
        Area::new(body.x, y, body.w, height)
    }

    /// What the portions of a row take on the way from `before`: they move in their turn.
    fn amounts(&self, before: Option<&Self>, row: usize, changed: &[(usize, usize)], moved: f32) -> Vec<f32> {
        let portions = self.rows[row].portions.iter().enumerate();
        let amount = |(place, portion): (usize, &Portion)| {
            let now = portion.cells;
            let Some(turn) = changed.iter().position(|it| *it == (row, place)) else { return now };
            let was = before.and_then(|before| self.was(before, row, place)).map_or(0.0, |was| was.cells);
            let share = (moved * changed.len() as f32 - turn as f32).clamp(0.0, 1.0);
            was + (now - was) * ease(share)
        };
        portions.map(amount).collect()
    }

    /// Where what lies in a bar has no place any more.
    fn end_of(&self, bar: &Bar) -> Option<f64> {
        bar.holds.or_else(|| self.limit.as_ref().map(|(limit, _)| *limit))
    }

    /// Where a portion of a row begins that follows on `from`: what lies in the other bar stands past the end of this one.
    fn start(&self, row: usize, portion: &Portion, from: f64) -> f64 {
        let end = self.rows.get(row).and_then(|bar| bar.holds).filter(|_| self.is_elsewhere(row, portion));
        end.map_or(from, |end| from.max(end))
    }

    /// Whether a portion of a row lies in the other bar, where the flow leads.
    fn is_elsewhere(&self, row: usize, portion: &Portion) -> bool {
        self.flow.is_some() && row == 0 && portion.lies == Lies::Hatched
    }

    /// The band from the end of the first bar to where its rest lies in the second.
    fn draw_flow(&self, flow: &Flow, body: Area, pencil: &mut Pencil<'_>) {
        let Some(end) = self.rows.first().and_then(|bar| bar.holds) else { return };
        let (above, below) = (self.row(body, 0).bottom(), self.row(body, 1).y);
        let x = |at: f64| self.axis.x(body, at);
        let corners = vec![
            [x(end), above],
            [x(end + flow.amount), above],
            [x(flow.at + flow.amount), below],
            [x(flow.at), below],
        ];
        let link = Some(Link::of(flow.component));
        pencil.with_link(link, |pencil| pencil.polygon(corners, Ink::Resting(flow.component)));
    }

    fn draw_row(&self, at: RowAt<'_>, amounts: &[f32], body: Area, pencil: &mut Pencil<'_>) {
        let RowAt { row, bar, area, .. } = at;
        let end = self.end_of(bar);
        let mut from = 0.0_f64;
        for (portion, amount) in bar.portions.iter().zip(amounts) {
            from = self.start(row, portion, from);
            let to = from + f64::from(*amount);
            let cut = end.unwrap_or(f64::INFINITY).clamp(from, to);
            pencil.with_link(Some(Link::of(portion.component)), |pencil| {
                for (left, right, past) in [(from, cut, false), (cut, to, true)] {
                    let (x, right) = (self.axis.x(body, left), self.axis.x(body, right));
                    let lost = past && portion.lies != Lies::Ghost && !self.is_elsewhere(row, portion);
                    let lies = if lost { Lies::Nowhere } else { portion.lies };
                    if right - x > 0.05 {
                        pencil.rect(Area::new(x, area.y, right - x, area.h), 0.0, fill(lies, portion), None);
                    }
                }
            });
            from = to;
        }
        if let Some(holds) = bar.holds {
            let frame = Area::new(body.x, area.y, self.axis.x(body, holds) - body.x, area.h);
            if holds > self.axis.to {
                draw_cut(frame, pencil);
            } else {
                pencil.rect(frame, 2.0, Fill::None, Some(Pen::new(Ink::Text, 1.5)));
            }
        }
    }

    /// How far words under a row have to move to the left, so that none stands past the end of the area.
    fn shift(&self, at: RowAt<'_>, amounts: &[f32], body: Area, pencil: &Pencil<'_>) -> f32 {
        let (mut from, mut free) = (0.0_f64, body.x);
        for (portion, amount) in at.bar.portions.iter().zip(amounts) {
            let to = from + f64::from(*amount);
            if let Some(label) = &portion.label {
                let width = pencil.width(&pencil.say(label), Face::SmallStrong);
                let ends = [self.axis.x(body, from), self.axis.x(body, to)];
                if ends[1] - ends[0] <= width + PLATE {
                    free = (f32::midpoint(ends[0], ends[1]) - width / 2.0).max(free) + width + APART;
                }
            }
            from = to;
        }
        (free - APART - (body.right() + self.ends)).max(0.0)
    }

    /// What is said on a row and after it, over all lines.
    fn draw_words(&self, at: RowAt<'_>, amounts: &[f32], body: Area, pencil: &mut Pencil<'_>) {
        let RowAt { row, bar, was, area, numbers } = at;
        let end = self.end_of(bar);
        let mut from = 0.0_f64;
        let mut free = body.x;
        let shift = self.shift(at, amounts, body, pencil);
        for (portion, amount) in bar.portions.iter().zip(amounts) {
            from = self.start(row, portion, from);
            let to = from + f64::from(*amount);
            let cut = end.unwrap_or(f64::INFINITY).clamp(from, to);
            if let Some(label) = &portion.label {
                let same = was.is_some_and(|was| was.portions.contains(portion));
                let stretch = [self.axis.x(body, from), self.axis.x(body, to), self.axis.x(body, cut)];
                pencil.faded(if same { 1.0 } else { numbers }, |pencil| {
                    draw_label(portion, label, (area, stretch), (&mut free, shift), pencil);
                });
            }
            from = to;
        }
        let total = pencil.say(&bar.total);
        let width = pencil.width(&total, Face::BodyStrong);
        let mut x = self.axis.x(body, from.max(bar.holds.unwrap_or_default())) + 10.0;
        if let Some((limit, _)) = &self.limit {
            let line = self.axis.x(body, *limit);
            if x - 4.0 < line && x + width + 4.0 > line {
                x = line + 10.0;
            }
        }
        let same = was.is_some_and(|was| was.total == bar.total);
        pencil.faded(if same { 1.0 } else { numbers }, |pencil| {
            let at = [x, area.center()[1]];
            pencil.text(at, Anchor::Start, &total, (Face::BodyStrong, Ink::Text), f32::INFINITY);
        });
    }
}

/// One row while it is drawn.
#[derive(Clone, Copy)]
struct RowAt<'a> {
    row: usize,
    bar: &'a Bar,
    was: Option<&'a Bar>,
    area: Area,
    numbers: f32,
}

const fn fill(lies: Lies, portion: &Portion) -> Fill {
    match lies {
        Lies::Solid => Fill::Solid(portion.component),
        Lies::Hatched => Fill::Hatched(portion.component),
        Lies::Nowhere => Fill::Nowhere(portion.component),
        Lies::Ghost => Fill::Ghost(portion.component),
    }
}

/// A frame that goes on past the end of the axis: open at the right, with teeth.
fn draw_cut(frame: Area, pencil: &mut Pencil<'_>) {
    let (right, bottom) = (frame.right(), frame.bottom());
    let open = vec![[right, frame.y], [frame.x, frame.y], [frame.x, bottom], [right, bottom]];
    pencil.path(open, Pen::new(Ink::Text, 1.5));
    let step = frame.h / 4.0;
    let teeth = (0_u8..=4).map(|tooth| {
        let out = if tooth % 2 == 1 { TOOTH } else { 0.0 };
        [right + out, frame.y + step * f32::from(tooth)]
    });
    pencil.path(teeth.collect(), Pen::new(Ink::Text, 1.5));
}

/// In the portion where it has room there, else under it.
fn draw_label(
    portion: &Portion,
    label: &Say,
    (area, [from, to, cut]): (Area, [f32; 3]),
    (free, shift): (&mut f32, f32),
    pencil: &mut Pencil<'_>,
) {
    let words = pencil.say(label);
    let width = pencil.width(&words, Face::SmallStrong);
    let (middle, y) = (f32::midpoint(from, to), area.center()[1]);
    if to - from > width + PLATE {
        let solid = portion.lies == Lies::Solid && cut > middle + width / 2.0;
        let colors = if solid {
            (Ink::Memory(portion.component), Ink::OnMemory(portion.component))
        } else {
            (Ink::Panel, Ink::Text)
        };
        pencil.plate([middle, y], Anchor::Middle, &words, colors, f32::INFINITY);
    } else {
        let x = (middle - width / 2.0 - shift).max(*free);
        let y = area.bottom() + 12.0;
        let foot = if shift > 0.0 { x + width / 2.0 } else { middle };
        pencil.line([middle, area.bottom()], [foot, y - 6.0], Pen::new(Ink::Sec, 1.0));
        pencil.plate([x, y], Anchor::Start, &words, (Ink::Bg, Ink::Sec), f32::INFINITY);
        *free = x + width + APART;
    }
}

impl Acts for Bars {
    fn seconds(&self, before: Option<&Thing>) -> f32 {
        let count = self.changed(Self::of(before)).len();
        if count > 0 { (count as f32 * SECONDS_A_PORTION).clamp(0.6, LONGEST) } else { 0.0 }
    }

    fn draw(&self, before: Option<&Thing>, at: Progress, area: Area, pencil: &mut Pencil<'_>) {
        let before = Self::of(before);
        let body = self.body(area);
        self.axis.draw_under(body, pencil);
        let changed = self.changed(before);
        let drawn: Vec<(RowAt<'_>, Vec<f32>)> = (0..self.rows.len())
            .map(|row| {
                let was = before.and_then(|before| before.rows.get(row));
                let numbers = if before.is_some() { at.numbers } else { 1.0 };
                let area = self.row(body, row);
                let amounts = self.amounts(before, row, &changed, at.moved);
                (RowAt { row, bar: &self.rows[row], was, area, numbers }, amounts)
            })
            .collect();
        if let Some(flow) = &self.flow {
            pencil.faded(at.moved, |pencil| self.draw_flow(flow, body, pencil));
        }
        for (row, amounts) in &drawn {
            self.draw_row(*row, amounts, body, pencil);
            let (name, about) = (pencil.say(&row.bar.name), pencil.say(&row.bar.about));
            let middle = row.area.center()[1];
            let shift = if about.is_empty() { 0.0 } else { 9.0 };
            let room = self.names - 14.0;
            let at = [area.x, middle - shift];
            pencil.text(at, Anchor::Start, &name, (Face::BodyStrong, Ink::Text), room);
            pencil.text([area.x, middle + 9.0], Anchor::Start, &about, (Face::Small, Ink::Sec), room);
        }
        if let Some((limit, words)) = &self.limit {
            let x = self.axis.x(body, *limit);
            pencil.line([x, area.y + 18.0], [x, body.bottom()], Pen::new(Ink::Text, 2.0));
            let words = pencil.say(words);
            let half = pencil.width(&words, Face::SmallStrong) / 2.0;
            let x = x.min(area.right() - half).max(area.x + half);
            pencil.text([x, area.y + 8.0], Anchor::Middle, &words, (Face::SmallStrong, Ink::Text), f32::INFINITY);
        }
        for (row, amounts) in &drawn {
            self.draw_words(*row, amounts, body, pencil);
        }
        self.key.draw(body.x, area.bottom() - 8.0, pencil);
    }

    /// At the end of what lies in the first bar.
    fn grip(&self, area: Area, edge: Edge) -> At {
        let body = self.body(area);
        let row = self.row(body, 0);
        let lies: f32 = self.rows.first().map_or(0.0, |bar| bar.portions.iter().map(|portion| portion.cells).sum());
        match edge {
            Edge::Right => [self.axis.x(body, f64::from(lies)), row.center()[1]],
            Edge::Top => [row.center()[0], row.y],
        }
    }

    fn describe(&self, scene: &Scene, tongue: Tongue, locale: Locale) -> String {
        let teller = Teller { scene, tongue, locale };
        let mut rows: Vec<String> = (0..self.rows.len()).map(|row| self.told(row, teller)).collect();
        rows.extend(self.limit.as_ref().map(|(_, words)| teller.say(words)));
        teller.lines(rows)
    }
}

impl Bars {
    /// A row as a sentence: what it is, what lies there, and the sum.
    fn told(&self, row: usize, teller: Teller<'_>) -> String {
        let Some(bar) = self.rows.get(row) else { return String::new() };
        let amount = |value: f64| self.axis.figure(value).map(|figure| figure.say(teller.locale)).unwrap_or_default();
        let portion = |portion: &Portion| match &portion.label {
            Some(label) => teller.say(label),
            None if portion.cells > 0.0 => {
                let name = self.key.0.iter().find(|(component, _)| *component == portion.component);
                let name = name.map_or_else(|| teller.component(portion.component), |(_, name)| teller.say(name));
                format!("{name} {}", amount(portion.cells.into()))
            }
            None => String::new(),
        };
        let mut parts: Vec<String> = bar.portions.iter().map(portion).collect();
        let lies: f64 = bar.portions.iter().map(|portion| f64::from(portion.cells)).sum();
        let here = bar.portions.iter().all(|portion| !self.is_elsewhere(row, portion));
        if let Some(over) = self.end_of(bar).map(|end| lies - end).filter(|over| *over > 0.05 && here) {
            parts.push(teller.sentence(Key::SceneTooMuch, &[(Placeholder::Value, &amount(over))]));
        }
        let total = teller.say(&bar.total);
        if !parts.contains(&total) {
            parts.push(total);
        }
        let name = teller.list(vec![teller.say(&bar.name), teller.say(&bar.about)]);
        teller.named(&name, &teller.list(parts))
    }
}
