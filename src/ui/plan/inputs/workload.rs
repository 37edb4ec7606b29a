//! How much runs at once, and on which layers.

use std::ops::RangeInclusive;

use eframe::egui::Ui;

use super::super::{PlanInputs, PlanViewState, facts};
use super::input_row::{self, Marks};
use super::{altered, concurrency, whole, whole_u32};
use crate::estimate::Verdict;
use crate::plan::inputs::InputValue;
use crate::plan::{CpuExperts, GpuLayers, Input, Plan, Runtime, Workload};
use crate::text::{self, Join, Key, Placeholder};
use crate::ui::theme::space;
use crate::ui::widgets::scale::Scale;
use crate::ui::widgets::slider::{Limit, Slider, Tick};
use crate::ui::widgets::tip::Tip;

/// The context at the right end where the model's own is not known.
const USUAL: u64 = 131_072;

pub(super) fn show(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>, state: &mut PlanViewState) {
    context(ui, plan, inputs);
    ui.add_space(4.0);
    prompt(ui, plan, inputs);
    ui.add_space(4.0);
    let header = ui.cursor().min;
    sequences(ui, plan, inputs);
    concurrency::show(ui, header, &mut plan.workload, &mut state.people, inputs.locale);
    // Servers put every layer on the cards.
    if plan.workload.runtime == Runtime::LlamaCpp {
        gpu_layers(ui, plan, inputs);
        experts(ui, plan, inputs);
    }
}

/// No longer than the context that is to hold it.
fn prompt(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let (context, locale) = (plan.workload.context, inputs.locale);
    let too_long = || locale.sentence(Key::PromptTooLong, &[(Placeholder::Context, &text::count(context))]);
    let value = Input::PromptTokens.get(plan);
    let refuse = |value| matches!(value, InputValue::Whole(tokens) if tokens > context).then(too_long);
    let chosen = input_row::number(ui, Input::PromptTokens.entry(), value, ("", &refuse), locale);
    input_row::take(plan, Input::PromptTokens, chosen);
    if plan.workload.prompt_tokens > context {
        altered::line(ui, &too_long());
    }
}

pub(super) fn ticks(values: impl IntoIterator<Item = u64>) -> Vec<Tick> {
    values.into_iter().map(|value| Tick { value: value as f64, label: text::tokens(value) }).collect()
}

pub(super) fn limit(value: Option<impl Into<u64>>, verdict: Verdict) -> Option<Limit> {
    value.map(|value| Limit { value: value.into() as f64, verdict })
}

fn context(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let (locale, limits) = (inputs.locale, inputs.limits);
    let trained = facts::trained(plan, inputs.catalog);
    let end = trained.unwrap_or(USUAL).max(1024);
    let mut stops: Vec<u64> =
        std::iter::successors(Some(512), |stop| Some(stop * 4)).take_while(|stop| *stop < end).collect();
    if stops.last().is_some_and(|last| last * 2 >= end) {
        stops.pop();
    }
    stops.push(end);
    let short = |value: u64| facts::reach(value, trained, locale);
    // No further than the model goes.
    let within = |value: Option<u64>| value.map(|value| trained.map_or(value, |trained| value.min(trained)));
    let (in_vram, with_ram) = (within(limits.context_in_vram), within(limits.context_with_ram));
    let caption = match (in_vram, with_ram) {
        _ if is_open(inputs) => String::new(),
        (Some(alone), Some(with)) if with > alone => locale
            .sentence(Key::LargestBoth, &[(Placeholder::Value, &short(alone)), (Placeholder::Other, &short(with))]),
        (Some(alone), _) => locale.sentence(Key::LargestInVram, &[(Placeholder::Value, &short(alone))]),
        (None, Some(with)) => locale.sentence(Key::LargestWithRam, &[(Placeholder::Value, &short(with))]),
        (None, None) => locale.word(Key::LargestNone).to_owned(),
    };
    let marks: Vec<Limit> = limit(in_vram, Verdict::Fits)
        .into_iter()
        .chain(limit(with_ram.filter(|with| Some(*with) != in_vram), Verdict::Offload))
        .collect();
    let value = plan.workload.context;
    let slider = Slider {
        salt: "context",
        name: locale.word(Key::Context),
        reading: (&text::count(value), locale.word(Key::Tokens)),
        value: value as f64,
        default: Workload::default().context as f64,
        scale: Scale::logarithmic(512.0..=end as f64),
        typed: ends(Input::Context),
        ticks: &ticks(stops),
        limits: &marks,
        caption: Some(&caption),
        parse: text::parse_tokens,
        write: |value| text::decimal(value, 0),
        round: even_tokens,
    };
    if let Some(value) = slider.explained(ui, space::CONTROL, &Tip::of(Key::Context, locale)) {
        plan.workload.context = whole(value);
    }
}

/// What may be typed.
pub(super) fn ends(input: Input) -> RangeInclusive<f64> {
    let (low, high) = input.entry().kind.ends().unwrap_or_default();
    low..=high
}

/// Whether it cannot be said what fits, or not yet.
fn is_open(inputs: &PlanInputs<'_>) -> bool {
    unknown(inputs) || !inputs.limits.known
}

/// Whether it cannot be said what fits: then no caption says that nothing does.
fn unknown(inputs: &PlanInputs<'_>) -> bool {
    inputs.estimate.map_or(true, |estimate| estimate.verdict.is_none())
}

/// Tokens as engines like them: multiples of 256, of 1,024 from 16k on.
pub(super) fn even_tokens(value: f64) -> f64 {
    let unit = if value < 16_384.0 { 256.0 } else { 1024.0 };
    ((value / unit).round() * unit).max(unit)
}

