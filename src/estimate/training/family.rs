//! Families of layers: which of the table's rows hold for a model.

use super::latent;
use crate::catalog::model::Model;
use crate::model::layers::{Layer, Mixer};
use crate::plan::LoraTargets;

pub(super) use crate::model::architectures::TrainingFamily as Family;

impl Family {
    /// The family whose instants the table holds: besides what layers keep, blocks with `LayerNorm` and without a gate take
    /// less than those of Llama at any of them; with latent attention it is experts that take most.
    pub(super) const fn instants(self) -> Self {
        match self {
            Self::Starcoder2 => Self::Llama,
            Self::Deepseek => Self::Mixtral,
            Self::DeepseekAttention => Self::MixtralAttention,
            own => own,
        }
    }

    /// What stands in where a method is not known for this family.
    pub(super) const fn nearest(self) -> Option<Self> {
        Some(match self {
            Self::Qwen3MoeAttention | Self::DeepseekAttention => Self::MixtralAttention,
            Self::Qwen3Moe | Self::MixtralAttention | Self::Deepseek => Self::Mixtral,
            Self::Qwen3Attention | Self::LlamaQueryValue => Self::LlamaAttention,
            Self::Llama | Self::Mixtral => return None,
            _ => Self::Llama,
        })
    }

    /// The family whose adapters have these targets, and whether it is this one.
    pub(super) const fn with(self, targets: LoraTargets) -> (Self, bool) {
        match (self, targets) {
            (_, LoraTargets::AllLinear) => (self, true),
            (Self::Llama, LoraTargets::QueryValue) => (Self::LlamaQueryValue, true),
            (Self::Llama, LoraTargets::Attention) => (Self::LlamaAttention, true),
            (Self::Mixtral, targets) => (Self::MixtralAttention, matches!(targets, LoraTargets::Attention)),
            (Self::Qwen3Moe, targets) => (Self::Qwen3MoeAttention, matches!(targets, LoraTargets::Attention)),
            (Self::Deepseek, targets) => (Self::DeepseekAttention, matches!(targets, LoraTargets::Attention)),
            (Self::Qwen3, targets) => (Self::Qwen3Attention, matches!(targets, LoraTargets::Attention)),
            _ => (Self::LlamaAttention, false),
        }
    }
}

/// The nearest family, and whether it is the model's own.
pub(super) fn of_model(model: &Model, layers: &[Layer]) -> (Family, bool) {
    let plain =
        model.recurrent.is_none() && model.mla.is_none() && layers.windows(2).all(|pair| alike(pair[0], pair[1]));
    let form = model.architecture.traits().training;
    let Some(experts) = model.experts else { return (form.dense.family, form.dense.traced && plain) };
    if model.mla.is_some() && model.recurrent.is_none() {
        return (Family::Deepseek, form.latent && latent::derived(model));
    }
    let shared = experts.shared_expert_intermediate_size > 0;
    (form.mixture.family, form.mixture.traced && plain && !shared)
}

/// Whether two layers have the same dimensions, wherever they look.
fn alike(one: Layer, other: Layer) -> bool {
    let mixers = match (one.mixer, other.mixer) {
        (Mixer::Attention(one), Mixer::Attention(other)) => {
            (one.heads, one.kv_heads, one.key_dim, one.value_dim)
                == (other.heads, other.kv_heads, other.key_dim, other.value_dim)
        }
        _ => false,
    };
    mixers && one.feed_forward == other.feed_forward
}
