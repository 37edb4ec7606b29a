//! What only server engines are told: folded away with the other advanced options.

use eframe::egui::Ui;

use super::super::PlanInputs;
use super::input_row;
use super::rows::list;
use crate::catalog::server::{ServerFacts, Version};
use crate::plan::inputs::InputGroup;
use crate::plan::{Input, Plan, Runtime, RuntimeVersion, Workload};
use crate::text::{Key, Locale};
use crate::ui::widgets::tip::Tip;

/// The options of a server engine.
pub(super) fn show(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let locale = inputs.locale;
    let devices = inputs.estimate.map_or(1, |estimate| estimate.devices.len());
    version(ui, plan, inputs);
    let stages = plan.workload.training.pipeline_parallel;
    let staged = Input::PipelineParallel.applies(plan, inputs.catalog) && (devices > 1 || stages > 1);
    if devices > 1 || plan.workload.tensor_parallel.is_some() {
        let copies = plan.workload.training.data_parallel.unwrap_or(1).max(1) as usize;
        let each = if staged { devices / stages.max(1) as usize / copies } else { devices };
        tensor_parallel(ui, &mut plan.workload, each.max(1), locale);
    }
    if staged {
        pipeline_parallel(ui, &mut plan.workload, devices, locale);
    }
    let copies = Input::DataParallel;
    if staged || plan.workload.training.data_parallel.is_some() {
        let chosen = input_row::number(ui, copies.entry(), copies.get(plan), ("1", &|_| None), locale);
        input_row::take(plan, copies, chosen);
    }
    input_row::rest(ui, plan, InputGroup::Servers, &[Input::TensorParallel, Input::PipelineParallel, copies], inputs);
}

/// Stages that hold the layers one after the other: divisors of the devices there are.
fn pipeline_parallel(ui: &mut Ui, workload: &mut Workload, devices: usize, locale: Locale) {
    let choices: Vec<u32> = (1..=devices)
        .filter(|stages| devices.is_multiple_of(*stages))
        .filter_map(|stages| stages.try_into().ok())
        .collect();
    let names: Vec<String> = choices.iter().map(ToString::to_string).collect();
    let labels: Vec<&str> = names.iter().map(String::as_str).collect();
    let current = workload.training.pipeline_parallel.to_string();
    let key = Key::PipelineParallel;
    let chosen = list(ui, Tip::of(key, locale), (key, "pipeline parallel"), &current, &labels);
    if let Some(stages) = chosen.and_then(|place| choices.get(place)).copied() {
        workload.training.pipeline_parallel = stages;
        // Ranks that there are no devices for any more are left to the engine.
        let most = devices / stages.max(1) as usize;
        workload.tensor_parallel = workload.tensor_parallel.filter(|ranks| *ranks as usize <= most);
    }
}

/// Ranks that share every layer: divisors of the devices there are.
fn tensor_parallel(ui: &mut Ui, workload: &mut Workload, devices: usize, locale: Locale) {
    let default = locale.word(Key::EngineDefault);
    let choices: Vec<u32> = (1..=devices)
        .filter(|ranks| devices.is_multiple_of(*ranks))
        .filter_map(|ranks| ranks.try_into().ok())
        .collect();
    let names: Vec<String> = choices.iter().map(ToString::to_string).collect();
    let labels: Vec<&str> = std::iter::once(default).chain(names.iter().map(String::as_str)).collect();
    let current = workload.tensor_parallel.map_or_else(|| default.to_owned(), |ranks| ranks.to_string());
    if let Some(place) =
        list(ui, Tip::of(Key::TensorParallel, locale), (Key::TensorParallel, "tensor parallel"), &current, &labels)
    {
        workload.tensor_parallel = place.checked_sub(1).and_then(|place| choices.get(place)).copied();
    }
}

/// The versions between which the laws differ; nothing where they do not.
fn version(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let locale = inputs.locale;
    let choices = versions(plan.workload.runtime, &inputs.catalog.runtimes().servers.vllm.versions);
    let current = plan.workload.runtime_version;
    if choices.is_empty() && current.is_none() {
        return;
    }
    let newest = locale.word(Key::CurrentVersion);
    let names: Vec<String> = choices.iter().map(ToString::to_string).collect();
    let labels: Vec<&str> = std::iter::once(newest).chain(names.iter().map(String::as_str)).collect();
    let shown = current.map_or_else(|| newest.to_owned(), |version| version.to_string());
    if let Some(place) = list(ui, Tip::of(Key::EngineVersion, locale), (Key::EngineVersion, "version"), &shown, &labels)
    {
        plan.workload.runtime_version = place.checked_sub(1).and_then(|place| choices.get(place)).copied();
    }
}

/// Newest first: the first version of each law, and the last before the first known one.
fn versions(runtime: Runtime, vllm: &[ServerFacts]) -> Vec<RuntimeVersion> {
    let number = |(major, minor): Version| RuntimeVersion::Number { major, minor };
    match runtime {
        Runtime::Vllm => {
            let since: Vec<Version> = vllm.iter().map(|facts| facts.since).filter(|since| *since > (0, 0)).collect();
            let before = since.first().map(|(major, minor)| (*major, minor.saturating_sub(1)));
            since.iter().rev().copied().chain(before).map(number).collect()
        }
        // The last one that computed logits of every prompt token.
        Runtime::Transformers => vec![number((4, 44))],
        Runtime::LlamaCpp | Runtime::Sglang | Runtime::Tgi | Runtime::TensorRtLlm => Vec::new(),
    }
}
