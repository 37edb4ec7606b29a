//! The tensors of a checkpoint as training sees them: by role and shape.

use crate::catalog::model::Model;
use crate::model::architectures::ProgramForm;
use crate::model::tensor::{Place, Tensor, TensorKind as K};

/// What a tensor is to training.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TrainingRole {
    Embedding,
    /// The output matrix.
    Head,
    /// Norms, biases, and whatever else is neither quantized nor adapted.
    Plain,
    Query,
    Value,
    /// Keys, the output of attention, and fused projections.
    Attention,
    /// Any other linear layer.
    Linear,
    /// A linear layer of an MLP beside experts of the same names: peft takes the experts for those names, and leaves it.
    BesideExperts,
    Router,
    /// Matrices of the routed experts; adapters of fused gate and up have twice the rank, where there are any.
    Experts {
        fused: bool,
        adapted: bool,
    },
}

/// How cards that share each layer cut a tensor (Megatron-LM, arXiv:1909.08053, section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Each has all of it: norms, routers, what makes a latent.
    Whole,
    /// Each puts out a part.
    Outputs,
    /// Each takes a part in.
    Inputs,
}

/// Tensors of one shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TensorGroup {
    pub(super) role: TrainingRole,
    pub(super) cut: Cut,
    /// Row length.
    pub(super) inputs: u64,
    /// Rows.
    pub(super) outputs: u64,
    /// Matrices in one tensor.
    pub(super) matrices: u64,
    /// How many such tensors the model has.
    pub(super) count: u64,
}

impl TensorGroup {
    pub(super) const fn elements(&self) -> u64 {
        self.inputs * self.outputs * self.matrices
    }

    /// What each of `cards` that share it has.
    pub(super) const fn on_each(self, cards: u64) -> Self {
        match self.cut {
            Cut::Whole => self,
            Cut::Outputs => Self { outputs: self.outputs.div_ceil(cards), ..self },
            Cut::Inputs => Self { inputs: self.inputs.div_ceil(cards), ..self },
        }
    }

    /// Elements of all of them; `None` above 64 bits.
    pub(super) fn checked_parameters(&self) -> Option<u64> {
        self.inputs.checked_mul(self.outputs)?.checked_mul(self.matrices)?.checked_mul(self.count)
    }

    /// Matrices of routed experts.
    pub(super) const fn is_of_experts(&self) -> bool {
        matches!(self.role, TrainingRole::Experts { .. })
    }

    /// A linear layer, which every quantization takes.
    pub(super) const fn is_linear(&self) -> bool {
        matches!(
            self.role,
            TrainingRole::Query
                | TrainingRole::Value
                | TrainingRole::Attention
                | TrainingRole::Linear
                | TrainingRole::BesideExperts
        )
    }
}

/// The tensors of a checkpoint, one by one, and where they belong.
pub(super) fn placed(model: &Model, tensors: &[Tensor]) -> Vec<(Place, TensorGroup)> {
    let gated = tensors.iter().any(|tensor| tensor.kind == K::FfnGateExps);
    let is_there = |group: &TensorGroup| group.role != TrainingRole::Head || !model.tie_word_embeddings;
    let placed = |tensor: &Tensor| Some((tensor.place, group(model, tensors, tensor, gated).filter(is_there)?));
    tensors.iter().filter_map(placed).collect()
}

/// Tensors by shape.
pub(super) fn by_shape(tensors: impl IntoIterator<Item = TensorGroup>) -> Vec<TensorGroup> {
    let mut groups: Vec<TensorGroup> = Vec::new();
    for group in tensors {
        match groups.iter_mut().find(|known| TensorGroup { count: group.count, ..**known } == group) {
            Some(known) => known.count += group.count,
            None => groups.push(group),
        }
    }
    groups
}

