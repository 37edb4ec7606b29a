//! Serving with vLLM and its like: what a budget leaves for the KV cache, and how many sequences fit into that.
//!
//! Laws: `reference/serving-engines.md`, from the source of vLLM 0.33.0 and 240 public logs of 0.5 to 0.26. `SGLang`, TGI,
//! TensorRT-LLM and Transformers rest on few logs and say so.

mod activations;
mod answer;
mod budget;
mod encoder;
pub(super) mod explain;
mod graphs;
mod kernels;
pub mod kv_blocks;
mod outside;
mod reads;
pub(crate) mod settings;
pub(super) mod stages;
mod step_facts;
mod tensor_rules;
mod weights;

use super::boxes;
use super::device::{Device, Found, Hardware};
use super::explanation::ExplainRequest;
use super::limits::{MOST_CELLS, MOST_DEVICES};
use super::per_model::PerModel;
use super::step::RunState;
use super::{Estimate, EstimateError, LaidOut, Refusal, Warning};
use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::catalog::life::ServedEngine;
use crate::catalog::model::Model;
use crate::catalog::quantization::Quantization;
use crate::catalog::runtime::Backend;
use crate::model::layers::{Cache, Layer, Mixer};
use crate::plan::{Drafter, ModelChoice, Plan, Runtime, VisionPlace, Workload};
use budget::RankBudget;
pub use kv_blocks::BLOCK as KV_BLOCK;
use kv_blocks::{ElementLayout, KvBlocks};
use settings::EngineSettings;
use stages::{StageSplit, StagedWeights};
use weights::ServerWeights;

/// What an estimate of a server rests on.
#[derive(Debug)]
pub(super) struct Deployment<'a> {
    pub(super) plan: &'a Plan,
    pub(super) catalog: &'a Catalog,
    pub(super) model: &'a Model,
    pub(super) weights: &'a ServerWeights,
    pub(super) settings: EngineSettings<'a>,
    pub(super) kv_blocks: KvBlocks,
    /// How the layers are split over stages.
    split: StageSplit,
    /// The weights of each stage, where the engine is told to hold the layers in several.
    staged: &'a [ServerWeights],
    /// The caches of each of them.
    stage_blocks: Vec<KvBlocks>,
    /// Groups of ranks that there are devices for.
    groups: u32,
}

impl Deployment<'_> {
    /// Whether it loads what the model sees and hears with, and has it profiled.
    pub(super) fn sees(&self) -> bool {
        self.model.vision.is_some() && self.plan.workload.vision != Some(VisionPlace::Off)
    }

    /// Whether the model's own layer guesses tokens ahead.
    pub(super) fn guesses(&self) -> bool {
        self.plan.workload.speculation.drafter != Drafter::None
    }
}

/// What an engine other than llama.cpp makes of `plan`.
///
/// # Errors
/// What the engine refuses.
pub(super) fn lay_out<'a>(
    plan: &Plan,
    catalog: &'a Catalog,
    model: &Model,
    machine: &Found,
    known: &mut PerModel<(Quantization, StageSplit), StagedWeights>,
) -> Result<LaidOut<'a>, EstimateError> {
    let devices = Hardware::of(plan, catalog, machine)?;
    if devices.len() > MOST_DEVICES {
        return Err(Refusal::TooManyDevices.into());
    }
    let (settings, mut warnings) = settle(plan, catalog, model, &devices)?;
    let Some(deployment) = deployment(plan, catalog, model, settings, &devices, known)? else {
        let estimate = Estimate::unknown(plan, catalog, model, &devices, warnings);
        return Ok(LaidOut::only(estimate, devices.devices, RunState::Halted));
    };
    shared(&deployment, &mut warnings)?;
    warnings.extend(deployment.told_layers().map(|layers| Warning::StageLayers { layers }));
    let ranks = budget::ranks(&deployment, &devices);
    let estimate = answer::answer(&deployment, &devices, &ranks, warnings);
    let running = step_facts::running(&deployment, &devices, &ranks, &estimate);
    Ok(LaidOut::only(estimate, devices.devices, running))
}

/// How many times faster than in 16 bits `card` multiplies the weights of `workload`, because it calculates in their own
/// format.
pub(super) fn native_gain(card: &Card, backend: Backend, workload: &Workload) -> f64 {
    match workload.runtime {
        // It unpacks every format.
        Runtime::Transformers => 1.0,
        _ => kernels::gain(card, backend, workload.quantization),
    }
}

