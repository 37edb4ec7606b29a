//! The budget of one rank: what of the device is promised to the engine, what that is spent on, what is left as a pool.
//!
//! vLLM: `requested = utilization × total`, `pool = requested - weights - outside the allocator - activations`, and
//! since 0.21 `- graphs`. Context and communication buffers exist before the engine looks, so they come on top.
//! `SGLang` takes its share of what is free and leaves activations to the rest; TensorRT-LLM and TGI take a share of what
//! is free once weights and activations are there. Transformers reserves nothing.

use super::activations::{self, Kernels, LargestBatch};
use super::outside::{Linked, Outside};
use super::{Deployment, encoder, graphs, outside};
use crate::catalog::runtime::Backend;
use crate::estimate::answer::Parts;
use crate::estimate::device::Device;
use crate::estimate::explanation::Term;
use crate::plan::Runtime;
use crate::units::{Band, Bytes};

/// Bytes of a logit where Transformers widens them to FP32 beside the 16-bit ones.
const LOGIT_BYTES: f64 = 6.0;

/// What one rank takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct RankBudget {
    /// Total memory as the driver tells a program.
    pub total: Bytes,
    /// What the engine may take of it.
    pub requested: Bytes,
    pub weights: Bytes,
    /// Activations at their peak.
    pub activations: Bytes,
    /// Memory outside the allocator that counts against the budget.
    pub non_torch: Bytes,
    /// Context, communication buffers and work spaces, outside the budget.
    pub context: Bytes,
    /// Captured graphs.
    pub graphs: Bytes,
    /// What its sampler takes for each row and token where it sorts.
    pub sorts: Option<f64>,
    /// How far memory outside the allocator and graphs lie from these figures.
    pub doubt: Bytes,
    /// Reserved for the KV cache; `None` where nothing is left, or nothing is reserved.
    pub pool: Option<Bytes>,
    /// What is missing before anything could be left.
    pub short: Bytes,
    /// Sequences that run at once; one where not even one does.
    pub running: u32,
    /// Keys and values of the sequences that run at once.
    pub kv: Bytes,
    /// Their recurrent states.
    pub state: Bytes,
}

impl RankBudget {
    /// The components of memory that the plan needs.
    pub(super) const fn parts(&self) -> Parts {
        Parts {
            weights: Some(self.weights),
            kv_cache: Some(self.kv),
            recurrent_state: Some(self.state),
            activations: Some(self.activations),
            ..Parts::NOTHING
        }
    }

    /// Everything besides weights, caches and activations, with its band.
    pub(super) fn overhead(&self) -> Band<Bytes> {
        let expected = self.context + self.non_torch + self.graphs;
        Band { low: expected.saturating_sub(self.doubt), expected, high: expected + self.doubt }
    }
}

/// What each rank takes; one rank a device that is used. Pools are alike: the smallest sets the number of blocks, and so how
/// many sequences run at once.
pub(super) fn ranks(deployment: &Deployment<'_>, devices: &[Device<'_>]) -> Vec<RankBudget> {
    let settings = &deployment.settings;
    let all = settings.ranks.saturating_mul(u64::from(settings.stages)).saturating_mul(u64::from(settings.copies));
    let used = if settings.reserves() { all } else { devices.len().max(1) as u64 };
    let mut ranks: Vec<RankBudget> = devices
        .iter()
        .take(usize::try_from(used).unwrap_or(usize::MAX))
        .enumerate()
        .map(|(index, device)| rank(deployment, RankPlace::of(deployment, device, deployment.stage_of(index))))
        .collect();
    level(deployment, &mut ranks);
    let running = running(deployment, devices, &ranks);
    for (index, rank) in ranks.iter_mut().enumerate() {
        let (kv, state) = caches(deployment, deployment.stage_of(index), running);
        (rank.running, rank.kv, rank.state) = (running, kv, state);
    }
    ranks
}

