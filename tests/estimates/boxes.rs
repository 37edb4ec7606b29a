//! Several computers that share one model: what each holds, what crosses, and what people measured.

use crate::support::plans::{ask, cards, refusal, serving};
use rigplan::catalog::quantization::Quantization;
use rigplan::estimate::{Estimate, Refusal, Verdict, Warning};
use rigplan::plan::{BoxLink, GpuLayers, Plan, Runtime, SplitMode};

const SPARK: &str = "gb10-dgx-spark";

fn on(model: &str, quantization: &str, kinds: &[(&str, u32)]) -> Plan {
    let mut plan = serving(model);
    plan.workload.quantization = quantization.parse().expect("a quantization");
    plan.workload.gpu_layers = GpuLayers::All;
    plan.machine.cards = kinds.iter().map(|(id, count)| cards(id, *count)).collect();
    plan
}

fn decode(plan: &Plan) -> f64 {
    ask(plan).speed.decode.expect("a speed").expected
}

fn compute(found: &Estimate) -> u64 {
    found.devices.iter().filter_map(|device| device.parts.compute).map(|bytes| bytes.0).sum()
}

#[test]
fn two_computers_hold_what_one_cannot() {
    let one = ask(&on("qwen3-235b-a22b", "Q4_K_M", &[(SPARK, 1)]));
    let two = ask(&on("qwen3-235b-a22b", "Q4_K_M", &[(SPARK, 2)]));
    assert_eq!(one.verdict, Some(Verdict::DoesNotFit));
    assert_eq!(two.verdict, Some(Verdict::Fits));
    assert_eq!(two.devices.iter().map(|device| device.in_box).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(two.devices.iter().map(|device| device.gpu_layers).sum::<u32>(), two.layers);
    let weights: u64 = two.devices.iter().filter_map(|device| device.parts.weights).map(|bytes| bytes.0).sum();
    assert!(weights + two.host.parts.weights.unwrap().0 >= two.weights.unwrap().0);
}

#[test]
fn the_output_stays_where_the_engine_is_started() {
    // One layer more than half: the engine's first device has it, which is the other computer's.
    let found = ask(&on("llama-3.1-8b", "Q4_K_M", &[(SPARK, 2)]));
    let layers: Vec<u32> = found.devices.iter().map(|device| device.gpu_layers).collect();
    assert_eq!(layers, [16, 17]);
    let weights: Vec<u64> = found.devices.iter().map(|device| device.parts.weights.unwrap().0).collect();
    assert!(weights[0] > weights[1], "the output matrix weighs more than a layer: {weights:?}");
    // Shares that are given by hand are those of the cards in the order of the plan.
    let mut shared = on("llama-3.1-8b", "Q4_K_M", &[("rtx-3090", 2)]);
    shared.machine.boxes = Some(2);
    shared.workload.tensor_split = vec![3.0, 1.0];
    let layers: Vec<u32> = ask(&shared).devices.iter().map(|device| device.gpu_layers).collect();
    assert!(layers[0] > 2 * layers[1], "{layers:?}");
}

#[test]
fn the_ram_is_that_of_the_first() {
    let mut plan = on("llama-3.1-70b", "Q4_K_M", &[("rtx-4090", 1), (SPARK, 1)]);
    plan.machine.boxes = Some(2);
    plan.machine.ram_gib = 48.0;
    let found = ask(&plan);
    assert!((found.host.capacity.gib() - 48.0).abs() < 1e-9, "{:?}", found.host.capacity);
    assert!(!found.is_unified());
    plan.machine.cards.reverse();
    assert!((ask(&plan).host.capacity.gib() - 128.0).abs() < 16.0, "the first is a computer with one memory");
}

#[test]
fn one_computer_is_as_if_nothing_was_said() {
    for kinds in [&[("rtx-3090", 2)][..], &[("rtx-4090", 1), ("rtx-3090", 1)], &[(SPARK, 1)]] {
        let plan = on("llama-3.1-8b", "Q4_K_M", kinds);
        let mut said = plan.clone();
        said.machine.boxes = Some(1);
        said.machine.box_link = Some(BoxLink::Ethernet1);
        assert_eq!(ask(&plan), ask(&said));
        assert!(ask(&plan).speed.network.is_none());
    }
}

#[test]
fn builds_that_wait_for_each_other_keep_one_copy_of_what_is_handed_over() {
    let mut plan = on("llama-3.1-70b", "Q4_K_M", &[(SPARK, 2)]);
    plan.workload.prompt_tokens = 8192;
    let (new, prompt) = (compute(&ask(&plan)), ask(&plan).speed.prefill.unwrap().expected);
    plan.workload.runtime_version = "2026-08".parse().ok();
    let old = ask(&plan);
    assert!(compute(&old) < new, "{} and {new}", compute(&old));
    assert!(old.speed.prefill.unwrap().expected < 0.75 * prompt, "boxes work in turn");
}

#[test]
fn what_crosses_takes_time_and_a_better_link_takes_less() {
    let mut plan = on("llama-3.1-70b", "Q4_K_M", &[("rtx-3090", 2)]);
    let together = decode(&plan);
    plan.machine.boxes = Some(2);
    let links =
        [BoxLink::Ethernet1, BoxLink::Ethernet2, BoxLink::Ethernet10, BoxLink::Ethernet25, BoxLink::Ethernet100];
    let mut rates = Vec::new();
    for link in links {
        plan.machine.box_link = Some(link);
        let found = ask(&plan);
        let crossing = found.speed.network.expect("something crosses");
        // There and back in F32, and what the token sees as a pair of bytes.
        assert!((crossing.bytes - (2.0 * 4.0 * 8192.0 + 2.0 * 8192.0)).abs() < 1.0, "{}", crossing.bytes);
        let said =
            |warning: &Warning| matches!(warning, Warning::OverNetwork { link: it, boxes: 2, .. } if *it == link);
        assert!(found.warnings.iter().any(said), "{:?}", found.warnings);
        let band = found.speed.decode.unwrap();
        assert!(band.high / band.low > 1.3, "a wide band: {band:?}");
        rates.push(band.expected);
    }
    assert!(rates.is_sorted() && rates.last() < Some(&together), "{rates:?} and {together}");
    let load = |link| {
        let mut plan = plan.clone();
        plan.machine.box_link = Some(link);
        ask(&plan).speed.load.unwrap().expected
    };
    assert!(load(BoxLink::Ethernet1) > 100.0, "weights go over the link: {}", load(BoxLink::Ethernet1));
    assert!(load(BoxLink::Ethernet100) < 20.0);
}

#[test]
fn engines_say_what_they_do_not_do_over_a_network() {
    let mut plan = on("llama-3.1-8b", "Q4_K_M", &[("rtx-3090", 2)]);
    plan.machine.boxes = Some(2);
    plan.workload.split_mode = SplitMode::Tensor;
    assert_eq!(refusal(&plan), Refusal::TensorBoxes);
    plan.workload.split_mode = SplitMode::Layer;
    plan.workload.choose_runtime(Runtime::Transformers);
    plan.workload.quantization = Quantization::bf16;
    assert_eq!(refusal(&plan), Refusal::OneBox);
}

/// Tokens a second of one sequence, on so many DGX Spark: model, quantization, engine and its version, Sparks, seen, source.
const SEEN: [(&str, &str, Runtime, &str, u32, f64, &str); 6] = [
    ("qwen3-235b-a22b", "Q2_K", Runtime::LlamaCpp, "b8672", 1, 18.47, "llama-bench, 2026-04"),
    ("qwen3-235b-a22b", "Q2_K", Runtime::LlamaCpp, "b8672", 2, 16.5, "llama-bench, 2026-04, 200 GbE"),
    ("gpt-oss-120b", "mxfp4", Runtime::Vllm, "", 1, 57.5, "kubis.ai, 2026-03"),
    ("gpt-oss-120b", "mxfp4", Runtime::Vllm, "", 2, 69.0, "kubis.ai, 2026-03"),
    ("qwen3-32b", "fp8", Runtime::Vllm, "", 1, 7.0, "eugr/spark-vllm-docker#8, 2026-01"),
    ("qwen3-32b", "fp8", Runtime::Vllm, "", 2, 12.0, "eugr/spark-vllm-docker#8, 2026-01"),
];

#[test]
fn two_sparks_are_as_fast_as_people_report() {
    for (model, quantization, runtime, version, count, seen, source) in SEEN {
        let mut plan = serving(model);
        plan.machine.cards = vec![cards(SPARK, count)];
        plan.workload.choose_runtime(runtime);
        plan.workload.quantization = quantization.parse().expect("a quantization");
        plan.workload.runtime_version = version.parse().ok();
        plan.workload.context = 1024;
        let band = ask(&plan).speed.decode.expect("a speed");
        assert!(band.low <= seen && seen <= band.high, "{model} on {count} ({source}): {seen} in {band:?}");
    }
}
