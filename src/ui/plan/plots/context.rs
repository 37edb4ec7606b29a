//! Memory against context: what the plan needs at each length, stacked, under what there is.

use eframe::egui::{Align2, Rect, RichText, Stroke, Ui};
use egui_plot::{FilledArea, HLine, LineStyle, PlotPoint, PlotUi, Text};

use super::super::facts;
use super::axes::{self, Axes};
use super::{PlanInputs, readout};
use crate::advise::sweep::ContextPoint;
use crate::estimate::Estimate;
use crate::plan::{Plan, Runtime};
use crate::text::{self, Key, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::paint;
use crate::ui::theme::{Memory, Tokens};
use crate::ui::widgets::inside;
use crate::ui::words;

/// The curve as stacked heights, in the unit that memory is written in, over log2 of the context.
struct Stacked {
    x: Vec<f64>,
    zero: Vec<f64>,
    weights: Vec<f64>,
    /// Weights and caches, or in training weights, gradients and optimizer states.
    kv: Vec<f64>,
    all: Vec<f64>,
}

impl Stacked {
    /// `None` where a part of some point cannot be known.
    fn of(curve: &[ContextPoint]) -> Option<Self> {
        let mut stacked = Self { x: vec![], zero: vec![], weights: vec![], kv: vec![], all: vec![] };
        for point in curve {
            let weights = point.parts.loaded()?;
            let states = point.parts.gradients? + point.parts.optimizer?;
            let kv = weights + point.parts.caches()? + states;
            stacked.x.push((point.context as f64).log2());
            stacked.zero.push(0.0);
            stacked.weights.push(words::amount(weights));
            stacked.kv.push(words::amount(kv));
            stacked.all.push(words::amount(kv + point.parts.working()?));
        }
        (stacked.x.len() > 1).then_some(stacked)
    }

    fn ends(&self) -> (f64, f64) {
        (self.x.first().copied().unwrap_or(0.0), self.x.last().copied().unwrap_or(1.0))
    }

    fn highest(&self) -> f64 {
        self.all.iter().copied().fold(0.0, f64::max)
    }
}

/// Around the words of a line and between them and the next.
const LABEL_GAP: f32 = 18.0;

/// What there is: lines across the plot.
struct Capacity {
    amount: f64,
    words: String,
}

pub(super) fn show(ui: &mut Ui, rect: Rect, plan: &Plan, estimate: &Estimate, inputs: &PlanInputs<'_>) {
    let Some(stacked) = Stacked::of(inputs.curve) else {
        axes::nothing(ui, rect, inputs.locale.word(Key::PlotEmpty));
        return;
    };
    let capacities = capacities(plan, estimate, inputs);
    inside(ui, "context plot", rect, |ui| draw(ui, plan, estimate, inputs, &stacked, &capacities));
}

/// Which memory the plot is about.
pub(super) fn title(plan: &Plan, estimate: &Estimate, inputs: &PlanInputs<'_>) -> Key {
    if estimate.devices.is_empty() {
        Key::PlotContextRam
    } else if facts::is_unified(&plan.machine, inputs.catalog) {
        Key::PlotContextUnified
    } else if plan.workload.runtime == Runtime::LlamaCpp {
        Key::PlotContext
    } else {
        // Server engines put nothing in RAM.
        Key::PlotContextVram
    }
}

/// The plot as words, for those who do not see it.
pub(super) fn twin(inputs: &PlanInputs<'_>) -> Vec<String> {
    inputs.curve.iter().filter_map(|point| sentence(point, inputs)).collect()
}

/// One point in words.
fn sentence(point: &ContextPoint, inputs: &PlanInputs<'_>) -> Option<String> {
    let alone = inputs.estimate.is_ok_and(|found| found.training.is_some());
    let needed = if alone { point.in_vram? } else { point.in_vram? + point.in_ram? };
    let (context, needed) = (text::count(point.context), words::gib(needed));
    let holes = [(Placeholder::Context, context.as_str()), (Placeholder::Value, &needed)];
    Some(inputs.locale.sentence(Key::PlotTwin, &holes))
}

fn capacities(plan: &Plan, estimate: &Estimate, inputs: &PlanInputs<'_>) -> Vec<Capacity> {
    let locale = inputs.locale;
    let words = |key, bytes| locale.sentence(key, &[(Placeholder::Value, &words::gib_bare(bytes))]);
    let of = |key, bytes: crate::units::Bytes| Capacity { amount: words::amount(bytes), words: words(key, bytes) };
    if let Some(device) = estimate.fullest() {
        return vec![of(Key::PlotVram, device.usable)];
    }
    let host = estimate.host.capacity - estimate.host.os;
    if estimate.devices.is_empty() {
        return vec![of(Key::PlotRam, host)];
    }
    if facts::is_unified(&plan.machine, inputs.catalog) {
        return vec![of(Key::PlotUnified, estimate.vram())];
    }
    let vram = of(Key::PlotVram, estimate.usable_vram());
    if plan.workload.runtime != Runtime::LlamaCpp {
        return vec![vram];
    }
    vec![vram, of(Key::PlotVramAndRam, estimate.usable_vram() + host)]
}

fn draw(
    ui: &mut Ui,
    plan: &Plan,
    estimate: &Estimate,
    inputs: &PlanInputs<'_>,
    stacked: &Stacked,
    capacities: &[Capacity],
) {
    let t = Tokens::of(ui);
    let top = top(stacked.highest(), capacities);
    let (low, high) = stacked.ends();
    let now = (plan.workload.length().max(1) as f64).log2();
    let needed = estimate.fullest().map_or_else(|| estimate.needed(), |device| device.total);
    let locale = inputs.locale;
    // The height of a line of words, in the unit of the axis.
    let near = 18.0 * top / f64::from((ui.available_height() - 40.0).max(1.0));
    let axes = Axes {
        x_marks: axes::marks((low, high), 2.0, 9.0),
        x_words: |log2| text::tokens(power(log2)),
        top,
        right_top: None,
        x_name: locale.word(Key::Tokens),
    };
    let painter = ui.painter().clone();
    let shown = axes.plot(ui, "memory against context").show(ui, |plot| {
        // A little more at the left, so that the first label stands clear of the zero.
        plot.set_plot_bounds_x(low - 0.025 * (high - low)..=high);
        plot.set_plot_bounds_y(0.0..=top);
        let taken: Vec<f64> = capacities.iter().map(|capacity| capacity.amount).collect();
        areas(plot, stacked, (&taken, near), inputs, t);
        let across = plot.transform().dvalue_dpos()[0].abs();
        let (mut below, mut right) = (f64::NEG_INFINITY, low);
        let shown: Vec<&Capacity> = capacities.iter().filter(|capacity| capacity.amount <= top).collect();
        // All lines before any words: one close above would strike them through.
        for capacity in &shown {
            line(plot, capacity, t);
        }
        for capacity in shown {
            // Words that would lie on those of the line below stand behind them.
            let aside = if capacity.amount - below < near { right } else { low + 0.03 * (high - low) };
            name(plot, capacity, (aside, capacity.amount.max(0.5 * near)), t);
            let width = paint::width(&painter, &capacity.words, Type::CaptionStrong) + LABEL_GAP;
            (below, right) = (capacity.amount, aside + f64::from(width) * across);
        }
        let Some(needed) = needed else { return };
        let words = locale.sentence(Key::PlotNow, &[(Placeholder::Value, &words::gib_bare(needed))]);
        axes::present(plot, (now.clamp(low, high), words::amount(needed)), (&words, top, high), t);
    });
    let Some(at) = shown.response.hover_pos().map(|pos| shown.transform.value_from_position(pos)) else { return };
    let near = |place: &usize| stacked.x.get(*place).map_or(f64::INFINITY, |x| (x - at.x).abs());
    let Some(place) = (0..stacked.x.len()).min_by(|a, b| near(a).total_cmp(&near(b))) else { return };
    let (Some(point), Some(x), Some(all)) = (inputs.curve.get(place), stacked.x.get(place), stacked.all.get(place))
    else {
        return;
    };
    if let Some(words) = sentence(point, inputs) {
        let point = PlotPoint::new(*x, all.min(top));
        readout(ui, &shown.response, shown.transform.position_from_point(&point), &words);
    }
}

/// The stacked areas and their names, these clear of the lines at `taken`.
fn areas(plot: &mut PlotUi<'_>, stacked: &Stacked, (taken, near): (&[f64], f64), inputs: &PlanInputs<'_>, t: &Tokens) {
    let trains = inputs.estimate.is_ok_and(|found| found.training.is_some());
    let (middle, middle_name) = if trains { (Memory::Optimizer, Key::States) } else { (Memory::Kv, Key::KvCache) };
    let layers = [
        (Memory::Weights, Key::Weights, &stacked.zero, &stacked.weights),
        (middle, middle_name, &stacked.weights, &stacked.kv),
        (Memory::Compute, Key::ComputeBuffer, &stacked.kv, &stacked.all),
    ];
    for (component, key, below, above) in layers {
        let name = inputs.locale.word(key);
        let fill = t.memory(component).fill;
        plot.add(FilledArea::new(name, &stacked.x, below, above).fill_color(fill).allow_hover(false));
    }
    let (low, high) = stacked.ends();
    let ink = |component| t.memory(component).ink;
    let at = |place: usize, series: &[f64]| series.get(place).copied().unwrap_or(0.0);
    let clear = |at: &f64| taken.iter().all(|line| (line - at).abs() > near * 0.85);
    let (weights, half) = (at(0, &stacked.weights), near * 0.5);
    let lowest = (weights * 0.2).max(half);
    let mut heights = [lowest, weights * 0.4, weights * 0.75].into_iter();
    if let Some(at) = heights.find(|at| clear(at) && at + half <= weights) {
        let place = PlotPoint::new(low + 0.04 * (high - low), at);
        axes::label(plot, place, Align2::LEFT_CENTER, inputs.locale.word(Key::Weights), ink(Memory::Weights));
    }
    let last = stacked.x.len() - 1;
    let shown = last - last / 16;
    let (below, above) = (at(shown, &stacked.weights), at(shown, &stacked.kv));
    if trains {
        let (below, above) = (at(shown, &stacked.kv), at(shown, &stacked.all));
        if let Some(at) = [0.3, 0.45, 0.2].into_iter().map(|share| below + share * (above - below)).find(clear) {
            let place = PlotPoint::new(high - 0.03 * (high - low), at);
            axes::label(plot, place, Align2::RIGHT_CENTER, inputs.locale.word(Key::Activations), ink(Memory::Compute));
        }
    }
    if above - below > 0.12 * stacked.highest() {
        let mut heights = [0.62, 0.45, 0.75, 0.3].into_iter().map(|share| below + share * (above - below));
        if let Some(at) = heights.find(clear) {
            let place = PlotPoint::new(high - 0.03 * (high - low), at);
            // On a plate, since a steep curve leaves no room for the whole of it.
            let words = format!(" {} ", inputs.locale.word(middle_name));
            let text = RichText::new(&words).font(Type::SmallStrong.font()).color(ink(middle));
            let text = text.background_color(t.memory(middle).fill);
            plot.text(Text::new(words, place, text).anchor(Align2::RIGHT_CENTER).allow_hover(false));
        }
    }
}

/// A dashed line for what there is, its words on a plate of the ground, which stays above the axis.
fn line(plot: &mut PlotUi<'_>, capacity: &Capacity, t: &Tokens) {
    let line = HLine::new(capacity.words.as_str(), capacity.amount)
        .stroke(Stroke::new(1.5, t.text))
        .style(LineStyle::Dashed { length: 6.0 })
        .allow_hover(false);
    plot.hline(line);
}

/// What the line is, on a plate that begins at `left`.
fn name(plot: &mut PlotUi<'_>, capacity: &Capacity, (left, middle): (f64, f64), t: &Tokens) {
    let at = PlotPoint::new(left, middle);
    let text = RichText::new(format!(" {} ", capacity.words)).font(Type::CaptionStrong.font()).color(t.text);
    plot.text(Text::new("", at, text.background_color(t.bg)).anchor(Align2::LEFT_CENTER).allow_hover(false));
}

/// The top of the y axis: over the curve, and over the memory there is where that is not far above.
fn top(highest: f64, capacities: &[Capacity]) -> f64 {
    let near = capacities.iter().map(|it| it.amount).filter(|amount| *amount < 2.0 * highest).fold(highest, f64::max);
    let step = axes::grid(near * 1.12);
    (near * 1.12 / step).ceil() * step
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "log2 of a token count, back")]
fn power(exponent: f64) -> u64 {
    exponent.exp2().round() as u64
}
