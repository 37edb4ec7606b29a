//! Fewer bits, and what the engine itself can save.

use super::{Baseline, Change, Remedy, RemedyGroup, normalize, software};
use crate::catalog::model::Dtype;
use crate::catalog::quantization::{KvPrecision, Quantization, QuantizationKind};
use crate::estimate::{Verdict, estimate};
use crate::plan::{KvCache, Plan, Runtime, Workload};

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
/// The least share of the bits that a coarser precision must save to be worth its loss.
const LEAST_GAIN: f64 = 0.06;
/// Bits nearer than this are the same.
const SAME_BITS: f64 = 0.01;
/// What weights in four bits take with their scales, at most.
const FEW_BITS: f64 = 4.5;
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
        found.extend(with_engine(base, &found));
        found.extend(engine(base));
    }
    found
}

/// Precisions that take less than the present one, most bits first: each by more than a little, from it and from the one
/// before. What lies between two steps of the slider shuts out neither.
pub(super) fn lower(base: &Baseline<'_>) -> Vec<Quantization> {
    let Some(mut least) = bits(base, present(base)) else { return Vec::new() };
    let mut least_step = least;
    let finest = fineness(present(base)) * (1.0 - LEAST_GAIN);
    let coarser = candidates(base).into_iter().filter(|it| fineness(*it) <= finest);
    let gains = |it: &Quantization| {
        let before = if is_step(*it) { least_step } else { least };
        let gained = bits(base, *it).filter(|bits| *bits <= before * (1.0 - LEAST_GAIN) && *bits < least);
        let Some(fewer) = gained else { return false };
        least = fewer;
        if is_step(*it) {
            least_step = fewer;
        }
        true
    };
    coarser.filter(gains).collect()
}

/// Precisions that are finer than the present one and take more, fewest bits first; none beyond the first that holds all that
/// was published.
pub(super) fn higher(base: &Baseline<'_>) -> Vec<Quantization> {
    let Some(mut most) = bits(base, present(base)) else { return Vec::new() };
    let mut fine = fineness(present(base));
    let published = normalize::model(base.plan, base.catalog).and_then(|model| model.native_dtype);
    let published = published.map_or(f64::INFINITY, Dtype::bits);
    let mut found = Vec::new();
    for finer in candidates(base).into_iter().rev() {
        if fineness(finer) <= fine + SAME_BITS || fine >= published {
            continue;
        }
        if let Some(more) = bits(base, finer).filter(|bits| *bits > most + SAME_BITS) {
            (fine, most) = (fineness(finer), more);
            found.push(finer);
        }
    }
    found
}

/// The precision of a server engine nearest to the present file: that of the checkpoint where it was published in few bits.
pub(super) fn served(base: &Baseline<'_>) -> Quantization {
    let published = normalize::model(base.plan, base.catalog).and_then(|model| model.native_dtype);
    let fine = fineness(present(base));
    let as_few = published.filter(|dtype| dtype.bits() <= fine.max(FEW_BITS));
    let stored = as_few.and_then(|dtype| dtype.stored(QuantizationKind::Server));
    stored.unwrap_or(match fine {
        fine if fine < 6.0 => Quantization::awq,
        fine if fine < 10.0 => Quantization::fp8,
        _ => Quantization::bf16,
    })
}

const fn present(base: &Baseline<'_>) -> Quantization {
    base.plan.workload.quantization
}

/// What people quantize to, and what this model was published in, finest first.
fn candidates(base: &Baseline<'_>) -> Vec<Quantization> {
    let known: &[Quantization] = match present(base).kind() {
        QuantizationKind::Gguf => &FILES,
        QuantizationKind::Server => &SERVED,
    };
    let usual = base.plan.workload.usual_quantization(base.catalog);
    let mut all = known.to_vec();
    all.extend(Some(usual).filter(|it| !known.contains(it) && it.kind() == present(base).kind()));
    all.sort_by(|a, b| fineness(*b).total_cmp(&fineness(*a)));
    all
}

