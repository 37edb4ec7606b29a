//! From what each rank takes to the answer.

use super::Job;
use super::budget::Rank;
use super::speed;
use crate::estimate::answer::{DeviceEstimate, Estimate, Parts, Verdict, Warning};
use crate::estimate::device::Device;
use crate::estimate::serve::host_estimate;
use crate::estimate::verdict::judge;
use crate::units::{Band, Bytes, GIB};

/// The answer for `ranks` on the first of `devices`; the others hold nothing.
pub(super) fn answer(job: &Job<'_>, devices: &[Device<'_>], ranks: &[Rank], mut warnings: Vec<Warning>) -> Estimate {
    let layers = u32::try_from(job.weights.layers.len() + 1).unwrap_or(u32::MAX);
    let on_device: Vec<DeviceEstimate> = devices
        .iter()
        .enumerate()
        .map(|(index, device)| match ranks.get(index) {
            Some(rank) => used(job, device, rank, layers.div_ceil(job.stages())),
            None => idle(device),
        })
        .collect();
    let crowded = |(rank, device): (&Rank, &Device<'_>)| rank.pool.is_some() && beside(job, rank) > device.usable;
    if ranks.iter().zip(devices).any(crowded) {
        warnings.push(Warning::LittleBesidePool);
    }
    let on_host = if devices.is_empty() { on_cpu(job) } else { (Parts::NOTHING, Some(Bytes::ZERO)) };
    let mut host = host_estimate(job.plan, job.catalog, &on_device, devices, on_host);
    // Only llama-server keeps prompts in RAM.
    host.prompt_cache = Bytes::ZERO;
    let host_counts = devices.is_empty() || host.verdict == Some(Verdict::DoesNotFit);
    let verdict =
        on_device.iter().filter_map(|device| device.verdict).chain(host.verdict.filter(|_| host_counts)).max();
    let file = Bytes(rounded(job.weights.file_bytes()));
    let speed = speed::of(job, devices, ranks, (&on_device, &host));
    Estimate {
        verdict,
        params: Some(job.weights.parameters),
        weights: Some(file),
        bits_per_weight: Some(file.0 as f64 * 8.0 / job.weights.parameters.max(1) as f64),
        devices: on_device,
        host,
        layers,
        speed,
        training: None,
        warnings,
    }
}

/// All that lies on the device once the pool is reserved.
fn beside(job: &Job<'_>, rank: &Rank) -> Bytes {
    let on_top = if job.settings.facts.graphs.in_budget { Bytes::ZERO } else { rank.graphs };
    rank.requested + rank.context + on_top
}

fn used(job: &Job<'_>, device: &Device<'_>, rank: &Rank, layers: u32) -> DeviceEstimate {
    let parts = Parts {
        weights: Some(rank.weights),
        kv_cache: Some(rank.kv),
        recurrent_state: Some(rank.state),
        activations: Some(rank.activations),
        ..Parts::NOTHING
    };
    let overhead = rank.overhead(job.settings.facts.spread);
    let spoken_for = parts.total().unwrap_or_default();
    let room = if let Some(pool) = rank.pool {
        pooled(rank, pool, overhead, device)
    } else {
        let margin = judge(spoken_for, overhead, device.usable);
        (margin.free, margin.excess, margin.verdict)
    };
    DeviceEstimate {
        card: device.card,
        capacity: device.capacity,
        usable: device.usable,
        usable_is_estimate: device.usable_is_estimate,
        unified: device.unified,
        backend: device.backend,
        parts,
        kv_pool: rank.pool,
        overhead,
        total: Some(spoken_for + overhead.expected),
        free: Some(room.0),
        excess: Some(room.1),
        gpu_layers: layers,
        verdict: Some(room.2),
    }
}

/// Judges what the plan needs against the pool: it fits with 5 % of the device or 1 GiB to spare where overhead is at its
/// high end. An engine does not start where less is free than it asks for.
fn pooled(rank: &Rank, pool: Bytes, overhead: Band<Bytes>, device: &Device<'_>) -> (Bytes, Bytes, Verdict) {
    let need = rank.kv + rank.state;
    let missing = need.saturating_sub(pool) + rank.short;
    let unstarted = unstarted(rank, device);
    let refused = unstarted > Bytes::ZERO;
    let excess = missing.max(unstarted);
    let spare = Bytes((device.usable.0 / 20).min(GIB)) + (overhead.high - overhead.expected);
    let verdict = if excess > Bytes::ZERO || pool == Bytes::ZERO {
        Verdict::DoesNotFit
    } else if need + spare <= pool {
        Verdict::Fits
    } else {
        Verdict::Tight
    };
    (if refused { Bytes::ZERO } else { pool.saturating_sub(need) }, excess, verdict)
}

/// What is missing for the engine to start: less is free than it asks for.
pub(super) fn unstarted(rank: &Rank, device: &Device<'_>) -> Bytes {
    if device.usable < device.total {
        (rank.requested + rank.context).saturating_sub(device.usable)
    } else {
        Bytes::ZERO
    }
}

/// A device without a rank.
fn idle(device: &Device<'_>) -> DeviceEstimate {
    DeviceEstimate {
        card: device.card,
        capacity: device.capacity,
        usable: device.usable,
        usable_is_estimate: device.usable_is_estimate,
        unified: device.unified,
        backend: device.backend,
        parts: Parts::NOTHING,
        kv_pool: None,
        overhead: Band::default(),
        total: Some(Bytes::ZERO),
        free: Some(device.usable),
        excess: Some(Bytes::ZERO),
        gpu_layers: 0,
        verdict: Some(Verdict::Fits),
    }
}

/// What lies in RAM where Transformers runs on the CPU.
fn on_cpu(job: &Job<'_>) -> (Parts, Option<Bytes>) {
    let rank = super::budget::on_host(job);
    let parts = Parts {
        weights: Some(rank.weights),
        kv_cache: Some(rank.kv),
        recurrent_state: Some(rank.state),
        activations: Some(rank.activations),
        ..Parts::NOTHING
    };
    (parts, Some(rank.non_torch + rank.context))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
const fn rounded(bytes: f64) -> u64 {
    bytes as u64
}
