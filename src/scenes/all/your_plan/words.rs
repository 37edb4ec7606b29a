//! The figures of the reader's plan, and which sentences tell of it.

use super::Told;
use crate::catalog::card::Card;
use crate::estimate::speed::StepPart;
use crate::estimate::{Headroom, Verdict};
use crate::plan::{CardChoice, ModelChoice, Plan};
use crate::scenes::figure::{Figure, Figures};
use crate::scenes::mark::Link;
use crate::text;
use crate::units::Bytes;

pub(super) fn figures(told: &Told<'_>, has_ways: bool) -> Figures {
    let (found, machine) = (&told.found, &told.machine);
    let (in_vram, in_ram) = super::super::kit::places(found);
    let missing = match found.headroom() {
        Some(Headroom::Missing(bytes)) if found.verdict == Some(Verdict::DoesNotFit) => bytes,
        _ => found.host.excess.unwrap_or_default(),
    };
    let vram_rate = machine.vram_rate.map_or_else(|| Figure::Name("?".to_owned()), Figure::GbPerSecond);
    let rate = Told::rate(found).unwrap_or_default();
    let ratio = machine.vram_rate.unwrap_or_default() / machine.ram_rate;
    let mut figures = Figures::default()
        .with("model", Figure::Name(model_name(told)))
        .with("stored", Figure::Name(stored(told)))
        .with("machine", machine_name(told))
        .with("cell", Figure::Gib(Bytes::from_gib(machine.cell_gib)))
        .with("vram", Figure::Gib(found.vram()))
        .with("usable", Figure::Gib(found.usable_vram()))
        .with("vram_rate", vram_rate)
        .with("ram", Figure::Gib(found.host.capacity))
        .with("ram_rate", Figure::GbPerSecond(machine.ram_rate))
        .with("ratio", Figure::Times(ratio))
        .with("os", Figure::Gib(found.host.os))
        .with("needed", known(found.needed()))
        .with("sum", Figure::Name(sum(told)))
        .with("in_vram", Figure::Gib(in_vram))
        .with("in_ram", Figure::Gib(in_ram))
        .with("free", known(found.free_vram().or(found.host.free)))
        .with("missing", Figure::Gib(missing))
        .with("layers", Figure::Count(u64::from(found.gpu_layers())))
        .with("all_layers", Figure::Count(u64::from(found.layers)))
        .with("experts", Figure::Count(u64::from(found.experts.layers)))
        .with("speed", Figure::WordsPerSecond(rate))
        .with("lap", Figure::Seconds(if rate > 0.0 { 1.0 / rate } else { 0.0 }))
        .with("ram_share", Figure::Percent(ram_share(told)))
        .with("turned_cell", Figure::Gib(Bytes::from_gib(told.turned_cell())));
    for (name, label) in lines(told, has_ways) {
        figures = figures.with(name, Figure::Label(label));
    }
    figures
}

/// Which sentence stands in each hole that takes one.
fn lines(told: &Told<'_>, has_ways: bool) -> Vec<(&'static str, &'static str)> {
    let found = &told.found;
    let trains = told.plan.workload.task.trains();
    let without_card = found.devices.is_empty();
    let (heading, sub, line) = match found.verdict {
        Some(Verdict::DoesNotFit) => ("heading_no", "nothing", "line_no"),
        _ if without_card => ("heading_cpu", "sub_free", "line_cpu"),
        Some(Verdict::Offload) if found.experts.layers > 0 => ("heading_offload", "sub_experts", "line_offload"),
        Some(Verdict::Offload) => ("heading_offload", "sub_layers", "line_offload"),
        _ => ("heading_fits", "sub_free", "line_fits"),
    };
    let (lap_heading, lap_line) = match Told::rate(found) {
        None => ("lap_unknown", "lap_line_unknown"),
        Some(_) if trains => ("lap_training", "lap_line_training"),
        Some(_) if without_card || found.verdict == Some(Verdict::Offload) => ("lap_known", "lap_line_offload"),
        Some(_) => ("lap_known", "lap_line_fits"),
    };
    let machine = match (without_card, told.machine.is_pool) {
        (true, _) => "machine_cpu",
        (_, true) => "machine_pool",
        _ => "machine_cards",
    };
    let ways = match (told.premise.ladder, has_ways) {
        (None, _) => ("ways_wait", "ways_line_wait"),
        (Some(_), true) => ("ways_some", "ways_line_some"),
        (Some(_), false) => ("ways_none", "ways_line_none"),
    };
    vec![
        ("machine_line", machine),
        ("needs_line", if trains { "needs_training" } else { "needs_serving" }),
        ("place_heading", heading),
        ("place_sub", sub),
        ("place_line", line),
        ("lap_heading", lap_heading),
        ("lap_line", lap_line),
        ("ways_heading", ways.0),
        ("ways_line", ways.1),
        ("try_heading", if without_card { "try_ram" } else { "try_cards" }),
        ("try_line", if without_card || told.machine.is_pool { "try_line" } else { "try_line_edges" }),
    ]
}

