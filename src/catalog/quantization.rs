//! Precisions of weights and of the KV cache, under the names people use for them.

use serde::{Deserialize, Serialize};

/// How a model's weights are stored: a GGUF file type or a server's precision.
///
/// Names are those of `llama-quantize` and of the script contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(non_camel_case_types, missing_docs, reason = "the field's own names, which say what they are")]
pub enum Quantization {
    F32,
    F16,
    BF16,
    Q8_0,
    Q6_K,
    Q5_K_M,
    Q5_K_S,
    Q5_1,
    Q5_0,
    Q4_K_M,
    Q4_K_S,
    Q4_1,
    Q4_0,
    IQ4_NL,
    IQ4_XS,
    Q3_K_L,
    Q3_K_M,
    Q3_K_S,
    IQ3_M,
    IQ3_S,
    IQ3_XS,
    IQ3_XXS,
    Q2_K,
    Q2_K_S,
    IQ2_M,
    IQ2_S,
    IQ2_XS,
    IQ2_XXS,
    IQ1_M,
    IQ1_S,
    TQ1_0,
    TQ2_0,
    MXFP4_MOE,
    fp32,
    bf16,
    fp16,
    fp8,
    int8,
    int4,
    mxfp4,
    nvfp4,
    nf4,
    awq,
    gptq,
}

/// How one element of the KV cache is stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(non_camel_case_types, missing_docs, reason = "the field's own names, which say what they are")]
pub enum KvPrecision {
    f32,
    #[default]
    f16,
    bf16,
    q8_0,
    q5_1,
    q5_0,
    q4_1,
    q4_0,
    iq4_nl,
    fp8,
}
