//! An estimate as a person reads it: the verdict in a sentence, then a line for each device and the RAM, then
//! speeds, then warnings.

use super::columns::{Align, columns, grouped, known};
use super::{speed, training_table, words};
use crate::advise::inverse::Limits;
use crate::catalog::Catalog;
use crate::estimate::{DeviceEstimate, Estimate, HostEstimate, Parts, Verdict};
use crate::plan::{CardChoice, ModelChoice, Plan};
use crate::text::{Join, Locale};
use crate::units::Bytes;

const HEAD: [&str; 10] =
    ["GiB", "weights", "KV cache", "state", "compute", "overhead", "total", "of", "free", "layers"];

/// The estimate of a plan as text.
pub(super) fn show(plan: &Plan, estimate: &Estimate, catalog: &Catalog) -> String {
    if plan.workload.task.trains() {
        return training_table::show(plan, estimate, catalog);
    }
    let mut rows = vec![HEAD.map(str::to_owned)];
    for device in &estimate.devices {
        rows.push(device_row(plan, device, estimate.layers, catalog));
    }
    rows.push(host_row(&estimate.host));
    let mut aligned = [Align::Right; HEAD.len()];
    aligned[0] = Align::Left;
    let mut text = format!("{}\n{}\n\n{}", sentence(estimate), what(plan, catalog), columns(aligned, &rows));
    if estimate.verdict.is_some_and(|verdict| verdict != Verdict::DoesNotFit) || estimate.speed.pages {
        text.push('\n');
        text.push_str(&speed::show(&estimate.speed, plan.workload.sequences));
    }
    notes(estimate, &mut text);
    text
}

/// What is unwise or assumed, a line each.
pub(super) fn notes(estimate: &Estimate, text: &mut String) {
    text.extend(estimate.warnings.iter().flat_map(|warning| {
        [
            "Note: ".into(),
            words::warning(warning),
            "
"
            .into(),
        ]
    }));
}

/// What still fits, where it was asked.
pub(super) fn largest(limits: &Limits) -> String {
    let shown = |number: Option<u64>| number.map_or_else(|| "none".to_owned(), grouped);
    format!(
        "Largest that still fits: context {}, sequences {}, layers in VRAM {}\n",
        shown(limits.context_in_vram.or(limits.context_with_ram)),
        shown(limits.sequences_in_vram.or(limits.sequences_with_ram).map(u64::from)),
        shown(limits.gpu_layers.map(u64::from)),
    )
}

pub(super) fn sentence(estimate: &Estimate) -> String {
    let Some(verdict) = estimate.verdict else { return "Cannot be known from what is known of the model".to_owned() };
    let said = words::verdict(verdict);
    let excess = |excess: Option<Bytes>| excess.filter(|excess| *excess > Bytes::ZERO);
    let devices: Bytes = estimate.devices.iter().filter_map(|device| excess(device.excess)).sum();
    let in_ram = excess(estimate.host.excess);
    match verdict {
        Verdict::DoesNotFit => {
            let vram = (devices > Bytes::ZERO).then(|| format!("{devices} of VRAM"));
            let ram = in_ram.map(|excess| format!("{excess} of RAM"));
            let missing: Vec<String> = vram.into_iter().chain(ram).collect();
            if missing.is_empty() {
                said.to_owned()
            } else {
                format!("{said}: {} missing", Locale::En.join(Join::And, missing))
            }
        }
        Verdict::Offload if estimate.training.is_some() => format!("{said}: {} in RAM", known(estimate.host.total)),
        Verdict::Offload => {
            let on_cards: u32 = estimate.devices.iter().map(|device| device.gpu_layers).sum();
            format!("{said}: {on_cards} of {} layers in VRAM, the rest in RAM", estimate.layers)
        }
        Verdict::Fits | Verdict::Tight => match estimate.devices.iter().filter_map(|device| device.free).min() {
            Some(free) => format!("{said}: {free} of VRAM to spare"),
            None => format!("{said}: {} of RAM to spare", known(estimate.host.free)),
        },
    }
}

