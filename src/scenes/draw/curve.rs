//! A plot: how something grows along an axis, and where memory ends.

use super::axis::Axis;
use super::pencil::Pencil;
use super::told::Teller;
use super::{Acts, Progress, ease};
use crate::estimate::{Memory, Verdict};
use crate::scenes::Scene;
use crate::scenes::mark::{Anchor, Area, Face, Ink, Link, Pen};
use crate::scenes::picture::{Say, Thing};
use crate::scenes::spans::Tongue;
use crate::text::{Key, Locale, Placeholder};

/// A plot. Left of it and under it stand its axes, right of it the names of its series.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// From left to right.
    pub across: Axis,
    /// From below upward.
    pub up: Axis,
    /// What is plotted.
    pub series: Vec<Series>,
    /// Where memory ends: a line from left to right, and what is said of it.
    pub capacity: Option<(f64, Say)>,
    /// Places on the axis across.
    pub signs: Vec<Sign>,
    /// Room for the names of series at the right, in points.
    pub ends: f32,
}

/// One line of a plot.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Whose color it has; `None` = that of text.
    pub component: Option<Memory>,
    /// Its points, from left to right. A filled one counts from the filled one before it, and they have the same places.
    pub points: Vec<[f64; 2]>,
    /// Filled down to the one before it, stacked.
    pub filled: bool,
    /// Interrupted.
    pub dashed: bool,
    /// Its name at its end.
    pub label: Say,
}

/// A place on the axis across, with its word over the plot.
#[derive(Debug, Clone, PartialEq)]
pub struct Sign {
    /// Where.
    pub at: f64,
    /// What is there: "yours", "limit".
    pub words: Say,
    /// How bad it is there; `None` = it is only a place.
    pub verdict: Option<Verdict>,
}

/// Left of the plot, over it and under it, in points.
const LEFT: f32 = 78.0;
const HEAD: f32 = 46.0;
const FOOT: f32 = 46.0;
/// Between names of series.
const LINE: f32 = 17.0;
const SECONDS: f32 = 1.2;

impl Curve {
    fn of(before: Option<&Thing>) -> Option<&Self> {
        match before {
            Some(Thing::Curve(curve)) => Some(curve),
            _ => None,
        }
    }

    /// The heights of a series on the way from `before`: its points between those of the same place.
    fn heights(&self, place: usize, before: Option<&Self>, share: f32) -> Vec<[f64; 2]> {
        let Some(series) = self.series.get(place) else { return Vec::new() };
        let was = before.and_then(|before| before.series.get(place)).filter(|was| {
            was.component == series.component
                && was.points.len() == series.points.len()
                && was.points.iter().zip(&series.points).all(|(was, is)| was[0] == is[0])
        });
        let share = f64::from(share);
        let mix = |(place, [x, y]): (usize, &[f64; 2])| {
            let from = was.map_or(*y, |was| was.points[place][1]);
            [*x, from + (y - from) * share]
        };
        series.points.iter().enumerate().map(mix).collect()
    }

    /// The tops of all series, filled ones stacked.
    fn tops(&self, before: Option<&Self>, share: f32) -> Vec<(Vec<[f64; 2]>, Vec<f64>)> {
        let mut base: Vec<f64> = Vec::new();
        let mut out = Vec::new();
        for (place, series) in self.series.iter().enumerate() {
            let mut points = self.heights(place, before, share);
            base.resize(points.len().max(base.len()), 0.0);
            let under = base.clone();
            if series.filled {
                for (point, base) in points.iter_mut().zip(&mut base) {
                    point[1] += *base;
                    *base = point[1];
                }
            }
            out.push((points, under));
        }
        out
    }

    fn draw_series(&self, series: &Series, tops: &(Vec<[f64; 2]>, Vec<f64>), body: Area, pencil: &mut Pencil<'_>) {
        let ink = series.component.map_or(Ink::Text, Ink::Memory);
        let (points, under) = tops;
        let top = |point: &[f64; 2]| [self.across.x(body, point[0]), self.up.y(body, point[1])];
        if series.filled {
            for place in 1..points.len() {
                let (left, right) = (top(&points[place - 1]), top(&points[place]));
                let base = |place: usize| self.up.y(body, under.get(place).copied().unwrap_or_default());
                // A little wider than it is, so that no seam is seen between two.
                let right = [(right[0] + 0.5).min(body.right()), right[1]];
                let corners = vec![left, right, [right[0], base(place)], [left[0], base(place - 1)]];
                pencil.faded(0.8, |pencil| pencil.polygon(corners, ink));
            }
        } else {
            let pen = if series.dashed { Pen::dashed(ink, 2.0) } else { Pen::new(ink, 2.5) };
            pencil.path(points.iter().map(top).collect(), pen);
        }
    }

    /// The names at the ends of series, from above, none on another.
    fn draw_names(&self, tops: &[(Vec<[f64; 2]>, Vec<f64>)], body: Area, pencil: &mut Pencil<'_>) {
        let mut names: Vec<(f32, String, Option<Link>)> = Vec::new();
        for (series, (points, under)) in self.series.iter().zip(tops) {
            let words = pencil.say(&series.label);
            let (Some(last), false) = (points.last(), words.is_empty()) else { continue };
            let base = under.get(points.len() - 1).copied().unwrap_or_default();
            let middle = if series.filled { f64::midpoint(last[1], base) } else { last[1] };
            names.push((self.up.y(body, middle), words, series.component.map(Link::of)));
        }
        names.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut free = f32::NEG_INFINITY;
        let last = body.bottom() - LINE * names.len().saturating_sub(1) as f32;
        for (place, (y, words, link)) in names.into_iter().enumerate() {
            let y = y.min(last + LINE * place as f32).max(free);
            free = y + LINE;
            pencil.with_link(link, |pencil| {
                let at = [body.right() + 12.0, y];
                pencil.text(at, Anchor::Start, &words, (Face::SmallStrong, Ink::Text), f32::INFINITY);
            });
        }
    }

