//! A weight tensor as a GGUF file holds it: name, shape, where the loader puts it.

/// One weight tensor. `ne` are the GGUF dimensions, row length first; missing dimensions are 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tensor {
    /// Which tensor.
    pub kind: TensorKind,
    /// Where the loader puts it.
    pub place: Place,
    /// `[row length, rows, matrices]`, e.g. `[hidden_size, moe_intermediate_size, num_experts]`.
    pub ne: [u64; 3],
    /// A bias beside a weight (`.bias` instead of `.weight`): always F32.
    pub bias: bool,
}

/// Which part of the model a tensor belongs to; the loader places parts, not tensors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Token embeddings and what else is read once a token on the host.
    Input,
    /// A repeating layer.
    Layer(u32),
    /// Output matrix and output norm.
    Output,
}

/// The tensors that GGUF files hold, by the engine's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the engine's own names")]
pub enum TensorKind {
    TokenEmbd,
    Output,
    OutputNorm,
    AttnNorm,
    AttnQ,
    AttnK,
    AttnV,
    AttnQkv,
    AttnOutput,
    FfnNorm,
    FfnGate,
    FfnUp,
    FfnDown,
    FfnGateInp,
    FfnGateExps,
    FfnUpExps,
    FfnDownExps,
    FfnGateShexp,
    FfnUpShexp,
    FfnDownShexp,
}

impl TensorKind {
    /// The engine's name without the layer prefix and the suffix, e.g. `attn_q`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TokenEmbd => "token_embd",
            Self::Output => "output",
            Self::OutputNorm => "output_norm",
            Self::AttnNorm => "attn_norm",
            Self::AttnQ => "attn_q",
            Self::AttnK => "attn_k",
            Self::AttnV => "attn_v",
            Self::AttnQkv => "attn_qkv",
            Self::AttnOutput => "attn_output",
            Self::FfnNorm => "ffn_norm",
            Self::FfnGate => "ffn_gate",
            Self::FfnUp => "ffn_up",
            Self::FfnDown => "ffn_down",
            Self::FfnGateInp => "ffn_gate_inp",
            Self::FfnGateExps => "ffn_gate_exps",
            Self::FfnUpExps => "ffn_up_exps",
            Self::FfnDownExps => "ffn_down_exps",
            Self::FfnGateShexp => "ffn_gate_shexp",
            Self::FfnUpShexp => "ffn_up_shexp",
            Self::FfnDownShexp => "ffn_down_shexp",
        }
    }
}
