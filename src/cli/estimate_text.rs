//! An estimate as a person reads it: the verdict in a sentence, then a line for each device and the RAM, then
//! speeds, then warnings.

use super::columns::{Align, columns, known};
use super::words::said;
use super::{speed, training_table, words};
use crate::advise::inverse::Limits;
use crate::catalog::Catalog;
use crate::estimate::{DeviceEstimate, Estimate, HostEstimate, Parts, ResidentEstimate, Verdict};
use crate::plan::{CardChoice, ModelChoice, Plan};
use crate::text::{Join, Key, Locale, Placeholder, count, figure};
use crate::units::Bytes;

const HEAD: [Key; 10] = [
    Key::ColumnGib,
    Key::ColumnWeights,
    Key::KvCache,
    Key::ColumnState,
    Key::ColumnCompute,
    Key::ColumnOverhead,
    Key::ColumnTotal,
    Key::ColumnOf,
    Key::ColumnFree,
    Key::ColumnLayers,
];

/// The estimate of a plan as text.
pub(super) fn show(plan: &Plan, estimate: &Estimate, catalog: &Catalog, locale: Locale) -> String {
    if plan.workload.task.trains() {
        return training_table::show(plan, estimate, catalog, locale);
    }
    let mut rows = vec![HEAD.map(|key| locale.word(key).to_owned())];
    let names = resident_names(plan, catalog, locale);
    for (place, device) in estimate.devices.iter().enumerate() {
        rows.push(device_row(plan, device, estimate.layers, (catalog, locale)));
        rows.extend(residents_on(place, estimate, &names));
    }
    rows.push(host_row(&estimate.host, locale));
    rows.extend(residents_in_ram(estimate, &names));
    let mut aligned = [Align::Right; HEAD.len()];
    aligned[0] = Align::Left;
    let mut text =
        format!("{}\n{}\n\n{}", sentence(estimate, locale), what(plan, catalog, locale), columns(aligned, &rows));
    if estimate.verdict.is_some_and(|verdict| verdict != Verdict::DoesNotFit) || estimate.speed.pages {
        text.push('\n');
        text.push_str(&speed::show(&estimate.speed, plan.workload.sequences, locale));
    }
    if estimate.has_company() && estimate.speed.decode.is_some() {
        let words = match estimate.speed.at_once {
            Some(rate) => locale.sentence(Key::AlsoSpeeds, &[(Placeholder::Value, &figure(rate.expected))]),
            None => locale.word(Key::AlsoSpeedsApart).to_owned(),
        };
        text.push_str(&words);
        text.push('\n');
    }
    notes(estimate, &mut text, locale);
    text
}

/// What the programs beside the plan's model are called, each with how its weights are stored.
pub(super) fn resident_names(plan: &Plan, catalog: &Catalog, locale: Locale) -> Vec<String> {
    let name = |row: usize| {
        let own = plan.of_resident(row)?;
        Some(format!("+ {} {}", model_name(&own, catalog, locale), own.workload.quantization))
    };
    (0..plan.also.len()).filter_map(name).collect()
}

/// What they have on a device, a row each; the sum is what they keep.
fn residents_on(place: usize, estimate: &Estimate, names: &[String]) -> Vec<[String; HEAD.len()]> {
    let row = |(resident, name): (&ResidentEstimate, &String)| {
        let device = resident.on(place).filter(|device| device.held() != Some(Bytes::ZERO))?;
        let overhead = shown_gib(Some(device.overhead.expected));
        Some(resident_row(name, &device.parts, overhead, device.held()))
    };
    estimate.also.iter().zip(names).filter_map(row).collect()
}

/// What they have in RAM.
fn residents_in_ram(estimate: &Estimate, names: &[String]) -> Vec<[String; HEAD.len()]> {
    let row = |(resident, name): (&ResidentEstimate, &String)| {
        let host = resident.alone.as_ref().map(|alone| &alone.host).filter(|host| host.total != Some(Bytes::ZERO))?;
        let parts =
            Parts { compute: host.parts.compute.zip(host.output).map(|(one, other)| one + other), ..host.parts };
        Some(resident_row(name, &parts, String::new(), host.total))
    };
    estimate.also.iter().zip(names).filter_map(row).collect()
}

