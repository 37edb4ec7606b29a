//! Memory over the moments of a training step: what lies on the fullest card at each, stacked, under what it has.

use std::sync::Arc;

use eframe::egui::{Galley, Pos2, Rect, Stroke, Ui, Vec2, pos2, vec2};
use egui_plot::{FilledArea, GridMark, HLine, LineStyle, PlotPoint, VLine};

use super::axes::{self, Axes};
use super::{inside, readout};
use crate::estimate::training::{PhaseBytes, TrainingPhase, TrainingStep};
use crate::estimate::{DeviceEstimate, Estimate};
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Memory, Tokens};
use crate::ui::words;
use crate::units::Bytes;

/// Half of what is left open between two moments, in moments.
const GAP: f64 = 0.03;
/// Where the phases of a step end, in moments, and where their names stand.
const PHASES: [f64; 3] = [1.0, 3.0, 6.0];
/// Between words and the edge of the plate under them.
const PLATE: Vec2 = vec2(3.0, 1.0);

pub(super) fn show(ui: &mut Ui, rect: Rect, estimate: &Estimate, locale: Locale) {
    let Some((step, device)) = estimate.training.as_deref().zip(estimate.fullest()) else {
        axes::nothing(ui, rect, locale.word(Key::PlotEmpty));
        return;
    };
    inside(ui, "moments plot", rect, |ui| draw(ui, step, device, locale));
}

/// The plot as words.
pub(super) fn twin(estimate: &Estimate, locale: Locale) -> Vec<String> {
    let Some((step, device)) = estimate.training.as_deref().zip(estimate.fullest()) else { return Vec::new() };
    step.phases.iter().map(|it| sentence(it, device.overhead.expected, locale)).collect()
}

fn sentence(at: &PhaseBytes, overhead: Bytes, locale: Locale) -> String {
    let total = words::gib(at.total() + overhead);
    let name = locale.word(words::phase(at.phase));
    locale.sentence(Key::PlotPhaseTwin, &[(Placeholder::Name, name), (Placeholder::Value, &total)])
}

/// Heights of the boundaries between components, from the bottom.
fn heights(at: &PhaseBytes, adapter: Bytes, overhead: Bytes) -> [(Memory, f64); 6] {
    let adapter = adapter.min(at.weights);
    let mut sum = Bytes::ZERO;
    [
        (Memory::Weights, at.weights - adapter),
        (Memory::Adapter, adapter),
        (Memory::Gradients, at.gradients),
        (Memory::Optimizer, at.optimizer),
        (Memory::Compute, at.activations + at.temporaries + at.buffers),
        (Memory::Overhead, overhead),
    ]
    .map(|(component, bytes)| {
        sum += bytes;
        (component, words::amount(sum))
    })
}

fn draw(ui: &mut Ui, step: &TrainingStep, device: &DeviceEstimate, locale: Locale) {
    let t = Tokens::of(ui);
    let overhead = device.overhead.expected;
    let total = |at: &PhaseBytes| words::amount(at.total() + overhead);
    let highest = step.phases.iter().map(total).fold(0.0, f64::max);
    let capacity = words::amount(device.usable);
    let top = axes::top(if capacity < 2.0 * highest { highest.max(capacity) } else { highest });
    let x_words: fn(f64) -> String = match locale {
        Locale::En => |x| phase(x, Locale::En),
        Locale::Zh => |x| phase(x, Locale::Zh),
    };
    // The first names stand clear of the zero and of each other.
    let half = |key| paint::width(ui.painter(), locale.word(key), Type::CaptionMono) / 2.0;
    let moments = |points: f32| f64::from(points / (ui.available_width() - 34.0).max(1.0)) * 7.1;
    let first = moments(half(Key::MarkForward) + 8.0).clamp(0.5, 1.4);
    let second = (first + moments(half(Key::MarkForward) + half(Key::MarkLoss) + 8.0)).clamp(2.0, 2.9);
    let marks = [first, second, 4.5, 6.5].map(|value| GridMark { value, step_size: 7.0 });
    let axes = Axes { x_marks: marks.to_vec(), x_words, top, right_top: None, x_name: "" };
    let shown = axes.plot(ui, "memory over a step").show(ui, |plot| {
        plot.set_plot_bounds_x(-0.05..=7.05);
        plot.set_plot_bounds_y(0.0..=top);
        for at in &step.phases {
            let x = place(at.phase);
            let ends = [x + GAP, x + 1.0 - GAP];
            let mut below = 0.0;
            for (component, above) in heights(at, step.adapter, overhead) {
                if above > below {
                    let fill = t.memory(component).fill;
                    plot.add(FilledArea::new("", &ends, &[below; 2], &[above; 2]).fill_color(fill).allow_hover(false));
                }
                below = above;
            }
        }
        for end in PHASES {
            let line = VLine::new("", end).stroke(Stroke::new(1.0, t.rail)).style(LineStyle::dotted_dense());
            plot.vline(line.allow_hover(false));
        }
        if capacity <= top {
            let dashed = LineStyle::Dashed { length: 6.0 };
            let line = HLine::new("", capacity).stroke(Stroke::new(1.5, t.text)).style(dashed);
            plot.hline(line.allow_hover(false));
        }
        if let Some(peak) = step.at(step.peak) {
            axes::dot(plot, (place(peak.phase) + 0.5, total(peak)), t);
        }
    });
    let position = |x: f64, y: f64| shown.transform.position_from_point(&PlotPoint::new(x, y));
    let peak = step.at(step.peak).map(|peak| {
        let figure = text::decimal(total(peak), 1);
        let holes = [(Placeholder::Value, figure.as_str()), (Placeholder::Name, locale.word(words::phase(peak.phase)))];
        (position(place(peak.phase) + 0.5, total(peak)), locale.sentence(Key::PlotPeak, &holes))
    });
    let limit = (capacity <= top).then(|| {
        let value = words::gib_bare(device.usable);
        (position(0.0, capacity).y, locale.sentence(Key::PlotVram, &[(Placeholder::Value, &value)]))
    });
    names(ui, *shown.transform.frame(), peak, limit);
    let Some(at) = shown.response.hover_pos().map(|pos| shown.transform.value_from_position(pos)) else { return };
    let Some(near) = step.phases.iter().find(|it| place(it.phase) == at.x.floor()) else { return };
    let point = PlotPoint::new(place(near.phase) + 0.5, total(near));
    readout(ui, &shown.response, shown.transform.position_from_point(&point), &sentence(near, overhead, locale));
}

