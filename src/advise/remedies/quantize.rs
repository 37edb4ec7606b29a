//! Fewer bits, and what the engine itself can save.

use super::{Baseline, Change, Remedy, RemedyGroup, software};
use crate::catalog::quantization::{KvPrecision, Quantization, QuantizationKind};
use crate::plan::{KvCache, Plan, Runtime};

/// Files that people quantize to, most bits first.
const FILES: [Quantization; 11] = [
    Quantization::BF16,
    Quantization::Q8_0,
    Quantization::Q6_K,
    Quantization::Q5_K_M,
    Quantization::Q4_K_M,
    Quantization::IQ4_XS,
    Quantization::Q3_K_M,
    Quantization::IQ3_XXS,
    Quantization::Q2_K,
    Quantization::IQ2_M,
    Quantization::IQ2_XXS,
];
/// The same for server engines.
const SERVED: [Quantization; 3] = [Quantization::bf16, Quantization::fp8, Quantization::awq];
/// How many steps down are offered.
const STEPS: usize = 2;
/// The smallest physical batch that is offered, in tokens.
const SMALL_UBATCH: u32 = 128;
/// The share of a card that server engines can be told to take at most with some safety.
const MOST_UTILIZATION: f64 = 0.95;

pub(super) fn ways(base: &Baseline<'_>) -> Vec<Remedy> {
    let workload = &base.plan.workload;
    let offer = |change: Change| base.better(RemedyGroup::Quantize, change);
    let mut found = weights(base);
    found.extend(caches(base.plan).into_iter().filter_map(|it| offer(Change::KvCache(it))));
    if !workload.flash_attention {
        found.extend(offer(Change::FlashAttention));
    }
    found.extend(software::flash_kept(base));
    if workload.runtime == Runtime::LlamaCpp {
        let smaller = Some(SMALL_UBATCH).filter(|it| *it < workload.ubatch);
        found.extend(smaller.and_then(|it| offer(Change::Ubatch(it))));
    } else {
        found.extend(engine(base));
    }
    found
}

/// Precisions below the present one, most bits first.
pub(super) fn lower(plan: &Plan) -> Vec<Quantization> {
    let bits = |it: Quantization| it.facts().map_or(0.0, |facts| facts.bits_per_weight);
    let present = plan.workload.quantization;
    steps(present).iter().copied().filter(|it| bits(*it) < bits(present) - 0.01).collect()
}

/// Precisions above the present one, fewest bits first.
pub(super) fn higher(plan: &Plan) -> Vec<Quantization> {
    let bits = |it: Quantization| it.facts().map_or(0.0, |facts| facts.bits_per_weight);
    let present = plan.workload.quantization;
    steps(present).iter().rev().copied().filter(|it| bits(*it) > bits(present) + 0.01).collect()
}

const fn steps(present: Quantization) -> &'static [Quantization] {
    match present.kind() {
        QuantizationKind::Gguf => &FILES,
        QuantizationKind::Server => &SERVED,
    }
}

/// One step of the slider down, two, and the most bits that fit where neither does.
fn weights(base: &Baseline<'_>) -> Vec<Remedy> {
    let offers: Vec<Remedy> =
        lower(base.plan).into_iter().filter_map(|it| base.better(RemedyGroup::Quantize, Change::Weights(it))).collect();
    let first_fit = offers.iter().position(|way| way.after.fits()).filter(|_| !base.now.fits());
    let is_step = |way: &Remedy| match way.change {
        Change::Weights(it) => it.kind() == QuantizationKind::Server || Quantization::SLIDER.contains(&it),
        _ => false,
    };
    let steps: Vec<usize> = (0..offers.len()).filter(|place| is_step(&offers[*place])).take(STEPS).collect();
    let kept = |place: &usize| steps.contains(place) || first_fit == Some(*place);
    offers.into_iter().enumerate().filter(|(place, _)| kept(place)).map(|(_, way)| way).collect()
}

/// Precisions of the cache below the present one.
pub(super) fn caches(plan: &Plan) -> Vec<KvPrecision> {
    let full = |it: KvPrecision| matches!(it, KvPrecision::f16 | KvPrecision::bf16 | KvPrecision::f32);
    let KvCache { k, v } = plan.workload.kv_cache;
    match plan.workload.runtime {
        Runtime::LlamaCpp if full(k) || full(v) => vec![KvPrecision::q8_0, KvPrecision::q4_0],
        Runtime::LlamaCpp if k == KvPrecision::q8_0 || v == KvPrecision::q8_0 => vec![KvPrecision::q4_0],
        Runtime::LlamaCpp => Vec::new(),
        _ if full(k) || full(v) => vec![KvPrecision::fp8],
        _ => Vec::new(),
    }
}

/// What a server engine can be told: a batch no larger than the sequences, no CUDA graphs, more of the card; and from
/// an engine without paging to one with it.
fn engine(base: &Baseline<'_>) -> Vec<Remedy> {
    let workload = &base.plan.workload;
    let mut changes = Vec::new();
    if workload.server.max_num_seqs.is_none_or(|most| most > workload.sequences) {
        changes.push(Change::MaxNumSeqs(workload.sequences));
    }
    if !workload.server.enforce_eager {
        changes.push(Change::EnforceEager);
    }
    if workload.server.gpu_memory_utilization.is_none_or(|share| share < MOST_UTILIZATION) {
        changes.push(Change::Utilization(MOST_UTILIZATION));
    }
    if workload.runtime == Runtime::Transformers {
        changes.push(Change::Engine(Runtime::Vllm, workload.quantization));
    }
    changes.into_iter().filter_map(|change| base.better(RemedyGroup::Quantize, change)).collect()
}
