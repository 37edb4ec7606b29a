//! A llama.cpp plan as the facts that the laws need.

use super::Speed;
use super::calibrate::calibration;
use super::machine::Machine;
use super::rates::{Rates, engine_kind, rates};
use super::share::{Run, Stored, Together};
use super::total::of;
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::catalog::quantization::Quantization;
use crate::estimate::Verdict;
use crate::estimate::answer::{DeviceEstimate, HostEstimate};
use crate::estimate::device::Device;
use crate::estimate::llamacpp::place::{Job, Placement};
use crate::estimate::llamacpp::prepared::Prepared;
use crate::plan::{Plan, SplitMode, Workload};

/// A device that is exceeded by no more than this share may still run: nobody knows its usable memory better.
const EDGE: f64 = 0.05;

/// What of the plan is laid out where.
#[derive(Debug, Clone, Copy)]
pub(in crate::estimate) struct Laid<'a> {
    /// What was asked.
    pub(in crate::estimate) job: &'a Job<'a>,
    /// What lies where.
    pub(in crate::estimate) placement: &'a Placement,
    /// The devices.
    pub(in crate::estimate) devices: &'a [DeviceEstimate],
    /// The host.
    pub(in crate::estimate) host: &'a HostEstimate,
}

/// How fast the plan runs.
pub(in crate::estimate) fn of_llamacpp(plan: &Plan, catalog: &Catalog, laid: Laid<'_>) -> Speed {
    let Laid { job, placement, devices, host } = laid;
    let exceeded =
        |device: &DeviceEstimate| device.excess.is_none_or(|excess| excess.0 as f64 > EDGE * device.usable.0 as f64);
    if devices.iter().any(exceeded) {
        return Speed::default();
    }
    let reads = &placement.host_reads;
    if host.verdict == Some(Verdict::DoesNotFit)
        && (placement.host_layers > 0 || reads.experts_apart > 0.0 || devices.is_empty())
    {
        return Speed { pages: true, ..Speed::default() };
    }
    let run = run(&plan.workload, job.model, job.prepared);
    let on_devices: u64 = devices.iter().map(|device| device.parts.weights.unwrap_or_default().0).sum();
    let file = job.prepared.weights.file_bytes().0 as f64;
    let machine = Machine::of(&plan.machine, catalog, job.devices, (file, on_devices as f64));
    let mut known: Option<(usize, Option<Rates<'_>>)> = None;
    let placed = placement.devices.iter().zip(job.devices).map(move |(placed, device)| {
        let rates = match known {
            Some((card, rates)) if card == device.card => rates,
            _ => device_rates(&plan.workload, catalog, device),
        };
        known = Some((device.card, rates));
        (placed.reads, rates)
    });
    of(&run, &placed, reads, &machine)
}

fn device_rates<'a>(workload: &Workload, catalog: &'a Catalog, device: &Device<'_>) -> Option<Rates<'a>> {
    let card = device.entry?;
    let rates = rates(card, engine_kind(workload), device.backend, catalog)?;
    Some(Rates { calibration: calibration(card, &rates, device.backend, catalog), ..rates })
}

fn run(workload: &Workload, model: &Model, prepared: &Prepared) -> Run {
    let (decoding, prompt) = spans(workload);
    Run {
        sequences: f64::from(workload.sequences),
        streams: if workload.unified_kv { 1.0 } else { f64::from(workload.sequences) },
        decoding,
        prompt,
        prompt_tokens: workload.prompt_tokens as f64,
        batch_tokens: f64::from(workload.ubatch),
        flash_attention: workload.flash_attention,
        launched: false,
        experts: model.experts.map(|experts| (experts.num_experts as f64, experts.num_experts_per_tok as f64)),
        stored: stored(workload.quantization, prepared),
        hidden: model.hidden_size as f64,
        together: if workload.split_mode == SplitMode::Tensor { Together::Tensor } else { Together::Layers },
    }
}

/// Tokens cached while decoding, and before and after the prompt that is timed.
pub(in crate::estimate) fn spans(workload: &Workload) -> ((f64, f64), (f64, f64)) {
    let context = workload.context as f64;
    let depth = workload.depth.map_or(context, |depth| (depth as f64).min(context));
    let prompt = match workload.depth {
        // Decoding at one depth: the prompt that would follow there.
        Some(_) if depth >= context => (depth, depth + workload.prompt_tokens.max(1) as f64),
        Some(_) => (depth, context),
        None => (0.0, workload.prompt_tokens as f64),
    };
    ((depth, context), prompt)
}

/// How the file stores its weights: by its types where it is known, so a file of 16 bits is plain whatever its name.
pub(super) fn stored(quantization: Quantization, prepared: &Prepared) -> Stored {
    use Quantization as Q;
    match quantization {
        _ if prepared.weights.bits_per_weight() > 15.0 => Stored::Plain,
        Q::IQ3_M
        | Q::IQ3_S
        | Q::IQ3_XS
        | Q::IQ3_XXS
        | Q::IQ2_M
        | Q::IQ2_S
        | Q::IQ2_XS
        | Q::IQ2_XXS
        | Q::IQ1_M
        | Q::IQ1_S => Stored::Codebooks,
        _ => Stored::Quantized,
    }
}
