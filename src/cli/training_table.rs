//! A training run as a person reads it: what lies where at the moment at which most does, and how long the job takes.

use super::columns::{Align, columns, grouped};
use super::estimate_text::{balance, card_name, model_name, notes, place, sentence, shown_gib};
use super::words;
use crate::catalog::Catalog;
use crate::estimate::training::{JobRent, JobTime, rent};
use crate::estimate::{Estimate, Parts};
use crate::plan::inputs::Choice as _;
use crate::plan::{Plan, Task};

const HEAD: [&str; 10] =
    ["GiB", "weights", "activations", "gradients", "optimizer", "buffers", "overhead", "total", "of", "free"];

/// The estimate of a plan that trains as text.
pub(super) fn show(plan: &Plan, estimate: &Estimate, catalog: &Catalog) -> String {
    let mut rows = vec![HEAD.map(str::to_owned)];
    for device in &estimate.devices {
        let name = plan.machine.cards.get(device.card).map(|kind| card_name(&kind.card, catalog)).unwrap_or_default();
        let sums = [Some(device.overhead.expected), device.total, Some(device.usable)].map(shown_gib);
        rows.push(row(name, &device.parts, sums, balance(device.free, device.excess)));
    }
    let host = &estimate.host;
    let name = format!("RAM ({} for the system)", shown_gib(Some(host.os)));
    let sums = [String::new(), shown_gib(host.total), shown_gib(Some(host.capacity))];
    rows.push(row(name, &host.parts, sums, balance(host.free, host.excess)));
    let mut aligned = [Align::Right; HEAD.len()];
    aligned[0] = Align::Left;
    let mut text = format!("{}\n{}\n\n{}", sentence(estimate), what(plan, catalog), columns(aligned, &rows));
    if let Some(step) = &estimate.training {
        text.push_str("Most lies there ");
        text.push_str(words::moment(step.peak));
        text.push('\n');
        text.extend([format!(
            "On the disk: {} checkpoints of {} GiB\n",
            plan.workload.training.checkpoints_kept,
            shown_gib(Some(step.checkpoint))
        )]);
        if let Some(time) = &step.time {
            text.push_str(&job(plan, catalog, time));
        }
    }
    notes(estimate, &mut text);
    text
}

fn row(name: String, parts: &Parts, [overhead, total, of]: [String; 3], free: String) -> [String; HEAD.len()] {
    let cells = [parts.weights, parts.activations, parts.gradients, parts.optimizer, parts.compute].map(shown_gib);
    let [weights, activations, gradients, optimizer, buffers] = cells;
    [name, weights, activations, gradients, optimizer, buffers, overhead, total, of, free]
}

/// What is trained, in one line.
fn what(plan: &Plan, catalog: &Catalog) -> String {
    let training = &plan.workload.training;
    let rank = if plan.workload.task == Task::Full { String::new() } else { format!(" rank {}", training.lora_rank) };
    format!(
        "{}, {}{rank} in {}, {}, {} × {} tokens, {}, on {}",
        model_name(plan, catalog),
        plan.workload.task.name(),
        training.precision.name(),
        training.optimizer.name(),
        training.micro_batch,
        grouped(training.sequence_length),
        if training.checkpointing { "checkpointing" } else { "no checkpointing" },
        place(plan, catalog),
    )
}

/// Rate, hours, energy and rent, each with its band.
fn job(plan: &Plan, catalog: &Catalog, time: &JobTime) -> String {
    let (rate, hours) = (time.tokens_per_s, time.hours);
    let tokens = plan.workload.training.dataset_tokens.saturating_mul(u64::from(plan.workload.training.epochs));
    let mut text = format!(
        "{:.0} tokens/s ({:.0} to {:.0}), {:.1} hours ({:.1} to {:.1}) for {} tokens\n",
        rate.expected,
        rate.low,
        rate.high,
        hours.expected,
        hours.low,
        hours.high,
        grouped(tokens),
    );
    if let Some((power, energy)) = time.power_w.zip(time.energy_kwh) {
        text.extend([format!(
            "{:.0} W of the cards, {:.2} kWh ({:.2} to {:.2})\n",
            power.expected, energy.expected, energy.low, energy.high
        )]);
    }
    match rent(plan, catalog, time) {
        Some(JobRent { usd, usd_per_hour, offer }) => text.extend([format!(
            "Rent: ${:.2} (${:.2} to ${:.2}) at ${usd_per_hour:.2} an hour, {}, {}\n",
            usd.expected,
            usd.low,
            usd.high,
            offer.cloud,
            offer.date.as_str(),
        )]),
        None => text.push_str("Rent: no data for these cards\n"),
    }
    text
}
