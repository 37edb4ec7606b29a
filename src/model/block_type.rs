//! GGML's storage types: how many bytes a row takes, and what a device adds to it.
//!
//! Source of every size: ggml-common.h and the type table in ggml.c of llama.cpp 0c1e57098; of the padding:
//! `get_alloc_size` in ggml-cuda.cu and the tensor allocator in ggml-alloc.c of the same commit.

use strum::VariantArray;

use crate::catalog::quantization::KvPrecision;

/// Bytes to which the CUDA backend aligns each tensor.
pub(crate) const DEVICE_ALIGNMENT: u64 = 128;
/// Bytes to which the CPU backend aligns each tensor (pinned or not).
pub(crate) const HOST_ALIGNMENT: u64 = 32;
/// CUDA kernels read quantized rows in steps of so many elements and must find memory behind the last one.
const ROW_PADDING: u64 = 512;

/// How GGML stores the elements of a tensor, by its own names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray)]
#[allow(non_camel_case_types, missing_docs, reason = "the engine's own names")]
pub enum BlockType {
    f64,
    f32,
    f16,
    bf16,
    i64,
    i32,
    i16,
    i8,
    q8_0,
    q8_1,
    q8_K,
    q6_K,
    q5_K,
    q5_1,
    q5_0,
    q4_K,
    q4_1,
    q4_0,
    q3_K,
    q2_K,
    q2_0,
    q1_0,
    iq4_nl,
    iq4_xs,
    iq3_s,
    iq3_xxs,
    iq2_s,
    iq2_xs,
    iq2_xxs,
    iq1_m,
    iq1_s,
    tq2_0,
    tq1_0,
    mxfp4,
    nvfp4,
}

impl BlockType {
    /// Every storage type.
    pub const ALL: &[Self] = <Self as VariantArray>::VARIANTS;

    /// Elements in one block and the bytes it takes.
    pub const fn block(self) -> (u64, u64) {
        match self {
            Self::f64 | Self::i64 => (1, 8),
            Self::f32 | Self::i32 => (1, 4),
            Self::f16 | Self::bf16 | Self::i16 => (1, 2),
            Self::i8 => (1, 1),
            Self::q8_0 => (32, 34),
            Self::q8_1 => (32, 36),
            Self::q8_K => (256, 292),
            Self::q6_K => (256, 210),
            Self::q5_K => (256, 176),
            Self::q5_1 => (32, 24),
            Self::q5_0 => (32, 22),
            Self::q4_K => (256, 144),
            Self::q4_1 => (32, 20),
            Self::q4_0 | Self::iq4_nl => (32, 18),
            Self::q3_K | Self::iq3_s => (256, 110),
            Self::q2_K => (256, 84),
            Self::q2_0 => (64, 18),
            Self::q1_0 => (128, 18),
            Self::iq4_xs => (256, 136),
            Self::iq3_xxs => (256, 98),
            Self::iq2_s => (256, 82),
            Self::iq2_xs => (256, 74),
            Self::iq2_xxs | Self::tq2_0 => (256, 66),
            Self::iq1_m => (256, 56),
            Self::iq1_s => (256, 50),
            Self::tq1_0 => (256, 54),
            Self::mxfp4 => (32, 17),
            Self::nvfp4 => (64, 36),
        }
    }

    /// The type behind the number that a GGUF file stores, or `None` for a number that no engine reads (anymore).
    #[rustfmt::skip]
    pub const fn from_gguf(id: u32) -> Option<Self> {
        Some(match id {
            0 => Self::f32, 1 => Self::f16, 2 => Self::q4_0, 3 => Self::q4_1, 6 => Self::q5_0, 7 => Self::q5_1,
            8 => Self::q8_0, 9 => Self::q8_1, 10 => Self::q2_K, 11 => Self::q3_K, 12 => Self::q4_K, 13 => Self::q5_K,
            14 => Self::q6_K, 15 => Self::q8_K, 16 => Self::iq2_xxs, 17 => Self::iq2_xs, 18 => Self::iq3_xxs,
            19 => Self::iq1_s, 20 => Self::iq4_nl, 21 => Self::iq3_s, 22 => Self::iq2_s, 23 => Self::iq4_xs,
            24 => Self::i8, 25 => Self::i16, 26 => Self::i32, 27 => Self::i64, 28 => Self::f64, 29 => Self::iq1_m,
            30 => Self::bf16, 34 => Self::tq1_0, 35 => Self::tq2_0, 39 => Self::mxfp4, 40 => Self::nvfp4,
            41 => Self::q1_0, 42 => Self::q2_0,
            _ => return None,
        })
    }

    /// Whether elements share scales, so that backends pad the rows.
    pub const fn is_quantized(self) -> bool {
        self.block().0 > 1
    }

    /// Bits an element takes, scales included.
    pub fn bits(self) -> f64 {
        let (elements, bytes) = self.block();
        8.0 * bytes as f64 / elements as f64
    }

