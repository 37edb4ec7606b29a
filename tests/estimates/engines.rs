//! Serving with vLLM and its like: logs that were read to the last digit, and laws that must hold for any plan.

use crate::support::plans::{ask, cards, refusal, serving};
use rigplan::catalog::Catalog;
use rigplan::catalog::model::Model;
use rigplan::catalog::quantization::{KvPrecision, Quantization};
use rigplan::estimate::server::kv_blocks::{ElementLayout, KvBlocks};
use rigplan::estimate::{Estimate, EstimateError, Queue, Refusal, Verdict, Warning, estimate};
use rigplan::model::layers::{Layer, Mixer};
use rigplan::plan::{CardChoice, CardCount, KvCache, Plan, Runtime};
use rigplan::units::{Bytes, GIB};

fn model(id: &str) -> &'static Model {
    Catalog::embedded().model(id).unwrap()
}

fn plan(model: &str, quantization: Quantization, card: &str, count: u32) -> Plan {
    let mut plan = serving(model);
    plan.workload.choose_runtime(Runtime::Vllm);
    plan.workload.quantization = quantization;
    plan.machine.cards = vec![cards(card, count)];
    plan
}

fn pages(id: &str, element: u64, ranks: u64) -> KvBlocks {
    KvBlocks::of(model(id), &model(id).layers().unwrap(), ElementLayout { element, ranks })
}

/// Blocks in a printed pool, as the engine counts them.
fn blocks(pages: &KvBlocks, gib: f64) -> u64 {
    Bytes::from_gib(gib).0 / pages.block_bytes
}

#[test]
fn blocks_are_those_that_the_logs_print() {
    // Model, bytes of an element, ranks, GiB of the pool, blocks; GiB are printed to two digits.
    let logs = [
        ("llama-3.1-8b", 2, 1, 58.11, 29_751),
        ("llama-3.1-8b", 2, 4, 67.44, 138_112),
        ("llama-3.1-8b", 1, 1, 58.11, 59_502),
        ("qwen2.5-7b", 2, 2, 63.84, 149_412),
        ("qwen2.5-7b", 2, 4, 67.34, 315_205),
        ("gemma-2-27b", 2, 1, 20.59, 7_335),
        ("gemma-3-27b", 2, 1, 19.53, 15_997),
        ("gemma-3-4b", 2, 1, 62.51, 204_817),
        ("gpt-oss-20b", 2, 2, 59.32, 323_972),
        ("llama-4-scout", 2, 4, 16.75, 91_495),
        ("mixtral-8x7b", 2, 2, 28.44, 29_121),
        ("deepseek-v2-lite", 2, 1, 43.61, 94_097),
        ("qwen3-30b-a3b", 2, 1, 15.41, 10_518),
    ];
    for (id, element, ranks, gib, printed) in logs {
        let pages = pages(id, element, ranks);
        let off = 0.006 * GIB as f64 / pages.block_bytes as f64 + 1.0;
        let found = blocks(&pages, gib) as f64;
        assert!((found - f64::from(printed)).abs() <= off, "{id} on {ranks}: {found}, printed {printed}");
    }
}

#[test]
fn latents_are_not_cut_and_heads_are_copied() {
    // Kimi K2 on eight ranks: 70,272 bytes a token on every rank. Qwen3-235B has 4 KV heads: 24,064 on eight ranks in FP8.
    assert_eq!(pages("kimi-k2", 2, 8).token_bytes(), 70_272.0);
    assert_eq!(pages("kimi-k2", 2, 8), pages("kimi-k2", 2, 1));
    assert_eq!(pages("qwen3-235b-a22b", 1, 8).token_bytes(), 24_064.0);
    assert_eq!(pages("qwen3-235b-a22b", 1, 8), pages("qwen3-235b-a22b", 1, 4));
}