/// Names the peak beside its dot, and what the card has at its line, where the one does not cover the other.
fn names(ui: &Ui, frame: Rect, peak: Option<(Pos2, String)>, limit: Option<(f32, String)>) {
    let t = Tokens::of(ui);
    let laid = |words: String, step: Type| ui.painter().layout_no_wrap(words, step.font(), t.text);
    let draw = |plate: Rect, galley: Arc<Galley>| {
        ui.painter().rect_filled(plate, 0, t.bg);
        ui.painter().galley(plate.min + PLATE, galley, t.text);
    };
    let mut taken = Vec::new();
    if let Some((dot, words)) = peak {
        let galley = laid(words, Type::SmallStrong);
        let plate = peak_plate(frame, dot, galley.size() + 2.0 * PLATE);
        taken.extend([plate, Rect::from_center_size(dot, vec2(14.0, 14.0))]);
        draw(plate, galley);
    }
    if let Some((y, words)) = limit {
        let galley = laid(words, Type::CaptionStrong);
        let plate = limit_plate(frame, y, galley.size() + 2.0 * PLATE, &taken);
        draw(plate, galley);
    }
}

/// Above the dot, on the side that has more room.
fn peak_plate(frame: Rect, dot: Pos2, size: Vec2) -> Rect {
    let left = if dot.x > frame.center().x { dot.x - 6.0 - size.x } else { dot.x + 6.0 };
    let left = left.clamp(frame.left(), (frame.right() - size.x).max(frame.left()));
    let top = (dot.y - 6.0 - size.y).clamp(frame.top(), (frame.bottom() - size.y).max(frame.top()));
    Rect::from_min_size(pos2(left, top), size)
}

/// On the line at the right, or the nearest place to it that nothing has taken.
fn limit_plate(frame: Rect, y: f32, size: Vec2, taken: &[Rect]) -> Rect {
    let (right, left) = (frame.right() - size.x - 2.0, frame.left() + 2.0);
    let (on, below, above) = (y - size.y / 2.0, y + 3.0, y - 3.0 - size.y);
    let places = [(right, on), (left, on), (right, below), (left, below), (right, above), (left, above)];
    let plates = places.map(|(x, y)| Rect::from_min_size(pos2(x, y), size));
    let free = |plate: &&Rect| frame.contains_rect(**plate) && !taken.iter().any(|other| other.intersects(**plate));
    let untaken = |plate: &&Rect| !taken.iter().any(|other| other.intersects(**plate));
    plates.iter().find(free).or_else(|| plates.iter().find(untaken)).copied().unwrap_or(plates[0])
}

/// Where a moment begins.
fn place(phase: TrainingPhase) -> f64 {
    f64::from(phase as u8)
}

fn phase(x: f64, locale: Locale) -> String {
    let key = match x {
        x if x < 2.0 => Key::MarkForward,
        x if x < PHASES[1] => Key::MarkLoss,
        x if x < PHASES[2] => Key::MarkBackward,
        _ => Key::MarkStep,
    };
    locale.word(key).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_name_covers_the_other() {
        let frame = Rect::from_min_size(pos2(0.0, 0.0), vec2(320.0, 90.0));
        for moment in 0..7_u8 {
            for (dot, line) in (4..88_u8).flat_map(|dot| (4..88_u8).map(move |line| (dot, line))) {
                let dot = pos2(320.0 * (f32::from(moment) + 0.5) / 7.0, f32::from(dot));
                let peak = peak_plate(frame, dot, vec2(170.0, 18.0));
                let limit = limit_plate(frame, f32::from(line), vec2(70.0, 15.0), &[peak]);
                assert!(frame.contains_rect(peak), "{peak}");
                assert!(!peak.intersects(limit), "peak at {dot}, line at {line}: {peak} {limit}");
            }
        }
    }
}
