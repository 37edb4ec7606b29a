//! What most plans leave as it is: folded away, but all there.

use eframe::egui::{Align2, Role, Sense, Ui, WidgetInfo, vec2};

use super::super::{PlanInputs, PlanViewState};
use super::choices::list;
use super::{rows, server, training_more, whole, whole_u32};
use crate::catalog::quantization::KvPrecision;
use crate::estimate::EstimateError;
use crate::plan::{Backend, Logits, Plan, Runtime, SplitMode, Workload};
use crate::text::{self, Key, Locale};
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::paint;
use crate::ui::theme::{Tokens, radius, space};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::segmented::segmented;
use crate::ui::widgets::value_field::ValueField;

const MOST_UBATCH: f64 = 16_384.0;
const BACKENDS: [(Backend, &str); 6] = [
    (Backend::Cuda, "CUDA"),
    (Backend::Rocm, "ROCm"),
    (Backend::Vulkan, "Vulkan"),
    (Backend::Metal, "Metal"),
    (Backend::Sycl, "SYCL"),
    (Backend::Cpu, "CPU"),
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
        self::llamacpp(ui, &mut plan.workload, locale);
    } else {
        server::show(ui, plan, inputs);
    }
    depth(ui, &mut plan.workload, locale);
    backend(ui, &mut plan.workload, locale);
    cpu_only(ui, plan, locale, state);
}

fn llamacpp(ui: &mut Ui, workload: &mut Workload, locale: Locale) {
    switches(ui, workload, locale);
    ubatch(ui, workload, locale);
    logits(ui, workload, locale);
    cache_precision(ui, Key::KeyPrecision, "key precision", &mut workload.kv_cache.k, locale);
    cache_precision(ui, Key::ValuePrecision, "value precision", &mut workload.kv_cache.v, locale);
    split_mode(ui, workload, locale);
    prompt_cache(ui, workload, locale);
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

fn switches(ui: &mut Ui, workload: &mut Workload, locale: Locale) {
    for (key, on) in [
        (Key::FlashAttention, &mut workload.flash_attention),
        (Key::UnifiedKv, &mut workload.unified_kv),
        (Key::SwaFull, &mut workload.swa_full),
    ] {
        check_box(ui, locale.word(key), "", on, space::CONTROL);
        ui.add_space(6.0);
    }
}

fn ubatch(ui: &mut Ui, workload: &mut Workload, locale: Locale) {
    let name = locale.word(Key::Ubatch);
    let reading = text::count(u64::from(workload.ubatch));
    let field =
        ValueField { name, reading: &reading, unit: locale.word(Key::Tokens), parse: text::parse_tokens, boxed: true };
    if let Some(tokens) = rows::number(ui, "ubatch", field) {
        workload.ubatch = whole_u32(tokens.clamp(1.0, MOST_UBATCH));
    }
}

fn logits(ui: &mut Ui, workload: &mut Workload, locale: Locale) {
    let name = locale.word(Key::Logits);
    let options = [(Logits::Last, locale.word(Key::LogitsLast)), (Logits::All, locale.word(Key::LogitsAll))];
    let chosen = rows::row(ui, (name, "logits"), 178.0, |ui| segmented(ui, name, &options, workload.logits, 178.0));
    workload.logits = chosen.unwrap_or(workload.logits);
}

fn split_mode(ui: &mut Ui, workload: &mut Workload, locale: Locale) {
    let name = locale.word(Key::SplitMode);
    let options =
        [(SplitMode::Layer, locale.word(Key::SplitByLayer)), (SplitMode::Tensor, locale.word(Key::SplitByTensor))];
    let chosen =
        rows::row(ui, (name, "split mode"), 178.0, |ui| segmented(ui, name, &options, workload.split_mode, 178.0));
    workload.split_mode = chosen.unwrap_or(workload.split_mode);
}

fn cache_precision(ui: &mut Ui, key: Key, salt: &'static str, precision: &mut KvPrecision, locale: Locale) {
    let choices: Vec<KvPrecision> = KvPrecision::ALL.iter().copied().filter(|it| *it != KvPrecision::fp8).collect();
    let labels: Vec<&str> = choices.iter().map(|choice| choice.name()).collect();
    if let Some(place) = list(ui, locale, (key, salt), precision.name(), &labels) {
        *precision = choices[place];
    }
}

fn depth(ui: &mut Ui, workload: &mut Workload, locale: Locale) {
    let reading = workload.depth.map_or_else(|| locale.word(Key::DepthFull).to_owned(), text::count);
    let field = ValueField {
        name: locale.word(Key::Depth),
        reading: &reading,
        unit: "",
        parse: text::parse_tokens,
        boxed: true,
    };
    if let Some(tokens) = rows::number(ui, "depth", field) {
        let depth = whole(tokens.max(0.0));
        workload.depth = (depth < workload.context).then_some(depth);
    }
}

fn prompt_cache(ui: &mut Ui, workload: &mut Workload, locale: Locale) {
    let memory = text::memory_unit();
    let reading = text::trimmed(memory.of_gib(workload.prompt_cache_gib), 2);
    let name = locale.word(Key::PromptCache);
    let field = ValueField { name, reading: &reading, unit: memory.name(), parse: text::parse_memory, boxed: true };
    if let Some(gib) = rows::number(ui, "prompt cache", field) {
        workload.prompt_cache_gib = gib.clamp(0.0, 4096.0);
    }
}

fn backend(ui: &mut Ui, workload: &mut Workload, locale: Locale) {
    let auto = locale.word(Key::BackendAuto);
    let current =
        BACKENDS.iter().find(|(backend, _)| Some(*backend) == workload.backend).map_or(auto, |(_, name)| name);
    let labels: Vec<&str> = std::iter::once(auto).chain(BACKENDS.iter().map(|(_, name)| *name)).collect();
    if let Some(place) = list(ui, locale, (Key::Backend, "backend"), current, &labels) {
        workload.backend = place.checked_sub(1).and_then(|place| BACKENDS.get(place)).map(|(backend, _)| *backend);
    }
}

fn cpu_only(ui: &mut Ui, plan: &mut Plan, locale: Locale, state: &mut PlanViewState) {
    let mut on = plan.machine.cards.is_empty();
    if check_box(ui, locale.word(Key::CpuOnly), "", &mut on, space::CONTROL) {
        if on {
            state.cards_before = std::mem::take(&mut plan.machine.cards);
        } else if state.cards_before.is_empty() {
            plan.machine.cards = crate::plan::Machine::default().cards;
        } else {
            plan.machine.cards = std::mem::take(&mut state.cards_before);
        }
    }
    ui.add_space(6.0);
}
