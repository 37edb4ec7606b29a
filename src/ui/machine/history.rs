//! What was in use over the last ten minutes: one line a memory, named at its end.

use eframe::egui::{Align2, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};

use super::{MachineInputs, said};
use crate::system::detect::history::{Look, SECONDS};
use crate::text::{self, Join, Key, Placeholder};
use crate::ui::axes;
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Ink, Tokens};
use crate::ui::words;
use crate::units::Bytes;

/// Lines of devices beside each other; more are drawn as their sum.
const MOST_DEVICES: usize = 3;
const LEFT: f32 = 36.0;
const RIGHT: f32 = 120.0;
const BOTTOM: f32 = 20.0;
/// Names at the ends of lines stand no closer.
const APART: f32 = 16.0;
const MINUTE: f64 = 60.0;
/// A plot narrower than this names every fifth minute alone.
const NARROW: f32 = 440.0;

/// How a line is drawn.
#[derive(Clone, Copy)]
enum Dash {
    Solid,
    Dashed,
    Dotted,
}

/// One memory over the time.
struct Line {
    name: String,
    ink: Ink,
    dash: Dash,
    pieces: Vec<Vec<[f64; 2]>>,
    now: Option<Bytes>,
    /// Where the memory ends.
    end: Option<Bytes>,
}

pub(super) fn show(ui: &mut Ui, height: f32, inputs: &MachineInputs<'_>) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    let (_, head) = ui.allocate_space(vec2(ui.available_width(), 26.0));
    let words = locale.word(Key::MachineHistory);
    let drawn = paint::text(ui.painter(), head.left_center(), Align2::LEFT_CENTER, words, Type::Section, t.text);
    let unit = locale.word(Key::MachineHistoryUnit);
    let at = drawn.right_center() + vec2(12.0, 0.0);
    paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, unit, (Type::Small, t.sec), head.right() - at.x);
    let (_, whole) = ui.allocate_space(vec2(ui.available_width(), height));
    let rect = Rect::from_min_max(whole.min + vec2(LEFT, 8.0), whole.max - vec2(RIGHT, BOTTOM));
    let lines = lines(inputs, t);
    let highest = lines.iter().flat_map(|line| line.pieces.iter().flatten()).map(|point| point[1]).fold(1.0, f64::max);
    let top = axes::top(lines.iter().filter_map(|line| line.end).map(Bytes::gib).fold(highest, f64::max));
    grid(ui, rect, top, inputs);
    let place = |[x, y]: [f64; 2]| {
        #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
        let (across, up) = (((x + SECONDS) / SECONDS) as f32, (y / top) as f32);
        pos2(rect.left() + across.max(0.0) * rect.width(), rect.bottom() - up * rect.height())
    };
    for line in &lines {
        for piece in &line.pieces {
            draw(ui, piece.iter().map(|point| place(*point)).collect(), line);
        }
    }
    ends(ui, rect, &lines, (&place, inputs));
    names(ui, rect, &lines, &place);
    let parts = lines.iter().filter_map(|line| Some(format!("{} {}", line.name, words::gib(line.now?))));
    said(ui, whole, "history", &locale.join(Join::Phrases, std::iter::once(words.to_owned()).chain(parts)));
}

fn lines(inputs: &MachineInputs<'_>, t: &Tokens) -> Vec<Line> {
    let locale = inputs.locale;
    let devices = inputs.history.last().map_or(0, |look| look.devices.len());
    let line = |name: String, (ink, dash): (Ink, Dash), value: &dyn Fn(&Look) -> Option<Bytes>| Line {
        name,
        ink,
        dash,
        pieces: inputs.history.lines(value),
        now: inputs.history.last().and_then(value),
        end: None,
    };
    let totals: Vec<Option<Bytes>> = inputs.found.map_or_else(Vec::new, |found| {
        found.devices(inputs.catalog).iter().filter(|device| device.has_vram()).map(|device| device.total).collect()
    });
    let mut found = Vec::new();
    if devices > MOST_DEVICES {
        let sum = |look: &Look| look.devices.iter().copied().sum::<Option<Bytes>>();
        found.push(line(locale.word(Key::MachineVram).to_owned(), (t.text, Dash::Solid), &sum));
    } else {
        let inks = [t.text, t.sec, t.rail];
        for (place, ink) in (0..devices).zip(inks) {
            let name = locale.sentence(Key::MachineGpu, &[(Placeholder::Count, &*place.to_string())]);
            let of_device = line(name, (ink, Dash::Solid), &|look| look.devices.get(place).copied().flatten());
            found.push(Line { end: totals.get(place).copied().flatten(), ..of_device });
        }
    }
    let of_ram = line(locale.word(Key::MachineRam).to_owned(), (t.sec, Dash::Dashed), &|look| look.ram);
    let end = inputs.found.and_then(|found| found.host.ram_bytes()).map(Bytes);
    found.push(Line { end, ..of_ram });
    found.push(line(locale.word(Key::MachineSwap).to_owned(), (t.sec, Dash::Dotted), &|look| look.swap));
    found.retain(|line| !line.pieces.is_empty());
    found
}

