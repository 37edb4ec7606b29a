//! The precision in which a model was published, where that is a low one: what is stored so loses nothing.

use super::{Dtype, Model};
use crate::catalog::quantization::{Quantization, QuantizationKind};

impl Dtype {
    /// The precision that holds the weights as they were published, for those who read `kind`; `None` where there is none
    /// or the weights were published with 16 bits or more.
    pub const fn stored(self, kind: QuantizationKind) -> Option<Quantization> {
        match (self, kind) {
            (Self::Mxfp4 | Self::Fp4Experts, QuantizationKind::Gguf) => Some(Quantization::MXFP4_MOE),
            (Self::Mxfp4 | Self::Fp4Experts, QuantizationKind::Server) => Some(Quantization::mxfp4),
            (Self::Fp8, QuantizationKind::Server) => Some(Quantization::fp8),
            (Self::Int4 | Self::Int4Experts, QuantizationKind::Server) => Some(Quantization::int4),
            (Self::Nvfp4, QuantizationKind::Server) => Some(Quantization::nvfp4),
            _ => None,
        }
    }

    /// Bits of a weight as published; of the experts where they differ from the rest. A copy with more bits is no better.
    pub const fn bits(self) -> f64 {
        match self {
            Self::Fp32 => 32.0,
            Self::Fp16 | Self::Bf16 => 16.0,
            Self::Fp8 => 8.0,
            // With a scale of 16 bits for every 32 to 128 weights.
            Self::Int4 | Self::Int4Experts | Self::Nvfp4 => 4.5,
            Self::Mxfp4 | Self::Fp4Experts => 4.25,
        }
    }
}

impl Model {
    /// Whether GGUF files of every name hold the experts as they were published. The converter of llama.cpp passes MXFP4
    /// experts on as they are, the quantizer refuses to store them anew, and those who publish files keep them: "all quants
    /// keep the feed forward networks at mxfp4" (bartowski/openai_gpt-oss-20b-GGUF). A copy that was unpacked to 16 bits first
    /// says so in its own configuration. Sources: llama.cpp PR 16756 and `llama-quant.cpp` ("requantizing from type ... is
    /// disabled") at 007dbbf3f.
    pub fn keeps_published_experts(&self) -> bool {
        self.experts.is_some() && self.native_dtype == Some(Dtype::Mxfp4)
    }
}