fn known(bytes: Option<Bytes>) -> Figure {
    bytes.map_or_else(|| Figure::Name("?".to_owned()), Figure::Gib)
}

/// How much of a step waits for RAM.
fn ram_share(told: &Told<'_>) -> f64 {
    let waits = |part| matches!(part, StepPart::RamWeights | StepPart::RamKv);
    told.found.speed.times.shares().iter().filter(|it| waits(it.part)).map(|it| it.share).sum()
}

fn model_name(told: &Told<'_>) -> String {
    match &told.plan.workload.model {
        ModelChoice::Size(parameters) => text::parameters(*parameters),
        choice => choice.known(told.premise.catalog).map_or_else(String::new, |model| model.name.clone()),
    }
}

/// How it is stored, or in training what is done.
fn stored(told: &Told<'_>) -> String {
    let workload = &told.plan.workload;
    let context = text::tokens(workload.length());
    let label = workload.quantization.facts().map_or_else(String::new, |facts| facts.label.clone());
    if workload.task.trains() {
        format!("{} · {context}", <&str>::from(workload.task))
    } else {
        format!("{label} · {context}")
    }
}

/// The cards by name, or the CPU alone.
fn machine_name(told: &Told<'_>) -> Figure {
    let Plan { machine, .. } = told.plan;
    let name = |choice: &CardChoice| match choice {
        CardChoice::Catalog(id) => {
            told.premise.catalog.card(id).map_or_else(|| id.clone(), |card: &Card| card.name.clone())
        }
        CardChoice::Detected { name, .. } => name.clone(),
    };
    let cards: Vec<String> = machine
        .cards
        .iter()
        .map(|kind| match kind.count {
            1 => name(&kind.card),
            count => format!("{count} × {}", name(&kind.card)),
        })
        .collect();
    if cards.is_empty() { Figure::Label("cpu") } else { Figure::Name(cards.join(" + ")) }
}

/// The parts of what is needed, which add up to it.
fn sum(told: &Told<'_>) -> String {
    let found = &told.found;
    let (device, host) = (found.parts_in_vram(), &found.host.parts);
    let both = |a: Option<Bytes>, b: Option<Bytes>| (a.unwrap_or_default() + b.unwrap_or_default()).gib();
    let compute = both(device.working(), host.working());
    let parts = [
        (Link::Weights, both(device.loaded(), host.loaded())),
        (Link::Gradients, both(device.gradients, host.gradients)),
        (Link::Optimizer, both(device.optimizer, host.optimizer)),
        (Link::Kv, both(device.kv_cache, host.kv_cache) + both(device.recurrent_state, host.recurrent_state)),
        (Link::Compute, compute + found.host.output.unwrap_or_default().gib()),
        (Link::Overhead, found.overhead().gib()),
    ];
    let shown = parts.into_iter().filter(|(_, gib)| *gib >= 0.005);
    // Each lights up with what it counts.
    let terms: Vec<String> =
        shown.map(|(link, gib)| format!("[{}:{}]", <&str>::from(link), text::decimal(gib, 2))).collect();
    format!("{} GiB", terms.join(" + "))
}
