//! Training: what one step takes on each device, phase by phase, and how long the job is.
//!
//! A step is replayed where a program is written for the model's layers (`program`, `replay`); for others the laws are in
//! `data/training_laws.txt`, read off `PyTorch`, Transformers, PEFT and bitsandbytes themselves. Published tables and measurements
//! that both are held against are in `tests/estimates/training.rs`.

mod activation_terms;
mod allocator_replay;
mod answer;
mod buffers;
mod device_share;
mod dim;
pub(super) mod explain;
mod family;
mod form;
mod host;
mod instant;
mod lasting;
mod latent;
mod law_rows;
mod laws;
mod layer_dims;
mod method;
mod optimizer;
mod parallel;
mod phases;
mod program;
mod replay;
mod replayed;
mod reserved;
mod resident_tensors;
mod run;
mod states;
mod stored;
mod tensor_groups;
mod tensor_terms;
mod time;
mod trained_model;

pub use super::answer::{JobTime, PhaseBytes, TrainingPhase, TrainingStep};
pub use time::{JobRent, rent};

use super::device::{self, Found, Hardware};
use super::limits::MOST_CELLS;
use super::per_model::PerModel;
use super::{Estimate, EstimateError, Refusal, Warning};
use crate::catalog::Catalog;
use crate::catalog::life::ServedEngine;
use crate::catalog::model::Model;
use crate::plan::bounds::MEMORY_BYTES;
use crate::plan::{Backend, LoraTargets, ModelChoice, Plan, Task, TrainingAttention};
use device_share::DeviceShare;
use method::{Keeps, TrainingMethod};
use parallel::Grid;
use run::TrainingRun;
use states::States;
pub(super) use trained_model::TrainedModel;

/// The most devices of one run.
const MOST_DEVICES: usize = 1024;

/// The estimate of a plan that trains.
pub(super) fn estimate(
    plan: &Plan,
    catalog: &Catalog,
    model: &Model,
    machine: &Found,
    known: &mut PerModel<(), TrainedModel>,
) -> Result<Estimate, EstimateError> {
    let (devices, warnings) = checked(plan, catalog, model, machine)?;
    let Some(trained) = known.get(model, (), |model, ()| TrainedModel::new(model)) else {
        return Ok(Estimate::unknown(plan, catalog, model, &devices, warnings));
    };
    of_model(plan, catalog, trained, &devices, warnings)
}

/// The devices and what is to be said of the plan, or what cannot be.
fn checked<'a>(
    plan: &Plan,
    catalog: &'a Catalog,
    model: &Model,
    machine: &Found,
) -> Result<(Hardware<'a>, Vec<Warning>), EstimateError> {
    let training = &plan.workload.training;
    let devices = Hardware::of(plan, catalog, machine)?;
    if devices.is_empty() {
        return Err(Refusal::TrainingOnCpu.into());
    }
    if devices.len() > MOST_DEVICES {
        return Err(Refusal::TooManyDevices.into());
    }
    if training.sequence_length.saturating_mul(u64::from(training.micro_batch)) > MOST_CELLS {
        return Err(Refusal::TooManyTokens.into());
    }
    let mut warnings = Vec::new();
    if let Some(trained) = model.max_position_embeddings.filter(|trained| training.sequence_length > *trained) {
        warnings.push(Warning::ContextAboveTrained { trained });
    }
    if matches!(plan.workload.model, ModelChoice::Size(_)) {
        warnings.push(Warning::TypicalShape);
    }
    warnings.extend(Warning::of_architecture(model));
    if devices.iter().any(|device| device.usable_is_estimate) {
        warnings.push(Warning::UsableEstimated);
    }
    warnings.extend(Warning::of_life(ServedEngine::PyTorch, plan, &devices));
    // What lies outside the allocator, and how quickly nf4 is unpacked, is known of CUDA only.
    if devices.iter().any(|device| device.backend != Backend::Cuda) {
        warnings.push(Warning::ThinEvidence);
    }
    let quantized = training.quantized_base(plan.workload.task).is_some();
    if model.experts.is_some() && quantized && !training.quantized_experts {
        warnings.push(Warning::UnquantizedExperts);
    }
    let adapts_experts = model.experts.is_some() && model.architecture.traits().training.adapts_experts;
    if adapts_experts && plan.workload.task != Task::Full && training.lora_targets == LoraTargets::AllLinear {
        warnings.push(Warning::ExpertAdapters);
    }
    Ok((devices, warnings))
}

