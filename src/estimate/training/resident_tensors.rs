//! The tensors that lie on a card from step to step, one by one, as a run brings them there.

use super::host::bytes;
use super::lasting::LastingTensors;
use super::optimizer::{master, moments, working};
use super::run::{BUCKET_ELEMENTS, BUCKETS, TrainingRun};
use super::states::adapters;
use super::stored::{codes, rounded, stored};
use super::tensor_groups::{TensorGroup, TrainingRole};
use crate::model::tensor::Place;
use crate::plan::{Offload, Optimizer, Sharding, Task};

/// Buckets of `DistributedDataParallel` (`bucket_cap_mb` 25).
const DDP_BUCKET: u64 = 25 << 20;
/// Buckets that are taken one by one: more than any card has room for.
const MOST_BUCKETS: u64 = 1 << 12;

impl TrainingRun<'_> {
    /// Those of a card on a stage.
    pub(super) fn lasting(&self, stage: u64) -> LastingTensors {
        let Self { task, training, model, grid, .. } = *self;
        let (base_width, trained_width) = (self.states.base_width, self.states.trained_width);
        let shards = |from: u8| if training.zero_stage >= from { grid.data } else { 1 };
        let mut tensors = model.tensors_of_stage(grid.pipeline, stage);
        tensors.sort_by_key(|(place, _)| match place {
            Place::Input => (0, 0),
            Place::Layer(index) => (1, *index),
            Place::Output => (2, 0),
        });
        let tensors: Vec<TensorGroup> = tensors.into_iter().map(|(_, group)| group.on_each(grid.tensor)).collect();
        let mut lasting = LastingTensors {
            shares: shards(2),
            accumulates: training.gradient_accumulation > 1,
            ..LastingTensors::default()
        };
        for group in &tensors {
            let whole = stored(group, task, training, base_width) / shards(3);
            let codes = codes(group, task, training, base_width) / shards(3);
            lasting.weights.extend([codes, whole.saturating_sub(codes)]);
        }
        let trained: Vec<TensorGroup> = if task == Task::Full {
            tensors
        } else {
            let adapters_of = |group: TensorGroup| {
                let adapter = move |(outputs, inputs)| TensorGroup {
                    role: TrainingRole::Linear,
                    inputs,
                    outputs,
                    matrices: 1,
                    ..group
                };
                adapters(&group, training).into_iter().flatten().map(adapter)
            };
            tensors.into_iter().flat_map(adapters_of).collect()
        };
        let mut gradients = 0;
        // `foreach` holds a copy of all gradients at once; Muon and GaLore go tensor by tensor, those of one shape alike.
        let mut copies = Vec::new();
        let mut worked_on: Vec<&TensorGroup> = Vec::new();
        for group in &trained {
            let gradient = rounded(trained_width * group.elements());
            gradients += gradient;
            if task != Task::Full {
                lasting.weights.push(gradient / shards(3));
            }
            if training.offload != Offload::None {
                continue;
            }
            lasting.weights.push(master(group, training) / shards(1));
            lasting.states.extend(moments(group, trained_width, training).map(|moment| moment / shards(1)));
            if !worked_on.contains(&group) {
                worked_on.push(group);
                lasting.working.push(working(group, trained_width, training));
            }
            if training.optimizer == Optimizer::AdamWForeach {
                copies.push(gradient / shards(2));
            }
        }
        if grid.data > 1 {
            match (training.zero_stage, training.sharding) {
                (0, _) => {
                    let buckets = gradients.div_ceil(DDP_BUCKET).clamp(1, MOST_BUCKETS);
                    lasting.weights.extend((0..buckets).map(|_| gradients / buckets));
                }
                (_, Sharding::DeepSpeed) => {
                    let bucket = gradients.min(bytes(BUCKET_ELEMENTS * trained_width as f64).0);
                    lasting.weights.extend((0..BUCKETS).map(|_| bucket));
                }
                (_, Sharding::Fsdp) => {}
            }
        }
        lasting.working.push(copies);
        for list in [&mut lasting.weights, &mut lasting.states] {
            list.retain(|bytes| *bytes > 0);
        }
        lasting
    }
}
