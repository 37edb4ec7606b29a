//! How the devices share one model: tensor × pipeline × data parallel, and what each choice refuses.
//!
//! Sources: `ZeRO` (arXiv:1910.02054), Megatron-LM and its sequence parallelism (arXiv:2205.05198), 1F1B pipelines
//! (arXiv:2104.04473).

use super::states::adapters;
use super::tensor_groups::TrainingRole;
use super::trained_model::TrainedModel;
use crate::estimate::{Indivisible, Refusal, Shared};
use crate::plan::{Offload, Plan, Sharding, Task};

/// How the devices share the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Grid {
    pub(super) tensor: u64,
    pub(super) pipeline: u64,
    pub(super) data: u64,
}

impl Grid {
    /// The grid of a plan on so many devices, or what cannot be.
    pub(super) fn of(plan: &Plan, model: &TrainedModel, devices: u64) -> Result<Self, Refusal> {
        let training = &plan.workload.training;
        let tensor = plan.workload.tensor_parallel.map_or(1, u64::from);
        let pipeline = u64::from(training.pipeline_parallel);
        let parts = tensor * pipeline;
        for heads in &model.heads {
            divides(Shared::Heads, *heads, tensor)?;
        }
        for width in &model.widths {
            divides(Shared::Width, *width, tensor)?;
        }
        divides(Shared::Layers, model.layers, pipeline)?;
        let data = if let Some(data) = training.data_parallel {
            u64::from(data)
        } else {
            if parts <= devices {
                divides(Shared::Devices, devices, parts)?;
            }
            (devices / parts).max(1)
        };
        if parts * data > devices {
            return Err(Refusal::TooManyParts { parts: parts * data, devices });
        }
        if training.zero_stage >= 2 && pipeline > 1 && training.sharding == Sharding::DeepSpeed {
            return Err(Refusal::ZeroPipeline);
        }
        if matches!(training.offload, Offload::Parameters | Offload::Nvme) && training.zero_stage < 3 {
            return Err(Refusal::OffloadStage);
        }
        adapter_rank(plan, model)?;
        Ok(Self { tensor, pipeline, data })
    }

    /// Devices that hold a part.
    pub(super) const fn devices(&self) -> u64 {
        self.tensor * self.pipeline * self.data
    }

    /// The stage of the pipeline on a device, from 0.
    pub(super) const fn stage(&self, device: u64) -> u64 {
        device / (self.tensor * self.data)
    }

    /// Share of a step in which a device of the pipeline waits (1F1B).
    pub(super) fn bubble(&self, micro_batches: u32) -> f64 {
        let idle = (self.pipeline - 1) as f64;
        idle / (f64::from(micro_batches) + idle)
    }
}

fn divides(shared: Shared, of: u64, parts: u64) -> Result<(), Refusal> {
    if of.is_multiple_of(parts.max(1)) {
        return Ok(());
    }
    let nearest =
        (1..=of.min(4096)).filter(|other| of.is_multiple_of(*other)).min_by_key(|other| other.abs_diff(parts));
    Err(Refusal::Indivisible(Indivisible { shared, of, parts, nearest: nearest.unwrap_or(1) }))
}

/// An adapter is narrower than what it adapts.
fn adapter_rank(plan: &Plan, model: &TrainedModel) -> Result<(), Refusal> {
    let (task, training) = (plan.workload.task, &plan.workload.training);
    if task == Task::Full {
        return Ok(());
    }
    let adapted = model
        .groups
        .iter()
        .filter(|group| group.role != TrainingRole::Router && adapters(group, training)[0].is_some());
    let narrowest = adapted.map(|group| group.inputs.min(group.outputs)).min();
    match narrowest.filter(|width| u64::from(training.lora_rank) > *width) {
        Some(width) => Err(Refusal::RankAboveWidth { rank: training.lora_rank, width }),
        None => Ok(()),
    }
}
