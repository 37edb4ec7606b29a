//! Weights, adapters, gradients and optimizer states, tensor by tensor.
//!
//! Source of adapters: peft 0.21.2 (`lora/layer.py`); what an optimizer keeps is in `optimizer.rs`.

use super::optimizer::{LEAST_8BIT, factored, moment_elements, optimizer, projection_elements, working_bytes};
use super::stored::{rounded, stored};
use super::tensor_groups::{TensorGroup, TrainingRole};
use crate::estimate::explanation::{Quantity, Term};
use crate::plan::{BaseQuant, LoraTargets, Optimizer, Precision, Task, Training};
use crate::text::Key;

/// Bytes of a run's model states: of all of them, or of a card's part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct States {
    /// Base weights and adapters.
    pub(super) weights: u64,
    /// Optimizer states and master copy.
    pub(super) optimizer: u64,
    /// Gradients of all that is trained.
    pub(super) gradients: u64,
    /// Trained parameters.
    pub(super) trained: u64,
    /// Those of the layers, the rest being the embedding, the output matrix and the last norm.
    pub(super) trained_in_layers: u64,
    /// Those of tensors too small for states in 8 bits.
    pub(super) trained_small: u64,
    /// Elements of the moments that Muon and `GaLore` keep, and of the matrices that `GaLore` projects gradients with.
    pub(super) moments: u64,
    pub(super) projections: u64,
    /// Bytes that the optimizer works with on the tensor where those are most, beside the tensor's own.
    pub(super) working: u64,
    /// Parameters of the largest trained tensor, and of the largest trained matrix of a layer.
    pub(super) largest: u64,
    pub(super) largest_linear: u64,
    /// Rows and columns of what is trained, each rounded up, which Adafactor keeps in place of elements.
    pub(super) factored: u64,
    /// Bytes of one unquantized weight, and of one trained parameter.
    pub(super) base_width: u64,
    pub(super) trained_width: u64,
}

impl States {
    /// Those of `groups`, whose tensors so many cards share.
    pub(super) fn of(groups: &[TensorGroup], cards: u64, task: Task, training: &Training) -> Self {
        let (base_width, trained_width) = (base_width(task, training), trained_width(training));
        let mut states = Self {
            weights: 0,
            optimizer: 0,
            gradients: 0,
            trained: 0,
            trained_in_layers: 0,
            trained_small: 0,
            moments: 0,
            projections: 0,
            working: 0,
            largest: 0,
            largest_linear: 0,
            factored: 0,
            base_width,
            trained_width,
        };
        for group in groups {
            let group = group.on_each(cards);
            states.weights += group.count * stored(&group, task, training, base_width);
            if task == Task::Full {
                states.train(group, training);
            } else {
                for (rows, columns) in adapters(&group, training).into_iter().flatten() {
                    let adapter = TensorGroup {
                        role: TrainingRole::Linear,
                        inputs: columns,
                        outputs: rows,
                        matrices: 1,
                        ..group
                    };
                    states.weights += group.count * rounded(trained_width * rows * columns);
                    states.train(adapter, training);
                }
            }
        }
        states
    }

    fn train(&mut self, group: TensorGroup, training: &Training) {
        let elements = group.elements();
        self.trained += group.count * elements;
        self.gradients += group.count * rounded(self.trained_width * elements);
        self.optimizer += group.count * optimizer(&group, self.trained_width, training);
        self.factored += group.count * factored(&group);
        self.moments += group.count * moment_elements(&group, training);
        self.projections += group.count * projection_elements(&group, training);
        self.working = self.working.max(working_bytes(&group, self.trained_width, training));
        self.largest = self.largest.max(elements);
        if elements < LEAST_8BIT {
            self.trained_small += group.count * elements;
        }
        if !matches!(group.role, TrainingRole::Embedding | TrainingRole::Head) {
            self.trained_in_layers += group.count * elements;
        }
        if group.is_linear() {
            self.largest_linear = self.largest_linear.max(elements);
        }
    }
}

/// Bytes of a base weight that is not quantized. `prepare_model_for_kbit_training` turns them to FP32, but for GPTQ's.
const fn base_width(task: Task, training: &Training) -> u64 {
    let prepared = matches!(training.quantized_base(task), Some(BaseQuant::Nf4 | BaseQuant::Int8));
    match training.precision {
        Precision::Fp32 => 4,
        Precision::Amp if prepared || matches!(task, Task::Full) => 4,
        _ => 2,
    }
}

/// Bytes of a trained parameter and of its gradient.
const fn trained_width(training: &Training) -> u64 {
    match training.precision {
        Precision::Amp | Precision::Fp32 => 4,
        Precision::Bf16 | Precision::Bf16Master => 2,
    }
}

/// Rows and columns of a tensor's adapters: down to the rank, and up again.
pub(super) fn adapters(group: &TensorGroup, training: &Training) -> [Option<(u64, u64)>; 2] {
    let rank = u64::from(training.lora_rank);
    let all = training.lora_targets == LoraTargets::AllLinear;
    let adapted = match group.role {
        TrainingRole::Query | TrainingRole::Value => true,
        TrainingRole::Attention => training.lora_targets != LoraTargets::QueryValue,
        TrainingRole::Linear | TrainingRole::Router | TrainingRole::Experts { adapted: true, .. } => all,
        TrainingRole::Experts { adapted: false, .. }
        | TrainingRole::Embedding
        | TrainingRole::Head
        | TrainingRole::Plain
        | TrainingRole::BesideExperts => false,
    };
    if !adapted {
        return [None, None];
    }
    // Every expert has a rank of its own, and fused matrices one for each part.
    let fused = if matches!(group.role, TrainingRole::Experts { fused: true, .. }) { 2 } else { 1 };
    let rank = rank * group.matrices * fused;
    [Some((rank, group.inputs)), Some((group.outputs, rank))]
}

/// What the optimizer's step takes for a moment beside gradients and states, for a card's `share` of its gradients.
pub(super) fn step_terms(states: &States, training: &Training, share: f64) -> Vec<Term> {
    let step = |parameters: u64, bytes: u64| {
        let bytes = Quantity::ElementBytes.of(bytes as f64);
        Term::of(Key::TermStep, [Quantity::Parameters.of(parameters as f64), bytes])
    };
    let master = (training.precision == Precision::Bf16Master).then(|| step(states.largest, 4));
    match training.optimizer {
        Optimizer::AdamWForeach => {
            vec![step(states.trained, states.trained_width).times([Quantity::Share.of(share)])]
        }
        // Squared gradients, their factors multiplied out, and the update, in FP32 for the largest tensor.
        Optimizer::Adafactor => std::iter::once(step(states.largest, 12)).chain(master).collect(),
        Optimizer::Muon | Optimizer::GaLore => {
            let working = Term::of(Key::TermStep, [Quantity::CardBytes.of(states.working as f64)]);
            std::iter::once(working).chain(master).collect()
        }
        _ => master.into_iter().collect(),
    }
}
