//! Tensors that lie elsewhere than their layers, and models that lie on one of several cards. Figures are the engine's own
//! (commit 0c1e57098).

use proptest::prelude::*;
use rigplan::catalog::Catalog;
use rigplan::catalog::quantization::Quantization;
use rigplan::estimate::{Estimate, EstimateError, Refusal, Verdict, estimate};
use rigplan::plan::{CpuExperts, GpuLayers, Plan, SplitMode};
use rigplan::units::Bytes;

use crate::support::plans::{cards, plan};

fn asked(id: &str, count: u32, change: impl FnOnce(&mut Plan)) -> Result<Estimate, EstimateError> {
    let mut plan = plan(id, "Q4_K_M", "h200-sxm");
    plan.machine.cards = vec![cards("h200-sxm", count)];
    plan.machine.ram_gib = 512.0;
    change(&mut plan);
    estimate(&plan, Catalog::embedded())
}

fn ruled(id: &str, count: u32, rules: &str) -> Estimate {
    let rules = rules.parse().expect(rules);
    asked(id, count, |plan| plan.workload.override_tensors = rules).unwrap_or_else(|error| panic!("{id}: {error}"))
}

/// Model, rules, weights in RAM; weights, caches and compute buffer of each card.
type Row = (&'static str, &'static str, u64, &'static [[u64; 3]]);

const SOME: &str = r"blk\.(1[0-9]|2[0-9])\.ffn_.*_exps=CPU";
const ENGINE: [Row; 9] = [
    ("qwen3.5-35b-a3b", "ffn_.*_exps=CPU", 19_789_578_240, &[[1_366_190_592, 233_635_840, 309_330_048]]),
    ("qwen3.5-35b-a3b", SOME, 9_830_203_392, &[[11_325_565_440, 233_635_840, 308_316_288]]),
    (
        "qwen3.5-35b-a3b",
        "ffn_down_exps=CPU",
        7_709_982_720,
        &[[6_839_261_184, 119_013_376, 416_483_456], [6_606_524_928, 114_622_464, 58_916_992]],
    ),
    ("glm-4.5-air", "ffn_.*_exps=CPU", 66_371_715_072, &[[4_067_146_880, 1_543_503_872, 924_854_528]]),
    ("glm-4.5-air", SOME, 29_046_603_776, &[[41_392_263_168, 1_543_503_872, 900_475_136]]),
    (
        "glm-4.5-air",
        "ffn_down_exps=CPU",
        29_000_466_432,
        &[[20_995_473_408, 805_306_368, 947_923_200], [20_442_922_112, 738_197_504, 95_168_512]],
    ),
    ("gemma-4-26b-a4b", "ffn_.*_exps=CPU", 15_735_733_248, &[[1_650_066_688, 482_344_960, 348_793_216]]),
    ("gemma-4-26b-a4b", SOME, 10_660_620_288, &[[6_725_185_408, 482_344_960, 343_331_200]]),
    (
        "gemma-4-26b-a4b",
        "ffn_down_exps=CPU",
        7_171_488_768,
        &[[5_116_833_152, 243_269_632, 377_629_056], [5_097_486_720, 239_075_328, 66_603_008]],
    ),
];

#[test]
fn tensors_lie_where_rules_send_them() {
    let mut wrong = Vec::new();
    for (id, rules, in_ram, on_cards) in ENGINE {
        let found = ruled(id, u32::try_from(on_cards.len()).expect("cards"), rules);
        let host = found.host.parts.weights.unwrap().0;
        let devices: Vec<[u64; 3]> = found
            .devices
            .iter()
            .map(|device| &device.parts)
            .map(|parts| {
                let caches = parts.kv_cache.unwrap() + parts.recurrent_state.unwrap();
                [parts.weights.unwrap().0, caches.0, parts.compute.unwrap().0]
            })
            .collect();
        if host != in_ram || devices != on_cards {
            wrong.push(format!("{id} {rules}: {host} {devices:?}, the engine has {in_ram} {on_cards:?}"));
        }
        assert_eq!(found.verdict, Some(Verdict::Offload), "{id} {rules}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The rule that `--cpu-moe` stands for gives what it gives.
#[test]
fn all_experts_by_rule_are_all_experts_by_count() {
    let by_rule = ruled("glm-4.5-air", 1, r"\.ffn_(up|down|gate)_exps=CPU");
    let by_count = asked("glm-4.5-air", 1, |plan| plan.workload.cpu_experts = CpuExperts::Count(1000)).unwrap();
    assert_eq!(by_rule.devices[0].parts, by_count.devices[0].parts);
    assert_eq!((by_rule.host.parts, by_rule.host.total), (by_count.host.parts, by_count.host.total));
    let decode = |found: &Estimate| found.speed.decode.map(|rate| rate.expected);
    assert_eq!(decode(&by_rule), decode(&by_count), "as fast");
    assert!(decode(&by_rule) < decode(&ruled("glm-4.5-air", 1, "")), "RAM is slower");
}

#[test]
fn a_rule_names_a_buffer_that_there_is() {
    let unknown = |rules: &str| {
        let rules = rules.parse().expect(rules);
        asked("glm-4.5-air", 2, |plan| plan.workload.override_tensors = rules)
    };
    for rules in ["exps=CUDA2", "exps=Vulkan0", "exps=cpu"] {
        assert_eq!(unknown(rules).unwrap_err(), EstimateError::Refused(Refusal::UnknownBuffer), "{rules}");
    }
    let moved = ruled("glm-4.5-air", 2, "exps=CUDA1");
    let plain = ruled("glm-4.5-air", 2, "");
    let weights = |found: &Estimate| found.devices.iter().map(|device| device.parts.weights.unwrap()).sum::<Bytes>();
    assert_eq!(weights(&moved), weights(&plain), "nothing is lost");
    assert!(moved.devices[1].parts.weights > moved.devices[0].parts.weights);
    let cut = asked("llama-3.1-8b", 2, |plan| {
        plan.workload.split_mode = SplitMode::Tensor;
        plan.workload.override_tensors = "ffn=CPU".parse().unwrap();
    });
    assert_eq!(cut.unwrap_err(), EstimateError::Refused(Refusal::CutTensors));
}

/// Device and host weights of ternary files, which CUDA has no kernels for; the buffer is that of what stays.
#[test]
fn ternary_weights_lie_in_ram_where_no_kernel_reads_them() {
    for (id, quantization, device, host) in [
        ("qwen3.5-9b", "TQ1_0", 838_600_704, 2_031_501_312),
        ("qwen3.5-35b-a3b", "TQ2_0", 506_030_592, 8_954_050_560),
        ("lfm2-8b-a1b", "TQ1_0", 116_717_312, 1_840_644_096),
        ("falcon-7b", "TQ2_0", 2_555_594_368, 995_317_760),
        ("mamba2-2.7b", "TQ1_0", 114_536_192, 648_058_560),
        ("mixtral-8x22b", "TQ1_0", 923_750_400, 29_540_450_304),
        ("olmo-3-7b", "TQ2_0", 339_047_680, 1_900_635_648),
    ] {
        let stored: Quantization = quantization.parse().unwrap();
        let found = asked(id, 1, |plan| plan.workload.quantization = stored).unwrap();
        let lies = (found.devices[0].parts.weights, found.host.parts.weights);
        assert_eq!(lies, (Some(Bytes(device)), Some(Bytes(host))), "{id} {quantization}");
        assert_eq!(found.verdict, Some(Verdict::Offload), "{id}");
    }
}

#[test]
fn one_card_alone_has_all() {
    let two = |main: u32| {
        asked("llama-3.1-8b", 2, |plan| {
            plan.workload.split_mode = SplitMode::None;
            plan.workload.main_gpu = main;
        })
    };
    let one = asked("llama-3.1-8b", 1, |_| {}).unwrap();
    for main in [0, 1] {
        let found = two(main).unwrap();
        assert_eq!(found.devices[main as usize].parts, one.devices[0].parts, "as on one card");
        assert_eq!(found.devices[1 - main as usize].parts.total(), Some(Bytes::ZERO));
        assert_eq!(found.speed.decode, one.speed.decode);
    }
    assert_eq!(two(2).unwrap_err(), EstimateError::Refused(Refusal::MainGpu { place: 2, devices: 2 }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is sent where, every weight lies somewhere, and nothing else moves.
    #[test]
    fn no_weight_is_lost(first in 0_u32..48, last in 0_u32..48, buffer in 0_usize..3, part in 0_usize..4, layers in 0_u32..49) {
        let part = ["ffn_.*_exps", "attn_.*", "ffn_down_exps", ".*"][part];
        let buffer = ["CPU", "CUDA0", "CUDA1"][buffer];
        let named: Vec<String> = (first.min(last)..=first.max(last)).map(|layer| layer.to_string()).collect();
        let rules = format!(r"blk\.({})\.{part}={buffer}", named.join("|"));
        let all = |rules: &str| {
            let found = asked("qwen3-30b-a3b", 2, |plan| {
                plan.workload.override_tensors = rules.parse().unwrap();
                plan.workload.gpu_layers = GpuLayers::Count(layers);
                plan.workload.quantization = Quantization::F16;
            }).unwrap();
            let devices: Bytes = found.devices.iter().map(|device| device.parts.weights.unwrap()).sum();
            (devices + found.host.parts.weights.unwrap(), found.devices[0].parts.kv_cache, found.weights)
        };
        prop_assert_eq!(all(&rules), all(""));
    }
}
