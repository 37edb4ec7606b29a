//! What most training runs leave as it is: loss, parallel sizes, offload, the data.

use eframe::egui::Ui;

use super::super::PlanInputs;
use super::choices::{named, switch};
use super::training::refused;
use super::{rows, whole, whole_u32};
use crate::estimate::Refusal;
use crate::estimate::Shared;
use crate::plan::{Loss, Offload, Plan, Sharding, Task};
use crate::text::{self, Key, Locale};
use crate::ui::theme::space;
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::value_field::ValueField;

/// The most cards that parallel sizes may ask for.
const MOST_PARTS: f64 = 1024.0;

/// Whether a refusal is about something that stands here.
pub(super) const fn is_here(refusal: Refusal) -> bool {
    matches!(refusal, Refusal::Indivisible(_) | Refusal::TooManyParts { .. } | Refusal::OffloadStage)
}

pub(super) fn show(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let locale = inputs.locale;
    let losses = [
        (Loss::Standard, locale.word(Key::LossStandard)),
        (Loss::WithoutOutputs, locale.word(Key::LossWithoutOutputs)),
        (Loss::Fused, locale.word(Key::LossFused)),
        (Loss::Chunked, locale.word(Key::LossChunked)),
    ];
    named(ui, locale, (Key::LossKind, "loss"), &losses, &mut plan.workload.training.loss);
    if plan.workload.task == Task::Qlora {
        tick(ui, locale.word(Key::DoubleQuantization), &mut plan.workload.training.double_quantization);
    }
    let training = &mut plan.workload.training;
    tick(ui, locale.word(Key::Selective), &mut training.selective_checkpointing);
    tick(ui, locale.word(Key::Dropout), &mut training.dropout);
    tick(ui, locale.word(Key::PaddingMask), &mut training.padding_mask);
    parallel(ui, plan, inputs);
    let training = &mut plan.workload.training;
    let places = [
        (Offload::None, locale.word(Key::OffloadNone)),
        (Offload::Optimizer, locale.word(Key::OffloadOptimizer)),
        (Offload::Parameters, locale.word(Key::OffloadParameters)),
        (Offload::Nvme, locale.word(Key::OffloadNvme)),
    ];
    named(ui, locale, (Key::OffloadWhat, "offload"), &places, &mut training.offload);
    refused(ui, inputs, |refusal| refusal == Refusal::OffloadStage);
    tick(ui, locale.word(Key::OffloadCheckpoints), &mut training.offload_checkpoints);
    let tokens = text::count(training.dataset_tokens);
    if let Some(tokens) = number(ui, locale, (Key::DatasetTokens, "data set"), (&tokens, locale.word(Key::Tokens))) {
        training.dataset_tokens = whole(tokens.clamp(1.0, 1e15));
    }
    let epochs = text::count(training.epochs.into());
    if let Some(epochs) = number(ui, locale, (Key::Epochs, "epochs"), (&epochs, "")) {
        training.epochs = whole_u32(epochs.clamp(1.0, 10_000.0));
    }
    tick(ui, locale.word(Key::DatasetInRam), &mut training.dataset_in_ram);
    let workers = training.loader_workers.to_string();
    if let Some(workers) = number(ui, locale, (Key::LoaderWorkers, "workers"), (&workers, "")) {
        training.loader_workers = whole_u32(workers.clamp(0.0, 1024.0));
    }
    let kept = training.checkpoints_kept.to_string();
    if let Some(kept) = number(ui, locale, (Key::CheckpointsKept, "checkpoints"), (&kept, "")) {
        training.checkpoints_kept = whole_u32(kept.clamp(0.0, 10_000.0));
    }
}

/// How the cards share the model, beside `ZeRO`.
fn parallel(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let locale = inputs.locale;
    let sharding = [(Sharding::DeepSpeed, "DeepSpeed"), (Sharding::Fsdp, "FSDP")];
    switch(ui, (locale.word(Key::ShardedBy), "sharding"), &sharding, &mut plan.workload.training.sharding);
    let parts = |value: f64| whole_u32(value.clamp(1.0, MOST_PARTS));
    let tensor = plan.workload.tensor_parallel.unwrap_or(1).to_string();
    if let Some(value) = number(ui, locale, (Key::TensorParallel, "tensor"), (&tensor, "")) {
        plan.workload.tensor_parallel = Some(parts(value));
    }
    refused(
        ui,
        inputs,
        |refusal| matches!(refusal, Refusal::Indivisible(it) if matches!(it.shared, Shared::Heads | Shared::Width)),
    );
    let training = &mut plan.workload.training;
    let pipeline = training.pipeline_parallel.to_string();
    if let Some(value) = number(ui, locale, (Key::PipelineParallel, "pipeline"), (&pipeline, "")) {
        training.pipeline_parallel = parts(value);
    }
    refused(
        ui,
        inputs,
        |refusal| matches!(refusal, Refusal::Indivisible(it) if matches!(it.shared, Shared::Layers | Shared::Devices)),
    );
    let data =
        training.data_parallel.map_or_else(|| locale.word(Key::DataParallelAuto).to_owned(), |it| it.to_string());
    // Zero gives the choice back.
    if let Some(value) = number(ui, locale, (Key::DataParallel, "data parallel"), (&data, "")) {
        training.data_parallel = (value >= 1.0).then(|| parts(value));
    }
    refused(ui, inputs, |refusal| matches!(refusal, Refusal::TooManyParts { .. }));
    tick(ui, locale.word(Key::SequenceParallel), &mut training.sequence_parallel);
}

fn tick(ui: &mut Ui, words: &str, on: &mut bool) {
    check_box(ui, words, "", on, space::CONTROL);
    ui.add_space(6.0);
}

fn number(ui: &mut Ui, locale: Locale, (key, salt): (Key, &'static str), (reading, unit): (&str, &str)) -> Option<f64> {
    rows::number(ui, salt, ValueField { name: locale.word(key), reading, unit, parse: text::parse_tokens, boxed: true })
}
