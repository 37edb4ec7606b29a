//! From what each rank takes to the answer.

use super::Deployment;
use super::budget::RankBudget;
use crate::catalog::runtime::Backend;
use crate::estimate::Warning;
use crate::estimate::answer::{
    DeviceContents, DeviceEstimate, Estimate, ExpertsInRam, HostEstimate, HostHeld, Parts, Queue, Speed,
};
use crate::estimate::device::{Device, Hardware};
use crate::estimate::verdict::{self, Margin, Verdict};
use crate::units::{Band, Bytes, GIB};

/// The answer for `ranks` on the first of `devices`; the others hold nothing.
pub(super) fn answer(
    deployment: &Deployment<'_>,
    devices: &Hardware<'_>,
    ranks: &[RankBudget],
    mut warnings: Vec<Warning>,
) -> Estimate {
    let layers = u32::try_from(deployment.weights.layers.len() + 1).unwrap_or(u32::MAX);
    let on_device: Vec<DeviceEstimate> = devices
        .iter()
        .enumerate()
        .map(|(index, device)| match ranks.get(index) {
            Some(rank) => used(deployment, device, (index, rank), held(deployment, index, layers)),
            None => DeviceEstimate::of(device, DeviceContents::only(Parts::NOTHING, Band::default())),
        })
        .collect();
    let crowded =
        |(rank, device): (&RankBudget, &Device<'_>)| rank.pool.is_some() && beside(deployment, rank) > device.usable;
    if ranks.iter().zip(devices.iter()).any(crowded) {
        warnings.push(Warning::LittleBesidePool);
    }
    let stateless =
        ranks.iter().enumerate().zip(devices.iter()).filter_map(|(rank, device)| stateless(deployment, device, rank));
    if let Some(held) = stateless.map(|stateless| stateless.held).min() {
        warnings.push(Warning::StateBlocks { asked: deployment.settings.max_num_seqs, held });
    }
    let asked = deployment.plan.workload.sequences;
    let of_all = |rank: &RankBudget| rank.running.saturating_mul(deployment.settings.copies).min(asked);
    let running = ranks.first().map_or(asked, of_all);
    let queue = Queue { running, waiting: deployment.plan.workload.sequences.saturating_sub(running) };
    if queue.waiting > 0 && ranks.iter().zip(&on_device).all(|(_, device)| device.verdict != Some(Verdict::DoesNotFit))
    {
        warnings.push(Warning::Queued { running, waiting: queue.waiting });
    }
    let on_host = if devices.is_empty() { on_cpu(deployment) } else { HostHeld::NOTHING };
    let mut host = HostEstimate::of(deployment.plan, deployment.catalog, &on_device, devices, on_host);
    // Only llama-server keeps prompts in RAM.
    host.prompt_cache = Bytes::ZERO;
    let file = Bytes(rounded(deployment.weights.file_bytes()));
    Estimate {
        verdict: verdict::overall(&on_device, &host, false),
        params: Some(deployment.weights.parameters),
        weights: Some(file),
        bits_per_weight: Some(file.0 as f64 * 8.0 / deployment.weights.parameters.max(1) as f64),
        devices: on_device,
        host,
        layers,
        queue,
        experts: ExpertsInRam::default(),
        drafter: None,
        speed: Speed::default(),
        training: None,
        also: Vec::new(),
        warnings,
    }
}

/// Layers on the rank of this index, the output layer counted; `all` where one stage holds all of them.
fn held(deployment: &Deployment<'_>, index: usize, all: u32) -> u32 {
    if deployment.stage_count() == 1 {
        return all.div_ceil(deployment.stages());
    }
    let stage = deployment.stage_of(index);
    let layers = deployment.stage(stage).layers.len() + usize::from(deployment.ends(stage).1);
    u32::try_from(layers).unwrap_or(u32::MAX)
}

/// All that lies on the device once the pool is reserved.
fn beside(deployment: &Deployment<'_>, rank: &RankBudget) -> Bytes {
    let on_top = if deployment.settings.facts.graphs.in_budget { Bytes::ZERO } else { rank.graphs };
    rank.requested + rank.context + on_top
}

fn used(
    deployment: &Deployment<'_>,
    device: &Device<'_>,
    (index, rank): (usize, &RankBudget),
    layers: u32,
) -> DeviceEstimate {
    let parts = rank.parts();
    let overhead = rank.overhead();
    let stateless = stateless(deployment, device, (index, rank)).map_or(Bytes::ZERO, |missing| missing.bytes);
    let budget = rank.pool.map(|pool| pooled(rank, pool, stateless, device));
    DeviceEstimate::of(
        device,
        DeviceContents { layers, kv_pool: rank.pool, budget, ..DeviceContents::only(parts, overhead) },
    )
}

/// Judges what runs at once against the pool: it fits where one sequence does with 5 % of the device or 1 GiB to spare and
/// overhead at its high end, since more than the pool holds wait. An engine does not start where less is free than it asks for.
fn pooled(rank: &RankBudget, pool: Bytes, stateless: Bytes, device: &Device<'_>) -> Margin {
    let need = rank.kv + rank.state;
    let missing = need.saturating_sub(pool) + rank.short;
    let unstarted = unstarted(rank, device);
    let excess = missing.max(unstarted).max(stateless);
    let spare = Bytes((device.usable.0 / 20).min(GIB)) + rank.doubt;
    let verdict = if excess > Bytes::ZERO || pool == Bytes::ZERO {
        Verdict::DoesNotFit
    } else if Bytes(need.0.div_ceil(u64::from(rank.running.max(1)))) + spare <= pool {
        Verdict::Fits
    } else {
        Verdict::Tight
    };
    let free = if unstarted > Bytes::ZERO { Bytes::ZERO } else { pool.saturating_sub(need) };
    Margin { free, excess, verdict }
}

/// Sequences that the engine may run and its pool holds no states of.
struct Stateless {
    /// States that it holds.
    held: u64,
    /// What is missing.
    bytes: Bytes,
}

/// What is missing for a state of each sequence that the engine may run, where it captures graphs for that many: `None` where
/// it starts.
fn stateless(
    deployment: &Deployment<'_>,
    device: &Device<'_>,
    (index, rank): (usize, &RankBudget),
) -> Option<Stateless> {
    let (settings, cache) = (&deployment.settings, deployment.cache(deployment.stage_of(index)));
    let since = settings.engine.state_blocks.as_ref()?.since;
    let captures = settings.graphs && matches!(device.backend, Backend::Cuda | Backend::Rocm);
    let refuses = captures && settings.version.is_none_or(|version| version >= since);
    if !refuses || !cache.has_states() {
        return None;
    }
    let held = rank.pool?.0.checked_div(cache.block_bytes)?;
    let missing = settings.max_num_seqs.checked_sub(held).filter(|missing| *missing > 0)?;
    Some(Stateless { held, bytes: Bytes(missing.saturating_mul(cache.block_bytes)) })
}

/// What is missing for the engine to start: less is free than it asks for.
pub(super) fn unstarted(rank: &RankBudget, device: &Device<'_>) -> Bytes {
    if device.usable < device.total {
        (rank.requested + rank.context).saturating_sub(device.usable)
    } else {
        Bytes::ZERO
    }
}

/// What lies in RAM where Transformers runs on the CPU.
fn on_cpu(deployment: &Deployment<'_>) -> HostHeld {
    let rank = super::budget::on_host(deployment);
    HostHeld { parts: rank.parts(), output: Some(rank.non_torch + rank.context) }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
const fn rounded(bytes: f64) -> u64 {
    bytes as u64
}
