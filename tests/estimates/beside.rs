//! What lies beside a model in llama.cpp: its own layer for further tokens, a draft model, the part that sees; and layers
//! shared out by hand. Figures are the engine's own (commit 0c1e57098).

use rigplan::catalog::Catalog;
use rigplan::catalog::quantization::Quantization;
use rigplan::estimate::explain::{Figure, Term, explain};
use rigplan::estimate::{Estimate, EstimateError, Refusal, Verdict, estimate};
use rigplan::plan::{Drafter, GpuLayers, Plan, Runtime, VisionPlace};
use rigplan::text::Key;
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

/// Builds of the summer of 2026 load the layer though nobody guesses with it: 0.66 GiB of a 27B.
#[test]
fn some_builds_load_the_layer_for_further_tokens_unasked() {
    let weights = |version: &str, change: fn(&mut Plan)| {
        let found = found("qwen3.5-9b", |plan| {
            plan.workload.runtime_version = version.parse().ok();
            change(plan);
        });
        found.devices[0].parts.weights.unwrap()
    };
    let (plain, guessing) = (weights("", |_| {}), weights("", |plan| own_layer(1)(plan)));
    for version in ["b9849", "2026-06", "2026-07"] {
        assert_eq!(weights(version, |_| {}), guessing, "{version}");
    }
    for version in ["b9000", "b10300", "2026-03", "2026-08"] {
        assert_eq!(weights(version, |_| {}), plain, "{version}");
    }
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
    assert!(guessing.low > plain.low && guessing.high > 2.0 * plain.high, "a wide band: {guessing:?} {plain:?}");
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

/// 41,943,040 elements of rank 16 on all projections of Llama 3.1 8B, as trainers print them, in F32 as they are converted.
#[test]
fn adapters_are_loaded_with_the_model() {
    let with = |count: Option<u32>, rank: u32| {
        found("llama-3.1-8b", |plan| {
            plan.workload.server.max_loras = count;
            plan.workload.server.max_lora_rank = Some(rank);
        })
    };
    let weights = |found: &Estimate| found.devices[0].parts.weights.unwrap();
    let plain = with(None, 16);
    let one = weights(&with(Some(1), 16)) - weights(&plain);
    assert_eq!(one, Bytes(4 * 41_943_040));
    assert_eq!(weights(&with(Some(3), 32)) - weights(&plain), Bytes(6 * one.0), "each of them, by its rank");
    let compute = |found: &Estimate| found.devices[0].parts.compute.unwrap();
    assert!(compute(&with(Some(8), 256)) >= compute(&plain), "what they add takes no less");
    let mut asked = plan("llama-3.1-8b", "Q4_K_M", "h200-sxm");
    asked.workload.server.max_loras = Some(2);
    let why = explain(&asked, Catalog::embedded(), Figure::Weights).unwrap();
    assert!(why.terms.iter().any(|term| term.name == Key::TermAdapters), "they are told");
}

/// Every byte that lies beside the model is told where its figure is explained.
#[test]
fn what_lies_beside_is_explained() {
    let mut asked = plan("qwen3.5-27b", "Q4_K_M", "h200-sxm");
    asked.workload.vision = Some(VisionPlace::Gpu);
    for drafter in [Drafter::Mtp, Drafter::Model("qwen3.5-9b".to_owned())] {
        asked.workload.speculation.drafter = drafter;
        for figure in [Figure::Weights, Figure::KvCache, Figure::RecurrentState, Figure::Compute] {
            let why = explain(&asked, Catalog::embedded(), figure).unwrap();
            let sum: f64 = why.terms.iter().map(Term::signed).sum();
            assert!((sum - why.result.unwrap().0 as f64).abs() < 1.0, "{figure:?}: {why:?}");
        }
        let weights = explain(&asked, Catalog::embedded(), Figure::Weights).unwrap();
        assert!(weights.terms.iter().any(|term| term.name == Key::TermVision), "{weights:?}");
    }
}

/// What servers hold beside the model, and what they leave out where text alone is served.
#[test]
fn servers_guess_with_the_models_own_layer_and_see_unless_told_otherwise() {
    let served = |change: fn(&mut Plan)| {
        let mut plan = plan("qwen3.5-27b", "Q4_K_M", "h200-sxm");
        plan.workload.choose_runtime(Runtime::Vllm);
        plan.workload.quantization = Quantization::fp8;
        change(&mut plan);
        estimate(&plan, Catalog::embedded())
    };
    let weights = |found: &Estimate| found.devices[0].parts.weights.unwrap();
    let plain = served(|_| {}).unwrap();
    let guessing = served(|plan| own_layer(3)(plan)).unwrap();
    let text = served(|plan| plan.workload.vision = Some(VisionPlace::Off)).unwrap();
    assert!(weights(&guessing) > weights(&plain) && weights(&text) < weights(&plain));
    let states = |found: &Estimate| found.devices[0].parts.recurrent_state.unwrap().0 as f64;
    assert!(states(&guessing) >= 4.0 * states(&plain), "one for each token that may be taken back");
    assert!(guessing.speed.decode.unwrap().expected > 1.3 * plain.speed.decode.unwrap().expected);
    let drafted = served(|plan| plan.workload.speculation.drafter = Drafter::Model("qwen3.5-9b".to_owned()));
    assert_eq!(drafted.unwrap_err(), EstimateError::Refused(Refusal::ServerDraft));
    let apart = served(|plan| plan.workload.vision = Some(VisionPlace::Cpu));
    assert_eq!(apart.unwrap_err(), EstimateError::Refused(Refusal::ServerVision));
}
