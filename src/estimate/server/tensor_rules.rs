//! How a server stores and cuts each kind of tensor.

use crate::model::layers::{Attention, Cache, Layer, Mixer};
use crate::model::tensor::{Place, Tensor, TensorKind as K};

/// How a tensor is laid over the ranks that share a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RankCut {
    /// An equal share on each rank.
    Even,
    /// The whole on each rank.
    Whole,
    /// By key and value heads: copies where there are more ranks than heads.
    Heads(u64),
    /// Queries evenly, keys and values by heads; the second figure counts the elements of keys and values.
    Fused(u64, u64),
}

/// How the ranks share `tensor`, whose layer is one of `layers`.
pub(super) fn cut(tensor: &Tensor, layers: &[Layer]) -> RankCut {
    use K::{AttnK, AttnKvAMqa, AttnQA, AttnQkv, AttnV};
    let attention = match tensor.place {
        Place::Layer(index) => layers.get(index as usize).and_then(key_value),
        Place::Input | Place::Output => None,
    };
    match (tensor.kind, attention) {
        _ if is_vector(tensor) => RankCut::Whole,
        (AttnK | AttnV, Some(attention)) => RankCut::Heads(attention.kv_heads),
        (AttnQkv, Some(attention)) => {
            let rows = attention.kv_heads * (attention.key_dim + attention.value_dim);
            RankCut::Fused(attention.kv_heads, tensor.ne[0] * rows)
        }
        (AttnQA | AttnKvAMqa, _) => RankCut::Whole,
        (kind, _) if is_router(kind) || is_indexer(kind) || is_learned_residual(kind) => RankCut::Whole,
        (K::FfnLatentDown | K::FfnLatentUp | K::FfnRoutedDown | K::FfnRoutedUp | K::SsmFA | K::SsmGA, _) => {
            RankCut::Whole
        }
        _ => RankCut::Even,
    }
}

const fn key_value(layer: &Layer) -> Option<Attention> {
    match layer.mixer {
        Mixer::Attention(attention) if !matches!(attention.cache, Cache::Latent { .. }) => Some(attention),
        _ => None,
    }
}

/// Whether ranks share a matrix by its inputs, which the one before it has cut: the others by their outputs.
pub(super) const fn is_cut_by_inputs(kind: K) -> bool {
    matches!(kind, K::AttnOutput | K::FfnDown | K::FfnDownExps | K::FfnDownShexp | K::SsmOut)
}

/// Whether a checkpoint stores `tensor` in its quantized format: matrices of attention and MLPs, but not embeddings, the
/// output matrix, routers, norms, biases and the small matrices of a recurrence.
pub(super) fn is_quantized(tensor: &Tensor) -> bool {
    use K::{
        InpGate, Output, PerLayerModelProj, PerLayerTokenEmbd, Proj, ShortconvConv, SsmA, SsmAlpha, SsmBa, SsmBeta,
        SsmConv1d, SsmConv1dK, SsmConv1dQ, SsmConv1dV, SsmD, SsmDt, SsmFA, SsmFB, SsmGA, SsmGB, TokenEmbd,
    };
    let kept = matches!(
        tensor.kind,
        TokenEmbd
            | Output
            | PerLayerTokenEmbd
            | PerLayerModelProj
            | InpGate
            | Proj
            | SsmA
            | SsmAlpha
            | SsmBa
            | SsmBeta
            | SsmConv1d
            | SsmConv1dK
            | SsmConv1dQ
            | SsmConv1dV
            | SsmD
            | SsmDt
            | SsmFA
            | SsmFB
            | SsmGA
            | SsmGB
            | ShortconvConv
    );
    !(kept
        || is_vector(tensor)
        || is_router(tensor.kind)
        || is_indexer(tensor.kind)
        || is_learned_residual(tensor.kind))
}

/// A tensor that GGUF files hold and servers compute: factors of the positions.
pub(super) const fn is_computed(kind: K) -> bool {
    matches!(kind, K::RopeFreqs | K::RopeFactorsLong | K::RopeFactorsShort)
}

const fn is_vector(tensor: &Tensor) -> bool {
    tensor.bias || tensor.ne[1] <= 1 && tensor.ne[2] <= 1
}

const fn is_router(kind: K) -> bool {
    matches!(kind, K::FfnGateInp | K::FfnGateInpShexp)
}

const fn is_indexer(kind: K) -> bool {
    matches!(
        kind,
        K::IndexerKNorm
            | K::IndexerQNorm
            | K::IndexerProj
            | K::IndexerAttnK
            | K::IndexerAttnQB
            | K::IndexerQProj
            | K::IndexerKProj
    )
}

/// Gemma 3n's alternating updates and learned residual.
const fn is_learned_residual(kind: K) -> bool {
    matches!(
        kind,
        K::AltupProj
            | K::AltupUnembdProj
            | K::AltupCorrectCoef
            | K::AltupPredictCoef
            | K::AltupRouter
            | K::LaurelL
            | K::LaurelR
    )
}
