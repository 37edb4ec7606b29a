//! Tensors that are not quantized, by the engine's names.

use super::Quirk;

/// What a file keeps of a tensor's precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeptPrecision {
    /// Nothing: it is quantized.
    Never,
    /// All: stored as F32 whatever the file type.
    Single,
    /// Not quantized, but stored with 16 bits like the matrices of an unquantized file.
    Half,
    /// F32 in an unquantized file, yet quantized in others.
    PlainOnly,
    /// Whole numbers: a table from token to expert.
    Index,
}

/// Names that end so are F32 in every file.
const SINGLE_ENDINGS: [&str; 15] = [
    "_norm",
    "ffn_gate_inp",
    "ssm_a",
    "ssm_d",
    "shortconv.conv",
    "altup_correct_coef",
    "altup_predict_coef",
    "position_embd",
    "token_types",
    "time_mix_first",
    "time_mix_w1",
    "time_mix_w2",
    "time_mix_decay_w1",
    "time_mix_decay_w2",
    "time_mix_lerp_fused",
];

/// Names that hold one of these are not quantized, but 16 bits wide.
const HALF_PARTS: [&str; 15] = [
    "altup",
    "laurel",
    "per_layer_model_proj",
    "time_mix_w0",
    "time_mix_v0",
    "time_mix_v1",
    "time_mix_v2",
    "time_mix_a0",
    "time_mix_a1",
    "time_mix_a2",
    "time_mix_g1",
    "time_mix_g2",
    "attn_rel_b",
    ".patch_embd",
    ".patch_merger",
];

/// What GLM-5 next keeps beside the rest: its hyper-connections and indexer are F32 when converted, the others not.
const GLM5_SINGLE_PARTS: [&str; 3] = ["hc_", "indexer_compressor_gate", "indexer_compressor_ape"];
const GLM5_HALF_PARTS: [&str; 10] = [
    "indexer.attn_q_b",
    "indexer.attn_k",
    "ssm_f_a",
    "ssm_f_b",
    "ssm_g_a",
    "ssm_g_b",
    "ssm_beta",
    "attn_kv_a_mqa",
    "attn_k_b",
    "attn_v_b",
];

/// What a file keeps of the tensor with this name (without layer and suffix). Vectors and biases are F32 besides.
pub(super) fn keep(name: &str, quirk: Quirk) -> KeptPrecision {
    let ends = |endings: &[&str]| endings.iter().any(|it| name.ends_with(it));
    let holds = |parts: &[&str]| parts.iter().any(|it| name.contains(it));
    let glm5 = quirk == Quirk::Glm5Next;
    let indexer = ends(&["indexer.k_proj", "indexer.q_proj"]) || glm5 && name.ends_with("indexer.proj");
    if name.ends_with("ffn_gate_tid2eid") {
        KeptPrecision::Index
    } else if ends(&SINGLE_ENDINGS) || name.contains("ssm_conv1d") || indexer || glm5 && holds(&GLM5_SINGLE_PARTS) {
        KeptPrecision::Single
    } else if holds(&HALF_PARTS) || glm5 && holds(&GLM5_HALF_PARTS) {
        KeptPrecision::Half
    } else if ends(&["indexer.proj", "ffn_gate_inp_shexp"]) {
        KeptPrecision::PlainOnly
    } else {
        KeptPrecision::Never
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routers_norms_and_convolutions_stay_whole() {
        for name in ["attn_norm", "output_norm", "ffn_gate_inp", "ssm_conv1d", "ssm_conv1d_q", "shortconv.conv"] {
            assert_eq!(keep(name, Quirk::None), KeptPrecision::Single, "{name}");
        }
    }

    #[test]
    fn matrices_do_not() {
        for name in ["output", "token_embd", "attn_q", "ffn_gate_exps", "ffn_gate_up_exps", "ssm_in", "attn_k_b"] {
            assert_eq!(keep(name, Quirk::None), KeptPrecision::Never, "{name}");
        }
        assert_eq!(keep("attn_k_b", Quirk::Glm5Next), KeptPrecision::Half);
    }

    #[test]
    fn gemma_3n_keeps_its_side_streams() {
        assert_eq!(keep("altup_proj", Quirk::None), KeptPrecision::Half);
        assert_eq!(keep("laurel_l", Quirk::None), KeptPrecision::Half);
        assert_eq!(keep("altup_predict_coef", Quirk::None), KeptPrecision::Single);
        assert_eq!(keep("per_layer_token_embd", Quirk::None), KeptPrecision::Never);
    }
}
