//! A server's plan as the facts that the laws of speed need.
//!
//! Sequences are batched continuously: as many run at once as the engine is told to and its pool holds, the rest wait.
//! The rates are those of decoding alone; prompts of other users that come in between take their time from it.

use super::answer::unstarted;
use super::budget::RankBudget;
use super::weights::ServerWeights;
use super::{Deployment, kv_blocks};
use crate::catalog::quantization::Quantization;
use crate::catalog::runtime::Backend;
use crate::estimate::answer::DeviceEstimate;
use crate::estimate::boxes;
use crate::estimate::device::Device;
use crate::estimate::step::{
    CacheReads, Crossing, DeviceReads, ElementBytes, ExpertCounts, Guesser, Guesses, HostReads, Inference, RunState,
    StepFacts, StepReads, TimedSpans, Together, WeightStorage,
};
use crate::estimate::{Estimate, Verdict, Warning};
use crate::model::layers::{Attention, Cache, Mixer};
use crate::units::Bytes;

/// Whether the deployment runs on these ranks, and what its speed follows from.
pub(super) fn running(
    deployment: &Deployment<'_>,
    devices: &[Device<'_>],
    ranks: &[RankBudget],
    found: &Estimate,
) -> RunState {
    if devices.is_empty() && found.host.verdict == Some(Verdict::DoesNotFit) {
        return RunState::Paging(None);
    }
    let Some(sequences) = sequences(deployment, devices, ranks, found) else { return RunState::Halted };
    let inference = Inference { crossing: crossing(deployment, devices), ..inference(deployment, sequences) };
    let weights: u64 = ranks.iter().map(|rank| rank.weights.0).sum();
    // Devices of several makers pad alike as far as speed is concerned.
    let rocm = devices.first().is_some_and(|device| device.backend == Backend::Rocm);
    let whole = reads(deployment, deployment.weights, rocm);
    let (on_devices, host) = match inference.together {
        _ if devices.is_empty() => {
            (DeviceReads::Alike(StepReads::default(), 0), HostReads { reads: whole, experts_apart: 0.0 })
        }
        // Each holds a stage, and works when its turn comes.
        Together::Layers if deployment.stage_count() > 1 => {
            let stages = (0..deployment.stage_count()).map(|stage| reads(deployment, deployment.stage(stage), rocm));
            (DeviceReads::Each(stages.collect()), HostReads::default())
        }
        Together::Layers => {
            let part = whole.part(1.0 / f64::from(deployment.stages()));
            // Copies of the engine work beside each other, each as fast as one.
            let held = if deployment.settings.reserves() { 1 } else { ranks.len() };
            (DeviceReads::Alike(part, held), HostReads::default())
        }
        // Groups of ranks that follow each other take as long as one group with all layers.
        Together::Tensor => {
            let ranks = usize::try_from(deployment.settings.ranks).unwrap_or(usize::MAX);
            (DeviceReads::Alike(whole, ranks), HostReads::default())
        }
    };
    RunState::Steps(StepFacts {
        inference,
        devices: on_devices,
        host,
        file_bytes: deployment.weights.file_bytes(),
        device_bytes: weights as f64,
        may_spill_bytes: 0.0,
        guesses: guesses(deployment),
    })
}

/// The tokens that the model's own layer guesses.
fn guesses(deployment: &Deployment<'_>) -> Option<Guesses> {
    let workload = &deployment.plan.workload;
    let ahead = workload.speculation.ahead(workload.runtime);
    let by = Guesser::OwnLayer { blocks: deployment.model.num_hidden_layers as f64 };
    (ahead > 0).then(|| Guesses { ahead: f64::from(ahead), by })
}

/// Sequences that run at once; `None` where the engine does not start or does not hold even one. One that only prepares for
/// too many would run as soon as it is told so.
fn sequences(
    deployment: &Deployment<'_>,
    devices: &[Device<'_>],
    ranks: &[RankBudget],
    found: &Estimate,
) -> Option<f64> {
    let overprepared = found.warnings.iter().any(|warning| matches!(warning, Warning::StateBlocks { .. }));
    if !overprepared && found.devices.iter().any(DeviceEstimate::is_far_exceeded) {
        return None;
    }
    let starts = |(rank, device): (&RankBudget, &Device<'_>)| {
        let holds = rank.pool.is_none_or(|pool| rank.kv + rank.state <= pool);
        holds && rank.short == Bytes::ZERO && unstarted(rank, device) == Bytes::ZERO
    };
    let runs = !deployment.settings.reserves() || ranks.iter().zip(devices).all(starts);
    runs.then(|| f64::from(found.queue.running))
}

fn inference(deployment: &Deployment<'_>, running: f64) -> Inference {
    let (workload, settings) = (&deployment.plan.workload, &deployment.settings);
    // Stages work at the same time on groups of sequences, as far as there are enough of these.
    let at_once = deployment.stage_count() as f64 * f64::from(settings.copies);
    let in_turn = running.min(at_once).max(1.0);
    let sequences = running / in_turn;
    let TimedSpans { decoding, prompt } = TimedSpans::of(workload);
    // `generate` runs a prompt in one go.
    let at_once = if settings.reserves() { settings.max_batched_tokens } else { u64::MAX };
    Inference {
        sequences,
        streams: sequences,
        in_turn,
        decoding,
        prompt,
        prompt_tokens: workload.prompt_tokens as f64,
        batch_tokens: at_once as f64,
        flash_attention: settings.reserves() || workload.flash_attention,
        launched: settings.reserves() && !settings.graphs,
        experts: ExpertCounts::of(deployment.model).map(|counts| counts.of_copies(settings.copies)),
        stored: match workload.quantization {
            Quantization::fp32 | Quantization::bf16 | Quantization::fp16 => WeightStorage::Plain,
            _ => WeightStorage::Quantized,
        },
        microscaled: matches!(workload.quantization, Quantization::mxfp4 | Quantization::nvfp4),
        hidden: deployment.model.hidden_size as f64,
        together: if settings.ranks > 1 { Together::Tensor } else { Together::Layers },
        crossing: Crossing::default(),
    }
}

/// What crosses between boxes: ranks of one stage follow each other, and each stage hands two streams of activations in 16 bits to
/// the next.
fn crossing(deployment: &Deployment<'_>, devices: &[Device<'_>]) -> Crossing {
    if !boxes::several(devices) {
        return Crossing::default();
    }
    let ranks = usize::try_from(deployment.settings.ranks.max(1)).unwrap_or(usize::MAX);
    let stages: Vec<&[Device<'_>]> = devices.chunks(ranks).take(deployment.stage_count()).collect();
    let cut = stages.iter().any(|stage| stage.windows(2).any(|pair| pair[0].in_box != pair[1].in_box));
    let ends = |pair: &[&[Device<'_>]]| pair[0].last().map(|it| it.in_box) != pair[1].first().map(|it| it.in_box);
    let hops = stages.windows(2).filter(|pair| ends(pair)).count() as f64;
    Crossing {
        // The token that is chosen goes back to the first.
        messages: if hops > 0.0 { hops + 1.0 } else { 0.0 },
        token_bytes: hops * 2.0 * 2.0 * deployment.model.hidden_size as f64,
        seen_bytes: 0.0,
        loaded_bytes: 0.0,
        cut,
        overlaps: true,
    }
}

/// What lies on one rank: all layers of these weights, cut as they are.
fn reads(deployment: &Deployment<'_>, weights: &ServerWeights, rocm: bool) -> StepReads {
    let (sums, ranks) = (&weights.reads, deployment.settings.ranks.max(1));
    let (dense_bytes, expert_bytes) = weights.rank_reads(ranks, rocm);
    let (cut, share) = (1.0 / ranks as f64, 1.0 / f64::from(deployment.settings.copies));
    let mut reads = StepReads {
        blocks: sums.blocks,
        expert_blocks: sums.expert_blocks,
        dense_bytes,
        expert_bytes: expert_bytes * share,
        dense_weights: sums.dense_weights * cut,
        expert_weights: sums.expert_weights * cut * share,
        output_weights: sums.output_weights * cut,
        cache: CacheReads::default(),
        ..StepReads::default()
    };
    let element = deployment.settings.element as f64;
    let element = ElementBytes { key: element, value: element };
    for layer in &weights.layers {
        match layer.mixer {
            Mixer::None => {}
            Mixer::Recurrent(recurrent) => {
                reads.recurrent_blocks += 1.0;
                reads.cache.state_bytes += kv_blocks::state_bytes(&recurrent, deployment.model, ranks) as f64;
            }
            Mixer::Attention(attention) => {
                let latent = matches!(attention.cache, Cache::Latent { .. });
                reads.latent_blocks += f64::from(u8::from(latent));
                let heads = attention.heads.div_ceil(ranks);
                let kv_heads = if latent { attention.kv_heads } else { (attention.kv_heads / ranks).max(1) };
                reads.cache.add(&Attention { heads, kv_heads, ..attention }, 1.0, element);
            }
        }
    }
    reads
}
