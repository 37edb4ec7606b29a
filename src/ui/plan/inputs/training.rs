//! How a model is trained: the shape of a step, what is trained, and how the cards share it.

use eframe::egui::{Align2, Rect, Sense, Ui, vec2};

use super::super::{PlanInputs, facts};
use super::choices::{named, switch};
use super::workload::{even_tokens, limit, ticks};
use super::{rows, whole, whole_u32};
use crate::estimate::{EstimateError, Refusal, Verdict};
use crate::plan::{LoraTargets, Optimizer, Plan, Precision, Task, Training, TrainingAttention};
use crate::text::{self, Key, Locale, Placeholder};
use crate::ui::fonts::Type;
use crate::ui::icons::{self, Icon};
use crate::ui::theme::{Tokens, space};
use crate::ui::widgets::scale::Scale;
use crate::ui::widgets::segmented::segmented;
use crate::ui::widgets::slider::{Limit, Slider};
use crate::ui::{paint, words};

/// The longest sequence of the rail where the model's own is not known, and the longest that may be typed.
const USUAL: u64 = 131_072;
const LONGEST: f64 = 1e8;
/// Micro-batches, accumulated micro-batches and ranks at the ends of their rails, and the most that may be typed.
const RAILS: (u64, u64, u64) = (64, 256, 256);
const MOST: f64 = 65_536.0;

/// Optimizers by the names that trainers give them.
pub(in crate::ui) const OPTIMIZERS: [(Optimizer, &str); 7] = [
    (Optimizer::AdamW, "AdamW"),
    (Optimizer::AdamWForeach, "AdamW foreach"),
    (Optimizer::AdamW8bit, "AdamW 8-bit"),
    (Optimizer::PagedAdamW8bit, "Paged AdamW 8-bit"),
    (Optimizer::Adafactor, "Adafactor"),
    (Optimizer::Sgd, "SGD"),
    (Optimizer::SgdMomentum, "SGD momentum"),
];
/// Precisions by the names that trainers give them; adapters have no use for a master copy.
const PRECISIONS: [(Precision, &str); 4] = [
    (Precision::Bf16, "BF16"),
    (Precision::Amp, "AMP"),
    (Precision::Fp32, "FP32"),
    (Precision::Bf16Master, "BF16, FP32 master"),
];

/// What is done with the model.
pub(super) fn task(ui: &mut Ui, plan: &mut Plan, locale: Locale) {
    let tasks = [
        (Task::Serve, locale.word(Key::Serve)),
        (Task::Lora, locale.word(Key::Lora)),
        (Task::Qlora, locale.word(Key::Qlora)),
        (Task::Full, locale.word(Key::FullTune)),
    ];
    let chosen = segmented(ui, locale.word(Key::Task), &tasks, plan.workload.task, space::CONTROL);
    plan.workload.task = chosen.unwrap_or(plan.workload.task);
}

/// The inputs of a step.
pub(super) fn show(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let locale = inputs.locale;
    length(ui, plan, inputs);
    refused(ui, inputs, |refusal| matches!(refusal, Refusal::TooManyTokens | Refusal::AbovePebibyte));
    let task = plan.workload.task;
    let training = &mut plan.workload.training;
    micro_batch(ui, training, inputs);
    accumulation(ui, training, locale);
    named(ui, locale, (Key::Optimizer, "optimizer"), &OPTIMIZERS, &mut training.optimizer);
    let precisions = if task == Task::Full { &PRECISIONS[..] } else { &PRECISIONS[..3] };
    named(ui, locale, (Key::TrainPrecision, "train precision"), precisions, &mut training.precision);
    let checkpointing = [(false, locale.word(Key::CheckpointingOff)), (true, locale.word(Key::CheckpointingEvery))];
    switch(ui, (locale.word(Key::Checkpointing), "checkpointing"), &checkpointing, &mut training.checkpointing);
    let attentions = [
        (TrainingAttention::Flash, "Flash"),
        (TrainingAttention::Eager, "Eager"),
        (TrainingAttention::FusedSoftmax, locale.word(Key::AttentionFused)),
    ];
    named(ui, locale, (Key::TrainAttention, "train attention"), &attentions, &mut training.attention);
    if task != Task::Full {
        ui.add_space(4.0);
        rank(ui, training, locale);
        refused(ui, inputs, |refusal| matches!(refusal, Refusal::RankAboveWidth { .. }));
        let targets = [
            (LoraTargets::AllLinear, locale.word(Key::TargetsAll)),
            (LoraTargets::Attention, locale.word(Key::TargetsAttention)),
            (LoraTargets::QueryValue, locale.word(Key::TargetsQv)),
        ];
        named(ui, locale, (Key::LoraTargets, "lora targets"), &targets, &mut training.lora_targets);
    }
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
        rows::row(ui, (name, "zero stage"), 178.0, |ui| segmented(ui, name, &stages, current, 178.0))
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
        _ if inputs.estimate.is_err() => String::new(),
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
        most: LONGEST,
        ticks: &ticks(stops),
        limits: &marks,
        caption: Some(&caption),
        parse: text::parse_tokens,
        round: even_tokens,
    };
    if let Some(value) = slider.show(ui, locale, space::CONTROL) {
        plan.workload.training.sequence_length = whole(value);
    }
}

