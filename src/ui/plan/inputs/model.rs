//! Which model, and how its weights and its cache are stored.

use eframe::egui::{Rect, Ui, vec2};

use super::super::{PlanInputs, facts};
use super::rows;
use crate::catalog::model::Model;
use crate::catalog::quantization::{KvPrecision, Quantization};
use crate::estimate::Verdict;
use crate::plan::bounds::PARAMETERS;
use crate::plan::{KvCache, ModelChoice, Plan, Runtime, Workload};
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::command::Command;
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

pub(super) fn show(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>, commands: &mut Vec<Command>) {
    pick(ui, plan, inputs, commands);
    ui.add_space(10.0);
    size(ui, plan, inputs);
    ui.add_space(4.0);
    super::training::task(ui, plan, inputs.locale);
    if plan.workload.task.trains() {
        return;
    }
    ui.add_space(10.0);
    precision(ui, plan, inputs);
    ui.add_space(2.0);
    kv_precision(ui, plan, inputs.locale);
}

fn pick(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>, commands: &mut Vec<Command>) {
    let locale = inputs.locale;
    let (name, fact) = facts::model_words(plan, inputs.catalog, locale);
    let name_rect = rows::name(ui, locale.word(Key::Model));
    ui.add_space(2.0);
    let begun = Begun::here(ui);
    let picker = Picker {
        salt: "model",
        name: locale.word(Key::Model),
        current: (&name, &fact),
        search: Some(locale.word(Key::SearchModels)),
        nothing: nothing(locale),
        size: (space::CONTROL, 32.0),
        quiet: false,
    };
    let models = inputs.catalog.models();
    let file = models.clone().count();
    let picked = picker.show(
        ui,
        |query| {
            let mut found = find(models.clone(), query);
            // A model that is in no list may be in a file.
            if query.is_empty() || !found.is_empty() {
                found.push(file);
            }
            found
        },
        |place| {
            let Some(model) = models.clone().nth(place) else {
                return (locale.word(Command::OpenModel.label()).to_owned(), String::new());
            };
            (model.name.clone(), format!("{} · {}", facts::model_size(model, locale), facts::model_fact(model, locale)))
        },
    );
    Tip::of(Key::Model, locale).over(ui, begun, name_rect, "model");
    if picked == Some(file) {
        commands.push(Command::OpenModel);
    }
    if let Some(model) = picked.and_then(|place| models.clone().nth(place)) {
        plan.workload.model = ModelChoice::Catalog(model.id.clone());
    }
}

/// Models whose names hold every word of the query, those that begin with it first.
fn find<'a>(models: impl Iterator<Item = &'a Model>, query: &str) -> Vec<usize> {
    super::super::find::matching(
        models.map(|model| {
            let names = [model.id.as_str(), &model.name, &model.family];
            names.into_iter().chain(model.aliases.iter().map(String::as_str)).chain(model.hf_id.as_deref())
        }),
        query,
    )
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
        SIZES.iter().map(|size| Tick { value: size * 1e9, label: text::trimmed(*size, 1).replace(',', "") }).collect();
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
        round: three_digits,
    };
    if let Some(size) = slider.explained(ui, space::CONTROL, &Tip::of(Key::ModelSize, locale)) {
        plan.workload.model = ModelChoice::Size(super::whole(size));
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
    let steps = plan.workload.runtime.precisions();
    let bits = |quantization: Quantization| quantization.facts().map_or(0.0, |facts| facts.bits_per_weight);
    let current = plan.workload.quantization;
    // A precision between two steps stands at the first step that is no larger.
    let place = |quantization: Quantization| {
        let exact = steps.iter().position(|step| *step == quantization);
        exact.or_else(|| steps.iter().position(|step| bits(*step) <= bits(quantization))).unwrap_or(steps.len() - 1)
    };
    let ticks: Vec<Tick> = steps
        .iter()
        .enumerate()
        .map(|(at, step)| {
            let label = step.facts().and_then(|facts| facts.slider.clone()).unwrap_or_else(|| step.name().to_owned());
            Tick { value: at as f64, label }
        })
        .collect();
    let limits: Vec<Limit> = inputs
        .limits
        .quantization
        .map(|quantization| Limit { value: place(quantization) as f64, verdict: Verdict::Fits })
        .into_iter()
        .collect();
    let top = ui.cursor().min;
    let slider = Slider {
        salt: "precision",
        name: locale.word(Key::WeightPrecision),
        reading: ("", ""),
        value: place(current) as f64,
        default: place(Workload::default().quantization) as f64,
        scale: Scale::linear(0.0..=(steps.len() - 1) as f64),
        typed: 0.0..=(steps.len() - 1) as f64,
        ticks: &ticks,
        limits: &limits,
        caption: None,
        parse: |_| None,
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
        current: (plan.workload.quantization.name(), &of_model),
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
            (choice.name().to_owned(), fact)
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
