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

/// What people measured over a network: model, quantization, engine and its version, cards of two computers, link; tokens a second of
/// one sequence.
type Seen = (&'static str, &'static str, Runtime, &'static str, [&'static str; 2], BoxLink, f64);

const SEEN: [Seen; 6] = [
    // llama-bench, build 11141, 2026: a direct cable.
    ("llama-3.1-8b", "Q4_K_M", Runtime::LlamaCpp, "b11141", ["rtx-2060-super", "rtx-5060"], BoxLink::Ethernet1, 60.0),
    ("qwen2.5-14b", "Q4_K_M", Runtime::LlamaCpp, "b11141", ["rtx-2060-super", "rtx-5060"], BoxLink::Ethernet1, 33.65),
    // eugr in llama.cpp's pull request 15405.
    ("qwen3-235b-a22b", "Q4_K_M", Runtime::LlamaCpp, "2025-11", [SPARK; 2], BoxLink::ConnectX7, 12.98),
    // conselara.dev, 2026-05.
    ("qwen3-235b-a22b", "gptq", Runtime::Vllm, "0.19", [SPARK; 2], BoxLink::ConnectX7, 17.0),
    // eugr/spark-vllm-docker#8, 2026-01: Qwen3-VL 32B; 7 on one.
    ("qwen3-32b", "fp8", Runtime::Vllm, "", [SPARK; 2], BoxLink::ConnectX7, 12.0),
    // kubis.ai, 2026-03.
    ("gpt-oss-120b", "mxfp4", Runtime::Vllm, "", [SPARK; 2], BoxLink::ConnectX7, 69.0),
];

fn seen((model, quantization, runtime, version, kinds, link, _): &Seen) -> Plan {
    let mut plan = serving(model);
    plan.machine.cards = kinds.iter().map(|id| cards(id, 1)).collect();
    plan.machine.boxes = Some(2);
    plan.machine.box_link = Some(*link);
    plan.workload.choose_runtime(*runtime);
    plan.workload.quantization = quantization.parse().expect("a quantization");
    plan.workload.runtime_version = version.parse().ok();
    plan.workload.context = 1024;
    plan.workload.depth = Some(0);
    plan
}

#[test]
fn two_computers_are_as_fast_as_people_report() {
    for row in SEEN {
        let band = ask(&seen(&row)).speed.decode.expect("a speed");
        assert!(band.low <= row.6 && row.6 <= band.high, "{row:?}: {band:?}");
    }
}

/// Of `Qwen3-235B` `Q2_K` on one DGX Spark (18.47 tokens/s, build 8672) two keep 0.893 over 200 Gb/s and 0.883 over 1 Gb/s.
#[test]
fn a_second_computer_costs_what_was_measured() {
    for (link, kept) in [(BoxLink::ConnectX7, 16.5 / 18.47), (BoxLink::Ethernet1, 16.3 / 18.47)] {
        let row = ("qwen3-235b-a22b", "Q2_K", Runtime::LlamaCpp, "b8672", [SPARK; 2], link, 0.0);
        let two = seen(&row);
        let mut one = two.clone();
        one.machine.cards.truncate(1);
        let found = decode(&two) / decode(&one);
        assert!((found / kept - 1.0).abs() < 0.05, "{link:?}: {found} instead of {kept}");
    }
}
