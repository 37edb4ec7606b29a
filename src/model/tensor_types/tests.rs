//! What the engine chose, tensor by tensor: llama-quantize of llama.cpp 0c1e57098 in a dry run.

use super::*;

const LLAMA_8B: MixContext = MixContext { experts: 0, query_groups: 4, quirk: Quirk::None, experts_stay: None };

fn matrix(kind: TensorKind, layer: u32, ne: [u64; 3]) -> Tensor {
    Tensor { kind, place: Place::Layer(layer), ne, bias: false }
}

/// The types of one kind of matrix in each of 32 layers.
fn column(kind: TensorKind, ne: [u64; 3], context: MixContext, file: Quantization) -> Vec<BlockType> {
    let tensors: Vec<_> = (0..32).map(|layer| matrix(kind, layer, ne)).collect();
    types(&tensors, 32, context, file)
}

fn layers_with(types: &[BlockType], kind: BlockType) -> Vec<usize> {
    types.iter().enumerate().filter(|(_, it)| **it == kind).map(|(layer, _)| layer).collect()
}

#[test]
fn medium_mixes_spend_bits_on_the_ends_and_every_third_layer() {
    let expected = [0, 1, 2, 3, 6, 9, 12, 15, 18, 21, 24, 27, 28, 29, 30, 31];
    for file in [Quantization::Q4_K_M, Quantization::Q5_K_M] {
        let down = column(TensorKind::FfnDown, [14336, 4096, 1], LLAMA_8B, file);
        assert_eq!(layers_with(&down, BlockType::q6_K), expected, "{file}");
        let value = column(TensorKind::AttnV, [4096, 1024, 1], LLAMA_8B, file);
        assert_eq!(layers_with(&value, BlockType::q6_K), expected, "{file}");
    }
    let down = column(TensorKind::FfnDown, [14336, 4096, 1], LLAMA_8B, Quantization::Q3_K_M);
    assert_eq!(layers_with(&down, BlockType::q5_K), [0, 1]);
    assert_eq!(layers_with(&down, BlockType::q4_K).len(), 30);
}

#[test]
fn eight_experts_keep_keys_and_values() {
    let mixtral = MixContext { experts: 8, ..LLAMA_8B };
    for kind in [TensorKind::AttnK, TensorKind::AttnV] {
        let types = column(kind, [4096, 1024, 1], mixtral, Quantization::Q4_K_M);
        assert_eq!(layers_with(&types, BlockType::q8_0).len(), 32);
    }
    let output = column(TensorKind::AttnOutput, [4096, 4096, 1], mixtral, Quantization::Q4_K_M);
    assert_eq!(layers_with(&output, BlockType::q5_K).len(), 32);
}

#[test]
fn a_70b_gets_better_values() {
    let context = MixContext::new("llama", 80, 64, 8, 0);
    assert_eq!(context.quirk, Quirk::SeventyB);
    let value = column(TensorKind::AttnV, [8192, 1024, 1], context, Quantization::Q3_K_S);
    assert_eq!(layers_with(&value, BlockType::q5_K).len(), 32);
    assert_eq!(MixContext::new("llama", 80, 64, 64, 0).quirk, Quirk::None);
    assert_eq!(MixContext::new("qwen2", 80, 64, 8, 0).quirk, Quirk::SeventyB);
}

#[test]
fn rows_that_do_not_divide_fall_back() {
    // Qwen2.5-0.5B: rows of 896 are no multiple of 256.
    for (file, expected) in [
        (Quantization::Q4_K_S, BlockType::q5_0),
        (Quantization::Q6_K, BlockType::q8_0),
        (Quantization::Q5_K_S, BlockType::q5_1),
        (Quantization::Q3_K_S, BlockType::q4_0),
        (Quantization::IQ4_XS, BlockType::iq4_nl),
    ] {
        let up = column(TensorKind::FfnUp, [896, 4864, 1], LLAMA_8B, file);
        assert_eq!(layers_with(&up, expected).len(), 32, "{file}");
    }
    let odd = column(TensorKind::FfnUp, [900, 4864, 1], LLAMA_8B, Quantization::Q4_0);
    assert_eq!(layers_with(&odd, BlockType::f16).len(), 32);
}

