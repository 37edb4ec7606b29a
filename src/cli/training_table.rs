//! A training run as a person reads it: what lies where at the moment at which most does, and how long the job takes.

use super::columns::{Align, columns};
use super::estimate_text::{
    balance, card_name, model_name, notes, own, place, ram_name, resident_names, sentence, shown_gib,
};
use super::words::{self, said};
use crate::advise::remedies::rented;
use crate::catalog::Catalog;
use crate::estimate::training::{JobRent, JobTime, rent};
use crate::estimate::{Estimate, Parts, Verdict, estimate as estimated};
use crate::plan::inputs::Choice as _;
use crate::plan::{Plan, Task};
use crate::text::{Join, Key, Locale, Placeholder, count};
use crate::units::Band;

const HEAD: [Key; 10] = [
    Key::ColumnGib,
    Key::ColumnWeights,
    Key::ColumnActivations,
    Key::ColumnGradients,
    Key::ColumnOptimizer,
    Key::ColumnBuffers,
    Key::ColumnOverhead,
    Key::ColumnTotal,
    Key::ColumnOf,
    Key::ColumnFree,
];

/// The estimate of a plan that trains as text.
pub(super) fn show(plan: &Plan, estimate: &Estimate, catalog: &Catalog, locale: Locale) -> String {
    let mut rows = vec![HEAD.map(|key| locale.word(key).to_owned())];
    let names = resident_names(plan, catalog, locale);
    for (place, device) in estimate.devices.iter().enumerate() {
        let name = plan.machine.cards.get(device.card).map(|kind| card_name(&kind.card, catalog)).unwrap_or_default();
        let own = own(device.total, device.also);
        let sums = [Some(device.overhead.expected), own, Some(device.usable)].map(shown_gib);
        rows.push(row(name, &device.parts, sums, balance(device.free, device.excess)));
        let beside = estimate.also.iter().zip(&names).filter_map(|(resident, name)| Some((resident.on(place)?, name)));
        rows.extend(beside.map(|(held, name)| {
            let sums = [shown_gib(Some(held.overhead.expected)), shown_gib(held.held()), String::new()];
            row(name.clone(), &held.parts, sums, String::new())
        }));
    }
    let host = &estimate.host;
    let name = ram_name(host, locale);
    let sums = [String::new(), shown_gib(host.total), shown_gib(Some(host.capacity))];
    rows.push(row(name, &host.parts, sums, balance(host.free, host.excess)));
    let mut aligned = [Align::Right; HEAD.len()];
    aligned[0] = Align::Left;
    let mut text =
        format!("{}\n{}\n\n{}", sentence(estimate, locale), what(plan, catalog, locale), columns(aligned, &rows));
    if let Some(step) = &estimate.training {
        let holes = [
            (Placeholder::Count, plan.workload.training.checkpoints_kept.to_string()),
            (Placeholder::Value, shown_gib(Some(step.checkpoint))),
        ];
        text.extend([words::peak(step.peak, locale), "\n", &said(locale, Key::OnTheDisk, &holes), "\n"]);
        if let Some(time) = &step.time {
            text.push_str(&job(plan, catalog, (estimate, time), locale));
        }
    }
    notes(estimate, &mut text, locale);
    text
}

fn row(name: String, parts: &Parts, [overhead, total, of]: [String; 3], free: String) -> [String; HEAD.len()] {
    let cells = [parts.weights, parts.activations, parts.gradients, parts.optimizer, parts.compute].map(shown_gib);
    let [weights, activations, gradients, optimizer, buffers] = cells;
    [name, weights, activations, gradients, optimizer, buffers, overhead, total, of, free]
}

/// What is trained, in one line.
fn what(plan: &Plan, catalog: &Catalog, locale: Locale) -> String {
    let training = &plan.workload.training;
    let holes = [
        (Placeholder::Name, plan.workload.task.word().of(locale).to_owned()),
        (Placeholder::Value, training.lora_rank.to_string()),
        (Placeholder::Bits, training.precision.word().of(locale).to_owned()),
    ];
    let method = if plan.workload.task == Task::Full { Key::AskedTask } else { Key::AskedTaskRank };
    let batch =
        [(Placeholder::Count, training.micro_batch.to_string()), (Placeholder::Value, count(training.sequence_length))];
    let checkpointing = if training.checkpointing { Key::AskedCheckpointing } else { Key::AskedNoCheckpointing };
    let parts = [
        model_name(plan, catalog, locale),
        said(locale, method, &holes),
        training.optimizer.word().of(locale).to_owned(),
        said(locale, Key::AskedBatch, &batch),
        locale.word(checkpointing).to_owned(),
        locale.sentence(Key::AskedOn, &[(Placeholder::Card, &place(plan, catalog, locale))]),
    ];
    locale.join(Join::Phrases, parts)
}

/// Rate, hours, energy and rent, each with its band.
fn job(plan: &Plan, catalog: &Catalog, (found, time): (&Estimate, &JobTime), locale: Locale) -> String {
    let tokens = plan.workload.training.dataset_tokens.saturating_mul(u64::from(plan.workload.training.epochs));
    let band = |band: Band<f64>, digits: usize, before: &str| {
        let figure = |figure: f64| format!("{before}{figure:.digits$}");
        let holes = [
            (Placeholder::Value, figure(band.expected)),
            (Placeholder::Free, figure(band.low)),
            (Placeholder::Other, figure(band.high)),
        ];
        said(locale, Key::FigureBand, &holes)
    };
    let holes = [
        (Placeholder::Value, band(time.tokens_per_s, 0, "")),
        (Placeholder::Other, band(time.hours, 1, "")),
        (Placeholder::Count, count(tokens)),
    ];
    let mut lines = vec![said(locale, Key::JobLine, &holes)];
    if let Some((power, energy)) = time.power_w.zip(time.energy_kwh) {
        let holes = [(Placeholder::Value, format!("{:.0}", power.expected)), (Placeholder::Other, band(energy, 2, ""))];
        lines.push(said(locale, Key::JobPowerLine, &holes));
    }
    let line = |job: &JobRent<'_>, key, card: &str| {
        let holes = [
            (Placeholder::Value, band(job.usd.map(f64::from), 2, "$")),
            (Placeholder::Other, format!("${:.2}", job.usd_per_hour)),
            (Placeholder::Name, locale.join(Join::Phrases, [&job.offer.cloud.said(locale), job.offer.date.as_str()])),
            (Placeholder::Card, card.to_owned()),
        ];
        said(locale, key, &holes)
    };
    // Nobody rents cards on which it does not fit.
    let elsewhere = || {
        let plan = (found.verdict == Some(Verdict::DoesNotFit)).then(|| rented(plan, catalog))??;
        let found = estimated(&plan, catalog).ok()?;
        Some(line(&rent(&plan, catalog, &found)?, Key::JobRentElsewhereLine, &place(&plan, catalog, locale)))
    };
    let here = rent(plan, catalog, found).map(|job| line(&job, Key::JobRentLine, ""));
    lines.push(here.or_else(elsewhere).unwrap_or_else(|| locale.word(Key::JobNoRentLine).to_owned()));
    lines.push(String::new());
    lines.join("\n")
}
