//! What lies beside a model in llama.cpp: its own layer for further tokens, a draft model, the part that sees; and layers
//! shared out by hand. Figures are the engine's own (commit 0c1e57098).

use rigplan::catalog::Catalog;
use rigplan::catalog::quantization::Quantization;
use rigplan::estimate::{Estimate, EstimateError, Refusal, Verdict, estimate};
use rigplan::plan::{Drafter, GpuLayers, Plan, VisionPlace};
use rigplan::units::Bytes;

use crate::support::plans::{cards, plan};

fn asked(id: &str, change: impl FnOnce(&mut Plan)) -> Result<Estimate, EstimateError> {
    let mut plan = plan(id, "Q4_K_M", "h200-sxm");
    change(&mut plan);
    estimate(&plan, Catalog::embedded())
}

fn found(id: &str, change: impl FnOnce(&mut Plan)) -> Estimate {
    asked(id, change).unwrap_or_else(|error| panic!("{id}: {error}"))
}

/// The model's own layer guesses so many tokens.
fn own_layer(tokens: u32) -> impl Fn(&mut Plan) {
    move |plan| {
        plan.workload.speculation.drafter = Drafter::Mtp;
        plan.workload.speculation.tokens = Some(tokens);
    }
}

#[test]
fn the_layer_for_further_tokens_weighs_what_the_file_says() {
    for (id, file, device) in
        [("glm-4.5-air", 72_848_161_792, 72_499_003_776), ("qwen3.5-9b", 5_769_121_792, 5_196_992_512)]
    {
        let (plain, guessing) = (found(id, |_| {}), found(id, own_layer(1)));
        assert_eq!(guessing.weights, Some(Bytes(file)), "{id}");
        assert_eq!(guessing.devices[0].parts.weights, Some(Bytes(device)), "{id}");
        let more = guessing.devices[0].parts.kv_cache.unwrap() - plain.devices[0].parts.kv_cache.unwrap();
        assert_eq!(more, Bytes(33_554_432), "{id}: its own cache");
        assert_eq!(plain.drafter, None, "{id}");
    }
    let nine = found("qwen3.5-9b", own_layer(1));
    assert_eq!(nine.devices[0].parts.beside, Some(Bytes(100_679_808)), "its own buffer");
    assert_eq!(nine.host.parts.beside, Some(Bytes(25_184_288)));
    let refused = asked("llama-3.1-8b", own_layer(1)).unwrap_err();
    assert_eq!(refused, EstimateError::Refused(Refusal::NoNextToken));
}

#[test]
fn states_are_kept_for_every_token_that_may_be_taken_back() {
    for (sequences, state, compute) in [(1, 210_763_776, 100_679_936), (4, 843_055_104, 111_952_128)] {
        let guessing = found("qwen3.5-9b", |plan| {
            own_layer(3)(plan);
            plan.workload.sequences = sequences;
            plan.workload.context = 8192 / u64::from(sequences);
        });
        let parts = &guessing.devices[0].parts;
        assert_eq!(parts.recurrent_state, Some(Bytes(state)), "{sequences} sequences");
        assert_eq!(parts.compute, Some(Bytes(compute)), "{sequences} sequences");
    }
}

#[test]
fn a_draft_model_is_a_model_beside_the_model() {
    let alone = found("qwen3-0.6b", |plan| plan.workload.quantization = Quantization::Q8_0);
    let plain = found("qwen3-32b", |_| {});
    let drafted = found("qwen3-32b", |plan| {
        plan.workload.speculation.drafter = Drafter::Model("qwen3-0.6b".to_owned());
        plan.workload.speculation.quantization = Some(Quantization::Q8_0);
    });
    let (alone, plain, both) = (&alone.devices[0].parts, &plain.devices[0].parts, &drafted.devices[0].parts);
    let sum = |one: Option<Bytes>, other: Option<Bytes>| Some(one.unwrap() + other.unwrap());
    assert_eq!(both.weights, sum(alone.weights, plain.weights));
    assert_eq!(both.kv_cache, sum(alone.kv_cache, plain.kv_cache));
    assert_eq!(both.beside, alone.compute);
    let unknown = asked("qwen3-32b", |plan| plan.workload.speculation.drafter = Drafter::Model("abc".to_owned()));
    assert!(matches!(unknown, Err(EstimateError::UnknownModel { .. })), "{unknown:?}");
}

