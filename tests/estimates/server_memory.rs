//! What servers take of a card besides weights and caches, against what logs print of cards, links and models of all kinds.

use crate::support::plans::{ask, cards, serving};
use rigplan::catalog::Catalog;
use rigplan::catalog::quantization::{KvPrecision, Quantization};
use rigplan::estimate::{Verdict, Warning};
use rigplan::plan::{KvCache, Plan, Runtime};

fn plan(model: &str, quantization: Quantization, card: &str, count: u32, version: &str) -> Plan {
    let mut plan = serving(model);
    plan.workload.choose_runtime(Runtime::Vllm);
    plan.workload.quantization = quantization;
    plan.workload.runtime_version = Some(version.parse().unwrap());
    plan.machine.cards = vec![cards(card, count)];
    plan
}

/// Qwen3.8 27B in FP8 on two RTX 3090, as noonghunna/club-3090 runs it.
fn two_rtx_3090() -> Plan {
    let mut plan = plan("qwen3.8-27b", Quantization::fp8, "rtx-3090", 2, "0.27");
    plan.workload.kv_cache = KvCache { k: KvPrecision::fp8, v: KvPrecision::fp8 };
    plan.workload.server.gpu_memory_utilization = Some(0.92);
    plan.workload.server.max_batched_tokens = Some(8192);
    plan.workload.server.max_num_seqs = Some(2);
    plan
}

fn pool(plan: &Plan) -> f64 {
    ask(plan).devices[0].kv_pool.unwrap().gib()
}

#[test]
fn ranks_in_slots_hold_less_than_ranks_on_modules() {
    let mut t4 = plan("qwen3-8b", Quantization::fp16, "t4", 2, "0.22");
    t4.workload.server.gpu_memory_utilization = Some(0.85);
    t4.workload.server.enforce_eager = true;
    for (plan, printed) in [(t4, 3.92), (two_rtx_3090(), 4.99)] {
        let found = pool(&plan);
        assert!((found / printed - 1.0).abs() < 0.05, "{found} GiB of {printed}");
    }
    let overhead = |card: &str| ask(&plan("llama-3.1-8b", Quantization::bf16, card, 2, "0.19")).overhead().gib();
    let (slots, modules) = (overhead("h100-pcie"), overhead("h100-sxm5"));
    assert!(slots + 4.0 < modules, "two ranks: {slots} GiB in slots, {modules} on modules");
}

#[test]
fn the_encoder_is_profiled_at_its_largest_picture() {
    let mut plan = plan("qwen3.6-35b-a3b", Quantization::nvfp4, "rtx-5090", 1, "0.24");
    plan.workload.kv_cache = KvCache { k: KvPrecision::fp8, v: KvPrecision::fp8 };
    plan.workload.server.max_batched_tokens = Some(8192);
    plan.workload.server.max_num_seqs = Some(1);
    let found = pool(&plan);
    assert!((found / 5.98 - 1.0).abs() < 0.05, "{found} GiB of 5.98 (noonghunna/club-3090 issue 612)");
    let activations = |plan: &Plan| ask(plan).devices[0].parts.activations.unwrap();
    let one = activations(&plan);
    // A picture of 16,384 tokens fills any smaller batch; two fill one of twice as many.
    plan.workload.server.max_batched_tokens = Some(2048);
    assert_eq!(activations(&plan), one);
    plan.workload.server.max_batched_tokens = Some(32_768);
    let two = activations(&plan);
    assert!(two.0 as f64 > 1.9 * one.0 as f64, "{two} for two pictures, {one} for one");
    // Where many sequences are sampled, that takes more.
    let sampled = activations(&self::plan("gemma-3-27b", Quantization::bf16, "h100-sxm5", 1, "0.19")).gib();
    assert!((sampled / 3.99 - 1.0).abs() < 0.05, "{sampled} GiB");
}