/// What a rank of a stage has for weights and caches of its layers: its share of the device without everything else, and
/// without what only the first and the last stage hold.
pub(super) fn room(deployment: &Deployment<'_>, device: &Device<'_>, stage: usize) -> Bytes {
    let rank = rank(deployment, RankPlace::of(deployment, device, stage));
    let graphs = if deployment.settings.facts.graphs.in_budget { rank.graphs } else { Bytes::ZERO };
    let ends = rank.weights.saturating_sub(whole(deployment.stage(stage).layer_bytes(deployment.settings.ranks)));
    rank.requested.saturating_sub(rank.non_torch + rank.activations + graphs + ends)
}

/// Bytes of one sequence on a rank of this stage.
fn one(deployment: &Deployment<'_>, stage: usize) -> u64 {
    let (kv, state) = caches(deployment, stage, 1);
    (kv + state).0
}

/// Makes the pools of all ranks hold as many blocks: stages with fewer layers have smaller blocks.
fn level(deployment: &Deployment<'_>, ranks: &mut [RankBudget]) {
    let one: Vec<u64> = (0..deployment.stage_count()).map(|stage| one(deployment, stage)).collect();
    let of = |index: usize| one.get(deployment.stage_of(index)).copied().unwrap_or_default();
    let least = |index: usize, rank: &RankBudget| (rank.pool.unwrap_or_default(), of(index));
    let pools = ranks.iter().enumerate().map(|(index, rank)| least(index, rank));
    // Pools of other sizes of block are compared by the sequences that they hold.
    let tightest = pools.min_by(|(a, one), (b, other)| {
        (u128::from(a.0) * u128::from(*other)).cmp(&(u128::from(b.0) * u128::from(*one)))
    });
    let Some((least, its)) = tightest else { return };
    for (index, rank) in ranks.iter_mut().enumerate() {
        let share = match (of(index), its) {
            (own, its) if own == its || its == 0 => least,
            (own, its) => least.scaled(own as f64 / its as f64),
        };
        rank.pool = rank.pool.map(|pool| pool.min(share));
    }
}