#[test]
fn guesses_are_faster_where_decoding_waits_for_memory() {
    let (plain, guessing) = (found("qwen3.5-27b", |_| {}), found("qwen3.5-27b", own_layer(3)));
    let (plain, guessing) = (plain.speed.decode.unwrap(), guessing.speed.decode.unwrap());
    let gain = guessing.expected / plain.expected;
    assert!((1.3..=2.4).contains(&gain), "{gain}");
    assert!(guessing.low < plain.high && guessing.high > 2.0 * plain.low, "{guessing:?} {plain:?}");
}

#[test]
fn the_part_that_sees_lies_where_it_is_put() {
    let sees = |place| found("qwen3.5-27b", |plan| plan.workload.vision = Some(place));
    let (gpu, cpu, off) = (sees(VisionPlace::Gpu), sees(VisionPlace::Cpu), sees(VisionPlace::Off));
    let plain = found("qwen3.5-27b", |_| {});
    assert_eq!(off, plain, "a projector is loaded where one is named");
    let vision = gpu.devices[0].parts.vision.unwrap();
    assert!((vision.0 as f64 / 930_086_912.0 - 1.0).abs() < 0.01, "887 MiB on a card: {vision:?}");
    assert!(gpu.devices[0].parts.beside.unwrap() > Bytes::ZERO);
    assert_eq!((cpu.devices[0].parts, cpu.host.parts.vision), (plain.devices[0].parts, Some(vision)));
    let blind = asked("llama-3.1-8b", |plan| plan.workload.vision = Some(VisionPlace::Gpu)).unwrap_err();
    assert_eq!(blind, EstimateError::Refused(Refusal::NoVision));
}

#[test]
fn what_lies_beside_takes_room_from_the_layers() {
    let auto = |change: fn(&mut Plan)| {
        let mut plan = plan("qwen3.5-27b", "Q5_K_M", "rtx-4090");
        plan.workload.gpu_layers = GpuLayers::Auto;
        plan.workload.context = 32_768;
        change(&mut plan);
        estimate(&plan, Catalog::embedded()).unwrap()
    };
    let (plain, full) = (auto(|_| {}), auto(|plan| plan.workload.context = 131_072));
    let both = auto(|plan| {
        plan.workload.context = 131_072;
        own_layer(3)(plan);
        plan.workload.vision = Some(VisionPlace::Gpu);
    });
    assert_eq!(plain.verdict, Some(Verdict::Fits));
    assert!(both.gpu_layers() < full.gpu_layers(), "{} {}", both.gpu_layers(), full.gpu_layers());
    assert!(both.devices[0].excess == Some(Bytes::ZERO), "what is left to the engine fits");
}

#[test]
fn layers_are_shared_out_by_hand() {
    for (shares, weights) in
        [(vec![3.0, 1.0], [15_231_598_592, 5_167_554_560]), (vec![1.0, 3.0], [5_418_893_312, 14_980_259_840])]
    {
        let mut plan = plan("yi-1.5-34b", "Q4_K_M", "h200-sxm");
        plan.machine.cards = vec![cards("h200-sxm", 2)];
        plan.workload.tensor_split.clone_from(&shares);
        let found = estimate(&plan, Catalog::embedded()).unwrap();
        let placed: Vec<u64> = found.devices.iter().map(|device| device.parts.weights.unwrap().0).collect();
        assert_eq!(placed, weights, "{shares:?}");
    }
    let mut plan = plan("llama-3.1-8b", "Q4_K_M", "h200-sxm");
    plan.workload.tensor_split = vec![0.0, 0.0];
    assert!(estimate(&plan, Catalog::embedded()).is_err(), "somebody must take the layers");
}