#[test]
fn windows_need_blocks_for_the_window_and_the_batch_only() {
    // Gemma 4 26B on 0.25.1: (8,192 + 5 × 221) blocks of 5 × 128 KiB; 14.92 and 14.78 sequences of 262,144 tokens.
    let pages = pages("gemma-4-26b-a4b", 2, 1);
    assert_eq!(pages.block_bytes, 5 * (128 << 10));
    let one = pages.blocks(262_144, 2496);
    assert_eq!((one.kv, one.state), (8192 + 5 * 221, 0));
    for (gib, printed) in [(84.68, 14.92), (83.89, 14.78)] {
        let fit = blocks(&pages, gib) as f64 / one.total() as f64;
        assert!((fit - printed).abs() < 0.006, "{fit} of {gib} GiB");
    }
}

/// `model` with a drafter that predicts `tokens` further tokens: one more attention layer, and as many more columns in the
/// window of each convolution.
fn drafted(model: &Model, tokens: u64) -> Vec<Layer> {
    let mut layers = model.layers().unwrap();
    for layer in &mut layers {
        if let Mixer::Recurrent(recurrent) = &mut layer.mixer {
            recurrent.convolution_elements += tokens * recurrent.convolution_channels;
        }
    }
    let drafter = *layers.iter().find(|layer| matches!(layer.mixer, Mixer::Attention(_))).unwrap();
    layers.push(drafter);
    layers
}

#[test]
fn hybrids_hold_the_sequences_that_the_logs_print() {
    // Model, bytes of an element, GiB of the pool, tokens of a block, sequences of 262,144 tokens; three tokens are drafted.
    let logs = [
        ("qwen3.6-35b-a3b", 2, 74.22, 1072, 12.84),
        ("qwen3.8-27b", 2, 80.17, 800, 4.54),
        ("qwen3.8-27b", 1, 76.40, 1600, 8.36),
    ];
    for (id, element, gib, tokens, printed) in logs {
        let pages = KvBlocks::of(model(id), &drafted(model(id), 3), ElementLayout { element, ranks: 1 });
        let one = pages.blocks(262_144, 0);
        assert_eq!(one.kv, 262_144_u64.div_ceil(tokens), "{id}: blocks of {tokens} tokens");
        // A state for the sequence and one for each drafted token.
        let fit = blocks(&pages, gib) as f64 / (one.kv + 4 * one.state) as f64;
        assert!((fit - printed).abs() < 0.011, "{id}: {fit}, printed {printed}");
    }
}

#[test]
fn a_state_in_16_bits_makes_smaller_blocks() {
    // Qwen3-Next on two ranks: blocks of 544 tokens, 31 for 16,384 tokens and one for each of three groups of states.
    let pages = pages("qwen3-next-80b-a3b", 2, 2);
    let one = pages.blocks(16_384, 0);
    assert_eq!((one.kv, one.state), (31, 3));
    assert!((1139.0 / one.total() as f64 - 33.5).abs() < 0.01);
}

#[test]
fn budgets_are_those_of_the_logs() {
    // vLLM 0.19.0 on H100 at 0.95, 1024 sequences, 8192 tokens: weights, activations and pool in GiB.
    let logs = [
        ("llama-3.1-8b", Quantization::bf16, 1, 14.99, 1.89, 58.11),
        ("llama-3.1-8b", Quantization::bf16, 2, 7.51, 1.89, 63.76),
        ("llama-3.1-8b", Quantization::fp8, 1, 8.49, 1.89, 64.61),
        ("llama-3.1-8b", Quantization::gptq, 1, 5.38, 1.89, 67.71),
        ("gemma-2-9b", Quantization::bf16, 1, 17.22, 3.65, 54.12),
        ("gemma-3-27b", Quantization::bf16, 1, 51.45, 3.99, 19.53),
        ("llama-4-scout", Quantization::bf16, 4, 53.12, 3.19, 16.75),
        ("deepseek-v2-lite", Quantization::bf16, 1, 29.43, 1.93, 43.61),
        ("gpt-oss-20b", Quantization::mxfp4, 2, 7.01, 2.87, 59.32),
    ];
    for (id, quantization, count, weights, activations, pool) in logs {
        let mut plan = plan(id, quantization, "h100-sxm5", count);
        plan.workload.runtime_version = Some("0.19.0".parse().unwrap());
        plan.workload.server.gpu_memory_utilization = Some(if id == "gpt-oss-20b" { 0.9 } else { 0.95 });
        let device = ask(&plan).devices[0].clone();
        let off = |found: Option<Bytes>, log: f64| (found.unwrap().gib() / log - 1.0).abs();
        assert!(off(device.parts.weights, weights) < 0.015, "{id}: weights {:?}", device.parts.weights);
        assert!(off(device.parts.activations, activations) < 0.10, "{id}: {:?}", device.parts.activations);
        assert!(off(device.kv_pool, pool) < 0.01, "{id}: pool {:?}, printed {pool}", device.kv_pool);
    }
}

