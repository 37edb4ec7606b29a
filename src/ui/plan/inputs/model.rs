//! Which model, and how its weights and its cache are stored.

use eframe::egui::{Rect, Ui, vec2};

use super::super::{PlanInputs, facts};
use super::rows;
use crate::catalog::quantization::{KvPrecision, Quantization};
use crate::estimate::Verdict;
use crate::plan::bounds::PARAMETERS;
use crate::plan::{KvCache, ModelChoice, Plan, Runtime};
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::glossary::choices;
use crate::ui::theme::space;
use crate::ui::widgets::inside;
use crate::ui::widgets::picker::Picker;
use crate::ui::widgets::scale::Scale;
use crate::ui::widgets::segmented::segmented;
use crate::ui::widgets::slider::{Limit, Slider, Tick};
use crate::ui::widgets::tip::{Begun, Tip};

/// Billions of parameters under the size slider; sizes that models come in.
const SIZES: [f64; 11] = [0.1, 0.3, 1.0, 3.0, 8.0, 14.0, 32.0, 70.0, 120.0, 671.0, 3000.0];

pub(super) fn show(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    ui.add_space(4.0);
    size(ui, plan, inputs);
    if plan.workload.task.trains() {
        return;
    }
    ui.add_space(4.0);
    precision(ui, plan, inputs);
    ui.add_space(2.0);
    kv_precision(ui, plan, inputs.locale);
}

/// What an empty list says.
pub(super) fn nothing(locale: Locale) -> fn(&str) -> String {
    match locale {
        Locale::En => |query| Locale::En.sentence(Key::NothingFound, &[(Placeholder::Query, query)]),
        Locale::Zh => |query| Locale::Zh.sentence(Key::NothingFound, &[(Placeholder::Query, query)]),
    }
}

fn size(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let locale = inputs.locale;
    let known = match &plan.workload.model {
        ModelChoice::Size(size) => Some(*size),
        _ => facts::model(plan, inputs.catalog).and_then(|model| model.total_parameters),
    };
    let value = known.or_else(|| inputs.estimate.ok().and_then(|estimate| estimate.params));
    let reading = value.map_or_else(|| locale.word(Key::NoData).to_owned(), text::parameters);
    let ticks: Vec<Tick> =
        SIZES.iter().map(|size| Tick { value: size * 1e9, label: text::trimmed(*size, 1) }).collect();
    let limits: Vec<Limit> = inputs
        .limits
        .model_parameters
        .map(|parameters| Limit { value: parameters as f64, verdict: Verdict::Fits })
        .into_iter()
        .collect();
    let slider = Slider {
        salt: "size",
        name: locale.word(Key::ModelSize),
        reading: (&reading, locale.word(Key::BillionParameters)),
        value: value.unwrap_or(1) as f64,
        default: 8e9,
        scale: Scale::logarithmic(1e8..=3e12),
        typed: *PARAMETERS.start() as f64..=*PARAMETERS.end() as f64,
        ticks: &ticks,
        limits: &limits,
        caption: None,
        parse: text::parse_parameters,
        write: |value| format!("{} B", text::parameters(super::whole(value))),
        round: three_digits,
    };
    if let Some(size) = slider.explained(ui, space::CONTROL, &Tip::of(Key::ModelSize, locale)) {
        plan.workload.choose_model(ModelChoice::Size(super::whole(size)), inputs.catalog);
    }
}

/// Parameters to three digits: a size, not a count.
fn three_digits(value: f64) -> f64 {
    let unit = 10f64.powf(value.abs().max(1.0).log10().floor() - 2.0);
    (value / unit).round() * unit
}

