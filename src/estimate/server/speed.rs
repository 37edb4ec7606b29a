//! A server's plan as the facts that the laws of speed need.
//!
//! Sequences are batched continuously: as many run at once as the engine is told to and its pool holds, the rest wait.
//! The rates are those of decoding alone; prompts of other users that come in between take their time from it.

use super::answer::unstarted;
use super::budget::Rank;
use super::{Job, kernels, kv_blocks};
use crate::catalog::quantization::Quantization;
use crate::catalog::runtime::Backend;
use crate::estimate::Verdict;
use crate::estimate::answer::{DeviceEstimate, HostEstimate};
use crate::estimate::device::Device;
use crate::estimate::speed::rates::{Rates, engine_kind, rates};
use crate::estimate::speed::share::{CacheReads, Run, Share, Stored, Together};
use crate::estimate::speed::{self, Host, Machine, Speed, spans};
use crate::model::layers::{Attention, Cache, Mixer};
use crate::units::Bytes;

/// A device that is exceeded by no more than this share may still run: nobody knows its usable memory better.
const EDGE: f64 = 0.05;

/// How fast the job runs on these ranks; no figure where it does not start.
pub(super) fn of(
    job: &Job<'_>,
    devices: &[Device<'_>],
    ranks: &[Rank],
    (on_device, host): (&[DeviceEstimate], &HostEstimate),
) -> Speed {
    if devices.is_empty() && host.verdict == Some(Verdict::DoesNotFit) {
        return Speed { pages: true, ..Speed::default() };
    }
    let Some(sequences) = running(job, devices, ranks, on_device) else { return Speed::default() };
    let run = run(job, sequences);
    let weights: u64 = ranks.iter().map(|rank| rank.weights.0).sum();
    let machine = Machine::of(&job.plan.machine, job.catalog, devices, (job.weights.file_bytes(), weights as f64));
    if devices.is_empty() {
        let host = Host { share: share(job, false), experts_apart: 0.0 };
        return speed::of(&run, &std::iter::empty(), &host, &machine);
    }
    // Devices of several makers pad alike as far as speed is concerned.
    let whole = share(job, devices.first().is_some_and(|device| device.backend == Backend::Rocm));
    let part = whole.part(1.0 / f64::from(job.stages()));
    let mut known: Option<(usize, Option<Rates<'_>>)> = None;
    let placed = devices.iter().enumerate().map(move |(index, device)| {
        let held = match run.together {
            Together::Layers if index < ranks.len() => part,
            // Groups of ranks that follow each other take as long as one group with all layers.
            Together::Tensor if (index as u64) < job.settings.ranks => whole,
            Together::Layers | Together::Tensor => Share::default(),
        };
        let rates = match known {
            Some((card, rates)) if card == device.card => rates,
            _ => device_rates(job, device),
        };
        known = Some((device.card, rates));
        (held, rates)
    });
    speed::of(&run, &placed, &Host::default(), &machine)
}

/// Sequences that run at once; `None` where the engine does not start or holds far fewer than the plan asks for.
fn running(job: &Job<'_>, devices: &[Device<'_>], ranks: &[Rank], on_device: &[DeviceEstimate]) -> Option<f64> {
    let asked = u64::from(job.plan.workload.sequences);
    let exceeded =
        |device: &DeviceEstimate| device.excess.is_none_or(|excess| excess.0 as f64 > EDGE * device.usable.0 as f64);
    if on_device.iter().any(exceeded) {
        return None;
    }
    if !job.settings.reserves() {
        return Some(asked as f64);
    }
    let mut most = asked.min(job.settings.max_num_seqs).max(1);
    for (rank, device) in ranks.iter().zip(devices) {
        if rank.short > Bytes::ZERO || unstarted(rank, device) > Bytes::ZERO {
            return None;
        }
        let one = (rank.kv + rank.state).0 / asked.max(1);
        most = most.min(rank.pool.unwrap_or_default().0.checked_div(one).unwrap_or(most));
    }
    (most > 0).then_some(most as f64)
}

fn run(job: &Job<'_>, sequences: f64) -> Run {
    let (workload, settings) = (&job.plan.workload, &job.settings);
    let (decoding, prompt) = spans(workload);
    // `generate` runs a prompt in one go.
    let at_once = if settings.reserves() { settings.max_batched_tokens } else { u64::MAX };
    Run {
        sequences,
        streams: sequences,
        decoding,
        prompt,
        prompt_tokens: workload.prompt_tokens as f64,
        batch_tokens: at_once as f64,
        flash_attention: settings.reserves() || workload.flash_attention,
        launched: settings.reserves() && !settings.graphs,
        experts: job.model.experts.map(|experts| (experts.num_experts as f64, experts.num_experts_per_tok as f64)),
        stored: match workload.quantization {
            Quantization::fp32 | Quantization::bf16 | Quantization::fp16 => Stored::Plain,
            _ => Stored::Quantized,
        },
        hidden: job.model.hidden_size as f64,
        together: if settings.ranks > 1 { Together::Tensor } else { Together::Layers },
    }
}

/// The rates of a device, its arithmetic being that of the weights' own format where it has such.
fn device_rates<'a>(job: &Job<'a>, device: &Device<'_>) -> Option<Rates<'a>> {
    let card = device.entry?;
    let rates = rates(card, engine_kind(&job.plan.workload), device.backend, job.catalog)?;
    // Transformers unpacks every format.
    let reserves = job.settings.reserves();
    let native = if reserves { kernels::gain(card, device.backend, job.plan.workload.quantization) } else { 1.0 };
    Some(Rates { native, ..rates })
}

/// What lies on one rank: all layers, cut as the weights are.
fn share(job: &Job<'_>, rocm: bool) -> Share {
    let (reads, ranks) = (&job.weights.reads, job.settings.ranks.max(1));
    let (dense_bytes, expert_bytes) = job.weights.rank_reads(ranks, rocm);
    let cut = 1.0 / ranks as f64;
    let mut share = Share {
        blocks: reads.blocks,
        expert_blocks: reads.expert_blocks,
        dense_bytes,
        expert_bytes,
        dense_weights: reads.dense_weights * cut,
        expert_weights: reads.expert_weights * cut,
        output_weights: reads.output_weights * cut,
        cache: CacheReads::default(),
        ..Share::default()
    };
    let element = job.settings.element as f64;
    for layer in &job.weights.layers {
        match layer.mixer {
            Mixer::None => {}
            Mixer::Recurrent(recurrent) => {
                share.recurrent_blocks += 1.0;
                share.cache.state_bytes += kv_blocks::state_bytes(&recurrent, job.model, ranks) as f64;
            }
            Mixer::Attention(attention) => {
                let latent = matches!(attention.cache, Cache::Latent { .. });
                share.latent_blocks += f64::from(u8::from(latent));
                let heads = attention.heads.div_ceil(ranks);
                let kv_heads = if latent { attention.kv_heads } else { (attention.kv_heads / ranks).max(1) };
                share.cache.add(&Attention { heads, kv_heads, ..attention }, 1.0, (element, element));
            }
        }
    }
    share
}

impl Share {
    /// An even part of the layers.
    fn part(self, part: f64) -> Self {
        Self {
            blocks: self.blocks * part,
            expert_blocks: self.expert_blocks * part,
            recurrent_blocks: self.recurrent_blocks * part,
            latent_blocks: self.latent_blocks * part,
            ..self.cut(part)
        }
    }
}