fn draw(ui: &Ui, points: Vec<Pos2>, line: &Line) {
    let stroke = Stroke::new(2.0, line.ink);
    let painter = ui.painter();
    match (line.dash, points.as_slice()) {
        (_, [point]) => {
            painter.circle_filled(*point, 1.5, line.ink);
        }
        (Dash::Solid, _) => {
            painter.add(Shape::line(points, stroke));
        }
        (Dash::Dashed, _) => painter.extend(Shape::dashed_line(&points, stroke, 7.0, 4.0)),
        (Dash::Dotted, _) => painter.extend(Shape::dashed_line(&points, stroke, 2.0, 3.0)),
    }
}

fn grid(ui: &Ui, rect: Rect, top: f64, inputs: &MachineInputs<'_>) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    for mark in axes::marks((0.0, top), axes::grid(top), 0.0) {
        #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
        let y = rect.bottom() - (mark.value / top) as f32 * rect.height();
        ui.painter().hline(rect.x_range(), y, Stroke::new(1.0, t.line));
        let words = text::trimmed(mark.value, 1);
        paint::text(ui.painter(), pos2(rect.left() - 8.0, y), Align2::RIGHT_CENTER, &words, Type::CaptionMono, t.faint);
    }
    // Their words need room.
    let minutes: &[i32] = if rect.width() < NARROW { &[-10, -5, 0] } else { &[-10, -8, -6, -4, -2, 0] };
    for &minutes in minutes {
        #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
        let across = (f64::from(minutes) * MINUTE / SECONDS + 1.0) as f32;
        let words = if minutes == 0 {
            locale.word(Key::MachineNow).to_owned()
        } else {
            let count = format!("\u{2212}{}", -minutes);
            locale.sentence(Key::MachineMinutes, &[(Placeholder::Count, &*count)])
        };
        let at = pos2(rect.left() + across * rect.width(), rect.bottom() + 6.0);
        // The first and the last stand within the plot: beside it are the names of the lines.
        let anchor = match minutes {
            -10 => Align2::LEFT_TOP,
            0 => Align2::RIGHT_TOP,
            _ => Align2::CENTER_TOP,
        };
        paint::text(ui.painter(), at, anchor, &words, Type::CaptionMono, t.faint);
    }
}

/// Where each memory ends, as a dashed line with its words; of several at one height the first.
fn ends(ui: &Ui, rect: Rect, lines: &[Line], (place, inputs): (&impl Fn([f64; 2]) -> Pos2, &MachineInputs<'_>)) {
    let (t, locale) = (Tokens::of(ui), inputs.locale);
    let mut drawn: Vec<f32> = Vec::new();
    for line in lines {
        let Some(end) = line.end else { continue };
        let y = place([0.0, end.gib()]).y;
        if drawn.iter().any(|other| (other - y).abs() < APART) {
            continue;
        }
        drawn.push(y);
        let across = [pos2(rect.left(), y), pos2(rect.right(), y)];
        ui.painter().extend(Shape::dashed_line(&across, Stroke::new(1.0, t.rail), 6.0, 3.0));
        let holes = [(Placeholder::Name, line.name.as_str()), (Placeholder::Value, &*words::gib_bare(end))];
        let words = locale.sentence(Key::MachineEndsAt, &holes);
        let at = pos2(rect.left() + 8.0, y - 3.0);
        paint::text(ui.painter(), at, Align2::LEFT_BOTTOM, &words, Type::Caption, t.sec);
    }
}

/// The name and value of each line at its end, pushed apart where they would lie on each other.
fn names(ui: &Ui, rect: Rect, lines: &[Line], place: &impl Fn([f64; 2]) -> Pos2) {
    let t = Tokens::of(ui);
    let mut ends: Vec<(f32, &Line)> = Vec::new();
    for line in lines {
        let Some(now) = line.now else { continue };
        let at = place([0.0, now.gib()]);
        ui.painter().circle(at, 3.5, t.text, Stroke::new(2.0, t.bg));
        ends.push((at.y, line));
    }
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut lowest = rect.top() - APART;
    let fits = |count: usize| rect.bottom() + 8.0 - APART * count as f32;
    let count = ends.len();
    for (place, (y, line)) in ends.into_iter().enumerate() {
        let y = y.min(fits(count - 1 - place)).max(lowest + APART);
        lowest = y;
        let words = format!("{} {}", line.name, line.now.map(words::gib_bare).unwrap_or_default());
        let at = pos2(rect.right() + 10.0, y);
        paint::text_within(ui.painter(), at, Align2::LEFT_CENTER, &words, (Type::SmallStrong, t.text), RIGHT - 12.0);
    }
}
