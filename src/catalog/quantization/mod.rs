//! Precisions of weights and of the KV cache, under the names people use for them.

mod facts_table;
mod names;

use serde::{Deserialize, Serialize};
use strum::{Display, IntoStaticStr, VariantArray, VariantNames};

pub use facts_table::{QuantizationFacts, QuantizationKind};
pub use names::UnknownPrecision;

/// How a model's weights are stored: a GGUF file type or a server's precision.
///
/// Names are those of `llama-quantize` and of the script contract.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    IntoStaticStr,
    VariantArray,
    VariantNames,
)]
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

impl Quantization {
    /// The steps of the precision slider, most bits first; their short names are in the table of facts.
    pub const SLIDER: [Self; 8] =
        [Self::F32, Self::BF16, Self::Q8_0, Self::Q6_K, Self::Q5_K_M, Self::Q4_K_M, Self::Q3_K_M, Self::Q2_K];

    /// The same for server engines.
    pub const SERVER_SLIDER: [Self; 4] = [Self::fp32, Self::bf16, Self::fp8, Self::int4];

    /// Whether this is a GGUF file type or a server's precision.
    pub const fn kind(self) -> QuantizationKind {
        match self {
            Self::fp32
            | Self::bf16
            | Self::fp16
            | Self::fp8
            | Self::int8
            | Self::int4
            | Self::mxfp4
            | Self::nvfp4
            | Self::nf4
            | Self::awq
            | Self::gptq => QuantizationKind::Server,
            _ => QuantizationKind::Gguf,
        }
    }

    /// The GGUF file type that llama.cpp runs for this choice: itself, the plain file type for a plain precision, and
    /// `None` for what only servers run.
    pub const fn gguf(self) -> Option<Self> {
        match self {
            Self::fp32 => Some(Self::F32),
            Self::bf16 => Some(Self::BF16),
            Self::fp16 => Some(Self::F16),
            _ => match self.kind() {
                QuantizationKind::Gguf => Some(self),
                QuantizationKind::Server => None,
            },
        }
    }

    /// The precision that a server engine runs for this choice: itself, the plain precision for a plain GGUF file type, and
    /// `None` for what only llama.cpp reads.
    pub const fn server(self) -> Option<Self> {
        match self {
            Self::F32 => Some(Self::fp32),
            Self::BF16 => Some(Self::bf16),
            Self::F16 => Some(Self::fp16),
            _ => match self.kind() {
                QuantizationKind::Gguf => None,
                QuantizationKind::Server => Some(self),
            },
        }
    }

    /// The precision of servers that comes nearest in bits.
    #[must_use]
    pub const fn nearest_server(self) -> Self {
        match self {
            Self::MXFP4_MOE => Self::mxfp4,
            Self::Q8_0 | Self::Q6_K | Self::Q5_K_M | Self::Q5_K_S | Self::Q5_1 | Self::Q5_0 => Self::fp8,
            _ => match self.server() {
                Some(precision) => precision,
                None => Self::int4,
            },
        }
    }

    /// The GGUF file type that comes nearest in bits.
    #[must_use]
    pub const fn nearest_gguf(self) -> Self {
        match self {
            Self::fp8 | Self::int8 => Self::Q8_0,
            Self::mxfp4 => Self::MXFP4_MOE,
            _ => match self.gguf() {
                Some(file_type) => file_type,
                None => Self::Q4_K_M,
            },
        }
    }

    /// Whether `llama-quantize` refuses to make such a file without an importance matrix, so that the mix with one is
    /// what exists; plans mark it as an estimate, since authors' matrices and overrides differ.
    /// Source: `tensor_requires_imatrix` in llama-quant.cpp of llama.cpp 0c1e57098.
    pub const fn needs_importance_matrix(self) -> bool {
        matches!(
            self,
            Self::IQ3_XS
                | Self::IQ3_XXS
                | Self::Q2_K_S
                | Self::IQ2_M
                | Self::IQ2_S
                | Self::IQ2_XS
                | Self::IQ2_XXS
                | Self::IQ1_M
                | Self::IQ1_S
        )
    }
}

/// How one element of the KV cache is stored.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Display,
    IntoStaticStr,
    VariantArray,
    VariantNames,
)]
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
