//! The tensors of a checkpoint as training sees them: by role and shape.

use crate::catalog::model::Model;
use crate::model::tensor::{Tensor, TensorKind as K};

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
    /// Matrices of the routed experts; adapters of fused gate and up have twice the rank.
    Experts {
        fused: bool,
    },
}

/// Tensors of one shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TensorGroup {
    pub(super) role: TrainingRole,
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

/// The tensors of a checkpoint, by shape.
pub(super) fn groups(model: &Model, tensors: &[Tensor]) -> Vec<TensorGroup> {
    let gated = tensors.iter().any(|tensor| tensor.kind == K::FfnGateExps);
    let mut groups: Vec<TensorGroup> = Vec::new();
    for tensor in tensors {
        let Some(group) =
            group(model, tensor, gated).filter(|it| it.role != TrainingRole::Head || !model.tie_word_embeddings)
        else {
            continue;
        };
        match groups.iter_mut().find(|known| TensorGroup { count: 1, ..**known } == group) {
            Some(known) => known.count += 1,
            None => groups.push(group),
        }
    }
    groups
}

/// What a checkpoint holds for a tensor of a GGUF file: gate and up of experts are one there, factors of positions are
/// computed.
fn group(model: &Model, tensor: &Tensor, gated: bool) -> Option<TensorGroup> {
    let [inputs, outputs, matrices] = tensor.ne.map(|dimension| dimension.max(1));
    let of = |role| Some(TensorGroup { role, inputs, outputs, matrices, count: 1 });
    match tensor.kind {
        K::RopeFreqs | K::RopeFactorsLong | K::RopeFactorsShort => None,
        K::FfnGateExps if !tensor.bias => None,
        K::TokenEmbd => of(TrainingRole::Embedding),
        K::Output if !tensor.bias => of(TrainingRole::Head),
        _ if tensor.bias || outputs * matrices <= 1 => of(TrainingRole::Plain),
        K::FfnUpExps => Some(TensorGroup {
            role: TrainingRole::Experts { fused: gated },
            inputs,
            outputs: if gated { 2 * outputs } else { outputs },
            matrices,
            count: 1,
        }),
        K::FfnGateUpExps => of(TrainingRole::Experts { fused: true }),
        K::FfnDownExps => of(TrainingRole::Experts { fused: false }),
        K::FfnGateInp => of(TrainingRole::Router),
        K::AttnQ | K::AttnQB => of(TrainingRole::Query),
        K::AttnV => of(TrainingRole::Value),
        K::AttnK | K::AttnQkv | K::AttnOutput | K::AttnQA | K::AttnKvAMqa => of(TrainingRole::Attention),
        // One matrix in a checkpoint: keys without position and values, from the latent.
        K::AttnKB => None,
        K::AttnVB => {
            let keys = model.mla.map_or(0, |mla| mla.qk_nope_head_dim);
            let (outputs, matrices) = ((outputs + keys) * matrices, 1);
            Some(TensorGroup { role: TrainingRole::Value, inputs, outputs, matrices, count: 1 })
        }
        K::PerLayerTokenEmbd
        | K::SsmConv1d
        | K::SsmConv1dQ
        | K::SsmConv1dK
        | K::SsmConv1dV
        | K::SsmA
        | K::SsmD
        | K::ShortconvConv => of(TrainingRole::Plain),
        K::FfnGate | K::FfnUp | K::FfnDown | K::FfnGateShexp | K::FfnUpShexp | K::FfnDownShexp
            if model.mla.is_some() && model.experts.is_some() =>
        {
            of(TrainingRole::BesideExperts)
        }
        _ if matrices > 1 => of(TrainingRole::Plain),
        _ => of(TrainingRole::Linear),
    }
}