    fn draw_signs(&self, body: Area, pencil: &mut Pencil<'_>) {
        let mut free = f32::NEG_INFINITY;
        let mut signs: Vec<&Sign> = self.signs.iter().collect();
        signs.sort_by(|one, other| one.at.total_cmp(&other.at));
        for sign in signs {
            let x = self.across.x(body, sign.at);
            let ink = sign.verdict.map_or(Ink::Text, Ink::Verdict);
            pencil.line([x, body.y - 6.0], [x, body.bottom()], Pen::dashed(ink, 1.5));
            let words = pencil.say(&sign.words);
            let half = pencil.width(&words, Face::SmallStrong) / 2.0;
            let middle = x.min(body.right() + self.ends - half).max(free + half);
            free = middle + half + 14.0;
            let at = [middle, body.y - 16.0];
            pencil.text(at, Anchor::Middle, &words, (Face::SmallStrong, Ink::Text), f32::INFINITY);
        }
    }
}

impl Curve {
    /// A series as a sentence: its name, and its value at both ends.
    fn told(&self, series: &Series, teller: Teller<'_>) -> String {
        let point = |at: &[f64; 2]| {
            let (across, up) = (self.across.figure(at[0])?, self.up.figure(at[1])?);
            let (across, up) = (across.say(teller.locale), up.say(teller.locale));
            Some(teller.sentence(Key::ScenePoint, &[(Placeholder::Value, &up), (Placeholder::Other, &across)]))
        };
        let ends = [series.points.first(), series.points.last()].into_iter().flatten();
        teller.named(&teller.say(&series.label), &teller.list(ends.filter_map(point).collect()))
    }
}

impl Acts for Curve {
    fn seconds(&self, before: Option<&Thing>) -> f32 {
        match Self::of(before) {
            None => SECONDS,
            Some(before) if before.series != self.series => SECONDS,
            Some(_) => 0.0,
        }
    }

    fn draw(&self, before: Option<&Thing>, at: Progress, area: Area, pencil: &mut Pencil<'_>) {
        let before = Self::of(before);
        let body = Area::new(
            area.x + LEFT,
            area.y + HEAD,
            (area.w - LEFT - self.ends).max(1.0),
            (area.h - HEAD - FOOT).max(1.0),
        );
        self.across.draw_under(body, pencil);
        self.up.draw_beside(body, pencil);
        let tops = self.tops(before, ease(at.moved));
        // A new plot is drawn from left to right.
        let shown = if before.is_some() { 1.0 } else { at.moved };
        for (series, tops) in self.series.iter().zip(&tops) {
            let cut = until(tops, &self.across, shown);
            pencil.with_link(series.component.map(Link::of), |pencil| self.draw_series(series, &cut, body, pencil));
        }
        if let Some((capacity, words)) = &self.capacity {
            let y = self.up.y(body, *capacity);
            pencil.line([body.x, y], [body.right(), y], Pen::new(Ink::Text, 2.0));
            let words = pencil.say(words);
            let at = [body.x + 8.0, y - 11.0];
            pencil.text(at, Anchor::Start, &words, (Face::SmallStrong, Ink::Text), f32::INFINITY);
        }
        let same = before.is_some_and(|before| before.signs == self.signs && before.series == self.series);
        pencil.faded(if same { 1.0 } else { at.numbers }, |pencil| {
            self.draw_names(&tops, body, pencil);
            self.draw_signs(body, pencil);
        });
    }

    fn describe(&self, scene: &Scene, tongue: Tongue, locale: Locale) -> String {
        let teller = Teller { scene, tongue, locale };
        let mut lines: Vec<String> = self.series.iter().map(|series| self.told(series, teller)).collect();
        lines.extend(self.capacity.as_ref().map(|(_, words)| teller.say(words)));
        lines.extend(self.signs.iter().map(|sign| teller.say(&sign.words)));
        teller.lines(lines)
    }
}

/// The points up to a share of the axis, the last one between two where it ends there.
fn until((points, under): &(Vec<[f64; 2]>, Vec<f64>), across: &Axis, share: f32) -> (Vec<[f64; 2]>, Vec<f64>) {
    let mut out = (Vec::new(), Vec::new());
    for (place, point) in points.iter().enumerate() {
        let base = under.get(place).copied().unwrap_or_default();
        if across.share(point[0]) <= share {
            out.0.push(*point);
            out.1.push(base);
            continue;
        }
        let (Some(last), Some(was)) = (out.0.last().copied(), out.1.last().copied()) else { break };
        let (from, to) = (across.share(last[0]), across.share(point[0]));
        let part = f64::from((share - from) / (to - from).max(f32::EPSILON));
        let mix = |from: f64, to: f64| from + (to - from) * part;
        out.0.push([mix(last[0], point[0]), mix(last[1], point[1])]);
        out.1.push(mix(was, base));
        break;
    }
    out
}