fn micro_batch(ui: &mut Ui, training: &mut Training, inputs: &PlanInputs<'_>) {
    let (locale, limits) = (inputs.locale, inputs.limits);
    let fits = limits.sequences_in_vram.or(limits.sequences_with_ram);
    let caption = match fits {
        _ if inputs.estimate.is_err() => String::new(),
        Some(fits) => locale.sentence(Key::LargestMicroBatch, &[(Placeholder::Value, &text::count(fits.into()))]),
        None => locale.word(Key::LargestNone).to_owned(),
    };
    let marks: Vec<Limit> = limit(fits, Verdict::Fits).into_iter().collect();
    let unit = if training.micro_batch == 1 { Key::MicroBatchOne } else { Key::MicroBatchUnit };
    let names = (locale.word(Key::MicroBatch), locale.word(unit));
    let slider = count("micro-batch", names, training.micro_batch);
    let (reading, stops) = (text::count(training.micro_batch.into()), ticks([1, 2, 4, 8, 16, 32, RAILS.0]));
    let slider = Slider {
        reading: (&reading, names.1),
        scale: Scale::logarithmic(1.0..=RAILS.0 as f64),
        ticks: &stops,
        limits: &marks,
        caption: Some(&caption),
        ..slider
    };
    if let Some(value) = slider.show(ui, locale, space::CONTROL) {
        training.micro_batch = whole_u32(value);
    }
    below_one(ui, ("micro-batch", names.0), locale);
}

fn accumulation(ui: &mut Ui, training: &mut Training, locale: Locale) {
    let unit = if training.gradient_accumulation == 1 { Key::AccumulationOne } else { Key::AccumulationUnit };
    let names = (locale.word(Key::Accumulation), locale.word(unit));
    let (reading, stops) = (text::count(training.gradient_accumulation.into()), ticks([1, 4, 16, 64, RAILS.1]));
    let slider = Slider {
        reading: (&reading, names.1),
        scale: Scale::logarithmic(1.0..=RAILS.1 as f64),
        ticks: &stops,
        ..count("accumulation", names, training.gradient_accumulation)
    };
    if let Some(value) = slider.show(ui, locale, space::CONTROL) {
        training.gradient_accumulation = whole_u32(value);
    }
    below_one(ui, ("accumulation", names.0), locale);
}

fn rank(ui: &mut Ui, training: &mut Training, locale: Locale) {
    let names = (locale.word(Key::LoraRank), "");
    let (reading, stops) = (text::count(training.lora_rank.into()), ticks([4, 8, 16, 32, 64, 128, RAILS.2]));
    let slider = Slider {
        reading: (&reading, ""),
        default: f64::from(Training::default().lora_rank),
        scale: Scale::logarithmic(1.0..=RAILS.2 as f64),
        ticks: &stops,
        ..count("lora rank", names, training.lora_rank)
    };
    if let Some(value) = slider.show(ui, locale, space::CONTROL) {
        training.lora_rank = whole_u32(value);
    }
    below_one(ui, ("lora rank", names.0), locale);
}

/// A slider over whole numbers from one on.
fn count<'a>(salt: &'static str, (name, unit): (&'a str, &'a str), value: u32) -> Slider<'a> {
    Slider {
        salt,
        name,
        reading: ("", unit),
        value: f64::from(value),
        default: 1.0,
        scale: Scale::logarithmic(1.0..=2.0),
        most: MOST,
        ticks: &[],
        limits: &[],
        caption: None,
        parse: at_least_one,
        round: |value| value.round().max(1.0),
    }
}

/// A count as typed; zero and less are none.
fn at_least_one(typed: &str) -> Option<f64> {
    text::parse_number(typed).filter(|count| *count >= 1.0)
}

/// Says of a count that is being typed that it is none.
fn below_one(ui: &mut Ui, (salt, name): (&'static str, &str), locale: Locale) {
    let id = ui.make_persistent_id(salt).with("value");
    let Some(typed) = ui.data(|data| data.get_temp::<String>(id)) else { return };
    if text::parse_number(&typed).is_some() && at_least_one(&typed).is_none() {
        say(ui, salt, &locale.sentence(Key::RefusedBelowOne, &[(Placeholder::Name, name)]));
    }
}
