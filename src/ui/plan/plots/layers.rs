//! Decode speed against layers on the GPU: the cliff, and how far the VRAM reaches up it.

use eframe::egui::{Align2, Rect, Stroke, Ui};
use egui_plot::{GridMark, LineStyle, PlotPoint, PlotUi, VLine};

use super::axes::{self, Axes};
use super::{PlanInputs, readout};
use crate::advise::sweep::layers::{LayersCurve, LayersPoint};
use crate::estimate::Estimate;
use crate::plan::{CpuExperts, GpuLayers, Plan, Runtime};
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::theme::Tokens;
use crate::ui::widgets::inside;
use crate::ui::words;
use crate::units::Band;

pub(super) fn show(ui: &mut Ui, rect: Rect, plan: &mut Plan, estimate: &Estimate, inputs: &PlanInputs<'_>) {
    let curve = &inputs.speeds.layers;
    if curve.points.len() < 2 {
        let one_pool = estimate.devices.iter().all(|device| device.unified);
        let key = if one_pool || plan.workload.runtime != Runtime::LlamaCpp {
            Key::PlotLayersNone
        } else {
            Key::PlotSpeedEmpty
        };
        axes::nothing(ui, rect, inputs.locale.word(key));
        return;
    }
    inside(ui, "layers plot", rect, |ui| draw(ui, plan, estimate, inputs, curve));
}

/// The plot as words, for those who do not see it.
pub(super) fn twin(inputs: &PlanInputs<'_>) -> Vec<String> {
    inputs.speeds.layers.points.iter().map(|point| sentence(point, inputs.locale)).collect()
}

fn sentence(point: &LayersPoint, locale: Locale) -> String {
    let (layers, value) = (point.layers.to_string(), text::figure(point.decode.expected));
    let range = words::band(&point.decode, 1.0);
    locale.sentence(
        Key::PlotLayersTwin,
        &[(Placeholder::OnGpu, &layers), (Placeholder::Value, &value), (Placeholder::Other, &range)],
    )
}

fn draw(ui: &mut Ui, plan: &mut Plan, estimate: &Estimate, inputs: &PlanInputs<'_>, curve: &LayersCurve) {
    let t = Tokens::of(ui);
    let highest = curve.points.iter().map(|point| point.decode.high).fold(0.0, f64::max);
    let top = axes::top(highest);
    let end = f64::from(curve.layers.max(1));
    // With all layers on the GPU the experts stay where the plan puts them.
    let whole = if estimate.experts.first > 0 { Key::PlotExpertsInRam } else { Key::PlotAllOnGpu };
    let x_name = inputs.locale.word(Key::LayersOnGpu);
    let axes = Axes { x_marks: x_marks(end), x_words: |layers| text::decimal(layers, 0), top, right_top: None, x_name };
    let shown = axes.plot(ui, "speed against layers").show(ui, |plot| {
        plot.set_plot_bounds_x(-0.025 * end..=end * 1.02);
        plot.set_plot_bounds_y(0.0..=top);
        let points: Vec<(f64, Band<f64>)> =
            curve.points.iter().map(|point| (f64::from(point.layers), point.decode)).collect();
        axes::band(plot, &points, t);
        // Dashed where the machine cannot hold it so; pieces share the points at which they meet.
        for run in curve.points.chunk_by(|a, b| a.holds == b.holds) {
            let from = curve.points.iter().rev().find(|point| point.layers < run[0].layers);
            let piece = if run[0].holds { None } else { from };
            let last = run[run.len() - 1].layers;
            let next = curve.points.iter().find(|point| point.layers > last).filter(|_| !run[0].holds);
            let piece = piece.into_iter().chain(run).chain(next);
            let style = if run[0].holds { LineStyle::Solid } else { LineStyle::Dashed { length: 6.0 } };
            let piece = piece.map(|point| [f64::from(point.layers), point.decode.expected]).collect();
            axes::curve(plot, piece, (t.text, style));
        }
        marks(plot, curve, (end, top), whole, inputs.locale, t);
        now(plot, curve, estimate, (end, top), whole, inputs.locale, t);
    });
    let Some(at) = shown.response.hover_pos().map(|pos| shown.transform.value_from_position(pos)) else { return };
    let near = |point: &&LayersPoint| (f64::from(point.layers) - at.x).abs();
    let Some(point) = curve.points.iter().min_by(|a, b| near(a).total_cmp(&near(b))) else { return };
    let place = PlotPoint::new(f64::from(point.layers), point.decode.expected);
    readout(ui, &shown.response, shown.transform.position_from_point(&place), &sentence(point, inputs.locale));
    if shown.response.clicked() {
        // Layers that are given by hand leave the experts as the curve was drawn.
        if plan.workload.places_experts() && estimate.experts.first > 0 && Some(point.layers) != curve.most {
            plan.workload.cpu_experts = CpuExperts::Count(estimate.experts.first);
        }
        plan.workload.gpu_layers = match point.layers {
            layers if Some(layers) == curve.most => GpuLayers::Auto,
            layers if layers == curve.layers => GpuLayers::All,
            layers => GpuLayers::Count(layers),
        };
    }
}

