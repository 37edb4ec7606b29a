//! Figures that llama.cpp 0c1e57098 itself reports: model size and buffers of its loader on one padding device.

use proptest::prelude::*;

use super::*;
use crate::catalog::model::{FILES, Model};
use crate::catalog::quantization::Quantization;
use crate::model::layout;
use crate::model::tensor_types::{self, MixContext};

fn model(id: &str) -> Model {
    let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    let mut models = FILES.iter().flat_map(|(_, text)| options.from_str::<Vec<Model>>(text).unwrap());
    models.find(|it| it.id == id).unwrap()
}

fn weights(id: &str, file: Quantization) -> WeightSums {
    of_model(&model(id), file)
}

fn of_model(model: &Model, file: Quantization) -> WeightSums {
    let layers = u32::try_from(model.num_hidden_layers).unwrap();
    let tensors = layout::tensors(model).unwrap();
    let types = tensor_types::types(&tensors, layers, MixContext::of(model), file);
    let places = vec![WeightPlace::WithLayer; tensors.len()];
    WeightSums::with_types(&tensors, &types, &places, &vec![true; layers as usize])
}

/// Model, file type, parameters, model size, device buffer and host buffer with all layers on one device.
const ENGINE: [(&str, Quantization, u64, u64, u64, u64); 13] = [
    ("llama-2-7b", Quantization::Q8_0, 6_738_415_616, 7_160_348_672, 7_021_096_960, 139_264_000),
    ("llama-3.1-8b", Quantization::Q4_K_M, 8_030_261_312, 4_912_898_304, 4_617_396_480, 295_501_824),
    ("llama-3.1-8b", Quantization::Q8_0, 8_030_261_312, 8_532_934_912, 7_974_764_800, 558_170_112),
    ("mixtral-8x7b", Quantization::Q4_K_M, 46_702_792_704, 28_447_727_616, 28_373_999_616, 73_728_000),
    ("mixtral-8x7b", Quantization::IQ4_XS, 46_702_792_704, 25_373_401_088, 25_303_769_088, 69_632_000),
    ("qwen3-30b-a3b", Quantization::F16, 30_532_122_624, 61_089_832_960, 60_467_503_104, 622_329_856),
    ("gemma-3-27b", Quantization::Q4_K_M, 27_009_346_304, 16_540_125_824, 16_540_205_440, 1_156_337_280),
    ("deepseek-v2-lite", Quantization::Q3_K_M, 15_706_484_224, 8_126_370_816, 8_036_275_968, 90_112_000),
    ("qwen3-next-80b-a3b", Quantization::Q5_K_M, 79_674_391_296, 56_744_690_688, 56_530_764_800, 213_925_888),
    ("qwen2.5-0.5b", Quantization::Q4_K_M, 494_032_768, 391_859_712, 391_886_080, 144_643_072),
    ("qwen2.5-0.5b", Quantization::Q6_K, 494_032_768, 499_788_288, 499_831_552, 144_643_072),
    ("gpt-oss-20b", Quantization::MXFP4_MOE, 20_914_757_184, 12_096_558_336, 11_481_256_960, 615_329_280),
    ("gemma-3-12b", Quantization::IQ4_XS, 11_766_034_176, 6_599_708_544, 6_599_770_240, 825_955_200),
];

#[test]
fn the_engine_reports_the_same() {
    for (id, file, parameters, size, device, host) in ENGINE {
        let weights = weights(id, file);
        assert_eq!(weights.parameters, parameters, "{id}");
        assert_eq!(weights.file, Bytes(size), "{id} {file}");
        let on_device = weights.on_device(0..weights.layers(), 0, true, Side::Device);
        assert_eq!(on_device, Bytes(device), "{id} {file}");
        assert_eq!(weights.input.host, Bytes(host), "{id} {file}");
    }
}

/// Files that are published of gpt-oss, in GiB: unsloth/gpt-oss-120b-GGUF, ggml-org's MXFP4, and `Q4_K_M` of the 20B. Their
/// experts are MXFP4 under every name.
#[test]
fn published_files_hold_the_published_experts() {
    for (id, file, gib) in [
        ("gpt-oss-120b", Quantization::Q2_K, 58.3),
        ("gpt-oss-120b", Quantization::Q4_K_M, 58.5),
        ("gpt-oss-120b", Quantization::Q8_0, 59.0),
        ("gpt-oss-120b", Quantization::MXFP4_MOE, 59.0),
        ("gpt-oss-120b", Quantization::F16, 60.9),
        ("gpt-oss-20b", Quantization::Q4_K_M, 10.9),
        ("gpt-oss-20b", Quantization::MXFP4_MOE, 11.27),
    ] {
        let size = weights(id, file).file.0 as f64 / (1_u64 << 30) as f64;
        assert!((size / gib - 1.0).abs() < 0.01, "{id} {file}: {size}");
    }
}