fn precision(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let locale = inputs.locale;
    let as_stored = matches!(&plan.workload.model, ModelChoice::File { model, .. } if !model.file_tensors.is_empty());
    if as_stored && plan.workload.runtime == Runtime::LlamaCpp {
        rows::fact(ui, locale, Key::WeightPrecision, locale.word(Key::AsInFile));
        return;
    }
    let steps = plan.workload.precisions(inputs.catalog);
    let bits = |quantization: Quantization| quantization.facts().map_or(0.0, |facts| facts.bits_per_weight);
    let current = plan.workload.quantization;
    let stored = inputs.estimate.ok().and_then(|estimate| estimate.bits_per_weight);
    let place = |quantization: Quantization| place_of(quantization, &steps, bits, stored);
    let ticks: Vec<Tick> = steps
        .iter()
        .enumerate()
        .map(|(at, step)| {
            let label = step.facts().and_then(|facts| facts.slider.clone()).unwrap_or_else(|| step.label().to_owned());
            Tick { value: at as f64, label }
        })
        .collect();
    let limits: Vec<Limit> = inputs
        .limits
        .quantization
        .map(|quantization| Limit { value: place(quantization), verdict: Verdict::Fits })
        .into_iter()
        .collect();
    let top = ui.cursor().min;
    let slider = Slider {
        salt: "precision",
        name: locale.word(Key::WeightPrecision),
        reading: ("", ""),
        value: place(current),
        default: place(plan.workload.usual_quantization(inputs.catalog)),
        scale: Scale::linear(0.0..=(steps.len() - 1) as f64),
        typed: 0.0..=(steps.len() - 1) as f64,
        ticks: &ticks,
        limits: &limits,
        caption: None,
        parse: |_| None,
        write: |_| String::new(),
        round: f64::round,
    };
    let family = choices::precision(current).line(locale);
    let tip = Tip::of(Key::WeightPrecision, locale).more(&family);
    let moved = slider.explained(ui, space::CONTROL, &tip);
    if let Some(step) = moved.and_then(|at| steps.get(usize::try_from(super::whole(at)).unwrap_or(0))) {
        plan.workload.quantization = *step;
    }
    let header = Rect::from_min_size(top + vec2(100.0, -2.0), vec2(space::CONTROL - 100.0, 20.0));
    let begun = Begun::here(ui);
    inside(ui, "precisions", header, |ui| all_precisions(ui, plan, inputs));
    tip.over(ui, begun, header, "precisions");
}

/// Where a precision stands among the steps of the slider: on its own, else between the two that have more bits and
/// fewer, by the bits that the model takes with it.
fn place_of(
    quantization: Quantization,
    steps: &[Quantization],
    bits: impl Fn(Quantization) -> f64,
    stored: Option<f64>,
) -> f64 {
    if let Some(own) = steps.iter().position(|step| *step == quantization) {
        return own as f64;
    }
    let wanted = stored.unwrap_or_else(|| bits(quantization));
    let Some(below) = steps.iter().position(|step| bits(*step) < wanted) else { return steps.len() as f64 - 1.25 };
    let Some(above) = below.checked_sub(1) else { return 0.25 };
    let (more, fewer) = (bits(steps[above]), bits(steps[below]));
    // Never on the tick of another.
    above as f64 + ((more - wanted) / (more - fewer)).clamp(0.25, 0.75)
}

/// The name of the precision; opens the list of all that the runtime knows.
fn all_precisions(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let locale = inputs.locale;
    let bits = |value: f64| locale.sentence(Key::BitsPerWeight, &[(Placeholder::Bits, &text::decimal(value, 2))]);
    let of_model = inputs.estimate.ok().and_then(|estimate| estimate.bits_per_weight).map(bits).unwrap_or_default();
    let choices: Vec<Quantization> =
        Quantization::ALL.iter().copied().filter(|choice| choice.kind() == plan.workload.runtime.reads()).collect();
    let picker = Picker {
        salt: "all precisions",
        name: locale.word(Key::MorePrecisions),
        current: (plan.workload.quantization.label(), &of_model),
        search: None,
        nothing: nothing(locale),
        size: (space::CONTROL - 100.0, 20.0),
        quiet: true,
    };
    let picked = picker.show(
        ui,
        |_| (0..choices.len()).collect(),
        |place| {
            let choice = choices[place];
            let fact = choice.facts().map(|facts| bits(facts.bits_per_weight)).unwrap_or_default();
            (choice.label().to_owned(), fact)
        },
    );
    if let Some(choice) = picked.and_then(|place| choices.get(place)) {
        plan.workload.quantization = *choice;
    }
}

fn kv_precision(ui: &mut Ui, plan: &mut Plan, locale: Locale) {
    let cache = plan.workload.kv_cache;
    let current = (cache.k == cache.v).then_some(cache.k);
    let of_llamacpp =
        [(Some(KvPrecision::f16), "F16"), (Some(KvPrecision::q8_0), "Q8_0"), (Some(KvPrecision::q4_0), "Q4_0")];
    let of_servers = [(Some(KvPrecision::f16), "F16"), (Some(KvPrecision::fp8), "FP8")];
    let options: &[_] = if plan.workload.runtime == Runtime::LlamaCpp { &of_llamacpp } else { &of_servers };
    let key = Key::KvCachePrecision;
    let control = |ui: &mut Ui| segmented(ui, locale.word(key), options, current, 164.0);
    let chosen = rows::row(ui, locale, (key, "kv precision"), 164.0, control);
    if let Some(Some(precision)) = chosen {
        plan.workload.kv_cache = KvCache { k: precision, v: precision };
    }
}