/// Even layers, and the last one.
fn x_marks(end: f64) -> Vec<GridMark> {
    let step = axes::grid(end).max(1.0);
    let mut marks = axes::marks((0.0, end), step, 0.0);
    marks.retain(|mark| end - mark.value > 0.6 * step);
    marks.push(GridMark { value: end, step_size: step });
    marks
}

/// Where the VRAM is full, and what all layers would give.
fn marks(plot: &mut PlotUi<'_>, curve: &LayersCurve, (end, top): (f64, f64), whole: Key, locale: Locale, t: &Tokens) {
    let Some(most) = curve.most.filter(|most| *most < curve.layers) else { return };
    let x = f64::from(most);
    let style = LineStyle::Dashed { length: 6.0 };
    plot.vline(VLine::new("", x).stroke(Stroke::new(1.5, t.text)).style(style).allow_hover(false));
    let (anchor, aside) = if x > 0.36 * end { (Align2::RIGHT_TOP, -0.015) } else { (Align2::LEFT_TOP, 0.015) };
    // Far to the right the height is left to what all layers would give.
    let y = if x > 0.62 * end { 0.66 * top } else { 0.99 * top };
    let line = 16.0 * plot.transform().dvalue_dpos()[1].abs();
    axes::label(plot, PlotPoint::new(x + aside * end, y), anchor, locale.word(Key::PlotVramFull), t.text);
    let holes = [(Placeholder::OnGpu, most.to_string()), (Placeholder::Layers, curve.layers.to_string())];
    let holes: Vec<(Placeholder, &str)> = holes.iter().map(|(hole, value)| (*hole, value.as_str())).collect();
    let words = locale.sentence(Key::LayersOfAll, &holes);
    axes::said(plot, PlotPoint::new(x + aside * end, y - line), anchor, (Type::Caption, &words), t.sec);
    if let Some(all) = curve.all_on_gpu() {
        axes::ring(plot, (end, all.expected), (t.bg, t.text));
        let figure = text::figure(all.expected);
        let words = locale.sentence(whole, &[(Placeholder::Value, &figure)]);
        // In a narrow plot the words would cross the line, and the figure stands alone.
        let room = (0.97 * end - x) / plot.transform().dvalue_dpos()[0].abs();
        let words = if f64::from(axes::width(plot, &words)) + 4.0 <= room { words } else { figure };
        axes::label(plot, PlotPoint::new(end - 0.03 * end, all.expected), Align2::RIGHT_CENTER, &words, t.text);
    }
}

/// The present plan.
fn now(
    plot: &mut PlotUi<'_>,
    curve: &LayersCurve,
    estimate: &Estimate,
    (end, top): (f64, f64),
    whole: Key,
    locale: Locale,
    t: &Tokens,
) {
    let Some(decode) = estimate.speed.decode else { return };
    let (x, y) = (f64::from(estimate.gpu_layers()), decode.expected);
    axes::dot(plot, (x, y), t);
    let above = PlotPoint::new(if x < 0.1 * end { x } else { x - 0.02 * end }, y + 0.04 * top);
    let anchor = if x < 0.1 * end { Align2::LEFT_BOTTOM } else { Align2::RIGHT_BOTTOM };
    let words = if estimate.gpu_layers() == curve.layers {
        locale.sentence(whole, &[(Placeholder::Value, &text::figure(y))])
    } else {
        format!("{} tok/s", text::figure(y))
    };
    axes::label(plot, above, anchor, &words, t.text);
}
