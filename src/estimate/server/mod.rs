//! Serving with vLLM and its like: what a budget leaves for the KV cache, and how many sequences fit into that.
//!
//! Laws: `reference/serving-engines.md`, from the source of vLLM 0.33.0 and 240 public logs of 0.5 to 0.26. `SGLang`, TGI,
//! TensorRT-LLM and Transformers rest on few logs and say so.

pub mod activations;
mod answer;
mod budget;
pub(super) mod explain;
pub mod graphs;
mod kernels;
pub mod kv_blocks;
pub mod reads;
pub mod settings;
mod speed;
mod tensor_rules;
pub mod weights;

use super::answer::{Estimate, EstimateError, Refusal, Warning};
use super::device::{self, Device};
use super::serve::{MOST_CELLS, MOST_DEVICES, unknown, with_model};
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::model::layers::{Cache, Layer, Mixer};
use crate::plan::{ModelChoice, Plan};
use budget::Rank;
use kv_blocks::{Cut, KvBlocks};
use settings::Settings;
use weights::Weights;

/// What an estimate of a server rests on.
#[derive(Debug)]
pub(super) struct Job<'a> {
    pub(super) plan: &'a Plan,
    pub(super) catalog: &'a Catalog,
    pub(super) model: &'a Model,
    pub(super) weights: &'a Weights,
    pub(super) settings: Settings<'a>,
    pub(super) pages: KvBlocks,
    /// Groups of ranks that there are devices for.
    stages: u32,
}

/// The estimate of a plan that serves with an engine other than llama.cpp.
pub(super) fn estimate(plan: &Plan, catalog: &Catalog) -> Result<Estimate, EstimateError> {
    with_model(plan, catalog, |model| {
        let devices = device::devices(plan, catalog)?;
        if devices.len() > MOST_DEVICES {
            return Err(Refusal::TooManyDevices.into());
        }
        let (settings, mut warnings) = settle(plan, catalog, model, &devices)?;
        let Some(job) = job(plan, catalog, model, (settings, devices.len()))? else {
            return Ok(unknown(plan, catalog, model, &devices, warnings));
        };
        shared(&job, &mut warnings)?;
        let ranks = budget::ranks(&job, &devices);
        Ok(answer::answer(&job, &devices, &ranks, warnings))
    })
}

/// What the budget of `plan` is made of on each device; for explanations.
fn explained<T>(
    plan: &Plan,
    catalog: &Catalog,
    tell: impl FnOnce(&Job<'_>, &[Rank]) -> T,
) -> Result<Option<T>, EstimateError> {
    with_model(plan, catalog, |model| {
        let devices = device::devices(plan, catalog)?;
        let settings = Settings::of(plan, catalog, &devices)?;
        Ok(job(plan, catalog, model, (settings, devices.len()))?.map(|job| tell(&job, &budget::ranks(&job, &devices))))
    })
}

/// The engine's settings and what is to be said about them, or what it refuses.
fn settle<'a>(
    plan: &Plan,
    catalog: &'a Catalog,
    model: &Model,
    devices: &[Device<'_>],
) -> Result<(Settings<'a>, Vec<Warning>), EstimateError> {
    let workload = &plan.workload;
    if workload.context.saturating_mul(u64::from(workload.sequences)) > MOST_CELLS {
        return Err(Refusal::TooManyCells.into());
    }
    let quantization = workload.quantization.server().ok_or(Refusal::GgufServer)?;
    let unpacked = kernels::check(plan, devices, quantization)?;
    let settings = Settings::of(plan, catalog, devices)?;
    let mut warnings: Vec<Warning> = unpacked.into_iter().collect();
    if let Some(trained) = model.max_position_embeddings.filter(|trained| workload.context > *trained) {
        warnings.push(Warning::ContextAboveTrained { trained });
    }
    if matches!(workload.model, ModelChoice::Size(_)) {
        warnings.push(Warning::TypicalShape);
    }
    if settings.is_thin() {
        warnings.push(Warning::ThinEvidence);
    }
    if settings.reserves() && u64::from(workload.sequences) > settings.max_num_seqs {
        warnings.push(Warning::Queued { most: settings.max_num_seqs });
    }
    if settings.reserves() && settings.ranks < devices.len() as u64 {
        warnings.push(Warning::IdleDevices);
    }
    if devices.iter().any(|device| device.usable_is_estimate) {
        warnings.push(Warning::UsableEstimated);
    }
    Ok((settings, warnings))
}

/// How the ranks share the layers: refused where heads do not divide, warned of where ranks hold copies.
fn shared(job: &Job<'_>, warnings: &mut Vec<Warning>) -> Result<(), EstimateError> {
    let (layers, ranks) = (&job.weights.layers, job.settings.ranks);
    if !heads_divide(layers, ranks) {
        return Err(Refusal::Heads.into());
    }
    if layers.iter().any(|layer| key_value_heads(layer).is_some_and(|heads| heads < ranks)) {
        warnings.push(Warning::CopiedHeads);
    }
    Ok(())
}

fn job<'a>(
    plan: &'a Plan,
    catalog: &'a Catalog,
    model: &'a Model,
    (settings, devices): (Settings<'a>, usize),
) -> Result<Option<Job<'a>>, EstimateError> {
    let quantization = plan.workload.quantization.server().ok_or(Refusal::GgufServer)?;
    let devices = if devices == 0 { 1 } else { devices as u64 };
    let stages = u32::try_from(devices / settings.ranks.max(1)).unwrap_or(1).max(1);
    Ok(Weights::of(model, quantization).map(|weights| {
        let pages = KvBlocks::of(model, &weights.layers, Cut { element: settings.element, ranks: settings.ranks });
        Job { plan, catalog, model, weights, settings, pages, stages }
    }))
}

/// Whether `ranks` can share every attention layer: query heads divide evenly, key and value heads divide or are copied.
fn heads_divide(layers: &[Layer], ranks: u64) -> bool {
    let ranks = ranks.max(1);
    layers.iter().all(|layer| match layer.mixer {
        Mixer::Attention(attention) => {
            let latent = matches!(attention.cache, Cache::Latent { .. });
            let kv = attention.kv_heads.max(1);
            attention.heads.is_multiple_of(ranks) && (latent || kv.is_multiple_of(ranks) || ranks.is_multiple_of(kv))
        }
        Mixer::Recurrent(recurrent) => recurrent.heads.is_multiple_of(ranks),
        Mixer::None => true,
    })
}

const fn key_value_heads(layer: &Layer) -> Option<u64> {
    match layer.mixer {
        Mixer::Attention(attention) if matches!(attention.cache, Cache::KeyValue) => Some(attention.kv_heads),
        _ => None,
    }
}
