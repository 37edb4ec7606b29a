//! A weight tensor as a GGUF file holds it: name, shape, where the loader puts it.

use std::fmt;

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

impl Tensor {
    /// How many numbers it holds.
    pub const fn elements(&self) -> u64 {
        self.ne[0] * self.ne[1] * self.ne[2]
    }

    /// What follows the tensor's name in the file: `.weight`, `.bias`, `.scale`, or nothing for the state matrices.
    pub const fn suffix(&self) -> &'static str {
        match self.kind {
            _ if self.bias => ".bias",
            TensorKind::SsmA | TensorKind::SsmD => "",
            TensorKind::FfnGateInpScale | TensorKind::FfnDownExpsScale => ".scale",
            _ => ".weight",
        }
    }
}

/// The name in the file, e.g. `blk.3.attn_q.weight`.
impl fmt::Display for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Place::Layer(index) = self.place
            && !self.kind.is_global()
        {
            write!(f, "blk.{index}.")?;
        }
        write!(f, "{}{}", self.kind.name(), self.suffix())
    }
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

macro_rules! tensor_kinds {
    ($($variant:ident = $name:literal,)*) => {
        /// The tensors that GGUF files hold, by the engine's names.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "the engine's own names")]
        pub enum TensorKind {
            $($variant,)*
        }

        impl TensorKind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The engine's name without the layer prefix and the suffix, e.g. `attn_q`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

tensor_kinds! {
    TokenEmbd = "token_embd",
    PerLayerTokenEmbd = "per_layer_token_embd",
    PerLayerModelProj = "per_layer_model_proj",
    PerLayerProjNorm = "per_layer_proj_norm",
    AltupProj = "altup_proj",
    AltupUnembdProj = "altup_unembd_proj",
    RopeFreqs = "rope_freqs",
    RopeFactorsLong = "rope_factors_long",
    RopeFactorsShort = "rope_factors_short",
    NextnEhProj = "nextn.eh_proj",
    NextnEnorm = "nextn.enorm",
    NextnHnorm = "nextn.hnorm",
    NextnEmbedTokens = "nextn.embed_tokens",
    NextnSharedHeadHead = "nextn.shared_head_head",
    NextnSharedHeadNorm = "nextn.shared_head_norm",
    OutputNorm = "output_norm",
    TokenEmbdNorm = "token_embd_norm",
    Output = "output",
    OutputResScore = "output_res_score",
    AttnNorm = "attn_norm",
    AttnNorm2 = "attn_norm_2",
    AttnQ = "attn_q",
    AttnK = "attn_k",
    AttnV = "attn_v",
    AttnQkv = "attn_qkv",
    AttnGate = "attn_gate",
    AttnOutput = "attn_output",
    AttnOutputA = "attn_output_a",
    AttnOutputB = "attn_output_b",
    AttnKv = "attn_kv",
    AttnCompressorKv = "attn_compressor_kv",
    AttnCompressorGate = "attn_compressor_gate",
    AttnCompressorApe = "attn_compressor_ape",
    AttnCompressorNorm = "attn_compressor_norm",
    AttnQNorm = "attn_q_norm",
    AttnKNorm = "attn_k_norm",
    AttnSinks = "attn_sinks",
    AttnResScore = "attn_res_score",
    PostAttentionNorm = "post_attention_norm",
    AttnQA = "attn_q_a",
    AttnQB = "attn_q_b",
    AttnKvAMqa = "attn_kv_a_mqa",
    AttnKB = "attn_k_b",
    AttnVB = "attn_v_b",
    AttnQANorm = "attn_q_a_norm",
    AttnKvANorm = "attn_kv_a_norm",
    IndexerKNorm = "indexer.k_norm",
    IndexerQNorm = "indexer.q_norm",
    IndexerProj = "indexer.proj",
    IndexerAttnK = "indexer.attn_k",
    IndexerAttnQB = "indexer.attn_q_b",
    IndexerQProj = "indexer.q_proj",
    IndexerKProj = "indexer.k_proj",
    IndexerCompressorKv = "indexer_compressor_kv",
    IndexerCompressorGate = "indexer_compressor_gate",
    IndexerCompressorApe = "indexer_compressor_ape",
    IndexerCompressorNorm = "indexer_compressor_norm",
    HcAttnFn = "hc_attn_fn",
    HcAttnBase = "hc_attn_base",
    HcAttnScale = "hc_attn_scale",
    HcFfnFn = "hc_ffn_fn",
    HcFfnBase = "hc_ffn_base",
    HcFfnScale = "hc_ffn_scale",
    OutputHcFn = "output_hc_fn",
    OutputHcBase = "output_hc_base",
    OutputHcScale = "output_hc_scale",
    SsmIn = "ssm_in",
    SsmConv1d = "ssm_conv1d",
    SsmConv1dQ = "ssm_conv1d_q",
    SsmConv1dK = "ssm_conv1d_k",
    SsmConv1dV = "ssm_conv1d_v",
    SsmX = "ssm_x",
    SsmDt = "ssm_dt",
    SsmDtNorm = "ssm_dt_norm",
    SsmBNorm = "ssm_b_norm",
    SsmCNorm = "ssm_c_norm",
    SsmA = "ssm_a",
    SsmD = "ssm_d",
    SsmNorm = "ssm_norm",
    SsmOut = "ssm_out",
    SsmBa = "ssm_ba",
    SsmBeta = "ssm_beta",
    SsmAlpha = "ssm_alpha",
    SsmFA = "ssm_f_a",
    SsmFB = "ssm_f_b",
    SsmG = "ssm_g",
    SsmGA = "ssm_g_a",
    SsmGB = "ssm_g_b",
    ShortconvConv = "shortconv.conv",
    ShortconvInProj = "shortconv.in_proj",
    ShortconvOutProj = "shortconv.out_proj",
    FfnNorm = "ffn_norm",
    FfnGate = "ffn_gate",
    FfnUp = "ffn_up",
    FfnDown = "ffn_down",
    FfnResScore = "ffn_res_score",
    FfnGateInp = "ffn_gate_inp",
    FfnGateTid2eid = "ffn_gate_tid2eid",
    FfnGateInpScale = "ffn_gate_inp",
    FfnGateInpShexp = "ffn_gate_inp_shexp",
    FfnExpProbsB = "exp_probs_b",
    FfnGateUpExps = "ffn_gate_up_exps",
    FfnGateExps = "ffn_gate_exps",
    FfnUpExps = "ffn_up_exps",
    FfnDownExps = "ffn_down_exps",
    FfnDownExpsScale = "ffn_down_exps",
    FfnGateShexp = "ffn_gate_shexp",
    FfnUpShexp = "ffn_up_shexp",
    FfnDownShexp = "ffn_down_shexp",
    FfnLatentDown = "ffn_latent_down",
    FfnLatentUp = "ffn_latent_up",
    FfnRoutedDown = "ffn_routed_down",
    FfnRoutedUp = "ffn_routed_up",
    FfnRoutedNorm = "ffn_routed_norm",
    PostFfwNorm = "post_ffw_norm",
    PreFfwNorm2 = "pre_ffw_norm_2",
    PostFfwNorm1 = "post_ffw_norm_1",
    PostFfwNorm2 = "post_ffw_norm_2",
    LayerOutputScale = "layer_output_scale",
    InpGate = "inp_gate",
    Proj = "proj",
    PostNorm = "post_norm",
    AltupCorrectCoef = "altup_correct_coef",
    AltupCorrectScale = "altup_correct_scale",
    AltupPredictCoef = "altup_predict_coef",
    AltupRouter = "altup_router",
    AltupRouterNorm = "altup_router_norm",
    LaurelL = "laurel_l",
    LaurelR = "laurel_r",
    LaurelPostNorm = "laurel_post_norm",
    Other = "other",
}

impl TensorKind {
    /// A matrix of the routed experts, which `--n-cpu-moe` keeps in RAM.
    pub const fn is_expert(self) -> bool {
        matches!(
            self,
            Self::FfnGateUpExps | Self::FfnGateExps | Self::FfnUpExps | Self::FfnDownExps | Self::FfnDownExpsScale
        )
    }

    /// A projection that adapters are trained for: of attention, and of the MLP or of shared experts.
    pub(crate) const fn is_adapted(self) -> bool {
        matches!(
            self,
            Self::AttnQ
                | Self::AttnK
                | Self::AttnV
                | Self::AttnQkv
                | Self::AttnOutput
                | Self::FfnGate
                | Self::FfnUp
                | Self::FfnDown
                | Self::FfnGateShexp
                | Self::FfnUpShexp
                | Self::FfnDownShexp
        )
    }

    /// One for the whole model, although the loader puts it with the first layer. Factors of the positions lie on every
    /// device that holds a layer; they are counted once.
    pub(crate) const fn is_global(self) -> bool {
        matches!(
            self,
            Self::RopeFreqs
                | Self::RopeFactorsLong
                | Self::RopeFactorsShort
                | Self::PerLayerModelProj
                | Self::PerLayerProjNorm
        )
    }
}
