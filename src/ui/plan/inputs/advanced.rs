//! What most plans leave as it is: folded away, but all there.

use eframe::egui::{Align2, Role, Sense, Ui, WidgetInfo, vec2};

use super::super::{PlanInputs, PlanViewState};
use super::{input_row, machine, rows, server, speculation, training_more};
use crate::catalog::quantization::KvPrecision;
use crate::estimate::EstimateError;
use crate::plan::bounds::SHARE;
use crate::plan::inputs::InputGroup;
use crate::plan::{Input, Plan, Runtime, TensorOverrides};
use crate::text::{self, Fault, Key, Locale};
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius, space};
use crate::ui::widgets::row::Row;
use crate::ui::widgets::tip::Tip;
use crate::ui::widgets::value_field::ValueField;

/// Width of the field for shares of cards, in points.
const SHARES_WIDTH: f32 = 150.0;
/// Inputs of any engine that stand elsewhere.
const SERVING: [Input; 5] = [Input::Context, Input::Sequences, Input::KvCache, Input::KvCacheV, Input::PromptTokens];
/// Inputs of llama.cpp that stand elsewhere, or above the rest.
const LLAMACPP: [Input; 7] = [
    Input::FlashAttention,
    Input::UnifiedKv,
    Input::SwaFull,
    Input::Ubatch,
    Input::Logits,
    Input::GpuLayers,
    Input::CpuExperts,
];

pub(super) fn show(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>, state: &mut PlanViewState) {
    let locale = inputs.locale;
    if plan.workload.task.trains() {
        // What is refused is not left folded away.
        let refused = matches!(inputs.estimate, Err(EstimateError::Refused(it)) if training_more::is_here(*it));
        state.advanced |= refused;
        fold(ui, locale, state, locale.word(Key::AdvancedTrainingHint));
        if state.advanced {
            training_more::show(ui, plan, inputs);
            input_row::show(ui, plan, Input::Backend, inputs);
            machine::figures(ui, plan, inputs);
        }
        return;
    }
    let llamacpp = plan.workload.runtime == Runtime::LlamaCpp;
    let hint = if llamacpp { Key::AdvancedHint } else { Key::AdvancedServerHint };
    fold(ui, locale, state, locale.word(hint));
    if !state.advanced {
        return;
    }
    if llamacpp {
        self::llamacpp(ui, plan, inputs);
    } else {
        server::show(ui, plan, inputs);
    }
    speculation::show(ui, plan, inputs);
    let placed: Vec<Input> = SERVING.into_iter().chain(speculation::PLACED).collect();
    input_row::rest(ui, plan, InputGroup::Serving, &placed, inputs);
    input_row::show(ui, plan, Input::Backend, inputs);
    // The machine is that of all programs.
    if state.program.is_none() {
        machine::figures(ui, plan, inputs);
    }
}

fn llamacpp(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    for input in [Input::FlashAttention, Input::UnifiedKv, Input::SwaFull, Input::Ubatch, Input::Logits] {
        input_row::show(ui, plan, input, inputs);
    }
    let cache = plan.workload.kv_cache;
    cache_precision(ui, Key::KeyPrecision, cache.k, inputs.locale, |k| plan.workload.kv_cache.k = k);
    cache_precision(ui, Key::ValuePrecision, cache.v, inputs.locale, |v| plan.workload.kv_cache.v = v);
    input_row::rest(ui, plan, InputGroup::LlamaCpp, &LLAMACPP, inputs);
    for input in [Input::MaxLoras, Input::MaxLoraRank] {
        input_row::show(ui, plan, input, inputs);
    }
    shares(ui, plan, inputs);
    overrides(ui, plan, inputs);
}

/// Which tensors lie elsewhere than their layers.
fn overrides(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    if !Input::OverrideTensors.applies(plan, inputs.catalog) {
        return;
    }
    let (locale, entry) = (inputs.locale, Input::OverrideTensors.entry());
    let read = |typed: &str| match typed.parse::<TensorOverrides>() {
        Ok(_) => Ok(0.0),
        Err(error) => Err(error.say(locale)),
    };
    let reading = plan.workload.override_tensors.to_string();
    let field = ValueField {
        name: locale.word(entry.label),
        reading: &reading,
        unit: "",
        hint: locale.word(Key::NoneMoved),
        parse: &read,
        boxed: true,
    };
    let tip = Tip::of(entry.label, locale).more(locale.word(entry.tip));
    if let Some(typed) = Row::of_panel(field.name, entry.key, SHARES_WIDTH).tip(tip).text(ui, field) {
        plan.workload.override_tensors = typed.parse().unwrap_or_default();
    }
}

/// What part of the layers each card takes.
fn shares(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    if !Input::TensorSplit.applies(plan, inputs.catalog) {
        return;
    }
    let (locale, entry) = (inputs.locale, Input::TensorSplit.entry());
    let read = |typed: &str| match text::parse_shares(typed) {
        _ if typed.trim().is_empty() => Ok(0.0),
        Some(shares) if shares.iter().all(|share| SHARE.contains(share)) && shares.iter().any(|share| *share > 0.0) => {
            Ok(0.0)
        }
        _ => Err(locale.word(Key::TypedShares).to_owned()),
    };
    let reading = text::shares(&plan.workload.tensor_split);
    let field = ValueField {
        name: locale.word(entry.label),
        reading: &reading,
        unit: "",
        hint: locale.word(Key::SplitByFree),
        parse: &read,
        boxed: true,
    };
    let tip = Tip::of(entry.label, locale).more(locale.word(entry.tip));
    if let Some(typed) = Row::of_panel(field.name, entry.key, SHARES_WIDTH).tip(tip).text(ui, field) {
        plan.workload.tensor_split = text::parse_shares(&typed).unwrap_or_default();
    }
}

fn fold(ui: &mut Ui, locale: Locale, state: &mut PlanViewState, words: &str) {
    let t = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(space::CONTROL, 30.0), Sense::click());
    state.advanced ^= response.clicked();
    let name = locale.word(Key::Advanced);
    response.widget_info(|| WidgetInfo::selected(Role::DisclosureTriangle, true, state.advanced, name));
    let icon = if state.advanced { Icon::ChevronDown } else { Icon::ChevronRight };
    let left = rect.left_center();
    icons::draw(ui.painter(), left + vec2(4.0, 0.0), icon, t.sec);
    let title = paint::text(ui.painter(), left + vec2(16.0, 0.0), Align2::LEFT_CENTER, name, Type::BodyStrong, t.text);
    if !state.advanced {
        let hint = (Type::Caption, t.faint);
        let room = rect.right() - title.right() - 12.0;
        paint::text_within(ui.painter(), rect.right_center(), Align2::RIGHT_CENTER, words, hint, room);
    }
    paint::focus_ring(ui, &response, radius::SEGMENT);
    response.on_hover_text(words);
    ui.add_space(4.0);
}

fn cache_precision(ui: &mut Ui, key: Key, current: KvPrecision, locale: Locale, set: impl FnOnce(KvPrecision)) {
    let choices: Vec<KvPrecision> = KvPrecision::ALL.iter().copied().filter(|it| *it != KvPrecision::fp8).collect();
    let labels: Vec<&str> = choices.iter().map(|choice| choice.label()).collect();
    let salt = if key == Key::KeyPrecision { "key precision" } else { "value precision" };
    if let Some(place) = rows::list(ui, Tip::of(key, locale), (key, salt), current.label(), &labels) {
        set(choices[place]);
    }
}
