//! The parts of a model that only some have.

use serde::{Deserialize, Serialize};

/// Multi-head latent attention, in elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mla {
    /// Width of the latent that keys and values are made from.
    pub kv_lora_rank: u64,
    /// Width of the queries' latent, where they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q_lora_rank: Option<u64>,
    /// Elements of a head that carry the position.
    pub qk_rope_head_dim: u64,
    /// Elements of a head that do not.
    pub qk_nope_head_dim: u64,
    /// Elements of a value head.
    pub v_head_dim: u64,
}

/// The indexer that chooses which tokens a sparse attention reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indexer {
    /// Query heads of the indexer.
    pub index_n_heads: u64,
    /// Elements of one of its heads, and of the one key it keeps for each token.
    pub index_head_dim: u64,
    /// Tokens chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index_topk: Option<u64>,
    /// Tokens of the blocks that are chosen whole, where they are; 0 where each token is chosen by itself.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub index_block_size: u64,
    /// Of the layers from `index_skip_topk_offset` on, every so-many-th chooses; the others go by the last choice. 0 like
    /// 1 means all.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub index_topk_freq: u64,
    /// Leading layers that all choose, the first of the later rhythm included.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub index_skip_topk_offset: u64,
}

impl Indexer {
    /// Whether the layer of that index (from 0) chooses for itself.
    pub const fn chooses(&self, index: u64) -> bool {
        let step = if self.index_topk_freq == 0 { 1 } else { self.index_topk_freq };
        (index + 1).saturating_sub(self.index_skip_topk_offset).is_multiple_of(step)
    }

    /// The rhythm of layers that choose (`true`), as far as the first two of it tell; none where all do.
    #[must_use]
    pub fn with_rhythm(self, chooses: &[bool]) -> Self {
        let place =
            |from: usize, wanted: bool| chooses.iter().skip(from).position(|it| *it == wanted).map(|at| from + at);
        let Some((first, next)) = place(0, false).and_then(|first| Some((first, place(first, true)?))) else {
            return self;
        };
        Self { index_skip_topk_offset: first as u64, index_topk_freq: (next + 1 - first) as u64, ..self }
    }
}

/// Windows beside caches of compressed tokens, several residual streams, and experts chosen by token (`DeepSeek` V4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompressedAttention {
    /// Width of the latent that queries are made from.
    pub q_lora_rank: u64,
    /// Width of each group's latent on the way out.
    pub o_lora_rank: u64,
    /// Groups of heads on the way out.
    pub o_groups: u64,
    /// Residual streams.
    pub hc_mult: u64,
    /// Leading layers whose experts are chosen by token, from a table.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub num_hash_layers: u64,
    /// Tokens that each layer's cache keeps as one: 4 (with an indexer), 128, or 0 for a window alone.
    pub compress_ratios: Vec<u64>,
}

impl CompressedAttention {
    /// The rates there are; only at the first groups overlap and an indexer chooses among them.
    pub const RATIOS: [u64; 2] = [4, 128];

    /// Groups that each token counts in.
    pub const fn overlap(ratio: u64) -> u64 {
        if ratio == Self::RATIOS[0] { 2 } else { 1 }
    }

    /// Tokens that a compressor keeps from batch to batch.
    pub const fn state_rows(ratio: u64) -> u64 {
        Self::overlap(ratio) * ratio
    }

    /// The rate of the layer of that index (from 0).
    pub fn ratio(&self, index: u64) -> u64 {
        usize::try_from(index).ok().and_then(|index| self.compress_ratios.get(index)).copied().unwrap_or(0)
    }
}

/// Alternating updates of several streams and a learned residual (Gemma 3n).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Altup {
    /// Streams that are updated in turn.
    pub altup_num_inputs: u64,
    /// Rank of the learned residual.
    pub laurel_rank: u64,
    /// Leading layers whose gates are cut to the largest (those above 0 in `activation_sparsity_pattern`).
    pub sparse_layers: u64,
}

/// Mixture of experts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Experts {
    /// Experts in a layer.
    pub num_experts: u64,
    /// Experts a token passes through.
    pub num_experts_per_tok: u64,
    /// Width of one expert.
    pub moe_intermediate_size: u64,
    /// Width of all shared experts together, 0 for none.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub shared_expert_intermediate_size: u64,
    /// Leading layers with a dense MLP instead.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub first_k_dense_replace: u64,
    /// Every so-many-th layer has experts, the others a dense MLP; 0 like 1 means all.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub decoder_sparse_step: u64,
    /// Width in which the routed experts work where it is not `hidden_size` (latent experts), 0 otherwise.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub moe_latent_size: u64,
    /// The router's choice is corrected (`DeepSeek` V3), where the architecture leaves it open.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub e_score_correction_bias: bool,
    /// Groups that the experts are parted into; 0 like 1 means that the choice is free.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub n_group: u64,
    /// Groups that a token chooses its experts from, 0 where there are none.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub topk_group: u64,
}

impl Experts {
    /// Groups, and how many of them a token chooses its experts from; `None` where the choice is free.
    pub const fn groups(&self) -> Option<(u64, u64)> {
        let parts = self.n_group > 1 && self.num_experts.is_multiple_of(self.n_group);
        if parts && self.topk_group > 0 && self.topk_group < self.n_group {
            Some((self.n_group, self.topk_group))
        } else {
            None
        }
    }

    /// Whether the layer of that index (from 0) has experts.
    pub const fn in_layer(&self, index: u64) -> bool {
        let step = if self.decoder_sparse_step == 0 { 1 } else { self.decoder_sparse_step };
        index >= self.first_k_dense_replace && (index + 1).is_multiple_of(step)
    }
}

/// Which recurrence a layer runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecurrenceKind {
    /// Gated delta net (Qwen3-Next, Qwen3.5).
    DeltaNet,
    /// Kimi delta attention.
    KimiDelta,
    /// Mamba (selective state space, per channel).
    Mamba,
    /// Mamba-2 (state space, per head).
    Mamba2,
    /// A short convolution only (LFM2).
    ShortConvolution,
    /// Lightning attention (MiniMax-M1).
    Lightning,
}

/// The recurrent layers of a hybrid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recurrence {
    /// Which recurrence.
    pub kind: RecurrenceKind,
    /// Tokens that the convolution sees, 0 without one.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub conv_kernel: u64,
    /// Value heads (channels for Mamba and the short convolution).
    pub heads: u64,
    /// Elements of one value head.
    pub head_dim: u64,
    /// State elements per channel, or elements of a key head.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub state_size: u64,
    /// Key heads, or groups that share B and C.
    #[serde(default, skip_serializing_if = "super::is_zero")]
    pub groups: u64,
}

/// Head counts and widths of one kind of attention layer; what is absent is as in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heads {
    /// Query heads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub num_attention_heads: Option<u64>,
    /// Key and value heads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub num_key_value_heads: Option<u64>,
    /// Elements of one head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_dim: Option<u64>,
}

/// A stretching of the positions for which a GGUF file carries factors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RopeScaling {
    /// Llama 3's: one row of factors.
    Llama3,
    /// `LongRoPE`: a row for long and one for short contexts.
    LongRope,
}

/// How the makers published the weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the field's own names")]
pub enum Dtype {
    Fp32,
    Fp16,
    Bf16,
    Fp8,
    Int4,
    /// Experts in 4 bits, the rest in `BF16`.
    #[serde(rename = "int4-experts")]
    Int4Experts,
    /// Experts in 4 bits, the rest in `FP8`.
    #[serde(rename = "fp4-experts")]
    Fp4Experts,
    Mxfp4,
    Nvfp4,
}