/// What was asked, in one line.
fn what(plan: &Plan, catalog: &Catalog) -> String {
    let workload = &plan.workload;
    let model = model_name(plan, catalog);
    let sequences = if workload.sequences > 1 { format!(", {} sequences", workload.sequences) } else { String::new() };
    let place = place(plan, catalog);
    let context = grouped(workload.context);
    format!("{model}, {}, context of {context} tokens{sequences}, on {place}", workload.quantization)
}

/// The model's name.
pub(super) fn model_name(plan: &Plan, catalog: &Catalog) -> String {
    match &plan.workload.model {
        ModelChoice::Catalog(id) => catalog.model(id).map_or_else(|| id.clone(), |model| model.name.clone()),
        ModelChoice::Size(parameters) => format!("a model of {:.1} B parameters", *parameters as f64 / 1e9),
        ModelChoice::File { model, .. } => model.name.clone(),
    }
}

/// The cards of a plan.
pub(super) fn place(plan: &Plan, catalog: &Catalog) -> String {
    let cards: Vec<String> = plan
        .machine
        .cards
        .iter()
        .map(|kind| {
            let name = card_name(&kind.card, catalog);
            if kind.count > 1 { format!("{} × {name}", kind.count) } else { name }
        })
        .collect();
    if cards.is_empty() { "the CPU".to_owned() } else { Locale::En.join(Join::And, cards) }
}

pub(super) fn card_name(card: &CardChoice, catalog: &Catalog) -> String {
    match card {
        CardChoice::Catalog(id) => catalog.card(id).map_or_else(|| id.clone(), |card| card.name.clone()),
        CardChoice::Detected { name, .. } => name.clone(),
    }
}

fn device_row(plan: &Plan, device: &DeviceEstimate, layers: u32, catalog: &Catalog) -> [String; HEAD.len()] {
    let name = plan.machine.cards.get(device.card).map(|kind| card_name(&kind.card, catalog)).unwrap_or_default();
    let [weights, cache, state, compute] = parts(&device.parts);
    let overhead = shown_gib(Some(device.overhead.expected));
    let total = shown_gib(device.total);
    let free = balance(device.free, device.excess);
    let layers = format!("{} of {layers}", device.gpu_layers);
    [name, weights, cache, state, compute, overhead, total, shown_gib(Some(device.usable)), free, layers]
}

fn host_row(host: &HostEstimate) -> [String; HEAD.len()] {
    let [weights, cache, state, _] = parts(&host.parts);
    // The output buffer is small and the engine's own, like the compute buffer.
    let compute = host.parts.compute.zip(host.output).map(|(compute, output)| compute + output);
    let free = balance(host.free, host.excess);
    let (total, capacity) = (shown_gib(host.total), shown_gib(Some(host.capacity)));
    // What the system takes is no part of the plan's total, but of what is free.
    let name = format!("RAM ({} for the system)", shown_gib(Some(host.os)));
    [name, weights, cache, state, shown_gib(compute), String::new(), total, capacity, free, String::new()]
}

fn parts(parts: &Parts) -> [String; 4] {
    // Servers have activations where llama.cpp has a buffer.
    let compute = parts.compute.zip(parts.activations).map(|(buffer, peak)| buffer + peak);
    [parts.weights, parts.kv_cache, parts.recurrent_state, compute].map(shown_gib)
}

/// What is left, or what is missing as a negative figure.
pub(super) fn balance(free: Option<Bytes>, excess: Option<Bytes>) -> String {
    match excess {
        Some(excess) if excess > Bytes::ZERO => format!("-{:.2}", excess.gib()),
        _ => shown_gib(free),
    }
}

/// A hundredth of a GiB is as fine as anyone decides by; an unknown stays unknown.
pub(super) fn shown_gib(bytes: Option<Bytes>) -> String {
    bytes.map_or_else(|| "?".to_owned(), |bytes| format!("{:.2}", bytes.gib()))
}