fn resident_row(name: &str, held: &Parts, overhead: String, total: Option<Bytes>) -> [String; HEAD.len()] {
    let [weights, cache, state, compute] = parts(held);
    let [of, free, layers] = [const { String::new() }; 3];
    [name.to_owned(), weights, cache, state, compute, overhead, shown_gib(total), of, free, layers]
}

/// What the plan's own model takes where so much lies, others taking their part.
pub(super) fn own(total: Option<Bytes>, also: Option<Bytes>) -> Option<Bytes> {
    Some(total? - also?)
}

/// What is unwise or assumed, a line each.
pub(super) fn notes(estimate: &Estimate, text: &mut String, locale: Locale) {
    for warning in &estimate.warnings {
        let words = words::warning(warning, locale);
        text.push_str(&locale.sentence(Key::NoteLine, &[(Placeholder::Value, &words)]));
        text.push('\n');
    }
}

/// What still fits, where it was asked.
pub(super) fn largest(limits: &Limits, locale: Locale) -> String {
    let shown = |number: Option<u64>| number.map_or_else(|| locale.word(Key::LargestNothing).to_owned(), count);
    let holes = [
        (Placeholder::Context, shown(limits.context_in_vram.or(limits.context_with_ram))),
        (Placeholder::Count, shown(limits.sequences_in_vram.or(limits.sequences_with_ram).map(u64::from))),
        (Placeholder::Layers, shown(limits.gpu_layers.map(u64::from))),
    ];
    format!("{}\n", said(locale, Key::LargestLine, &holes))
}

pub(super) fn sentence(estimate: &Estimate, locale: Locale) -> String {
    let Some(verdict) = estimate.verdict else { return locale.word(Key::SaidUnknown).to_owned() };
    let excess = |excess: Option<Bytes>| excess.filter(|excess| *excess > Bytes::ZERO);
    let devices: Bytes = estimate.devices.iter().filter_map(|device| excess(device.excess)).sum();
    let in_ram = excess(estimate.host.excess);
    let of = |key, bytes: Bytes| locale.sentence(key, &[(Placeholder::Value, &bytes.to_string())]);
    let (key, value) = match verdict {
        Verdict::DoesNotFit => {
            let vram = (devices > Bytes::ZERO).then(|| of(Key::PoolVram, devices));
            let ram = in_ram.map(|excess| of(Key::SaidOfRam, excess));
            let missing: Vec<String> = vram.into_iter().chain(ram).collect();
            if missing.is_empty() {
                return words::verdict(verdict, locale).to_owned();
            }
            (Key::SaidMissing, locale.join(Join::And, missing))
        }
        Verdict::Offload if estimate.training.is_some() => (Key::SaidInRam, known(estimate.host.total, locale)),
        Verdict::Offload => {
            let on_cards: u32 = estimate.devices.iter().map(|device| device.gpu_layers).sum();
            let holes = [
                (Placeholder::Name, words::verdict(verdict, locale).to_owned()),
                (Placeholder::Value, on_cards.to_string()),
                (Placeholder::Layers, estimate.layers.to_string()),
                (Placeholder::Count, estimate.experts.layers.to_string()),
                (Placeholder::Spilled, estimate.experts.bytes.to_string()),
            ];
            let key = match estimate.experts.layers {
                0 => Key::SaidLayers,
                _ if on_cards == estimate.layers => Key::SaidExperts,
                _ => Key::SaidLayersAndExperts,
            };
            return said(locale, key, &holes);
        }
        Verdict::Fits | Verdict::Tight => {
            let on_cards = estimate.devices.iter().filter_map(|device| device.free).min();
            let in_ram =
                || locale.sentence(Key::SaidOfRam, &[(Placeholder::Value, &known(estimate.host.free, locale))]);
            (Key::SaidSpare, on_cards.map_or_else(in_ram, |free| of(Key::PoolVram, free)))
        }
    };
    let said =
        locale.sentence(key, &[(Placeholder::Name, words::verdict(verdict, locale)), (Placeholder::Value, &value)]);
    if estimate.serves_all() || verdict == Verdict::DoesNotFit {
        return said;
    }
    locale.join(Join::Clauses, [said, queue(estimate, locale)])
}

