//! A model: dimensions in Hugging Face's words, parameter counts, where they come from.

mod architecture;
mod bounds;
mod checked;
mod drafter;
mod file_tensor;
mod files;
mod identity;
mod native;
mod pattern;
mod shape;
mod typical;
mod vision;

use crate::catalog::origin::Origin;
use serde::{Deserialize, Serialize};

pub use architecture::Architecture;
pub(crate) use architecture::each_architecture;
pub use bounds::{MAX_LAYERS, MAX_PARAMETERS, MAX_TENSORS};
pub use checked::{FieldRule, Model, ModelFault, NeedyLayers};
pub use file_tensor::FileTensor;
pub use files::FILES;
pub use identity::ModelIdentity;
pub use pattern::{LayerKind, LayerPattern};
pub use shape::{
    Altup, CompressedAttention, Dtype, Experts, Heads, Indexer, Mla, Recurrence, RecurrenceKind, RopeScaling,
};
pub use vision::{LargestPicture, Tower, Vision};

use super::quantization::Quantization;
pub use super::source::Confidence;

/// What a table or a file says of a model, not yet checked: [`Model::new`] does that. Unknown is `None`; 0 says that the
/// part does not exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Model")]
#[expect(clippy::struct_excessive_bools, reason = "flags of the configuration files, each on its own")]
pub struct ModelFields {
    /// Kebab-case, unique.
    pub id: String,
    /// As its makers write it.
    pub name: String,
    /// The family under which lists group it.
    pub family: String,
    /// Fine-tunes and other names of the identical shape, as people search for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Repository on Hugging Face.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hf_id: Option<String>,
    /// License, in its usual short form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// Month of release, `2024-07`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// The GGUF architecture, which decides the tensors.
    pub architecture: Architecture,
    /// Parameters as published; rounded where only the card's figure is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_parameters: Option<u64>,
    /// Parameters that a token passes through, as published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_parameters: Option<u64>,
    /// Parameters read from memory for one decoded token: the active ones less rows of the embedding that are not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub params_read_per_token: Option<u64>,
    /// Transformer blocks, without layers that predict further tokens (MTP), which engines skip by default.
    pub num_hidden_layers: u64,
    /// Layers that predict further tokens (MTP, `NextN`), which the model is published with; none are counted elsewhere.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub num_nextn_predict_layers: u64,
    /// Width of the residual stream.
    pub hidden_size: u64,
    /// Width of the dense MLP, 0 where there is none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub intermediate_size: u64,
    /// Widths of the dense MLPs in order, where they differ from layer to layer (`block_configs`); the widest is
    /// `intermediate_size`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub intermediate_sizes: Vec<u64>,
    /// Query heads.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub num_attention_heads: u64,
    /// Key and value heads.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub num_key_value_heads: u64,
    /// Elements of one key head; with `mla`, of its computed form.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub head_dim: u64,
    /// Elements of one value head where they differ from `head_dim`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub v_head_dim: Option<u64>,
    /// Elements of a head that are rotated, where fewer than `head_dim`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotary_dim: Option<u64>,
    /// Tokens in the vocabulary, as rows of the embedding.
    pub vocab_size: u64,
    /// The output matrix is the embedding.
    #[serde(default, skip_serializing_if = "is_false")]
    pub tie_word_embeddings: bool,
    /// Tokens of context the model was trained for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_position_embeddings: Option<u64>,
    /// How the positions are stretched, where the file carries factors for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rope_scaling: Option<RopeScaling>,
    /// Queries are scaled by their position, where the architecture leaves it open
    /// (`rope_parameters.llama_4_scaling_beta`).
    #[serde(default, skip_serializing_if = "is_false")]
    pub llama_4_scaling: bool,
    /// Tokens that window layers look back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sliding_window: Option<u64>,
    /// Kinds of the layers, repeated to the end; all full attention where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer_pattern: Option<LayerPattern>,
    /// Heads of the full layers where they differ (Gemma 4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_attention: Option<Heads>,
    /// Heads of the window layers where they differ (`MiMo`, Step).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sliding_attention: Option<Heads>,
    /// Queries and keys are normed, where the architecture leaves it open.
    #[serde(default, skip_serializing_if = "is_false")]
    pub use_qk_norm: bool,
    /// Full layers use their keys as values.
    #[serde(default, skip_serializing_if = "is_false")]
    pub attention_k_eq_v: bool,
    /// The last so many layers read the cache of an earlier layer.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub num_kv_shared_layers: u64,
    /// Layers without a cache of their own have an MLP of twice the width.
    #[serde(default, skip_serializing_if = "is_false")]
    pub use_double_wide_mlp: bool,
    /// Width of the embedding that each layer has for itself, 0 for none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub hidden_size_per_layer_input: u64,
    /// Leading layers to whose output what was seen is added once more (`deepstack_visual_indexes`), 0 for none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub deepstack_layers: u64,
    /// Alternating updates of several streams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub altup: Option<Altup>,
    /// Multi-head latent attention.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mla: Option<Mla>,
    /// The indexer of sparse attention.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indexer: Option<Indexer>,
    /// Windows beside caches of compressed tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compressed: Option<CompressedAttention>,
    /// Every so-many-th layer banks the residual stream, and all later parts read a mix of what is banked (Kimi K3); 0 for
    /// none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attn_res_block_size: u64,
    /// Mixture of experts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experts: Option<Experts>,
    /// The recurrent layers of a hybrid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurrent: Option<Recurrence>,
    /// How the makers published the weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub native_dtype: Option<Dtype>,
    /// The vision and audio towers that servers load beside the text model; `None` where there is none or no figure is
    /// known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vision: Option<Vision>,
    /// Where the dimensions come from.
    pub source: Origin,
    /// How sure they are.
    pub confidence: Confidence,
    /// What a reader should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The architecture that its file names, where it is not known and `architecture` stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown_architecture: Option<String>,
    /// The tensors of the GGUF file that the model was read from, which win over any rule; empty for other sources.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub file_tensors: Vec<FileTensor>,
    /// The file type that the GGUF file names, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_quantization: Option<Quantization>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(value: &u64) -> bool {
    *value == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl ModelFields {
    /// A model of this architecture and name of which nothing else is known: dimensions of 0, no parts.
    pub(crate) fn bare(architecture: Architecture, id: String, name: String, source: &str) -> Self {
        Self {
            id,
            name,
            family: architecture.name().to_owned(),
            aliases: Vec::new(),
            hf_id: None,
            license: None,
            release: None,
            architecture,
            total_parameters: None,
            active_parameters: None,
            params_read_per_token: None,
            num_hidden_layers: 0,
            num_nextn_predict_layers: 0,
            hidden_size: 0,
            intermediate_size: 0,
            intermediate_sizes: Vec::new(),
            num_attention_heads: 0,
            num_key_value_heads: 0,
            head_dim: 0,
            v_head_dim: None,
            rotary_dim: None,
            vocab_size: 0,
            tie_word_embeddings: false,
            max_position_embeddings: None,
            rope_scaling: None,
            llama_4_scaling: false,
            sliding_window: None,
            layer_pattern: None,
            full_attention: None,
            sliding_attention: None,
            use_qk_norm: false,
            attention_k_eq_v: false,
            num_kv_shared_layers: 0,
            use_double_wide_mlp: false,
            hidden_size_per_layer_input: 0,
            deepstack_layers: 0,
            altup: None,
            mla: None,
            indexer: None,
            compressed: None,
            attn_res_block_size: 0,
            experts: None,
            recurrent: None,
            native_dtype: None,
            vision: None,
            source: Origin::cited(source),
            confidence: Confidence::High,
            note: None,
            unknown_architecture: None,
            file_tensors: Vec::new(),
            file_quantization: None,
        }
    }
}
