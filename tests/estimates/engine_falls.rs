//! What takes less although more is asked for, because the engine itself does it: for flash attention over a quantized KV
//! cache llama.cpp on CUDA reserves one layer's keys and values as f16 inside the compute buffer (pull request 23907), which
//! a cache of f16 does not need.
//!
//! The figures of the tables are buffers that llama.cpp itself printed, `Q4_K_M` on one card; of caches at 8,192 tokens of one
//! sequence, no layer on the card. Of 491 pairs of its rows that differ by the micro-batch alone, and of 815 by the file type,
//! none falls.

use rigplan::catalog::Catalog;
use rigplan::catalog::quantization::{KvPrecision, Quantization};
use rigplan::estimate::estimate;
use rigplan::plan::{CardChoice, CpuExperts, GpuLayers, KvCache, Logits, ModelChoice, Plan};

/// A model, the logits that are kept, and the card's compute buffer in bytes with a cache of `q8_0` and of f16.
type Falls = (&'static str, Logits, u64, u64);

const FALLS: &[Falls] = &[
    ("llama-2-7b", Logits::All, 256_969_728, 181_444_608),
    ("gemma-3-27b", Logits::All, 1_854_232_448, 1_704_349_568),
    ("falcon-7b", Logits::Last, 214_364_544, 212_234_624),
    ("falcon-180b", Logits::Last, 1_595_244_544, 977_534_976),
    ("gemma-2b", Logits::Last, 147_326_976, 147_064_832),
    ("gemma-7b", Logits::Last, 250_612_480, 234_883_072),
    ("yi-1.5-34b", Logits::Last, 268_371_968, 239_405_056),
    ("yi-1.5-6b", Logits::Last, 121_899_008, 113_444_864),
    ("smollm2-1.7b", Logits::Last, 148_130_816, 128_190_464),
    ("smollm2-135m", Logits::Last, 24_955_008, 22_774_912),
    ("olmo-2-7b", Logits::Last, 267_674_368, 227_540_992),
    ("starcoder2-15b", Logits::Last, 330_786_816, 313_681_920),
];

fn plan(model: &str, logits: Logits) -> Plan {
    let mut plan = Plan::default();
    let workload = &mut plan.workload;
    workload.model = ModelChoice::Catalog(model.to_owned());
    workload.quantization = Quantization::Q4_K_M;
    workload.gpu_layers = GpuLayers::Count(0);
    workload.cpu_experts = CpuExperts::Count(0);
    (workload.context, workload.sequences, workload.logits) = (8192, 1, logits);
    plan.machine.cards[0].card = CardChoice::Catalog("rtx-4090".to_owned());
    plan
}

/// Bytes of the first card's compute buffer with this cache.
fn compute(plan: &Plan, kv: KvPrecision) -> u64 {
    let mut plan = plan.clone();
    plan.workload.kv_cache = KvCache { k: kv, v: kv };
    let found = estimate(&plan, Catalog::embedded()).expect("an answer");
    found.devices[0].parts.compute.expect("known").0
}

#[test]
fn a_quantized_cache_in_ram_takes_more_of_the_card_than_one_of_f16() {
    for (model, logits, q8_0, f16) in FALLS {
        let found = [KvPrecision::q8_0, KvPrecision::f16].map(|kv| compute(&plan(model, *logits), kv));
        assert_eq!(found, [*q8_0, *f16], "{model}");
        assert!(f16 < q8_0, "{model}");
    }
}

/// The more cells, the more of the fall is that one layer: 1,024 sequences of 8,192 tokens, 8 heads of 128 in keys and values,
/// 2 bytes each.
#[test]
fn the_fall_is_one_layer_s_keys_and_values() {
    let mut plan = plan("llama-3.1-8b", Logits::Last);
    plan.workload.gpu_layers = GpuLayers::All;
    plan.workload.sequences = 1024;
    let layer = 1024 * 8192 * 2 * 8 * 128 * 2;
    let [q8_0, f16] = [KvPrecision::q8_0, KvPrecision::f16].map(|kv| compute(&plan, kv));
    assert!(q8_0 >= layer && q8_0 - layer < f16, "{q8_0} with {layer} of it copies, {f16} without");
}

/// What is raised, and what then falls: a model, logits, context and layers of the smaller plan and of the larger, and the
/// card's compute buffer in bytes of each.
type Raised = (&'static str, Logits, [u64; 2], [GpuLayers; 2], [u64; 2]);

/// The allocator gives tensors the best hole there is: others among them are of another size in a longer context, and so are
/// the holes. Where every layer lies on the card, none is read from RAM batch by batch.
const RAISED: &[Raised] = &[
    ("glm-4.5-air", Logits::All, [8192, 131_072], [GpuLayers::All; 2], [472_645_632, 394_561_536]),
    ("ministral-3-14b", Logits::All, [8192, 131_072], [GpuLayers::All; 2], [327_170_048, 278_921_216]),
    (
        "nemotron-3-super-120b-a12b",
        Logits::Last,
        [8192; 2],
        [GpuLayers::Count(44), GpuLayers::Count(88)],
        [2_465_989_120, 228_073_728],
    ),
    ("minimax-m3", Logits::Last, [8192; 2], [GpuLayers::Count(30), GpuLayers::Count(60)], [2_132_806_144, 272_632_320]),
    (
        "kimi-linear-48b-a3b",
        Logits::Last,
        [8192; 2],
        [GpuLayers::Count(13), GpuLayers::Count(27)],
        [612_384_640, 119_603_200],
    ),
    ("glm-5.2", Logits::Last, [8192; 2], [GpuLayers::Count(39), GpuLayers::Count(78)], [3_162_835_456, 654_641_664]),
    ("gemma-3-27b", Logits::All, [8192; 2], [GpuLayers::Count(0), GpuLayers::Count(30)], [1_704_349_568, 548_012_032]),
];

#[test]
fn a_longer_context_or_more_layers_may_take_less_of_the_compute_buffer() {
    for (model, logits, context, layers, wanted) in RAISED {
        let found = [0, 1].map(|place| {
            let mut plan = plan(model, *logits);
            plan.workload.context = context[place];
            plan.workload.gpu_layers = layers[place];
            compute(&plan, KvPrecision::f16)
        });
        assert_eq!(found, *wanted, "{model}");
        assert!(found[1] < found[0], "{model}");
    }
}
