//! Figures that hold, each with its source, and the machine as the engine sees it.

use crate::support::plans::{ask, cards, kv, plan};
use rigplan::estimate::{Parts, Verdict, Warning};
use rigplan::plan::{CpuExperts, GpuLayers, Logits, Plan, Runtime};
use rigplan::units::{Bytes, MIB};

/// What the engine itself reported (llama.cpp 0.5.0-dev, commit 0c1e57098, its loader and graph allocator run on devices
/// without memory of their own): weights, KV cache with recurrent state, compute buffer; on each device and in RAM.
struct Golden {
    what: &'static str,
    model: &'static str,
    quantization: &'static str,
    set: fn(&mut Plan),
    devices: &'static [[u64; 3]],
    host: [u64; 3],
}

const GOLDEN: &[Golden] = &[
    Golden {
        what: "grouped heads at the full context",
        model: "llama-3.1-8b",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.context = 131_072;
            plan.workload.logits = Logits::All;
        },
        devices: &[[4_617_396_480, 17_179_869_184, 271_056_896]],
        host: [295_501_824, 0, 151_009_280],
    },
    Golden {
        what: "every head its own keys, a quantized cache",
        model: "llama-2-7b",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.context = 2_048;
            plan.workload.kv_cache = kv("q4_0");
            plan.workload.logits = Logits::All;
        },
        devices: &[[4_006_543_360, 301_989_888, 94_990_336]],
        host: [73_728_000, 0, 18_970_624],
    },
    Golden {
        what: "window layers keep their window only",
        model: "gemma-3-27b",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.context = 32_768;
            plan.workload.logits = Logits::All;
        },
        devices: &[[16_540_205_440, 3_338_665_984, 548_012_032]],
        host: [1_156_337_280, 0, 57_169_920],
    },
    Golden {
        what: "window layers keep all of it, tied embeddings lie in both places",
        model: "gemma-3-27b",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.logits = Logits::All;
            plan.workload.swa_full = true;
        },
        devices: &[[16_540_205_440, 4_160_749_568, 548_012_032]],
        host: [1_156_337_280, 0, 38_819_840],
    },
    Golden {
        what: "experts in MXFP4, attention sinks",
        model: "gpt-oss-20b",
        quantization: "MXFP4_MOE",
        set: |plan| {
            plan.workload.context = 32_768;
        },
        devices: &[[11_481_256_960, 824_180_736, 125_323_392]],
        host: [615_329_280, 0, 46_157_856],
    },
    Golden {
        what: "latent cache without flash attention",
        model: "deepseek-v2",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.flash_attention = false;
        },
        devices: &[[142_217_955_840, 566_231_040, 2_548_713_600]],
        host: [294_912_000, 0, 37_756_960],
    },
    Golden {
        what: "recurrent layers, four sequences in one pool",
        model: "qwen3.5-35b-a3b",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.context = 32_768;
            plan.workload.sequences = 4;
            plan.workload.unified_kv = true;
        },
        devices: &[[20_869_704_192, 934_543_360, 138_463_488]],
        host: [286_064_640, 0, 41_961_536],
    },
    Golden {
        what: "eight sequences, each with its own stream",
        model: "qwen2.5-0.5b",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.context = 1_024;
            plan.workload.sequences = 8;
            plan.workload.flash_attention = false;
            plan.workload.logits = Logits::All;
        },
        devices: &[[391_886_080, 100_663_296, 312_999_936]],
        host: [144_643_072, 0, 6_301_696],
    },
    Golden {
        what: "a small tied model in a type of 4.25 bits",
        model: "llama-3.2-1b",
        quantization: "IQ4_XS",
        set: |plan| {
            plan.workload.logits = Logits::All;
        },
        devices: &[[740_552_832, 268_435_456, 266_862_592]],
        host: [215_470_080, 0, 16_791_552],
    },
    Golden {
        what: "a big physical batch without flash attention",
        model: "mistral-7b-v0.3",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.flash_attention = false;
            plan.workload.ubatch = 2_048;
            plan.workload.logits = Logits::All;
        },
        devices: &[[4_296_556_544, 1_073_741_824, 2_365_620_224]],
        host: [75_497_472, 0, 151_035_904],
    },
    Golden {
        what: "the CPU alone",
        model: "llama-2-7b",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.logits = Logits::All;
            plan.machine.cards.clear();
        },
        devices: &[],
        host: [4_080_263_168, 4_294_967_296, 109_590_528],
    },
    Golden {
        what: "the CPU alone with recurrent layers",
        model: "qwen3-next-80b-a3b",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.sequences = 4;
            plan.workload.unified_kv = true;
            plan.machine.cards.clear();
        },
        devices: &[],
        host: [48_483_058_688, 517_472_256, 98_578_496],
    },
    Golden {
        what: "the output layer alone on the device",
        model: "llama-3.1-8b",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.logits = Logits::All;
            plan.workload.gpu_layers = GpuLayers::Count(1);
        },
        devices: &[[430_956_544, 0, 271_056_896]],
        host: [4_481_941_760, 1_073_741_824, 25_180_160],
    },
    Golden {
        what: "twenty layers over two devices",
        model: "llama-3.1-8b",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.logits = Logits::All;
            plan.machine.cards = vec![cards("h200-sxm", 2)];
            plan.workload.gpu_layers = GpuLayers::Count(20);
        },
        devices: &[[1_275_822_336, 335_544_320, 142_084_352], [1_632_723_200, 301_989_888, 271_056_896]],
        host: [2_004_353_280, 436_207_616, 25_180_160],
    },
    Golden {
        what: "four devices",
        model: "llama-3.1-8b",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.logits = Logits::All;
            plan.machine.cards = vec![cards("h200-sxm", 4)];
        },
        devices: &[
            [1_185_546_496, 301_989_888, 180_396_032],
            [1_030_390_016, 268_435_456, 213_950_464],
            [1_030_390_016, 268_435_456, 213_950_464],
            [1_371_070_720, 234_881_024, 371_769_344],
        ],
        host: [295_501_824, 0, 75_554_816],
    },
    Golden {
        what: "half of a model with window layers",
        model: "gemma-3-27b",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.logits = Logits::All;
            plan.workload.gpu_layers = GpuLayers::Count(30);
        },
        devices: &[[8_383_619_200, 637_534_208, 548_012_032]],
        host: [9_312_881_280, 687_865_856, 32_004_096],
    },
    Golden {
        what: "experts of 23 layers in RAM",
        model: "glm-4.5-air",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.cpu_experts = CpuExperts::Count(23);
        },
        devices: &[[37_885_824_384, 1_543_503_872, 924_854_528]],
        host: [32_553_041_920, 0, 25_178_144],
    },
    Golden {
        what: "all experts in RAM",
        model: "gpt-oss-20b",
        quantization: "MXFP4_MOE",
        set: |plan| {
            plan.workload.logits = Logits::All;
            plan.workload.cpu_experts = CpuExperts::Count(24);
        },
        devices: &[[1_302_360_064, 220_200_960, 423_624_704]],
        host: [10_794_216_960, 0, 20_994_048],
    },
    Golden {
        what: "recurrent layers over two devices",
        model: "qwen3.5-35b-a3b",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.machine.cards = vec![cards("h200-sxm", 2)];
        },
        devices: &[[10_702_215_168, 119_013_376, 155_290_112], [10_167_489_024, 114_622_464, 172_067_840]],
        host: [286_064_640, 0, 54_599_936],
    },
    Golden {
        what: "query, key and value in one matrix, half of the layers",
        model: "phi-3-mini",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.gpu_layers = GpuLayers::Count(16);
        },
        devices: &[[1_146_994_688, 1_509_949_440, 171_968_768]],
        host: [1_249_038_720, 1_711_276_032, 39_833_632],
    },
    Golden {
        what: "full layers without positions, half of the layers",
        model: "command-a",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.gpu_layers = GpuLayers::Count(32);
        },
        devices: &[[33_904_066_560, 702_545_920, 928_778_240]],
        host: [35_800_989_696, 740_294_656, 63_459_360],
    },
    Golden {
        what: "matrices of mixed types, half of the layers",
        model: "olmo-3-7b",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.context = 32_768;
            plan.workload.kv_cache = kv("q8_0");
            plan.workload.gpu_layers = GpuLayers::Count(16);
        },
        devices: &[[2_173_076_480, 1_582_039_040, 915_254_528]],
        host: [2_294_965_760, 1_662_255_104, 63_623_200],
    },
    Golden {
        what: "factors of full layers, the first layers in RAM being windows",
        model: "gemma-4-31b",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.gpu_layers = GpuLayers::Count(60);
        },
        devices: &[[18_366_337_920, 1_904_214_016, 197_673_216]],
        host: [1_461_026_848, 25_165_824, 37_769_248],
    },
    Golden {
        what: "indexers in every fourth layer",
        model: "glm-5.2",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.machine.cards = vec![cards("h200-sxm", 2)];
        },
        devices: &[[219_733_847_040, 402_653_184, 587_505_664], [227_835_204_096, 377_487_360, 663_003_648]],
        host: [535_265_280, 0, 130_334_848],
    },
    Golden {
        what: "blocks that were searched, over two devices without flash attention",
        model: "nemotron-super-49b",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.flash_attention = false;
            plan.workload.logits = Logits::All;
            plan.machine.cards = vec![cards("h200-sxm", 2)];
        },
        devices: &[[19_915_702_528, 1_325_400_064, 1_291_870_208], [9_701_017_344, 838_860_800, 1_373_667_328]],
        host: [591_003_648, 0, 167_813_120],
    },
    Golden {
        what: "state-space layers over four devices",
        model: "codestral-mamba-7b",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.machine.cards = vec![cards("h200-sxm", 4)];
        },
        devices: &[
            [1_052_165_632, 73_392_128, 214_417_920],
            [990_273_536, 69_074_944, 399_849_984],
            [990_273_536, 69_074_944, 399_849_984],
            [1_038_498_304, 64_757_760, 332_741_632],
        ],
        host: [75_497_472, 0, 41_951_488],
    },
    Golden {
        what: "latent caches in RAM",
        model: "deepseek-v2",
        quantization: "Q4_K_M",
        set: |plan| {
            plan.workload.gpu_layers = GpuLayers::Count(30);
        },
        devices: &[[70_265_432_960, 273_678_336, 1_216_219_392]],
        host: [72_247_422_976, 292_552_704, 29_368_352],
    },
];