#[test]
fn hybrids_need_a_state_for_each_sequence_that_may_run() {
    let held = |plan: &Plan| {
        ask(plan).warnings.iter().find_map(|warning| match warning {
            Warning::StateBlocks { held, .. } => Some(*held),
            _ => None,
        })
    };
    let mut h100 = plan("qwen3.6-27b", Quantization::fp8, "h100-sxm5", 1, "0.21");
    h100.workload.context = 262_144;
    h100.workload.server.gpu_memory_utilization = Some(0.95);
    // What the engine printed (vllm-project/recipes PR 551 and 831).
    let mut pro = plan("qwen3.8-27b", Quantization::bf16, "rtx-pro-6000-blackwell-maxq", 1, "0.27");
    pro.workload.server.gpu_memory_utilization = Some(0.95);
    for (plan, printed) in [(&h100, 856.0), (&pro, 556.0)] {
        let held = held(plan).unwrap() as f64;
        assert!((held / printed - 1.0_f64).abs() < 0.06, "{held} states of {printed}");
        assert_eq!(ask(plan).verdict, Some(Verdict::DoesNotFit));
        assert!(ask(plan).speed.decode.is_some(), "it runs as soon as it is told how many");
    }
    let starts = |change: fn(&mut Plan)| {
        let mut plan = h100.clone();
        change(&mut plan);
        held(&plan).is_none() && ask(&plan).verdict < Some(Verdict::DoesNotFit)
    };
    assert!(starts(|plan| plan.workload.server.max_num_seqs = Some(512)));
    assert!(starts(|plan| plan.workload.server.enforce_eager = true), "no graphs are captured");
    assert!(starts(|plan| plan.workload.runtime_version = Some("0.18".parse().unwrap())));
    assert!(held(&plan("llama-3.1-8b", Quantization::bf16, "l4", 1, "0.27")).is_none(), "no states");
}

#[test]
fn stages_on_unequal_cards_are_sized_by_their_room() {
    // Qwen3-Coder 30B-A3B ran as 16 and 32 layers on these (vllm-project/vllm issue 34076).
    let mut plan = plan("qwen3-30b-a3b", Quantization::fp8, "rtx-5070-ti", 1, "0.15");
    plan.machine.cards.push(cards("rtx-5090-d", 1));
    plan.workload.training.pipeline_parallel = 2;
    let found = ask(&plan);
    assert!(found.warnings.contains(&Warning::StageLayers { layers: vec![16, 32] }), "{:?}", found.warnings);
    assert!(found.verdict <= Some(Verdict::Tight), "{:?}", found.verdict);
    let layers: Vec<u32> = found.devices.iter().map(|device| device.gpu_layers).collect();
    assert_eq!(layers, [16, 33], "the output layer counts with the last");
    plan.machine.cards = vec![cards("rtx-5090", 2)];
    let alike = ask(&plan);
    assert!(!alike.warnings.iter().any(|warning| matches!(warning, Warning::StageLayers { .. })));
    assert_eq!(alike.devices[0].gpu_layers, 24, "as the engine splits them by itself");
}

#[test]
fn aiter_sets_a_work_space_aside_beside_the_pool() {
    let on = |context: u64, card: &str| {
        let mut plan = plan("qwen3-30b-a3b", Quantization::bf16, card, 1, "0.5");
        plan.workload.choose_runtime(Runtime::Sglang);
        plan.workload.quantization = Quantization::bf16;
        plan.workload.context = context;
        plan.workload.server.gpu_memory_utilization = Some(0.911);
        ask(&plan)
    };
    let (short, long) = (on(4096, "mi355x"), on(262_144, "mi355x"));
    // It ran out of memory there: 60.65 GiB were left for 65 (sgl-project/sglang PR 18263).
    assert_eq!((short.verdict, long.verdict), (Some(Verdict::Fits), Some(Verdict::DoesNotFit)));
    let space = long.overhead().gib() - short.overhead().gib();
    assert!((60.0..66.0).contains(&space), "{space} GiB");
    assert_eq!(on(262_144, "b200").overhead(), on(4096, "b200").overhead(), "other makers' attention has none");
}

#[test]
fn every_picture_that_is_known_fits_the_models_own_context() {
    for model in Catalog::embedded().models() {
        let Some(rigplan::catalog::model::Vision::Tower(tower)) = &model.vision else { continue };
        let Some(largest) = &tower.largest else { continue };
        assert!(largest.tokens <= largest.patches, "{}", model.id);
        assert!(model.max_position_embeddings.is_none_or(|most| largest.tokens <= most), "{}", model.id);
    }
}