/// How many of the plan's sequences run at once: as many as the engine is told to take at most and the pool of every rank
/// holds in full, but no more than the device has room for. The others wait.
fn running(deployment: &Deployment<'_>, devices: &[Device<'_>], ranks: &[RankBudget]) -> u32 {
    let settings = &deployment.settings;
    // Copies of the engine share the users out.
    let asked = deployment.plan.workload.sequences.div_ceil(settings.copies);
    if !settings.reserves() {
        return asked;
    }
    let told = u32::try_from(settings.max_num_seqs).unwrap_or(u32::MAX);
    let holds = |(index, (rank, device)): (usize, (&RankBudget, &Device<'_>))| {
        let beside = rank.weights + rank.activations + rank.overhead().expected;
        let room = rank.pool.unwrap_or_default().min(device.usable.saturating_sub(beside));
        let held = room.0.checked_div(one(deployment, deployment.stage_of(index)));
        held.map_or(u32::MAX, |held| u32::try_from(held).unwrap_or(u32::MAX))
    };
    ranks.iter().zip(devices).enumerate().map(holds).fold(asked.min(told), u32::min).max(1)
}

/// What the one rank takes that runs on the CPU.
pub(super) fn on_host(deployment: &Deployment<'_>) -> RankBudget {
    let link = Linked { by_slots: true, capability: None };
    rank(deployment, RankPlace { total: Bytes::ZERO, unified: false, rocm: false, sorts: None, link, stage: 0 })
}

/// Where a rank lies.
#[derive(Debug, Clone, Copy)]
struct RankPlace {
    total: Bytes,
    unified: bool,
    rocm: bool,
    /// Bytes of a sampler that sorts, for each row and token of the vocabulary; `None` = it does not.
    sorts: Option<f64>,
    link: Linked,
    stage: usize,
}

impl RankPlace {
    fn of(deployment: &Deployment<'_>, device: &Device<'_>, stage: usize) -> Self {
        let capability = device.entry.and_then(|card| card.compute_capability.as_deref()).unwrap_or_default();
        let sorting = deployment.settings.facts.sorting.iter().find(|it| capability.starts_with(&it.capability));
        Self {
            total: match deployment.settings.runtime {
                // It asks for its share of the whole, whatever is free of it.
                Runtime::Vllm => device.total,
                _ => device.total - device.others.unwrap_or_default().expected,
            },
            unified: device.unified,
            rocm: device.backend == Backend::Rocm,
            sorts: sorting.map(|sorting| sorting.bytes),
            link: Linked::of(device),
            stage,
        }
    }
}

fn rank(deployment: &Deployment<'_>, place: RankPlace) -> RankBudget {
    let settings = &deployment.settings;
    let facts = settings.facts;
    let total = place.total;
    let Outside { non_torch, context, spread } = outside::of(facts, place.link, settings.ranks);
    let unified = if place.unified { Bytes::from_gib(facts.unified_gib) } else { Bytes::ZERO };
    let non_torch = non_torch + unified;
    let graphs = if settings.graphs && settings.reserves() {
        graphs::bytes(&facts.graphs, &deployment.stage(place.stage).layers, settings.ranks, settings.max_num_seqs)
    } else {
        Bytes::ZERO
    };
    let activations = Peak::of(deployment, place.stage, place.sorts).bytes();
    let weights = weights(deployment, place);
    let fixed = weights + non_torch + activations;
    let in_budget = if facts.graphs.in_budget { graphs } else { Bytes::ZERO };
    let (requested, spent) = match settings.runtime {
        Runtime::Vllm => (total.scaled(settings.utilization), fixed + in_budget),
        Runtime::Sglang => (total.saturating_sub(context).scaled(settings.utilization), weights),
        Runtime::Tgi => (total.saturating_sub(context).scaled(settings.utilization), fixed),
        Runtime::TensorRtLlm => {
            let free = total.saturating_sub(context + fixed);
            (free.scaled(settings.utilization) + fixed, fixed)
        }
        Runtime::Transformers | Runtime::LlamaCpp => (total, fixed),
    };
    let running = deployment.plan.workload.sequences.div_ceil(settings.copies);
    let (kv, state) = caches(deployment, place.stage, running);
    let pool = settings.reserves().then(|| requested.saturating_sub(spent));
    let workspace =
        pool.filter(|_| place.rocm).map_or(Bytes::ZERO, |pool| outside::aiter(deployment, place.stage, pool));
    // What is set aside once the pool is there must find room beside it.
    let crowded =
        if workspace > Bytes::ZERO { (requested + context + workspace).saturating_sub(total) } else { Bytes::ZERO };
    RankBudget {
        total,
        requested,
        weights,
        activations,
        non_torch,
        context: context + workspace,
        graphs,
        sorts: place.sorts,
        doubt: non_torch.scaled(spread) + graphs.scaled(facts.spread),
        pool,
        short: spent.saturating_sub(requested).max(crowded),
        running,
        kv,
        state,
    }
}

fn weights(deployment: &Deployment<'_>, place: RankPlace) -> Bytes {
    let (stage, settings) = (deployment.stage(place.stage), &deployment.settings);
    let ranks = settings.ranks;
    let towers = if deployment.sees() { stage.tower_bytes(ranks) } else { 0.0 };
    let adapters = stage.adapter_bytes(settings.adapter_slots, settings.adapter_rank, ranks);
    let held = stage.rank_bytes(ranks, place.rocm) - stage.experts_elsewhere(ranks, settings.copies, place.rocm);
    let drafter = if deployment.guesses() { stage.drafter_bytes(ranks) } else { 0.0 };
    whole((held + towers + adapters + drafter) / f64::from(deployment.stages()))
}

/// What one rank holds at the peak of its activations.
#[derive(Debug, Clone)]
pub(super) enum Peak {
    /// The language model's terms, with the pictures kept for it; small buffers left out.
    Language(Vec<Term>, Bytes),
    /// The vision encoder, which works before it.
    Encoder(Bytes),
}

impl Peak {
    /// The larger of both on one rank of a stage. `sorts` = what a sampler takes that sorts, for each row and token.
    pub(super) fn of(deployment: &Deployment<'_>, stage: usize, sorts: Option<f64>) -> Self {
        let language = Self::Language(working(deployment, stage, sorts), kept_pictures(deployment, stage));
        match encoder::peak(deployment, stage).map(Self::Encoder) {
            Some(encoder) if encoder.bytes() > language.bytes() => encoder,
            _ => language,
        }
    }

    /// All of it.
    pub(super) fn bytes(&self) -> Bytes {
        match self {
            Self::Language(terms, kept) => activations::peak(terms) + *kept,
            Self::Encoder(bytes) => *bytes + activations::small_buffers(),
        }
    }
}

/// What the encoder has made of pictures, kept while the language model works.
fn kept_pictures(deployment: &Deployment<'_>, stage: usize) -> Bytes {
    if deployment.sees() && deployment.ends(stage).0 {
        Bytes::from_gib(deployment.settings.facts.vision_gib)
    } else {
        Bytes::ZERO
    }
}

/// What lies on one rank of a stage while it works; tokens are sampled on the last.
fn working(deployment: &Deployment<'_>, stage: usize, sorts: Option<f64>) -> Vec<Term> {
    let (settings, workload) = (&deployment.settings, &deployment.plan.workload);
    let (batch, kernels) = if settings.reserves() {
        let sampled = if deployment.ends(stage).1 { settings.max_num_seqs } else { 0 };
        let batch = LargestBatch { tokens: settings.max_batched_tokens, sampled };
        let sampler = sorts.unwrap_or(settings.facts.sampler_bytes);
        (batch, Kernels { sampler, keep_experts: !deployment.weights.is_padded() })
    } else {
        // The whole prompt of all sequences at once, as `generate` runs it.
        let sequences = u64::from(workload.sequences);
        let tokens = sequences * workload.prompt_tokens.clamp(1, workload.context);
        let sampled = if settings.all_logits() { tokens } else { sequences };
        (LargestBatch { tokens, sampled }, Kernels { sampler: LOGIT_BYTES, keep_experts: true })
    };
    activations::terms(deployment.model, &deployment.stage(stage).layers, batch, kernels, settings.ranks)
}

/// Keys and values, and recurrent states, of so many sequences on one rank of a stage, in whole blocks where there are blocks.
fn caches(deployment: &Deployment<'_>, stage: usize, sequences: u32) -> (Bytes, Bytes) {
    let sequences = u64::from(sequences);
    let cache = deployment.cache(stage);
    let blocks = cache.blocks(deployment.plan.workload.context, deployment.in_flight());
    let bytes = |blocks: u64| Bytes(blocks.saturating_mul(cache.block_bytes).saturating_mul(sequences));
    let stages = u64::from(deployment.stages());
    (Bytes(bytes(blocks.kv).0 / stages), Bytes(bytes(blocks.state).0 / stages))
}

impl Deployment<'_> {
    /// Tokens under way beside a window: one batch, two since batches overlap (0.26 and later), one for each stage.
    pub(super) fn in_flight(&self) -> u64 {
        let batches = if self.settings.version.is_none_or(|version| version >= OVERLAPPING) { 2 } else { 1 };
        let batches = batches.max(u64::from(self.settings.stages));
        if self.settings.reserves() { batches * self.settings.max_batched_tokens } else { 0 }
    }

    /// Groups of ranks that hold the layers one after the other: Transformers puts whole layers on each card, servers cut
    /// every layer.
    pub(super) fn stages(&self) -> u32 {
        if self.settings.reserves() { 1 } else { self.groups }
    }
}

/// The first version with two batches under way.
const OVERLAPPING: (u32, u32) = (0, 26);

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
fn whole(bytes: f64) -> Bytes {
    Bytes(bytes.round() as u64)
}
