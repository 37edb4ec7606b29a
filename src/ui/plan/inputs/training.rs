//! How a model is trained: the shape of a step, what is trained, and how the cards share it.

use eframe::egui::{Align2, Rect, Sense, Ui, vec2};

use super::super::{PlanInputs, facts};
use super::input_row::{self, Marks};
use super::workload::{ends, even_tokens, limit, ticks};
use super::{rows, whole};
use crate::estimate::{EstimateError, Refusal, Verdict};
use crate::plan::inputs::{InputKind, InputValue};
use crate::plan::{Input, Plan, Precision, Task, Training};
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::scale::Scale;
use crate::ui::widgets::segmented::segmented;
use crate::ui::widgets::slider::{Limit, Slider};
use crate::ui::widgets::tip::Tip;
use crate::ui::{paint, words};

/// The longest sequence of the rail where the model's own is not known.
const USUAL: u64 = 131_072;
/// The inputs of a step.
pub(super) fn show(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let locale = inputs.locale;
    length(ui, plan, inputs);
    refused(ui, inputs, |refusal| matches!(refusal, Refusal::TooManyTokens | Refusal::AbovePebibyte));
    micro_batch(ui, plan, inputs);
    let steps = plan.workload.training.gradient_accumulation;
    let unit = locale.word(if steps == 1 { Key::AccumulationOne } else { Key::AccumulationUnit });
    input_row::slider(ui, plan, Input::GradientAccumulation, &Marks { unit, ..Marks::default() }, locale);
    input_row::show(ui, plan, Input::Optimizer, inputs);
    precision(ui, plan, locale);
    for input in [Input::Checkpointing, Input::Attention] {
        input_row::show(ui, plan, input, inputs);
    }
    if plan.workload.task != Task::Full {
        ui.add_space(4.0);
        input_row::show(ui, plan, Input::LoraRank, inputs);
        refused(ui, inputs, |refusal| matches!(refusal, Refusal::RankAboveWidth { .. }));
        input_row::show(ui, plan, Input::LoraTargets, inputs);
    }
}

/// Adapters have no use for a master copy.
fn precision(ui: &mut Ui, plan: &mut Plan, locale: Locale) {
    let (entry, value) = (Input::Precision.entry(), Input::Precision.get(plan));
    let InputKind::Choice(choices) = &entry.kind else { return };
    let master = InputValue::Choice(Precision::Bf16Master as u8);
    let full = plan.workload.task == Task::Full;
    let chosen = input_row::choice(ui, entry, choices, value, |it| full || it != master, locale);
    input_row::take(plan, Input::Precision, chosen);
}

/// `ZeRO` stands under the cards that it shares things out over.
pub(super) fn zero_stage(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let locale = inputs.locale;
    let cards: u32 = plan.machine.cards.iter().map(|kind| kind.count).sum();
    let several = inputs.estimate.map_or(cards as usize, |found| found.devices.len()) > 1;
    let name = locale.word(Key::ZeroStage);
    let stages = [(0, locale.word(Key::ZeroOff)), (1, "1"), (2, "2"), (3, "3")];
    let top = ui.cursor().min;
    let current = plan.workload.training.zero_stage;
    let chosen = ui.add_enabled_ui(several || current > 0, |ui| {
        rows::row(ui, locale, (Key::ZeroStage, "zero stage"), 178.0, |ui| segmented(ui, name, &stages, current, 178.0))
    });
    plan.workload.training.zero_stage = chosen.inner.unwrap_or(current);
    if !several {
        let why = locale.word(Key::ZeroNeeds);
        let rect = Rect::from_min_size(top, vec2(space::CONTROL, space::ROW));
        ui.interact(rect, ui.make_persistent_id("zero why"), Sense::hover()).on_hover_text(why);
        note(ui, why);
    }
    refused(ui, inputs, |refusal| refusal == Refusal::ZeroPipeline);
}