#[test]
fn adapters_take_their_slots_whether_they_are_used_or_not() {
    // Llama 3.1 8B at rank 16: 41,943,040 weights an adapter on all linear layers (PEFT prints as many).
    let weights = |slots: Option<u32>, rank: Option<u32>, cards: u32| {
        let mut plan = plan("llama-3.1-8b", Quantization::bf16, "h100-sxm5", cards, "0.27");
        plan.workload.server.max_loras = slots;
        plan.workload.server.max_lora_rank = rank;
        ask(&plan).devices[0].parts.weights.unwrap().0
    };
    let (none, one, four) = (weights(None, None, 1), weights(Some(1), None, 1), weights(Some(4), Some(16), 1));
    assert_eq!(one - none, 2 * 41_943_040);
    assert_eq!(four - none, 4 * (one - none), "each slot alike");
    assert_eq!(weights(Some(1), Some(64), 1) - none, 4 * (one - none), "in proportion to the rank");
    let two = weights(Some(4), None, 2) - weights(None, None, 2);
    assert!(two > (four - none) / 2 && two < four - none, "one side of each lies whole on every rank: {two}");
    let mut other = plan("llama-3.1-8b", Quantization::bf16, "h100-sxm5", 1, "0.27");
    other.workload.runtime = Runtime::TensorRtLlm;
    let before = ask(&other).devices[0].parts.weights;
    other.workload.server.max_loras = Some(8);
    assert_eq!(ask(&other).devices[0].parts.weights, before, "no other engine is told so");
}

#[test]
fn copies_of_an_engine_share_users_and_experts_alone() {
    let of = |model: &str, copies: u32, sequences: u32| {
        let mut plan = plan(model, Quantization::fp8, "h100-sxm5", 8, "0.27");
        plan.workload.training.data_parallel = (copies > 1).then_some(copies);
        plan.workload.tensor_parallel = Some(8 / copies);
        plan.workload.sequences = sequences;
        ask(&plan)
    };
    let weights = |found: &rigplan::estimate::Estimate| found.devices[0].parts.weights.unwrap().gib();
    let (cut, copied) = (of("llama-3.1-8b", 1, 64), of("llama-3.1-8b", 8, 64));
    assert!(weights(&copied) > 6.0 * weights(&cut), "each holds a dense model whole");
    assert_eq!(copied.queue.running, 64);
    assert_eq!(copied.devices.len(), 8);
    assert!(copied.devices.iter().all(|device| device.parts.kv_cache == copied.devices[0].parts.kv_cache));
    let one = of("llama-3.1-8b", 8, 8).speed;
    let total = one.decode_total.unwrap().expected / one.decode.unwrap().expected;
    assert!((total - 8.0).abs() < 0.01, "eight users on eight copies: {total} times one");
    // Experts are cut over all cards whether there are copies or not; only the rest is copied.
    let (cut, copied) = (of("qwen3-30b-a3b", 1, 64), of("qwen3-30b-a3b", 4, 64));
    let ratio = weights(&copied) / weights(&cut);
    assert!((1.0..2.0).contains(&ratio), "{ratio}");
}

#[test]
fn prompts_lower_what_many_users_receive() {
    // Qwen3.6 27B in 16 bits on four RTX 3090 at 220 W, 512 tokens in and 256 out (LottoLottoLotto/4x3090-llm-benchmarks).
    let measured = [(1, 36.0, 36.0), (8, 213.0, 151.0), (32, 549.0, 228.0), (64, 621.0, 293.0), (96, 690.0, 308.0)];
    for (users, decoding, sustained) in measured {
        let mut plan = plan("qwen3.6-27b", Quantization::bf16, "rtx-3090", 4, "0.23");
        plan.workload.context = 768;
        plan.workload.depth = Some(512);
        plan.workload.prompt_tokens = 512;
        plan.workload.sequences = users;
        plan.workload.server.max_num_seqs = Some(users);
        plan.workload.server.gpu_memory_utilization = Some(0.9);
        plan.machine.power_limit_w = Some(220);
        let speed = ask(&plan).speed;
        for (found, seen) in [(speed.decode_total.unwrap(), decoding), (speed.sustained.unwrap(), sustained)] {
            assert!((found.low..=found.high).contains(&seen), "{users} users: {seen} outside {found:?}");
        }
    }
}
