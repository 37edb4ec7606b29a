//! Throughput and latency against sequences: more at once gives more in all, and each waits longer.

use eframe::egui::{Align2, Painter, Rect, Ui};
use egui_plot::{GridMark, LineStyle, PlotPoint, PlotUi};

use super::axes::{self, Axes};
use super::{PlanInputs, readout};
use crate::advise::sweep::sequences::SequencesPoint;
use crate::plan::Plan;
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::Tokens;
use crate::ui::widgets::inside;
use crate::ui::words;
use crate::units::Band;

pub(super) fn show(ui: &mut Ui, rect: Rect, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let points = &inputs.speeds.sequences;
    if points.len() < 2 {
        let key = if points.is_empty() { Key::PlotSpeedEmpty } else { Key::PlotOneSequence };
        axes::nothing(ui, rect, inputs.locale.word(key));
        return;
    }
    inside(ui, "sequences plot", rect, |ui| draw(ui, plan, inputs.locale, points));
}

/// The plot as words, for those who do not see it.
pub(super) fn twin(inputs: &PlanInputs<'_>) -> Vec<String> {
    inputs.speeds.sequences.iter().map(|point| sentence(point, inputs.locale)).collect()
}

fn sentence(point: &SequencesPoint, locale: Locale) -> String {
    let (sequences, total) = (point.sequences.to_string(), text::figure(point.total.expected));
    let each = text::figure(point.each.expected);
    locale.sentence(
        Key::PlotSequencesTwin,
        &[(Placeholder::Count, &sequences), (Placeholder::Value, &total), (Placeholder::Other, &each)],
    )
}

fn x(point: &SequencesPoint) -> f64 {
    f64::from(point.sequences).log2()
}

fn draw(ui: &mut Ui, plan: &mut Plan, locale: Locale, points: &[SequencesPoint]) {
    let t = Tokens::of(ui);
    let end = points.last().map_or(1.0, x);
    let highest = points.iter().map(|point| point.total.high).fold(0.0, f64::max);
    let slowest = points.iter().map(SequencesPoint::seconds_per_token).fold(0.0, f64::max);
    // Latency keeps to the lower half, so that the two curves and their words stand apart.
    let top = axes::top(highest);
    let milliseconds = axes::top_beside(top, slowest * 1e3 * 2.0);
    let step = if end > 5.0 { 2.0 } else { 1.0 };
    let x_name = locale.word(Key::Sequences);
    let axes = Axes { x_marks: x_marks(end, step), x_words: count, top, right_top: Some(milliseconds), x_name };
    let painter = ui.painter().clone();
    let shown = axes.plot(ui, "speed against sequences").show(ui, |plot| {
        plot.set_plot_bounds_x(-0.025 * end..=end * 1.01);
        plot.set_plot_bounds_y(0.0..=top);
        let totals: Vec<(f64, Band<f64>)> = points.iter().map(|point| (x(point), point.total)).collect();
        axes::band(plot, &totals, t);
        let latency = |point: &SequencesPoint| point.seconds_per_token() * 1e3 / milliseconds * top;
        axes::curve(plot, points.iter().map(|it| [x(it), latency(it)]).collect(), (t.rail, LineStyle::Solid));
        axes::curve(plot, totals.iter().map(|it| [it.0, it.1.expected]).collect(), (t.text, LineStyle::Solid));
        ends(plot, points, (end, top), latency, (locale, t, &painter));
        if let Some(now) = points.iter().find(|point| point.sequences == plan.workload.sequences) {
            axes::dot(plot, (x(now), latency(now)), t);
            axes::dot(plot, (x(now), now.total.expected), t);
        }
    });
    let Some(at) = shown.response.hover_pos().map(|pos| shown.transform.value_from_position(pos)) else { return };
    let near = |point: &&SequencesPoint| (x(point) - at.x).abs();
    let Some(point) = points.iter().min_by(|a, b| near(a).total_cmp(&near(b))) else { return };
    let place = PlotPoint::new(x(point), point.total.expected);
    readout(ui, &shown.response, shown.transform.position_from_point(&place), &sentence(point, locale));
    if shown.response.clicked() {
        plan.workload.sequences = point.sequences;
    }
}

/// What the curves are called and come to: throughput over its peak, since it falls where caches spill, latency over
/// its end.
fn ends(
    plot: &mut PlotUi<'_>,
    points: &[SequencesPoint],
    (end, top): (f64, f64),
    latency: impl Fn(&SequencesPoint) -> f64,
    (locale, t, painter): (Locale, &Tokens, &Painter),
) {
    let by_total = |a: &&SequencesPoint, b: &&SequencesPoint| a.total.expected.total_cmp(&b.total.expected);
    let (Some(peak), Some(last)) = (points.iter().max_by(by_total), points.last()) else { return };
    let words = locale.sentence(Key::PlotInTotal, &[(Placeholder::Value, &text::figure(peak.total.expected))]);
    let anchor = if x(peak) > 0.5 * end { Align2::RIGHT_BOTTOM } else { Align2::LEFT_BOTTOM };
    // A band that opens widely leaves its words room above.
    let line = 18.0 * plot.transform().dvalue_dpos()[1].abs();
    let over = (peak.total.high.min(0.86 * top) + 0.02 * top).min(top - line);
    let over = PlotPoint::new(x(peak).min(0.985 * end), over);
    axes::label(plot, over, anchor, &words, t.text);
    let each = words::milliseconds(last.seconds_per_token());
    let each = locale.sentence(Key::PlotPerToken, &[(Placeholder::Value, &each)]);
    // So wide are its words on the axis.
    let width = f64::from(paint::width(painter, &each, Type::SmallStrong)) * plot.transform().dvalue_dpos()[0].abs();
    if let Some((at, anchor)) = place(points, x(last), (width, line), latency) {
        axes::label(plot, at, anchor, &each, t.sec);
    }
}

/// Where the words of the latency cross no curve: between both, else under the lower one, as far to the right as can be.
/// Nowhere where the curves leave no such room: the axis and the line under the pointer say it then.
fn place(
    points: &[SequencesPoint],
    end: f64,
    (width, line): (f64, f64),
    latency: impl Fn(&SequencesPoint) -> f64,
) -> Option<(PlotPoint, Align2)> {
    [0.985, 0.85, 0.7, 0.55, 0.4].into_iter().map(|share| share * end).filter(|right| *right >= width).find_map(
        |right| {
            // Those beside the words, and the ones before and behind them.
            let first = points.iter().rposition(|point| x(point) <= right - width).unwrap_or(0);
            let last = points.iter().position(|point| x(point) >= right).unwrap_or(points.len() - 1);
            let beside = points.get(first..=last)?;
            let (lowest, highest) = extremes(beside.iter().map(&latency));
            let (total, _) = extremes(beside.iter().map(|point| point.total.expected));
            if total - highest > line {
                Some((PlotPoint::new(right, f64::midpoint(total, highest)), Align2::RIGHT_CENTER))
            } else if lowest > 1.1 * line {
                Some((PlotPoint::new(right, lowest - 0.05 * line), Align2::RIGHT_TOP))
            } else {
                None
            }
        },
    )
}

fn extremes(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

/// Powers of two, and of four where there are many.
fn x_marks(end: f64, step: f64) -> Vec<GridMark> {
    axes::marks((0.0, end), step, 0.0)
}

fn count(log2: f64) -> String {
    text::decimal(log2.exp2(), 0)
}