fn sequences(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let (locale, limits) = (inputs.locale, inputs.limits);
    let sentence = |key, value: u32| locale.sentence(key, &[(Placeholder::Value, &text::count(u64::from(value)))]);
    let caption = match (limits.sequences_in_vram, limits.sequences_with_ram) {
        _ if is_open(inputs) => String::new(),
        (Some(alone), _) => sentence(Key::SequencesInVram, alone),
        (None, Some(with)) => sentence(Key::SequencesWithRam, with),
        (None, None) => locale.word(Key::LargestNone).to_owned(),
    };
    let marks: Vec<Limit> = limit(limits.sequences_in_vram, Verdict::Fits)
        .or_else(|| limit(limits.sequences_with_ram, Verdict::Offload))
        .into_iter()
        .collect();
    let marks = Marks { unit: "", limits: &marks, caption: Some(&caption) };
    input_row::slider(ui, plan, Input::Sequences, &marks, locale);
}

fn gpu_layers(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let locale = inputs.locale;
    let Ok(estimate) = inputs.estimate else { return };
    if plan.machine.cards.is_empty() {
        return;
    }
    let (layers, experts_first) = (estimate.layers, estimate.experts.first);
    let most = inputs.limits.gpu_layers;
    let value = match plan.workload.gpu_layers {
        GpuLayers::Auto => estimate.gpu_layers(),
        GpuLayers::All => layers,
        GpuLayers::Count(count) => count.min(layers),
    };
    let of = locale.sentence(Key::OfLayers, &[(Placeholder::Layers, &layers.to_string())]);
    let auto = plan.workload.gpu_layers == GpuLayers::Auto;
    let unit = if auto { locale.join(Join::Phrases, [of.as_str(), locale.word(Key::AutoLayers)]) } else { of };
    let reading = if auto && unknown(inputs) { locale.word(Key::NoData).to_owned() } else { value.to_string() };
    let caption = match most {
        _ if is_open(inputs) => String::new(),
        Some(most) => locale.sentence(Key::MostLayers, &[(Placeholder::Value, &most.to_string())]),
        None => locale.word(Key::LargestNone).to_owned(),
    };
    let verdict = if most.is_some_and(|most| most >= layers) { Verdict::Fits } else { Verdict::Offload };
    let marks: Vec<Limit> = limit(most, verdict).into_iter().collect();
    let step = (f64::from(layers) / 4.0 / 10.0).round().max(1.0) * 10.0;
    let mut stops: Vec<f64> = std::iter::successors(Some(0.0), |stop| Some(stop + step))
        .take_while(|stop| stop + step / 2.0 < f64::from(layers))
        .collect();
    stops.push(f64::from(layers));
    let stops: Vec<Tick> = stops.into_iter().map(|value| Tick { value, label: text::decimal(value, 0) }).collect();
    let slider = Slider {
        salt: "layers",
        name: locale.word(Key::LayersOnGpu),
        reading: (&reading, &unit),
        value: f64::from(value),
        // Not on the rail: the reset is told from a place by its value and means "as many as fit".
        default: -1.0,
        scale: Scale::linear(0.0..=f64::from(layers)),
        typed: ends(Input::GpuLayers),
        ticks: &stops,
        limits: &marks,
        caption: Some(&caption),
        parse: text::parse_number,
        write: |value| text::decimal(value, 0),
        round: f64::round,
    };
    if let Some(value) = slider.explained(ui, space::CONTROL, &Tip::of(Key::LayersOnGpu, locale)) {
        plan.workload.gpu_layers = match whole_u32(value) {
            _ if value < 0.0 => GpuLayers::Auto,
            // Where experts lie in RAM instead, automatic means another placement.
            count if Some(count) == most && experts_first == 0 => GpuLayers::Auto,
            count if count == layers => GpuLayers::All,
            count => GpuLayers::Count(count),
        };
    }
}

fn experts(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let locale = inputs.locale;
    let model = facts::model(plan, inputs.catalog).filter(|model| model.experts.is_some());
    let Some(layers) = model.map(|model| model.num_hidden_layers) else { return };
    if plan.machine.cards.is_empty() {
        return;
    }
    let automatic = plan.workload.places_experts();
    let value = match inputs.estimate {
        Ok(estimate) if automatic => estimate.experts.first,
        _ => plan.workload.asked_experts(),
    };
    let of = locale.sentence(Key::ExpertLayers, &[(Placeholder::Layers, &layers.to_string())]);
    let of = if automatic { locale.join(Join::Phrases, [of.as_str(), locale.word(Key::AutoExperts)]) } else { of };
    let stops: Vec<Tick> = [0, layers / 4, layers / 2, layers * 3 / 4, layers]
        .map(|stop| Tick { value: stop as f64, label: stop.to_string() })
        .into();
    let slider = Slider {
        salt: "experts",
        name: locale.word(Key::ExpertsInRam),
        reading: (&value.to_string(), &of),
        value: f64::from(value),
        // Not on the rail: the reset means "as few as must be".
        default: -1.0,
        scale: Scale::linear(0.0..=layers as f64),
        typed: ends(Input::CpuExperts),
        ticks: &stops,
        limits: &[],
        caption: None,
        parse: text::parse_number,
        write: |value| text::decimal(value, 0),
        round: f64::round,
    };
    if let Some(value) = slider.explained(ui, space::CONTROL, &Tip::of(Key::ExpertsInRam, locale)) {
        plan.workload.cpu_experts = if value < 0.0 { CpuExperts::Auto } else { CpuExperts::Count(whole_u32(value)) };
    }
}
