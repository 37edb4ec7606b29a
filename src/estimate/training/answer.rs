//! From what each device holds to the answer.

use super::device_share::DeviceShare;
use super::host::{self, bytes};
use super::run::TrainingRun;
use super::time;
use crate::catalog::Catalog;
use crate::catalog::training::{FractionBand, TrainingFacts};
use crate::estimate::Warning;
use crate::estimate::answer::{
    DeviceContents, DeviceEstimate, Estimate, ExpertsInRam, HostEstimate, HostHeld, JobTime, Parts, PhaseBytes, Queue,
    Speed, TrainingStep,
};
use crate::estimate::device::{Device, Hardware};
use crate::estimate::verdict;
use crate::plan::{Offload, Plan, Task, Training};
use crate::units::{Band, Bytes};

/// The answer for `shares` on the first of `devices`; the others hold nothing.
pub(super) fn answer(
    run: &TrainingRun<'_>,
    plan: &Plan,
    catalog: &Catalog,
    devices: &Hardware<'_>,
    shares: &[DeviceShare],
    mut warnings: Vec<Warning>,
) -> Estimate {
    let training = run.training;
    let facts = catalog.training();
    let reserve = reserve(training, facts);
    let context = facts.context.bytes();
    let on_device: Vec<DeviceEstimate> = devices
        .iter()
        .enumerate()
        .map(|(index, device)| {
            estimate(device, shares.get(index), |total, unlent| overhead(context, reserve, total, unlent))
        })
        .collect();
    if shares.len() < devices.len() {
        warnings.push(Warning::IdleDevices);
    }
    let parameters = run.model.parameters;
    let file = run.states.weights as f64;
    let on_host = host::parts(training, &facts.host, shares, checkpoint(run));
    let held = HostHeld { parts: on_host, ..HostHeld::NOTHING };
    let mut host = HostEstimate::of(plan, catalog, &on_device, devices, held);
    host.prompt_cache = Bytes::ZERO;
    let offloads = training.offload != Offload::None || training.offload_checkpoints && training.checkpointing;
    let time = time::of(run, plan, catalog, shares);
    Estimate {
        verdict: verdict::overall(&on_device, &host, offloads),
        params: Some(parameters),
        weights: Some(bytes(file)),
        bits_per_weight: Some(file * 8.0 / parameters.max(1) as f64),
        devices: on_device,
        host,
        layers: u32::try_from(run.model.layers + 1).unwrap_or(u32::MAX),
        queue: Queue::default(),
        experts: ExpertsInRam::default(),
        drafter: None,
        speed: Speed {
            train: time.map(|time| time.tokens_per_s),
            power: time.and_then(|time| time.power_w),
            ..Speed::default()
        },
        training: step(run, shares, time).map(Box::new),
        also: Vec::new(),
        warnings,
    }
}

/// What the allocator reserves above what is allocated.
pub(super) const fn reserve<'a>(training: &Training, facts: &'a TrainingFacts) -> &'a FractionBand {
    if training.zero_stage >= 3 { &facts.reserve_sharded } else { &facts.reserve }
}

/// Bytes of the model's checkpoint, in 16 bits.
pub(super) const fn checkpoint(run: &TrainingRun<'_>) -> f64 {
    run.model.parameters as f64 * 2.0
}

/// The step on the fullest device.
fn step(run: &TrainingRun<'_>, shares: &[DeviceShare], time: Option<JobTime>) -> Option<TrainingStep> {
    let fullest = |one: &(usize, &DeviceShare), other: &(usize, &DeviceShare)| {
        one.1.total().total_cmp(&other.1.total()).then(other.0.cmp(&one.0))
    };
    let (device, share) = shares.iter().enumerate().max_by(fullest)?;
    let phases = share.heights.phases().map(|(phase, height)| PhaseBytes {
        phase,
        weights: bytes(share.weights),
        optimizer: bytes(share.optimizer),
        buffers: bytes(share.buffers.at(phase)),
        gradients: bytes(height.gradients),
        activations: bytes(height.kept + share.positions),
        temporaries: bytes(height.temporaries),
        logits: bytes(height.logits.max(0.0)),
    });
    let trained = run.states.trained;
    let checkpoint = Bytes(trained * run.states.trained_width + run.states.optimizer);
    Some(TrainingStep {
        device,
        phases: phases.collect(),
        peak: share.peak().0,
        trained,
        adapter: adapter(run, device, share),
        checkpoint,
        disk: Bytes(checkpoint.0.saturating_mul(u64::from(run.training.checkpoints_kept))),
        time,
    })
}

/// Adapters are shared out like all weights.
fn adapter(run: &TrainingRun<'_>, device: usize, share: &DeviceShare) -> Bytes {
    if run.task == Task::Full {
        return Bytes::ZERO;
    }
    let states = run.states_of(run.grid.stage(device as u64));
    let shares = if run.training.zero_stage >= 3 { run.grid.data } else { 1 };
    bytes(((states.trained * states.trained_width) as f64 / shares as f64).min(share.weights))
}

/// Context and libraries, and what the allocator reserves above what is allocated: blocks that no other phase can use, and
/// what is left over of blocks.
fn overhead(context: Band<Bytes>, reserve: &FractionBand, allocated: Bytes, unlent: Bytes) -> Band<Bytes> {
    Band {
        low: context.low + allocated.scaled(reserve.low),
        expected: context.expected + allocated.scaled(reserve.expected) + unlent,
        high: context.high + allocated.scaled(reserve.high) + unlent,
    }
}

fn estimate(
    device: &Device<'_>,
    share: Option<&DeviceShare>,
    overhead: impl Fn(Bytes, Bytes) -> Band<Bytes>,
) -> DeviceEstimate {
    let parts = share.map_or(Parts::NOTHING, |share| {
        let (phase, height) = share.peak();
        Parts {
            weights: Some(bytes(share.weights)),
            compute: Some(bytes(share.buffers.at(phase))),
            activations: Some(bytes(height.kept + height.temporaries + share.positions)),
            gradients: Some(bytes(height.gradients)),
            optimizer: Some(bytes(share.optimizer)),
            ..Parts::NOTHING
        }
    });
    let total = parts.total().unwrap_or_default();
    let overhead = share.map_or_else(Band::default, |share| overhead(total, bytes(share.unlent())));
    let layers = share.map_or(0, |share| u32::try_from(share.layers).unwrap_or(u32::MAX));
    DeviceEstimate::of(device, DeviceContents { layers, ..DeviceContents::only(parts, overhead) })
}