/// How finely a precision tells weights apart, in bits; the experts count where they are stored in fewer than the rest.
fn fineness(quantization: Quantization) -> f64 {
    let stored = if quantization == Quantization::MXFP4_MOE { Quantization::mxfp4 } else { quantization };
    stored.facts().map_or(0.0, |facts| facts.bits_per_weight)
}

/// Whether the slider stops there; what servers read are steps, all of it.
fn is_step(quantization: Quantization) -> bool {
    quantization.kind() == QuantizationKind::Server || Quantization::SLIDER.contains(&quantization)
}

/// Bits that a weight of this model takes in that precision: rows that do not divide, experts and embeddings that are kept
/// make it other than the name says.
fn bits(base: &Baseline<'_>, quantization: Quantization) -> Option<f64> {
    let mut plan = base.plan.clone();
    plan.workload.quantization = quantization;
    estimate(&plan, base.catalog).ok()?.bits_per_weight
}

/// One step of the slider down, two, and the most bits that fit where neither does.
fn weights(base: &Baseline<'_>) -> Vec<Remedy> {
    let offers: Vec<Remedy> =
        lower(base).into_iter().filter_map(|it| base.better(RemedyGroup::Quantize, Change::Weights(it))).collect();
    let first_fit = offers.iter().position(|way| way.after.fits()).filter(|_| !base.now.fits());
    let steps = (0..offers.len()).filter(|place| matches!(offers[*place].change, Change::Weights(it) if is_step(it)));
    let steps: Vec<usize> = steps.take(STEPS).collect();
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

/// The finest weights that hold only with what the engine can be told for nothing, where none hold without: what costs least
/// speed first.
fn with_engine(base: &Baseline<'_>, alone: &[Remedy]) -> Option<Remedy> {
    let ails = base.now.verdict == Verdict::DoesNotFit && !alone.iter().any(|way| way.after.fits());
    if !ails || base.plan.workload.runtime == Runtime::Transformers {
        return None;
    }
    let workload = &base.plan.workload;
    let told = [
        Some(Change::Utilization(MOST_UTILIZATION)).filter(|_| !uses_most(workload)),
        Some(Change::MaxNumSeqs(workload.sequences)).filter(|_| prepares_for_more(workload)),
        Some(Change::EnforceEager).filter(|_| !workload.server.enforce_eager),
    ];
    let told: Vec<Change> = told.into_iter().flatten().collect();
    let sets = |weights: Quantization| {
        let told = &told;
        (1..=told.len()).map(move |count| [&[Change::Weights(weights)], &told[..count]].concat())
    };
    let offers = lower(base).into_iter().flat_map(sets);
    let mut ways = offers.filter_map(|changes| base.better(RemedyGroup::Quantize, Change::Together(changes)));
    ways.find(|way| way.after.fits())
}

/// Whether a server engine takes as much of each card as it safely may.
fn uses_most(workload: &Workload) -> bool {
    workload.server.gpu_memory_utilization.is_some_and(|share| share >= MOST_UTILIZATION)
}

/// Whether a server engine prepares for more sequences than there are.
fn prepares_for_more(workload: &Workload) -> bool {
    workload.server.max_num_seqs.is_none_or(|most| most > workload.sequences)
}

/// What a server engine can be told: a batch no larger than the sequences, no CUDA graphs, more of the card; and from
/// an engine without paging to one with it.
fn engine(base: &Baseline<'_>) -> Vec<Remedy> {
    let workload = &base.plan.workload;
    let mut changes = Vec::new();
    if prepares_for_more(workload) {
        changes.push(Change::MaxNumSeqs(workload.sequences));
    }
    if !workload.server.enforce_eager {
        changes.push(Change::EnforceEager);
    }
    if !uses_most(workload) {
        changes.push(Change::Utilization(MOST_UTILIZATION));
    }
    if workload.runtime == Runtime::Transformers {
        changes.push(Change::Engine(Runtime::Vllm, workload.quantization));
    }
    changes.into_iter().filter_map(|change| base.better(RemedyGroup::Quantize, change)).collect()
}