#[test]
fn one_sequence_that_exceeds_the_pool_does_not_fit() {
    // A 24 GB card: 4.6 GiB for a cache of 16 GiB ("max seq len is larger than the KV cache").
    let mut plan = plan("llama-3.1-8b", Quantization::bf16, "l4", 1);
    plan.workload.context = 131_072;
    let found = ask(&plan);
    assert_eq!(found.verdict, Some(Verdict::DoesNotFit));
    assert!(found.devices[0].excess.unwrap() > Bytes(10 * GIB));
    plan.workload.context = 8192;
    assert!(ask(&plan).verdict <= Some(Verdict::Tight));
}

#[test]
fn concurrency_is_where_the_first_waits() {
    for id in ["llama-3.1-8b", "gemma-3-27b", "qwen3.5-27b", "deepseek-v2-lite"] {
        let mut plan = plan(id, Quantization::fp8, "h100-sxm5", 1);
        plan.workload.context = 16_384;
        // A hybrid's pool holds no 1,024 states.
        plan.workload.server.max_num_seqs = Some(512);
        let most = ask(&plan).concurrency().unwrap();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred")]
        let most = most.floor() as u32;
        plan.workload.sequences = most;
        assert!(ask(&plan).serves_all(), "{id}: {most} sequences");
        plan.workload.sequences = most + 1;
        assert_eq!(ask(&plan).queue, Queue { running: most, waiting: 1 }, "{id}: {most} sequences and one");
    }
}

#[test]
fn a_server_that_queues_fits() {
    // 50 users of 16k on one card of 48 GB: 2 GiB of cache each, 12 times in the pool.
    let mut plan = plan("llama-3.1-8b", Quantization::bf16, "l40s", 1);
    plan.workload.context = 16_384;
    plan.workload.sequences = 50;
    let found = ask(&plan);
    assert_eq!(found.verdict, Some(Verdict::Fits));
    assert_eq!(found.queue, Queue { running: 12, waiting: 38 });
    assert!(found.warnings.contains(&Warning::Queued { running: 12, waiting: 38 }));
    let device = &found.devices[0];
    assert_eq!(device.parts.kv_cache, Some(Bytes(12 * 2 * GIB)), "what runs at once is what lies on the card");
    assert!(device.total.unwrap() <= device.usable && device.excess == Some(Bytes::ZERO));
    let wait = found.speed.queued_first_token.unwrap();
    assert!(wait.expected > 5.0 * found.speed.first_token.unwrap().expected, "{wait:?}");
    // As many as run at once need no queue, and are as fast.
    plan.workload.sequences = 12;
    let all = ask(&plan);
    assert_eq!((all.verdict, all.queue), (Some(Verdict::Fits), Queue { running: 12, waiting: 0 }));
    assert_eq!((all.speed.decode, all.speed.queued_first_token), (found.speed.decode, None));
    // The same with a batch that is told to be smaller than the pool.
    plan.workload.server.max_num_seqs = Some(4);
    assert_eq!(ask(&plan).queue, Queue { running: 4, waiting: 8 });
    // One full sequence has to fit.
    plan.workload.context = 400_000;
    assert_eq!(ask(&plan).verdict, Some(Verdict::DoesNotFit));
}

