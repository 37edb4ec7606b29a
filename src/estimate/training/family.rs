//! Families of layers: which of the table's rows hold for a model.

use strum::{EnumString, VariantArray};

use super::latent;
use crate::catalog::model::{Architecture, Model};
use crate::model::layers::{Layer, Mixer};
use crate::plan::LoraTargets;

/// The families of layers that the table holds, named after the first model of their kind, each with `LoRA`'s targets where
/// those are not all linear layers; the table calls them by the same names in `snake_case`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub(super) enum Family {
    Llama,
    Qwen3,
    Gemma2,
    Gemma3,
    Phi3,
    Mixtral,
    Qwen3Moe,
    LlamaAttention,
    LlamaQueryValue,
    Qwen3Attention,
    MixtralAttention,
    Qwen3MoeAttention,
    Starcoder2,
    Deepseek,
    DeepseekAttention,
}

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
    use Architecture as A;
    let mixture = model.experts.is_some();
    let plain =
        model.recurrent.is_none() && model.mla.is_none() && layers.windows(2).all(|pair| alike(pair[0], pair[1]));
    let shared = model.experts.is_some_and(|experts| experts.shared_expert_intermediate_size > 0);
    match (model.architecture, mixture) {
        (_, true) if model.mla.is_some() && model.recurrent.is_none() => (Family::Deepseek, latent::derived(model)),
        (A::Gemma2, false) => (Family::Gemma2, plain),
        (A::Gemma3, false) => (Family::Gemma3, plain),
        (A::Gemma3n | A::Gemma4, false) => (Family::Gemma3, false),
        (A::Phi3, false) => (Family::Phi3, plain),
        (A::Qwen3, false) => (Family::Qwen3, plain),
        (A::Qwen3Moe, true) => (Family::Qwen3Moe, plain && !shared),
        (A::Llama, true) => (Family::Mixtral, plain && !shared),
        (A::Llama | A::Mistral3 | A::Qwen2, false) => (Family::Llama, plain),
        (A::Starcoder2, false) => (Family::Starcoder2, plain),
        // One norm for attention and MLP, which run beside each other.
        (A::Falcon, false) => (Family::Starcoder2, false),
        (A::Olmo2 | A::Exaone4, false) => (Family::Qwen3, false),
        (A::HunyuanMoe | A::Step35 | A::MinimaxM2 | A::Glm4Moe, true) => (Family::Qwen3Moe, false),
        (_, true) => (Family::Mixtral, false),
        (_, false) => (Family::Llama, false),
    }
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