fn bytes(parts: &Parts) -> [u64; 3] {
    let known = |part: Option<Bytes>| part.expect("a known part").0;
    [known(parts.weights), known(parts.kv_cache) + known(parts.recurrent_state), known(parts.compute)]
}

#[test]
fn families_take_what_the_engine_reports_to_the_byte() {
    let mut wrong = Vec::new();
    for row in GOLDEN {
        let mut plan = plan(row.model, row.quantization, "h200-sxm");
        (row.set)(&mut plan);
        let found = ask(&plan);
        let devices: Vec<[u64; 3]> = found.devices.iter().map(|device| bytes(&device.parts)).collect();
        let host = bytes(&found.host.parts);
        if devices != row.devices || host != row.host {
            let Golden { what, model, .. } = row;
            wrong.push(format!("{model}, {what}: {devices:?} and {host:?}, not {:?} and {:?}", row.devices, row.host));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn kv_caches_at_32k_are_those_of_the_engine() {
    // GiB for one sequence in F16, to the second decimal as llama.cpp (commit 0c1e57098) prints them.
    let known = [
        ("llama-3.1-8b", 4.0),
        ("qwen3-32b", 8.0),
        ("deepseek-v3", 2.14),
        ("gpt-oss-120b", 1.15),
        ("gemma-3-27b", 3.11),
        ("qwen3.5-9b", 1.0),
    ];
    for (model, gib) in known {
        let mut plan = plan(model, "Q4_K_M", "h200-sxm");
        plan.workload.context = 32_768;
        let cache = ask(&plan).parts_in_vram().kv_cache.expect("a known cache").gib();
        assert_eq!((cache * 100.0).round() / 100.0, gib, "{model}: {cache} GiB");
    }
}

#[test]
fn recurrent_state_is_told_from_the_kv_cache() {
    // Source as for `Golden`.
    let mut plan = plan("qwen3-next-80b-a3b", "Q4_K_M", "h200-sxm");
    plan.workload.sequences = 4;
    plan.workload.unified_kv = true;
    let parts = ask(&plan).devices[0].parts;
    assert_eq!((parts.kv_cache, parts.recurrent_state), (Some(Bytes(201_326_592)), Some(Bytes(316_145_664))));
}

#[test]
fn a_screen_takes_memory_from_the_first_card_only() {
    let mut plan = plan("llama-3.1-8b", "Q4_K_M", "rtx-4090");
    plan.machine.cards = vec![cards("rtx-4090", 1), cards("rtx-3090", 2)];
    let without = ask(&plan).devices;
    plan.machine.screen = true;
    let with = ask(&plan).devices;
    let taken: Vec<u64> = without.iter().zip(&with).map(|(a, b)| (a.usable - b.usable).0 / MIB).collect();
    assert_eq!(taken, [922, 0, 0], "the figure of data/runtimes.ron");
    assert!(without.iter().zip(&with).all(|(a, b)| a.capacity == b.capacity));
}

#[test]
fn an_unknown_layout_gives_no_parts_and_no_verdict() {
    for model in ["deepseek-v4-flash", "deepseek-v4-pro"] {
        // What servers make of compressed caches is not known.
        let mut plan = plan(model, "fp8", "h200-sxm");
        plan.workload.runtime = Runtime::Vllm;
        let found = ask(&plan);
        assert_eq!(found.verdict, None, "{model}");
        assert_eq!(found.weights, None, "{model}");
        assert!(found.warnings.contains(&Warning::LayoutUnknown), "{model}");
        let device = &found.devices[0];
        assert_eq!((device.parts, device.total, device.free, device.excess), (Parts::UNKNOWN, None, None, None));
        assert_eq!((found.host.parts, found.host.total), (Parts::UNKNOWN, None), "{model}");
        assert!(device.usable > Bytes::ZERO && found.host.capacity > Bytes::ZERO, "what is known is said");
    }
}

#[test]
fn a_context_above_the_trained_one_is_answered_with_a_warning() {
    let mut plan = plan("llama-3.1-8b", "Q4_K_M", "h200-sxm");
    let warned = |plan: &Plan| ask(plan).warnings.contains(&Warning::ContextAboveTrained { trained: 131_072 });
    plan.workload.context = 131_072;
    assert!(!warned(&plan));
    plan.workload.context += 1;
    assert!(warned(&plan));
    assert_eq!(ask(&plan).verdict, Some(Verdict::Fits));
}

#[test]
fn unequal_cards_take_layers_by_their_free_memory() {
    let mut plan = plan("llama-3.1-70b", "Q4_K_M", "h100-sxm5");
    plan.machine.cards = vec![cards("h100-sxm5", 1), cards("rtx-3090", 1), cards("rtx-3060-12gb", 2)];
    let found = ask(&plan);
    let free: Vec<f64> =
        found.devices.iter().map(|device| (device.usable - device.overhead.expected).0 as f64).collect();
    // A layer goes to the first device whose share reaches it, so a device ends where the shares before it do.
    let (mut sum, mut before) = (0.0, 0.0);
    for (device, free_of_device) in found.devices.iter().zip(&free) {
        sum += free_of_device;
        let end = (81.0 * sum / free.iter().sum::<f64>()).ceil();
        assert_eq!(f64::from(device.gpu_layers), end - before, "card {}", device.card);
        before = end;
    }
    assert_eq!(found.devices.iter().map(|device| device.card).collect::<Vec<_>>(), [0, 1, 2, 2]);
    assert_eq!(found.gpu_layers(), 81);
}

#[test]
fn a_card_of_several_chips_counts_as_several_devices() {
    for (card, chips, gib) in [("a16", 4, 16.0), ("mi250x", 2, 64.0)] {
        let mut plan = plan("llama-3.1-8b", "Q4_K_M", card);
        plan.machine.cards = vec![cards(card, 2)];
        let found = ask(&plan);
        assert_eq!(found.devices.len(), 2 * chips, "{card}");
        for device in &found.devices {
            assert!(device.capacity.gib() <= gib && device.capacity.gib() > 0.9 * gib, "{card}: {}", device.capacity);
        }
        assert_eq!(found.gpu_layers(), 33, "{card}");
    }
}