/// How many run at once and how many wait.
fn queue(estimate: &Estimate, locale: Locale) -> String {
    let [running, waiting] = [estimate.queue.running, estimate.queue.waiting].map(|sequences| count(sequences.into()));
    locale.sentence(Key::QueueInShort, &[(Placeholder::Count, &running), (Placeholder::Value, &waiting)])
}

/// What was asked, in one line.
fn what(plan: &Plan, catalog: &Catalog, locale: Locale) -> String {
    let workload = &plan.workload;
    let context = locale.sentence(Key::AskedContext, &[(Placeholder::Value, &count(workload.context))]);
    let sequences = (workload.sequences > 1).then(|| {
        let sequences = count(workload.sequences.into());
        locale.sentence(Key::AskedSequences, &[(Placeholder::Count, &sequences)])
    });
    let place = locale.sentence(Key::AskedOn, &[(Placeholder::Card, &place(plan, catalog, locale))]);
    let parts = [model_name(plan, catalog, locale), workload.quantization.to_string(), context];
    locale.join(Join::Phrases, parts.into_iter().chain(sequences).chain([place]))
}

/// The model's name.
pub(super) fn model_name(plan: &Plan, catalog: &Catalog, locale: Locale) -> String {
    match &plan.workload.model {
        ModelChoice::Catalog(id) => catalog.model(id).map_or_else(|| id.clone(), |model| model.name.clone()),
        ModelChoice::Size(parameters) => {
            let billions = format!("{:.1}", *parameters as f64 / 1e9);
            locale.sentence(Key::AskedSize, &[(Placeholder::Params, &billions)])
        }
        ModelChoice::File { model, .. } => model.name.clone(),
    }
}

/// The cards of a plan.
pub(super) fn place(plan: &Plan, catalog: &Catalog, locale: Locale) -> String {
    let cards: Vec<String> = plan
        .machine
        .cards
        .iter()
        .map(|kind| {
            let name = card_name(&kind.card, catalog);
            if kind.count > 1 { format!("{} × {name}", kind.count) } else { name }
        })
        .collect();
    if cards.is_empty() { locale.word(Key::AskedCpu).to_owned() } else { locale.join(Join::And, cards) }
}

pub(super) fn card_name(card: &CardChoice, catalog: &Catalog) -> String {
    match card {
        CardChoice::Catalog(id) => catalog.card(id).map_or_else(|| id.clone(), |card| card.name.clone()),
        CardChoice::Detected { name, .. } => name.clone(),
    }
}

fn device_row(
    plan: &Plan,
    device: &DeviceEstimate,
    layers: u32,
    (catalog, locale): (&Catalog, Locale),
) -> [String; HEAD.len()] {
    let name = plan.machine.cards.get(device.card).map(|kind| card_name(&kind.card, catalog)).unwrap_or_default();
    let [weights, cache, state, compute] = parts(&device.parts);
    let overhead = shown_gib(Some(device.overhead.expected));
    let total = shown_gib(own(device.total, device.also));
    let free = balance(device.free, device.excess);
    let holes = [(Placeholder::OnGpu, device.gpu_layers.to_string()), (Placeholder::Layers, layers.to_string())];
    let layers = said(locale, Key::CellLayers, &holes);
    [name, weights, cache, state, compute, overhead, total, shown_gib(Some(device.usable)), free, layers]
}

fn host_row(host: &HostEstimate, locale: Locale) -> [String; HEAD.len()] {
    let [weights, cache, state, _] = parts(&host.parts);
    // The output buffer is small and the engine's own, like the compute buffer.
    let compute = host.parts.compute.zip(host.output).map(|(compute, output)| compute + output);
    let free = balance(host.free, host.excess);
    let (total, capacity) = (shown_gib(own(host.total, host.also)), shown_gib(Some(host.capacity)));
    let name = ram_name(host, locale);
    [name, weights, cache, state, shown_gib(compute), String::new(), total, capacity, free, String::new()]
}

/// What the system takes is no part of the plan's total, but of what is free.
pub(super) fn ram_name(host: &HostEstimate, locale: Locale) -> String {
    locale.sentence(Key::CellRam, &[(Placeholder::Value, &shown_gib(Some(host.os)))])
}

fn parts(parts: &Parts) -> [String; 4] {
    // Servers have activations where llama.cpp has a buffer.
    [parts.loaded(), parts.kv_cache, parts.recurrent_state, parts.working()].map(shown_gib)
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