/// A copy that was unpacked to 16 bits is quantized like any other model; the figures are the engine's.
#[test]
fn unpacked_experts_are_quantized() {
    let fields = crate::catalog::model::ModelFields { native_dtype: None, ..model("gpt-oss-20b").into_fields() };
    let unpacked = Model::new(fields).unwrap();
    for (file, size, device, host) in [
        (Quantization::F16, 41_847_879_936, 40_689_613_056, 1_158_266_880),
        (Quantization::Q8_0, 22_248_903_936, 21_633_611_776, 615_329_280),
        (Quantization::Q4_K_M, 15_792_128_256, 15_394_011_136, 398_154_240),
    ] {
        let weights = of_model(&unpacked, file);
        assert_eq!(weights.file, Bytes(size), "{file}");
        assert_eq!(weights.on_device(0..weights.layers(), 0, true, Side::Device), Bytes(device), "{file}");
        assert_eq!(weights.input.host, Bytes(host), "{file}");
    }
}

#[test]
fn sixteen_of_33_layers_on_the_device() {
    // 15 repeating layers and the output layer; 256 bytes of rope factors lie on both sides.
    let weights = weights("llama-3.1-8b", Quantization::Q4_K_M);
    assert_eq!(weights.on_device(17..32, 0, true, Side::Device), Bytes(2_401_460_480));
    assert_eq!(weights.on_host(17, 0) + weights.input.host, Bytes(2_511_438_080));
    // The output layer alone needs none; splits count it as layer 32.
    assert_eq!(weights.on_device(32..33, 0, true, Side::Device), Bytes(430_956_544));
    assert_eq!(weights.on_host(33, 0), weights.on_host(32, 0));
}

#[test]
fn tied_embeddings_have_one_copy_in_ram_and_one_on_the_device() {
    let weights = weights("gemma-3-27b", Quantization::Q4_K_M);
    let layers = weights.layers();
    // No layer on the card: all in RAM, once.
    let host = weights.on_host(layers, 0) + weights.input.host + weights.output_on_host;
    assert_eq!(host, Bytes(16_540_125_824));
    // 29 layers and the output layer on the card.
    assert_eq!(weights.on_host(layers - 29, 0) + weights.input.host, Bytes(9_312_881_280));
    assert_eq!(weights.on_device(layers - 29..layers, 0, true, Side::Device), Bytes(8_383_619_200));
}

#[test]
fn bits_per_weight_are_those_of_the_table() {
    for &file in Quantization::ALL {
        if file.gguf() == Some(file) {
            let bits = weights("llama-3.1-8b", file).bits_per_weight();
            let listed = file.facts().unwrap().bits_per_weight;
            assert!((bits - listed).abs() < 0.0001, "{file}: {bits} against {listed}");
        }
    }
}

#[test]
fn experts_kept_in_ram_leave_the_device() {
    let weights = weights("qwen3-30b-a3b", Quantization::Q4_K_M);
    let all = weights.layers();
    let moved = weights.sums(0..10);
    assert_eq!(
        weights.on_device(0..all, 10, false, Side::Device) + moved.expert_device,
        weights.on_device(0..all, 0, false, Side::Device)
    );
    assert_eq!(weights.on_host(0, 10), moved.expert_host);
}

#[test]
fn expert_names_are_those_of_the_engine() {
    for name in ["ffn_up_exps", "ffn_down_exps", "ffn_gate_exps", "ffn_gate_up_exps", "ffn_up_chexps"] {
        assert!(is_routed_expert(name), "{name}");
    }
    for name in ["ffn_up", "ffn_up_shexp", "ffn_gate_inp", "ffn_gate_inp_shexp", "exp_probs_b", "attn_q"] {
        assert!(!is_routed_expert(name), "{name}");
    }
}

#[test]
fn nothing_weighs_nothing() {
    let weights = WeightSums::with_types(&[], &[], &[], &[]);
    assert_eq!((weights.file, weights.layers(), weights.bits_per_weight()), (Bytes::ZERO, 0, 0.0));
    assert_eq!(weights.sums(3..9), TensorSums::default());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_split_adds_up(cut in 0_u32..40, experts in 0_u32..40) {
        let weights = weights("gpt-oss-20b", Quantization::MXFP4_MOE);
        let cut = cut.min(weights.layers());
        let host = weights.on_host(cut, experts);
        let device = weights.on_device(cut..weights.layers(), experts, false, Side::Device);
        let whole = weights.sums(0..weights.layers());
        // Padding apart, and experts beyond the last layer move nothing.
        prop_assert!(host + device >= whole.host);
        prop_assert!(host + device <= whole.device + weights.every_buffer.device + weights.every_buffer.host);
        prop_assert!(device <= weights.on_device(cut..weights.layers(), 0, false, Side::Device));
    }

    #[test]
    fn bits_per_weight_stay_in_reason(file in prop::sample::select(Quantization::ALL.to_vec())) {
        let bits = weights("deepseek-v2-lite", file).bits_per_weight();
        prop_assert!((1.5..=32.0).contains(&bits), "{} {}", file, bits);
    }
}