/// What the budget of `plan` is made of on each device, or on the CPU; for explanations.
fn explained<T>(
    ExplainRequest { plan, catalog, model, found, .. }: ExplainRequest<'_>,
    tell: impl FnOnce(&Deployment<'_>, &[RankBudget]) -> T,
) -> Result<Option<T>, EstimateError> {
    let devices = Hardware::of(plan, catalog, &found.finds())?;
    let (settings, mut known) = (EngineSettings::of(plan, catalog, &devices)?, PerModel::default());
    let deployment = deployment(plan, catalog, model, settings, &devices, &mut known)?;
    Ok(deployment.map(|deployment| match &*devices {
        [] => tell(&deployment, &[budget::on_host(&deployment)]),
        devices => tell(&deployment, &budget::ranks(&deployment, devices)),
    }))
}

/// The engine's settings and what is to be said about them, or what it refuses.
fn settle<'a>(
    plan: &Plan,
    catalog: &'a Catalog,
    model: &Model,
    devices: &[Device<'_>],
) -> Result<(EngineSettings<'a>, Vec<Warning>), EstimateError> {
    let workload = &plan.workload;
    if workload.context.saturating_mul(u64::from(workload.sequences)) > MOST_CELLS {
        return Err(Refusal::TooManyCells.into());
    }
    if workload.runtime == Runtime::Transformers && boxes::several(devices) {
        return Err(Refusal::OneBox.into());
    }
    let quantization = workload.quantization.server().ok_or(Refusal::GgufServer)?;
    let unpacked = kernels::check(plan, devices, quantization)?;
    guesses_itself(plan, model)?;
    match workload.vision {
        Some(VisionPlace::Cpu) => return Err(Refusal::ServerVision.into()),
        Some(VisionPlace::Gpu) if model.vision.is_none() => return Err(Refusal::NoVision.into()),
        _ => {}
    }
    let settings = EngineSettings::of(plan, catalog, devices)?;
    let mut warnings: Vec<Warning> = unpacked.into_iter().collect();
    if let Some(trained) = model.max_position_embeddings.filter(|trained| workload.context > *trained) {
        warnings.push(Warning::ContextAboveTrained { trained });
    }
    if matches!(workload.model, ModelChoice::Size(_)) {
        warnings.push(Warning::TypicalShape);
    }
    warnings.extend(Warning::of_architecture(model));
    if settings.is_thin() {
        warnings.push(Warning::ThinEvidence);
    }
    let engine = match workload.runtime {
        Runtime::Vllm => Some(ServedEngine::Vllm),
        Runtime::Transformers => Some(ServedEngine::PyTorch),
        _ => None,
    };
    warnings.extend(engine.and_then(|engine| Warning::of_life(engine, plan, devices)));
    let used = settings.ranks * u64::from(settings.stages) * u64::from(settings.copies);
    if settings.reserves() && used < devices.len() as u64 {
        warnings.push(Warning::IdleDevices);
    }
    if devices.iter().any(|device| device.usable_is_estimate) {
        warnings.push(Warning::UsableEstimated);
    }
    Ok((settings, warnings))
}

/// Server engines guess with the model's own layer; draft models are not estimated.
fn guesses_itself(plan: &Plan, model: &Model) -> Result<(), Refusal> {
    match plan.workload.speculation.drafter {
        Drafter::None => Ok(()),
        Drafter::Mtp if model.num_nextn_predict_layers > 0 => Ok(()),
        Drafter::Mtp => Err(Refusal::NoNextToken),
        Drafter::Model(_) => Err(Refusal::ServerDraft),
    }
}

/// How the ranks share the layers: refused where heads do not divide, warned of where ranks hold copies.
fn shared(deployment: &Deployment<'_>, warnings: &mut Vec<Warning>) -> Result<(), EstimateError> {
    let (layers, ranks) = (&deployment.weights.layers, deployment.settings.ranks);
    if !heads_divide(layers, ranks) {
        return Err(Refusal::Heads.into());
    }
    if layers.iter().any(|layer| key_value_heads(layer).is_some_and(|heads| heads < ranks)) {
        warnings.push(Warning::CopiedHeads);
    }
    Ok(())
}

fn deployment<'a>(
    plan: &'a Plan,
    catalog: &'a Catalog,
    model: &'a Model,
    settings: EngineSettings<'a>,
    devices: &[Device<'_>],
    known: &'a mut PerModel<(Quantization, StageSplit), StagedWeights>,
) -> Result<Option<Deployment<'a>>, EstimateError> {
    if u64::from(settings.stages) > model.num_hidden_layers {
        return Err(Refusal::TooManyStages { layers: model.num_hidden_layers }.into());
    }
    let split = StageSplit::Even(settings.stages);
    let unequal = settings.stages > 1 && devices.windows(2).any(|pair| pair[0].total != pair[1].total);
    let by_room = if unequal {
        let even = split_so(plan, catalog, model, settings, devices, (split, &mut *known))?;
        even.and_then(|even| even.split_by_room(devices))
    } else {
        None
    };
    split_so(plan, catalog, model, settings, devices, (by_room.unwrap_or(split), known))
}

/// The deployment with the layers split so over its stages.
fn split_so<'a>(
    plan: &'a Plan,
    catalog: &'a Catalog,
    model: &'a Model,
    settings: EngineSettings<'a>,
    devices: &[Device<'_>],
    (split, known): (StageSplit, &'a mut PerModel<(Quantization, StageSplit), StagedWeights>),
) -> Result<Option<Deployment<'a>>, EstimateError> {
    let quantization = plan.workload.quantization.server().ok_or(Refusal::GgufServer)?;
    let groups = u32::try_from(devices.len().max(1) as u64 / settings.ranks.max(1)).unwrap_or(1).max(1);
    let known = known.get(model, (quantization, split), StagedWeights::new);
    Ok(known.map(|StagedWeights { whole: weights, stages: staged }| {
        let cut = ElementLayout { element: settings.element, ranks: settings.ranks };
        // The layer for further tokens has a cache of its own, and every guess that may be taken back a state.
        let drafter = model.next_token_layer().filter(|_| plan.workload.speculation.drafter != Drafter::None);
        let states = 1 + u64::from(plan.workload.speculation.ahead(plan.workload.runtime));
        let cached = |layers: &[Layer]| {
            let layers: Vec<Layer> = layers.iter().copied().chain(drafter).collect();
            KvBlocks::of(model, &layers, cut).with_states(states)
        };
        let kv_blocks = cached(&weights.layers);
        let mut stage_blocks: Vec<KvBlocks> =
            stages::blocks(model, staged, cut).into_iter().map(|blocks| blocks.with_states(states)).collect();
        if let (Some(blocks), Some(stage)) = (stage_blocks.last_mut(), staged.last()) {
            *blocks = cached(&stage.layers);
        }
        Deployment { plan, catalog, model, weights, settings, kv_blocks, split, staged, stage_blocks, groups }
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