    /// Whether rows of `ne0` elements divide into whole blocks.
    pub const fn divides(self, ne0: u64) -> bool {
        ne0.is_multiple_of(self.block().0)
    }

    /// Bytes of a row of `ne0` elements. A row that does not divide into blocks loses its rest, as in the engine.
    pub const fn row_bytes(self, ne0: u64) -> u64 {
        let (elements, bytes) = self.block();
        ne0.saturating_mul(bytes) / elements
    }

    /// Bytes of a tensor as the file holds it. `ne`: row length, rows, matrices.
    pub const fn tensor_bytes(self, ne: [u64; 3]) -> u64 {
        self.row_bytes(ne[0]).saturating_mul(ne[1]).saturating_mul(ne[2])
    }

    /// Bytes of a tensor in RAM: rounded up to the CPU backend's alignment.
    pub const fn host_bytes(self, ne: [u64; 3]) -> u64 {
        round_up(self.tensor_bytes(ne), HOST_ALIGNMENT)
    }

    /// Bytes of a tensor on a CUDA (or `ROCm`) device: a quantized one whose rows are not whole steps of 512 elements
    /// takes one partial row more, and each is rounded up to 128 bytes.
    pub const fn device_bytes(self, ne: [u64; 3]) -> u64 {
        round_up(self.tensor_bytes(ne).saturating_add(self.device_padding(ne[0])), DEVICE_ALIGNMENT)
    }

    /// Bytes that a device adds to a quantized tensor whose rows of `ne0` elements are not whole steps of 512.
    pub const fn device_padding(self, ne0: u64) -> u64 {
        let rest = ne0 % ROW_PADDING;
        if self.is_quantized() && rest != 0 { self.row_bytes(ROW_PADDING - rest) } else { 0 }
    }
}

impl KvPrecision {
    /// How llama.cpp stores such a cache; `None` for what only servers offer.
    pub const fn block_type(self) -> Option<BlockType> {
        Some(match self {
            Self::f32 => BlockType::f32,
            Self::f16 => BlockType::f16,
            Self::bf16 => BlockType::bf16,
            Self::q8_0 => BlockType::q8_0,
            Self::q5_1 => BlockType::q5_1,
            Self::q5_0 => BlockType::q5_0,
            Self::q4_1 => BlockType::q4_1,
            Self::q4_0 => BlockType::q4_0,
            Self::iq4_nl => BlockType::iq4_nl,
            Self::fp8 => return None,
        })
    }
}

const fn round_up(bytes: u64, step: u64) -> u64 {
    bytes.div_ceil(step).saturating_mul(step)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn figures_of_the_engine() {
        // Llama-3.1-8B, llama.cpp 0c1e57098: token_embd as Q4_K, output as Q6_K, an F16 embedding.
        assert_eq!(BlockType::q4_K.tensor_bytes([4096, 128_256, 1]), 295_501_824);
        assert_eq!(BlockType::q6_K.tensor_bytes([4096, 128_256, 1]), 430_940_160);
        assert_eq!(BlockType::f16.tensor_bytes([4096, 128_256, 1]), 1_050_673_152);
        // gpt-oss-20b: experts as MXFP4 with rows of 2880, 192 short of a step of 512.
        let experts = [2880, 2880, 32];
        assert_eq!(BlockType::mxfp4.tensor_bytes(experts), 141_004_800);
        assert_eq!(BlockType::mxfp4.device_bytes(experts), 141_004_928);
    }

    #[test]
    fn gguf_numbers_are_unique() {
        let known: Vec<_> = (0..64).filter_map(BlockType::from_gguf).collect();
        assert_eq!(known.len(), BlockType::ALL.len());
        assert!(BlockType::ALL.iter().all(|kind| known.contains(kind)));
    }

    #[test]
    fn only_servers_cache_in_fp8() {
        assert_eq!(KvPrecision::fp8.block_type(), None);
        assert_eq!(KvPrecision::default().block_type(), Some(BlockType::f16));
    }

    fn any_type() -> impl Strategy<Value = BlockType> {
        prop::sample::select(BlockType::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn longer_rows_take_no_less(kind in any_type(), short in 1_u64..1 << 20, more in 0_u64..1 << 20) {
            prop_assert!(kind.row_bytes(short) <= kind.row_bytes(short + more));
        }

        #[test]
        fn padding_only_adds_and_stays_below_one_row(kind in any_type(), blocks in 1_u64..999, rows in 1_u64..999) {
            let ne = [blocks * kind.block().0, rows, 2];
            let (file, host, device) = (kind.tensor_bytes(ne), kind.host_bytes(ne), kind.device_bytes(ne));
            prop_assert!(file <= host && host <= device);
            prop_assert!(device < file + kind.row_bytes(ROW_PADDING) + DEVICE_ALIGNMENT);
            prop_assert_eq!(device % DEVICE_ALIGNMENT, 0);
        }

        #[test]
        fn bits_are_sane(kind in any_type()) {
            prop_assert!((1.0..=64.0).contains(&kind.bits()));
        }
    }
}