#[test]
fn more_users_never_make_a_verdict_better() {
    for (card, engine) in [("l40s", Runtime::Vllm), ("rtx-4090", Runtime::Sglang), ("h100-sxm5", Runtime::TensorRtLlm)]
    {
        let mut plan = plan("llama-3.1-8b", Quantization::bf16, card, 1);
        plan.workload.runtime = engine;
        let mut last = None;
        for sequences in [1, 2, 5, 9, 13, 14, 40, 300] {
            plan.workload.sequences = sequences;
            let found = ask(&plan);
            assert!(found.verdict >= last, "{card}: {sequences} sequences: {:?} after {last:?}", found.verdict);
            assert_eq!(found.queue.running + found.queue.waiting, sequences);
            assert!(found.devices[0].total.unwrap() <= found.devices[0].usable);
            last = found.verdict;
        }
    }
}

#[test]
fn what_an_engine_refuses_is_said_in_one_line() {
    let base = plan("llama-3.1-8b", Quantization::bf16, "rtx-4090", 1);
    let with = |change: fn(&mut Plan)| {
        let mut plan = base.clone();
        change(&mut plan);
        refusal(&plan)
    };
    let card = |plan: &mut Plan, id: &str, count| {
        plan.machine.cards = vec![CardCount::of(CardChoice::Catalog(id.to_owned()), count)];
    };
    assert_eq!(with(|plan| plan.workload.quantization = Quantization::Q4_K_M), Refusal::GgufServer);
    assert_eq!(with(|plan| plan.machine.cards.clear()), Refusal::ServerOnCpu);
    assert_eq!(with(|plan| plan.workload.tensor_parallel = Some(2)), Refusal::TooManyRanks);
    let q8 = KvCache { k: KvPrecision::q8_0, v: KvPrecision::q8_0 };
    let mut quantized = base.clone();
    quantized.workload.kv_cache = q8;
    assert_eq!(refusal(&quantized), Refusal::ServerCache);
    for (id, count, quantization, expected) in [
        ("rtx-4090", 3, Quantization::bf16, Refusal::Heads),
        ("t4", 1, Quantization::bf16, Refusal::NoBfloat16),
        ("apple-m4-max", 1, Quantization::fp16, Refusal::ServerBackend),
        ("mi300x", 1, Quantization::nvfp4, Refusal::FormatUnsupported),
    ] {
        let mut plan = base.clone();
        card(&mut plan, id, count);
        plan.workload.quantization = quantization;
        assert_eq!(refusal(&plan), expected, "{id}");
    }
    for refusal in [Refusal::GgufServer, Refusal::Heads, Refusal::FormatUnsupported] {
        assert_eq!(refusal.to_string().lines().count(), 1);
    }
}

#[test]
fn formats_that_are_unpacked_are_warned_of() {
    let warned = |quantization, card: &str| {
        ask(&plan("llama-3.1-8b", quantization, card, 1)).warnings.contains(&Warning::UnpackedFormat)
    };
    assert!(warned(Quantization::fp8, "rtx-3090") && !warned(Quantization::fp8, "rtx-4090"));
    assert!(warned(Quantization::nvfp4, "h100-sxm5") && !warned(Quantization::nvfp4, "rtx-5090"));
    assert!(!warned(Quantization::bf16, "rtx-3090") && !warned(Quantization::int4, "rtx-3090"));
}

#[test]
fn engines_with_few_logs_say_so() {
    for runtime in [Runtime::Sglang, Runtime::Tgi, Runtime::TensorRtLlm, Runtime::Transformers] {
        let mut plan = plan("llama-3.1-8b", Quantization::bf16, "rtx-4090", 1);
        plan.workload.runtime = runtime;
        let found = ask(&plan);
        assert!(found.warnings.contains(&Warning::ThinEvidence), "{runtime:?}");
        assert_eq!(found.devices[0].kv_pool.is_some(), runtime != Runtime::Transformers, "{runtime:?}");
        assert!(found.verdict <= Some(Verdict::Tight), "{runtime:?}: {:?}", found.verdict);
    }
}

