//! A model's layers in one normal form, whatever the architecture: what the memory laws are written over.

use crate::catalog::model::RecurrenceKind;

/// One transformer block (or one block of a hybrid that has only a mixer or only a feed-forward part).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layer {
    /// What mixes the tokens of a sequence.
    pub mixer: Mixer,
    /// What transforms each token by itself.
    pub feed_forward: FeedForward,
}

/// What mixes the tokens of a sequence in one layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mixer {
    /// Nothing: a feed-forward block of its own.
    None,
    /// Attention over cached keys and values.
    Attention(Attention),
    /// A recurrence whose state does not grow with the context.
    Recurrent(Recurrent),
}

/// The shape of one attention layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attention {
    /// How far back a token looks.
    pub span: Span,
    /// Query heads.
    pub heads: u64,
    /// Key and value heads (1 for a latent cache as the engine stores it).
    pub kv_heads: u64,
    /// Elements of one key head as the model defines it, position part included. A latent cache is read absorbed: its
    /// `width` and `rank` stand in `cache`.
    pub key_dim: u64,
    /// Elements of one value head as the model defines it.
    pub value_dim: u64,
    /// What the layer keeps for each token.
    pub cache: Cache,
    /// Elements of the index key that sparse attention keeps for each token beside the cache (one head), 0 for none.
    pub index_dim: u64,
}

/// How far back an attention layer looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The whole context.
    Full,
    /// The last so many tokens (sliding window or chunk): a cache of its own, see `swa`.
    Window(u64),
}

/// What an attention layer keeps for each token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// Keys and values: `kv_heads × key_dim` and `kv_heads × value_dim` elements.
    KeyValue,
    /// MLA: one latent row of `width` elements (`kv_lora_rank + qk_rope_head_dim`) as key, no value.
    Latent {
        /// Elements a token.
        width: u64,
        /// Elements of the latent that the absorbed attention returns (`kv_lora_rank`).
        rank: u64,
    },
    /// One row of `key_dim` elements a token of the window as key and value, and behind it one for every so many tokens; with
    /// them a state of what is not yet compressed.
    Compressed {
        /// Tokens that are kept as one, 0 for the window alone.
        ratio: u64,
    },
    /// Nothing of its own: reads the cache of an earlier layer.
    Shared,
}

/// The shape of one recurrent layer. Counts are elements of one sequence; the engine keeps them as F32.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recurrent {
    /// Which recurrence.
    pub kind: RecurrenceKind,
    /// Elements of the convolution's window (`(kernel - 1) × channels`).
    pub convolution_elements: u64,
    /// Elements of the state proper.
    pub state_elements: u64,
    /// Channels that enter the convolution.
    pub convolution_channels: u64,
    /// Width of the mixer's inner activations (`d_inner`, or value heads × head width).
    pub inner_width: u64,
    /// Heads of the recurrence (value heads, SSM heads; channels where every channel is its own: Mamba, convolution).
    pub heads: u64,
    /// Width of one head.
    pub head_dim: u64,
    /// State elements per channel (`ssm_state_size`, or key head width).
    pub state_size: u64,
    /// Groups that share B and C (or key heads).
    pub groups: u64,
}

/// What transforms each token by itself in one layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedForward {
    /// Nothing: a mixer block of its own.
    None,
    /// One MLP.
    Dense {
        /// `intermediate_size` of this layer.
        width: u64,
        /// Up and gate, or up alone.
        gated: bool,
        /// Up and gate come out of one matrix (Phi-3, Phi-4).
        fused: bool,
    },
    /// A router and experts.
    Experts {
        /// Experts in the layer.
        experts: u64,
        /// Experts a token passes through.
        experts_per_token: u64,
        /// `moe_intermediate_size`.
        width: u64,
        /// Width of all shared experts (or of a dense MLP beside the experts) together, 0 for none.
        shared_width: u64,
        /// Up and gate, or up alone.
        gated: bool,
    },
}