/// Says a refusal at the control that it `belongs` to, with what would work.
pub(super) fn refused(ui: &mut Ui, inputs: &PlanInputs<'_>, belongs: impl Fn(Refusal) -> bool) {
    let Err(error @ EstimateError::Refused(refusal)) = inputs.estimate else { return };
    if !belongs(*refusal) {
        return;
    }
    say(ui, "refused", &words::error(inputs.locale, error));
}

/// A warning under a control.
fn say(ui: &mut Ui, salt: &str, said: &str) {
    let t = Tokens::of(ui);
    let galley = paint::wrapped(ui.painter(), said, (Type::Caption, t.text), space::CONTROL - 20.0);
    let (_, rect) = ui.allocate_space(vec2(space::CONTROL, galley.size().y + 10.0));
    icons::draw(ui.painter(), rect.left_top() + vec2(7.0, 8.0), Icon::Warning, t.warning());
    ui.painter().galley(rect.min + vec2(20.0, 1.0), galley, t.text);
    let response = ui.interact(rect, ui.make_persistent_id(("said", salt)), Sense::hover());
    response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Label, true, said));
}

fn note(ui: &mut Ui, words: &str) {
    let (_, rect) = ui.allocate_space(vec2(space::CONTROL, 18.0));
    let t = Tokens::of(ui);
    let at = rect.right_top() + vec2(0.0, 5.0);
    paint::text(ui.painter(), at, Align2::RIGHT_CENTER, words, Type::Caption, t.faint);
}

fn length(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let (locale, limits) = (inputs.locale, inputs.limits);
    let trained = facts::trained(plan, inputs.catalog);
    let end = trained.unwrap_or(USUAL).max(1024);
    let mut stops: Vec<u64> = [512, 2048, 8192, 32_768, 131_072].into_iter().filter(|stop| stop * 2 <= end).collect();
    stops.push(end);
    let fits = limits.context_in_vram.or(limits.context_with_ram);
    let fits = fits.map(|fits| trained.map_or(fits, |trained| fits.min(trained)));
    let caption = match fits {
        _ if inputs.estimate.is_err() || !inputs.limits.known => String::new(),
        Some(fits) => {
            locale.sentence(Key::LargestLength, &[(Placeholder::Value, &facts::reach(fits, trained, locale))])
        }
        None => locale.word(Key::LargestNone).to_owned(),
    };
    let marks: Vec<Limit> = limit(fits, Verdict::Fits).into_iter().collect();
    let value = plan.workload.training.sequence_length;
    let slider = Slider {
        salt: "sequence length",
        name: locale.word(Key::SequenceLength),
        reading: (&text::count(value), locale.word(Key::Tokens)),
        value: value as f64,
        default: Training::default().sequence_length as f64,
        scale: Scale::logarithmic(512.0..=end as f64),
        typed: ends(Input::SequenceLength),
        ticks: &ticks(stops),
        limits: &marks,
        caption: Some(&caption),
        parse: text::parse_tokens,
        write: |value| text::decimal(value, 0),
        round: even_tokens,
    };
    if let Some(value) = slider.explained(ui, space::CONTROL, &Tip::of(Key::SequenceLength, locale)) {
        plan.workload.training.sequence_length = whole(value);
    }
}

fn micro_batch(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let (locale, limits) = (inputs.locale, inputs.limits);
    let fits = limits.sequences_in_vram.or(limits.sequences_with_ram);
    let caption = match fits {
        _ if inputs.estimate.is_err() || !inputs.limits.known => String::new(),
        Some(fits) => locale.sentence(Key::LargestMicroBatch, &[(Placeholder::Value, &text::count(fits.into()))]),
        None => locale.word(Key::LargestNone).to_owned(),
    };
    let limits: Vec<Limit> = limit(fits, Verdict::Fits).into_iter().collect();
    let one = plan.workload.training.micro_batch == 1;
    let unit = locale.word(if one { Key::MicroBatchOne } else { Key::MicroBatchUnit });
    let marks = Marks { unit, limits: &limits, caption: Some(&caption) };
    input_row::slider(ui, plan, Input::MicroBatch, &marks, locale);
}