#[test]
fn transformers_run_on_the_cpu_and_over_several_cards() {
    let mut plan = plan("llama-3.1-8b", Quantization::bf16, "rtx-4090", 2);
    plan.workload.runtime = Runtime::Transformers;
    let two = ask(&plan);
    plan.machine.cards.clear();
    let none = ask(&plan);
    assert!(none.devices.is_empty() && none.verdict == Some(Verdict::Fits));
    let (split, whole) = (two.parts_in_vram().weights.unwrap(), none.host.parts.weights.unwrap());
    assert!(split.0.abs_diff(whole.0) < 16, "{split} on two cards, {whole} in RAM");
}

#[test]
fn a_pool_grows_with_the_share_and_shrinks_with_what_it_is_spent_on() {
    let pool = |change: &dyn Fn(&mut Plan)| {
        let mut plan = plan("qwen3-14b", Quantization::fp8, "h100-sxm5", 2);
        change(&mut plan);
        ask(&plan).devices[0].kv_pool.unwrap()
    };
    let base = pool(&|_| {});
    assert!(pool(&|plan| plan.workload.server.gpu_memory_utilization = Some(0.95)) > base);
    assert!(pool(&|plan| plan.workload.quantization = Quantization::bf16) < base);
    assert!(pool(&|plan| plan.workload.server.max_num_seqs = Some(64)) > base);
    assert!(pool(&|plan| plan.workload.server.enforce_eager = true) > base, "graphs are in the budget");
    assert!(pool(&|plan| plan.workload.tensor_parallel = Some(1)) < base);
    assert_eq!(pool(&|plan| plan.workload.context = 32_768), base, "what is needed does not change what is reserved");
}

#[test]
fn every_model_and_engine_is_answered_or_refused_in_words() {
    let catalog = Catalog::embedded();
    for model in catalog.models() {
        for ranks in [1, 2, 8] {
            for quantization in Quantization::ALL.iter().copied().filter(|it| it.server() == Some(*it)) {
                let mut plan = plan(&model.id, quantization, "b200", ranks);
                plan.workload.tensor_parallel = Some(ranks);
                match estimate(&plan, catalog) {
                    Ok(found) => check(&found, &model.id),
                    Err(error) => {
                        assert!(matches!(error, EstimateError::Refused(Refusal::Heads)), "{}: {error}", model.id);
                    }
                }
            }
        }
    }
}

fn check(found: &Estimate, id: &str) {
    if found.verdict.is_none() {
        assert!(found.warnings.contains(&Warning::LayoutUnknown), "{id}");
        return;
    }
    for device in &found.devices {
        assert_eq!(device.parts.total().map(|total| total + device.overhead.expected), device.total, "{id}");
        assert!(device.overhead.low <= device.overhead.expected && device.overhead.expected <= device.overhead.high);
    }
    let bits = found.bits_per_weight.unwrap();
    assert!((4.0..=32.0).contains(&bits), "{id}: {bits} bits a weight");
}

/// `plan` with the layers in so many stages on as many cards.
fn staged(plan: &Plan, stages: u32) -> Plan {
    let mut plan = plan.clone();
    plan.machine.cards[0].count = stages;
    plan.workload.training.pipeline_parallel = stages;
    plan
}

#[test]
fn stages_hold_every_layer_once() {
    for id in ["llama-3.1-8b", "qwen3-30b-a3b", "deepseek-v2-lite", "gemma-3-27b", "qwen3-next-80b-a3b", "gpt-oss-20b"]
    {
        let quantization = if id == "gpt-oss-20b" { Quantization::mxfp4 } else { Quantization::bf16 };
        let mut one = plan(id, quantization, "h200-sxm", 1);
        one.workload.server.enforce_eager = true;
        let whole = ask(&one);
        for stages in [2, 3, 4] {
            let found = ask(&staged(&one, stages));
            let sum = |of: fn(&rigplan::estimate::DeviceEstimate) -> Option<Bytes>, found: &Estimate| -> Bytes {
                found.devices.iter().filter_map(of).sum()
            };
            let weights = |found: &Estimate| sum(|device| device.parts.weights, found).gib();
            // Tables of positions lie on every stage, tied embeddings on the first and the last.
            let more = weights(&found) - weights(&whole);
            let tied = if model(id).tie_word_embeddings { 2.7 } else { 0.0 };
            let tables = 0.6 * f64::from(stages - 1);
            assert!((-1e-6..=tied + tables).contains(&more), "{id} in {stages}: {more} GiB more");
            let layers: u32 = found.devices.iter().map(|device| device.gpu_layers).sum();
            assert_eq!((layers, found.devices.len()), (whole.layers, stages as usize), "{id}");
            assert_eq!(found.weights, whole.weights, "the file stays what it is");
            if ["llama-3.1-8b", "qwen3-30b-a3b", "deepseek-v2-lite"].contains(&id) {
                let cache = |found: &Estimate| sum(|device| device.parts.kv_cache, found);
                assert_eq!(cache(&found), cache(&whole), "{id} in {stages}: every layer keeps its own");
            }
            assert!(found.devices[0].parts.activations < whole.devices[0].parts.activations, "{id}: the last samples");
        }
    }
}