fn of_model(
    plan: &Plan,
    catalog: &Catalog,
    model: &TrainedModel,
    devices: &Hardware<'_>,
    mut warnings: Vec<Warning>,
) -> Result<Estimate, EstimateError> {
    let training = &plan.workload.training;
    with_run(plan, model, devices.len() as u64, |run, grounds| {
        let shares = shares(run);
        // Tokens by tokens by heads can be more than 64 bits hold.
        if shares.iter().any(|share| share.total() > *MEMORY_BYTES.end() as f64) {
            return Err(Refusal::AbovePebibyte.into());
        }
        warnings.extend(grounds.warning());
        let knows = |method: TrainingMethod| {
            model.program.as_ref().is_some_and(|program| program.knows_dropout(run.task, training))
                || method.knows_dropout(model.family_for(run.task, training).0)
        };
        if !knows(TrainingMethod::of(run.task, training)) {
            warnings.push(Warning::DropoutLeftOut);
        }
        if training.selective_checkpointing && run.keeps != Keeps::AllButScores {
            warnings.push(Warning::SelectiveIdle);
        }
        Ok(answer::answer(run, plan, catalog, devices, &shares, warnings))
    })?
}

/// Calls `tell` with the run of a plan on so many devices, and whether the laws were read off this very family.
fn with_run<T>(
    plan: &Plan,
    model: &TrainedModel,
    devices: u64,
    tell: impl FnOnce(&TrainingRun<'_>, Grounds) -> T,
) -> Result<T, EstimateError> {
    let (task, training) = (plan.workload.task, &plan.workload.training);
    let grid = Grid::of(plan, model, devices)?;
    let (family, derived) = model.family_for(task, training);
    // Latent attention is written after flash attention that pads values.
    let replays = model.program.is_some() && (derived || !model.is_latent());
    let method = TrainingMethod::of(task, training);
    let (law, found) = laws::law(method, family).ok_or(Refusal::Engine)?;
    let (states, dims) = (States::of(&model.groups, 1, task, training), model.dims(training));
    let run = TrainingRun { task, training, model, states: &states, law, keeps: method.keeps, dims: &dims, grid };
    let grounds = match training.attention {
        // Known from its paper only.
        TrainingAttention::FusedSoftmax => Grounds::Nearest,
        _ if replays && !model.derived => Grounds::Code,
        _ if replays || derived && found == family => Grounds::Traces,
        _ => Grounds::Nearest,
    };
    Ok(tell(&run, grounds))
}

/// What the peak of a step rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Grounds {
    /// Steps that were traced, of layers just like the model's.
    Traces,
    /// A program written after the code that runs: no step of such layers was traced.
    Code,
    /// The nearest layers that were traced.
    Nearest,
}

impl Grounds {
    /// What is to be said of it.
    const fn warning(self) -> Option<Warning> {
        match self {
            Self::Traces => None,
            Self::Code => Some(Warning::UntracedLayers),
            Self::Nearest => Some(Warning::NearestFamily),
        }
    }
}

/// The run of a plan, and what it rests on; for explanations.
fn explained<T>(
    plan: &Plan,
    catalog: &Catalog,
    trained: &TrainedModel,
    tell: impl FnOnce(&TrainingRun<'_>, Grounds) -> T,
) -> Result<T, EstimateError> {
    with_run(plan, trained, device::devices(plan, catalog)?.len() as u64, tell)
}

/// What each device holds; those of one stage are alike.
fn shares(run: &TrainingRun<'_>) -> Vec<DeviceShare> {
    let stages: Vec<DeviceShare> = (0..run.grid.pipeline).map(|stage| run.share(stage)).collect();
    (0..run.grid.devices())
        .filter_map(|device| stages.get(usize::try_from(run.grid.stage(device)).ok()?).copied())
        .collect()
}
