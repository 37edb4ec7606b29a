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

/// Part of what a card needs from which what its allocator keeps besides is told.
const MUCH_CACHED: f64 = 0.05;

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
    let beside = Beside { context, reserve };
    let on_device: Vec<DeviceEstimate> = devices
        .iter()
        .enumerate()
        .map(|(index, device)| beside.estimate(run, device, shares.get(index).map(|share| (index as u64, share))))
        .collect();
    if shares.len() < devices.len() {
        warnings.push(Warning::IdleDevices);
    }
    warnings.extend(cached_blocks(&on_device));
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

/// What the fullest card shows above what is needed, where that is much.
fn cached_blocks(devices: &[DeviceEstimate]) -> Option<Warning> {
    let fullest = devices.iter().max_by_key(|device| device.total)?;
    let (total, kept) = (fullest.total?, fullest.cached);
    let much = kept.0 > 0 && kept.0 as f64 >= MUCH_CACHED * total.0 as f64;
    much.then_some(Warning::CachedBlocks { shown: total + kept, kept })
}

/// What libraries and what is left over of blocks take of a card, by what is allocated.
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

/// What lies on a card beside tensors and the blocks that they lie in.
struct Beside<'a> {
    /// Context and libraries.
    context: Band<Bytes>,
    /// What is left over of blocks, and what libraries ask of the allocator.
    reserve: &'a FractionBand,
}

/// Blocks of a card, in bytes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct CardBlocks {
    /// In segments in which a tensor lies, beside it.
    pub(super) fragments: Bytes,
    /// In segments that the card gets back before memory is out.
    pub(super) cached: Bytes,
}

impl Beside<'_> {
    fn estimate(
        &self,
        run: &TrainingRun<'_>,
        device: &Device<'_>,
        found: Option<(u64, &DeviceShare)>,
    ) -> DeviceEstimate {
        let Some((place, share)) = found else {
            return DeviceEstimate::of(device, DeviceContents::only(Parts::NOTHING, Band::default()));
        };
        let (phase, height) = share.peak();
        let parts = Parts {
            weights: Some(bytes(share.weights)),
            compute: Some(bytes(share.buffers.at(phase))),
            activations: Some(bytes(height.kept + height.temporaries + share.positions)),
            gradients: Some(bytes(height.gradients)),
            optimizer: Some(bytes(share.optimizer)),
            ..Parts::NOTHING
        };
        let total = parts.total().unwrap_or_default();
        let blocks = self.blocks(run, device, (place, share), total);
        let contents = DeviceContents {
            layers: u32::try_from(share.layers).unwrap_or(u32::MAX),
            cached: blocks.cached,
            ..DeviceContents::only(parts, self.overhead(total, blocks.fragments))
        };
        DeviceEstimate::of(device, contents)
    }

    /// Context and libraries, and what the allocator holds beside the tensors that lie in its segments.
    fn overhead(&self, total: Bytes, fragments: Bytes) -> Band<Bytes> {
        let Self { context, reserve } = self;
        Band {
            low: context.low + total.scaled(reserve.low),
            expected: context.expected + total.scaled(reserve.expected) + fragments,
            high: context.high + total.scaled(reserve.high) + fragments,
        }
    }

    /// The blocks of a card: where it has not room for all that the allocator would like to keep, that gives back what it can.
    fn blocks(
        &self,
        run: &TrainingRun<'_>,
        device: &Device<'_>,
        (place, share): (u64, &DeviceShare),
        total: Bytes,
    ) -> CardBlocks {
        let free = CardBlocks { fragments: bytes(share.fragments()), cached: bytes(share.cached()) };
        let others = device.others.map_or(Bytes::ZERO, |others| others.expected);
        let least = total + self.overhead(total, Bytes::ZERO).expected + others;
        let Some(room) = device.offered.0.checked_sub(least.0) else { return free };
        if free.fragments.0 <= room {
            return CardBlocks { cached: free.cached.min(Bytes(room - free.fragments.0)), ..free };
        }
        let Some(unlimited) = share.blocks else { return free };
        // Of the room beside the tensors the allocator has what it allocates as well.
        let capacity = room.saturating_add(unlimited.allocated);
        run.reserved(run.grid.stage(place), capacity).map_or(free, |blocks| {
            let fragments = blocks.held.saturating_sub(unlimited.allocated).min(room);
            CardBlocks { fragments: Bytes(fragments), cached: Bytes(blocks.cached().min(room - fragments)) }
        })
    }
}