#[test]
fn stages_take_turns_for_one_sequence_and_work_together_for_many() {
    let mut one = plan("llama-3.3-70b", Quantization::fp8, "h200-sxm", 1);
    one.workload.context = 4096;
    let decode = |plan: &Plan| ask(plan).speed.decode_total.unwrap().expected;
    let (alone, two) = (decode(&one), decode(&staged(&one, 2)));
    assert!((0.9..=1.001).contains(&(two / alone)), "one sequence: {two} on two stages, {alone} on one card");
    let mut cut = one.clone();
    cut.machine.cards[0].count = 2;
    assert!(decode(&cut) > 1.3 * two, "cut layers are read at the same time");
    one.workload.sequences = 32;
    let (alone, two) = (decode(&one), decode(&staged(&one, 2)));
    assert!(two > 1.15 * alone, "many sequences: {two} on two stages, {alone} on one card");
    // Layers cut within the stages, too.
    let mut both = staged(&one, 4);
    both.workload.training.pipeline_parallel = 2;
    let found = ask(&both);
    assert!(found.speed.decode_total.unwrap().expected > two);
    assert!(found.devices.iter().all(|device| device.gpu_layers >= 40), "{:?}", found.devices);
}

#[test]
fn stages_that_cannot_be_are_refused() {
    let one = plan("llama-3.1-8b", Quantization::bf16, "rtx-3090", 2);
    let with = |stages: u32, ranks: Option<u32>, cards: u32| {
        let mut plan = one.clone();
        plan.machine.cards[0].count = cards;
        plan.workload.training.pipeline_parallel = stages;
        plan.workload.tensor_parallel = ranks;
        estimate(&plan, Catalog::embedded()).err()
    };
    assert_eq!(with(4, None, 2), Some(EstimateError::Refused(Refusal::TooManyRanks)));
    assert_eq!(with(2, Some(2), 2), Some(EstimateError::Refused(Refusal::TooManyRanks)));
    assert_eq!(with(2, Some(2), 4), None);
    assert_eq!(with(33, None, 33), Some(EstimateError::Refused(Refusal::TooManyStages { layers: 32 })));
}

#[test]
fn stages_are_those_of_the_logs() {
    // Llama 3.1 8B on H100, vLLM 0.19.0 at 0.95: GiB of weights on the first stage, blocks of the smallest stage.
    for (stages, weights, blocks) in [(2, 7.51, 67_207.0), (4, 4.26, 141_079.0)] {
        let mut plan = staged(&plan("llama-3.1-8b", Quantization::bf16, "h100-sxm5", 1), stages);
        plan.workload.runtime_version = "0.19".parse().ok();
        plan.workload.server.gpu_memory_utilization = Some(0.95);
        let device = &ask(&plan).devices[0];
        let found = device.parts.weights.unwrap().gib();
        assert!((found - weights).abs() < 0.006, "{stages} stages: {found} GiB, printed {weights}");
        // 16 tokens of 4 KiB in each layer.
        let block = f64::from(32 / stages * 16 * 4096);
        let found = device.kv_pool.unwrap().0 as f64 / block;
        assert!((found / blocks - 1.0).abs() < 0.003, "{stages} stages: {found} blocks, printed {blocks}");
    }
}
