//! Memory over the moments of a training step: what lies on the fullest card at each, stacked, under what it has.

use eframe::egui::{Align2, Rect, RichText, Stroke, Ui};
use egui_plot::{FilledArea, GridMark, HLine, LineStyle, PlotPoint, PlotUi, Text, VLine};

use super::axes::{self, Axes};
use super::{inside, readout};
use crate::estimate::training::{Moment, MomentBytes, TrainingStep};
use crate::estimate::{DeviceEstimate, Estimate};
use crate::text::{Hole, Key, Locale};
use crate::ui::fonts::Type;
use crate::ui::theme::{Memory, Tokens};
use crate::ui::words;
use crate::units::Bytes;

/// Half of what is left open between two moments, in moments.
const GAP: f64 = 0.03;
/// Where the phases of a step end, in moments, and where their names stand.
const PHASES: [f64; 3] = [1.0, 3.0, 6.0];

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
    step.moments.iter().map(|it| sentence(it, device.overhead.expected, locale)).collect()
}

fn sentence(at: &MomentBytes, overhead: Bytes, locale: Locale) -> String {
    let total = words::gib(at.total() + overhead);
    let name = locale.word(words::moment(at.moment));
    locale.sentence(Key::PlotMomentTwin, &[(Hole::Name, name), (Hole::Value, &total)])
}

/// Heights of the boundaries between components, from the bottom.
fn heights(at: &MomentBytes, adapter: Bytes, overhead: Bytes) -> [(Memory, f64); 6] {
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
    let total = |at: &MomentBytes| words::amount(at.total() + overhead);
    let highest = step.moments.iter().map(total).fold(0.0, f64::max);
    let capacity = words::amount(device.capacity);
    let top = axes::top(if capacity < 2.0 * highest { highest.max(capacity) } else { highest });
    let x_words: fn(f64) -> String = match locale {
        Locale::En => |x| phase(x, Locale::En),
        Locale::Zh => |x| phase(x, Locale::Zh),
    };
    let marks = [0.5, 2.0, 4.5, 6.5].map(|value| GridMark { value, step_size: 7.0 });
    let axes = Axes { x_marks: marks.to_vec(), x_words, top, right_top: None };
    let shown = axes.plot(ui, "memory over a step").show(ui, |plot| {
        plot.set_plot_bounds_x(-0.05..=7.05);
        plot.set_plot_bounds_y(0.0..=top);
        for at in &step.moments {
            let x = place(at.moment);
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
        limit(plot, capacity, (&words::gib_bare(device.capacity), top), locale, t);
        if let Some(peak) = step.at(step.peak) {
            name_peak(plot, peak, (total(peak), top), locale, t);
        }
    });
    let Some(at) = shown.response.hover_pos().map(|pos| shown.transform.value_from_position(pos)) else { return };
    let Some(near) = step.moments.iter().find(|it| place(it.moment) == at.x.floor()) else { return };
    let point = PlotPoint::new(place(near.moment) + 0.5, total(near));
    readout(ui, &shown.response, shown.transform.position_from_point(&point), &sentence(near, overhead, locale));
}

/// What the card has: dashed across, its words at the right.
fn limit(plot: &mut PlotUi<'_>, capacity: f64, (value, top): (&str, f64), locale: Locale, t: &Tokens) {
    if capacity > top {
        return;
    }
    let line = HLine::new("", capacity).stroke(Stroke::new(1.5, t.text)).style(LineStyle::Dashed { length: 6.0 });
    plot.hline(line.allow_hover(false));
    let words = locale.sentence(Key::PlotVram, &[(Hole::Value, value)]);
    let text =
        RichText::new(format!(" {words} ")).font(Type::CaptionStrong.font()).color(t.text).background_color(t.bg);
    plot.text(Text::new("", PlotPoint::new(6.95, capacity), text).anchor(Align2::RIGHT_CENTER).allow_hover(false));
}

/// The dot at the peak and its words beside it, on the side that has more room.
fn name_peak(plot: &mut PlotUi<'_>, peak: &MomentBytes, (value, top): (f64, f64), locale: Locale, t: &Tokens) {
    let x = place(peak.moment) + 0.5;
    axes::dot(plot, (x, value), t);
    let name = locale.word(words::moment(peak.moment));
    let figure = crate::text::decimal(value, 1);
    let said = locale.sentence(Key::PlotPeak, &[(Hole::Value, &figure), (Hole::Name, name)]);
    let (anchor, aside) = if x > 3.5 { (Align2::RIGHT_BOTTOM, -0.1) } else { (Align2::LEFT_BOTTOM, 0.1) };
    let text = RichText::new(format!(" {said} ")).font(Type::SmallStrong.font()).color(t.text).background_color(t.bg);
    let at = PlotPoint::new(x + aside, value + 0.03 * top);
    plot.text(Text::new("", at, text).anchor(anchor).allow_hover(false));
}

/// Where a moment begins.
fn place(moment: Moment) -> f64 {
    Moment::ALL.iter().position(|it| *it == moment).unwrap_or(0) as f64
}

fn phase(x: f64, locale: Locale) -> String {
    let key = match x {
        x if x < PHASES[0] => Key::MarkForward,
        x if x < PHASES[1] => Key::MarkLoss,
        x if x < PHASES[2] => Key::MarkBackward,
        _ => Key::MarkStep,
    };
    locale.word(key).to_owned()
}
