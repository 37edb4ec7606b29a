//! What only server engines are told: folded away with the other advanced options.

use eframe::egui::Ui;

use super::super::PlanInputs;
use super::choices::list;
use super::{rows, whole_u32};
use crate::catalog::server::{ServerFacts, Version};
use crate::plan::{Plan, Runtime, RuntimeVersion, Workload};
use crate::text::{self, Key, Locale};
use crate::ui::theme::space;
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::value_field::ValueField;

/// The engines and their names.
const ENGINES: [(Runtime, &str); 6] = [
    (Runtime::LlamaCpp, "llama.cpp"),
    (Runtime::Vllm, "vLLM"),
    (Runtime::Sglang, "SGLang"),
    (Runtime::Tgi, "TGI"),
    (Runtime::TensorRtLlm, "TensorRT-LLM"),
    (Runtime::Transformers, "Transformers"),
];

/// Which engine runs the model. Another engine takes the nearest precision that it reads.
pub(super) fn runtime(ui: &mut Ui, workload: &mut Workload, locale: Locale) {
    let current = ENGINES.iter().find(|(runtime, _)| *runtime == workload.runtime).map_or("", |(_, name)| name);
    let labels = ENGINES.map(|(_, name)| name);
    if let Some((runtime, _)) =
        list(ui, locale, (Key::Runtime, "runtime"), current, &labels).and_then(|place| ENGINES.get(place))
    {
        workload.choose_runtime(*runtime);
    }
}

/// The options of a server engine.
pub(super) fn show(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let locale = inputs.locale;
    let reserves = plan.workload.runtime != Runtime::Transformers;
    let devices = inputs.estimate.map_or(1, |estimate| estimate.devices.len());
    version(ui, plan, inputs);
    if devices > 1 || plan.workload.tensor_parallel.is_some() {
        tensor_parallel(ui, &mut plan.workload, devices, locale);
    }
    if !reserves {
        return;
    }
    let server = &mut plan.workload.server;
    let share = server.gpu_memory_utilization;
    if let Some(value) = option(ui, locale, (Key::MemoryShare, "share"), share.map(|share| text::decimal(share, 2))) {
        server.gpu_memory_utilization = (value > 0.0).then(|| value.clamp(0.01, 1.0));
    }
    let count = |count: Option<u32>| count.map(|count| text::count(u64::from(count)));
    if let Some(value) = option(ui, locale, (Key::MaxNumSeqs, "max seqs"), count(server.max_num_seqs)) {
        server.max_num_seqs = (value >= 1.0).then(|| whole_u32(value.min(65_536.0)));
    }
    if let Some(value) = option(ui, locale, (Key::MaxBatchedTokens, "max batched"), count(server.max_batched_tokens)) {
        server.max_batched_tokens = (value >= 1.0).then(|| whole_u32(value.min(1e8)));
    }
    check_box(ui, locale.word(Key::EnforceEager), "", &mut server.enforce_eager, space::CONTROL);
    ui.add_space(6.0);
}

/// A number that the engine chooses where none is given; 0 gives the choice back to it.
fn option(ui: &mut Ui, locale: Locale, (key, salt): (Key, &'static str), value: Option<String>) -> Option<f64> {
    let reading = value.unwrap_or_else(|| locale.word(Key::EngineDefault).to_owned());
    let field =
        ValueField { name: locale.word(key), reading: &reading, unit: "", parse: text::parse_number, boxed: true };
    rows::number(ui, salt, field)
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
    if let Some(place) = list(ui, locale, (Key::TensorParallel, "tensor parallel"), &current, &labels) {
        workload.tensor_parallel = place.checked_sub(1).and_then(|place| choices.get(place)).copied();
    }
}

/// The versions between which the laws differ; nothing where they do not.
fn version(ui: &mut Ui, plan: &mut Plan, inputs: &PlanInputs<'_>) {
    let locale = inputs.locale;
    let choices = versions(plan.workload.runtime, &inputs.catalog.runtimes().servers.vllm);
    let current = plan.workload.runtime_version;
    if choices.is_empty() && current.is_none() {
        return;
    }
    let newest = locale.word(Key::CurrentVersion);
    let names: Vec<String> = choices.iter().map(ToString::to_string).collect();
    let labels: Vec<&str> = std::iter::once(newest).chain(names.iter().map(String::as_str)).collect();
    let shown = current.map_or_else(|| newest.to_owned(), |version| version.to_string());
    if let Some(place) = list(ui, locale, (Key::EngineVersion, "version"), &shown, &labels) {
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