#[test]
fn tied_embeddings_are_stored_like_an_output_matrix() {
    let embeddings = Tensor { kind: TensorKind::TokenEmbd, place: Place::Input, ne: [2048, 1000, 1], bias: false };
    let output = Tensor { kind: TensorKind::Output, place: Place::Output, ..embeddings };
    let of = |tensors: &[Tensor]| types(tensors, 32, LLAMA_8B, Quantization::Q4_K_M);
    assert_eq!(of(&[embeddings]), [BlockType::q6_K]);
    assert_eq!(of(&[embeddings, output]), [BlockType::q4_K, BlockType::q6_K]);
}

#[test]
fn experts_are_microscaled_and_the_rest_is_not() {
    let context = MixContext { experts: 32, query_groups: 8, ..LLAMA_8B };
    let tensors = [
        matrix(TensorKind::AttnQ, 0, [2880, 4096, 1]),
        matrix(TensorKind::FfnUpExps, 0, [2880, 2880, 32]),
        Tensor { bias: true, ..matrix(TensorKind::FfnUpExps, 0, [2880, 32, 1]) },
        matrix(TensorKind::FfnGateInp, 0, [2880, 32, 1]),
    ];
    let expected = [BlockType::q8_0, BlockType::mxfp4, BlockType::f32, BlockType::f32];
    assert_eq!(types(&tensors, 24, context, Quantization::MXFP4_MOE), expected);
}

#[test]
fn positions_follow_layers_not_the_order_of_the_list() {
    let mut tensors: Vec<_> = (0..32).map(|layer| matrix(TensorKind::FfnDown, layer, [14336, 4096, 1])).collect();
    let forward = types(&tensors, 32, LLAMA_8B, Quantization::Q4_K_S);
    tensors.reverse();
    let mut backward = types(&tensors, 32, LLAMA_8B, Quantization::Q4_K_S);
    backward.reverse();
    assert_eq!(forward, backward);
    assert_eq!(layers_with(&forward, BlockType::q5_K), [0, 1, 2, 3]);
}

#[test]
fn plain_files_are_plain() {
    let tensors = [
        matrix(TensorKind::AttnQ, 0, [4096, 4096, 1]),
        matrix(TensorKind::FfnGateInp, 0, [4096, 8, 1]),
        matrix(TensorKind::AttnNorm, 0, [4096, 1, 1]),
    ];
    for (file, expected) in [
        (Quantization::fp32, BlockType::f32),
        (Quantization::fp16, BlockType::f16),
        (Quantization::bf16, BlockType::bf16),
    ] {
        assert_eq!(types(&tensors, 1, LLAMA_8B, file), [expected, BlockType::f32, BlockType::f32]);
    }
}

/// gpt-oss: the quantizer is never given its experts, whatever the file is called.
#[test]
fn published_experts_stay_in_files_of_every_name() {
    let context = MixContext { experts: 32, query_groups: 8, experts_stay: Some(BlockType::mxfp4), ..LLAMA_8B };
    let tensors = [
        matrix(TensorKind::AttnQ, 0, [2880, 4096, 1]),
        matrix(TensorKind::FfnUpExps, 0, [2880, 2880, 32]),
        Tensor { bias: true, ..matrix(TensorKind::FfnUpExps, 0, [2880, 32, 1]) },
        matrix(TensorKind::FfnGateInp, 0, [2880, 32, 1]),
    ];
    for (file, rest) in [
        (Quantization::F16, BlockType::f16),
        (Quantization::Q8_0, BlockType::q8_0),
        (Quantization::Q4_K_M, BlockType::q5_0),
        (Quantization::Q2_K, BlockType::q4_0),
    ] {
        let expected = [rest, BlockType::mxfp4, BlockType::f32, BlockType::f32];
        assert_eq!(types(&tensors, 24, context, file), expected, "{file}");
    }
}