/// What a checkpoint holds for a tensor of a GGUF file: gate and up of experts are one there, as others are in some
/// architectures; factors of positions are computed.
fn group(model: &Model, tensors: &[Tensor], tensor: &Tensor, gated: bool) -> Option<TensorGroup> {
    let [inputs, outputs, matrices] = tensor.ne.map(|dimension| dimension.max(1));
    let cut = cut(tensor);
    let training = model.architecture.traits().training;
    let (adapted, form) = (training.adapts_experts, training.program.unwrap_or(ProgramForm::PLAIN));
    let linear =
        |outputs: u64| Some(TensorGroup { role: TrainingRole::Linear, cut, inputs, outputs, matrices, count: 1 });
    let of = |role| Some(TensorGroup { role, cut, inputs, outputs, matrices, count: 1 });
    match tensor.kind {
        K::RopeFreqs | K::RopeFactorsLong | K::RopeFactorsShort => None,
        K::FfnGateExps if !tensor.bias => None,
        K::TokenEmbd => of(TrainingRole::Embedding),
        K::Output if !tensor.bias => of(TrainingRole::Head),
        // A linear layer, of one row.
        K::FfnGateInpShexp if !tensor.bias => of(TrainingRole::Router),
        _ if tensor.bias || outputs * matrices <= 1 => of(TrainingRole::Plain),
        K::FfnUpExps => Some(TensorGroup {
            role: TrainingRole::Experts { fused: gated, adapted },
            cut,
            inputs,
            outputs: if gated { 2 * outputs } else { outputs },
            matrices,
            count: 1,
        }),
        K::FfnGateUpExps => of(TrainingRole::Experts { fused: true, adapted }),
        K::FfnDownExps => of(TrainingRole::Experts { fused: false, adapted }),
        K::FfnGateInp if !adapted => of(TrainingRole::Plain),
        K::FfnGateInp => of(TrainingRole::Router),
        K::AttnQ | K::AttnQB => of(TrainingRole::Query),
        K::AttnV => of(TrainingRole::Value),
        K::FfnGate if form.joins_mlp && !tensor.bias => None,
        K::FfnUp if form.joins_mlp => linear(2 * outputs),
        K::AttnGate if form.joins_projections => None,
        K::AttnQkv if form.joins_projections => {
            let gate = tensors.iter().find(|other| other.kind == K::AttnGate && other.place == tensor.place);
            linear(outputs + gate.map_or(0, |gate| gate.ne[1]))
        }
        // What goes into a recurrence has no name that adapters of attention alone are for.
        K::AttnQkv if model.recurrent.is_some() => of(TrainingRole::Linear),
        K::AttnK | K::AttnQkv | K::AttnOutput | K::AttnQA | K::AttnKvAMqa => of(TrainingRole::Attention),
        // One matrix in a checkpoint: keys without position and values, from the latent.
        K::AttnKB => None,
        K::AttnVB => {
            let keys = model.mla.map_or(0, |mla| mla.qk_nope_head_dim);
            let (outputs, matrices) = ((outputs + keys) * matrices, 1);
            Some(TensorGroup { role: TrainingRole::Value, cut, inputs, outputs, matrices, count: 1 })
        }
        K::PerLayerTokenEmbd
        | K::SsmConv1d
        | K::SsmConv1dQ
        | K::SsmConv1dK
        | K::SsmConv1dV
        | K::SsmA
        | K::SsmD
        | K::SsmNorm
        | K::AttnQNorm
        | K::AttnKNorm
        | K::ShortconvConv => of(TrainingRole::Plain),
        K::FfnGate | K::FfnUp | K::FfnDown | K::FfnGateShexp | K::FfnUpShexp | K::FfnDownShexp
            if adapted && model.experts.is_some() =>
        {
            of(TrainingRole::BesideExperts)
        }
        _ if matrices > 1 => of(TrainingRole::Plain),
        _ => of(TrainingRole::Linear),
    }
}

/// How a tensor is cut.
const fn cut(tensor: &Tensor) -> Cut {
    match tensor.kind {
        K::FfnGateInp | K::AttnQA | K::AttnKvAMqa => Cut::Whole,
        _ if tensor.bias || tensor.ne[1] * tensor.ne[2] <= 1 => Cut::Whole,
        K::AttnOutput | K::FfnDown | K::FfnDownExps | K::FfnDownShexp | K::SsmOut | K::ShortconvOutProj => Cut::Inputs,
        _ => Cut::Outputs,
    }
}
