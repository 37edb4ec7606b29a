//! The budget of one rank: what of the device is promised to the engine, what that is spent on, what is left as a pool.
//!
//! vLLM: `requested = utilization × total`, `pool = requested - weights - outside the allocator - activations`, and
//! since 0.21 `- graphs`. Context and communication buffers exist before the engine looks, so they come on top.
//! `SGLang` takes its share of what is free and leaves activations to the rest; TensorRT-LLM and TGI take a share of what
//! is free once weights and activations are there. Transformers reserves nothing.

use super::activations::{self, Kernels, LargestBatch};
use super::{Deployment, graphs};
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
    /// Context and communication buffers, outside the budget.
    pub context: Bytes,
    /// Captured graphs.
    pub graphs: Bytes,
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
    pub(super) fn overhead(&self, spread: f64) -> Band<Bytes> {
        let expected = self.context + self.non_torch + self.graphs;
        let off = (self.non_torch + self.graphs).scaled(spread);
        Band { low: expected.saturating_sub(off), expected, high: expected + off }
    }
}

/// What each rank takes; one rank a device that is used. Pools are alike: the smallest sets the number of blocks, and so how
/// many sequences run at once.
pub(super) fn ranks(deployment: &Deployment<'_>, devices: &[Device<'_>]) -> Vec<RankBudget> {
    let used = if deployment.settings.reserves() { deployment.settings.ranks } else { devices.len().max(1) as u64 };
    let mut ranks: Vec<RankBudget> = devices
        .iter()
        .take(usize::try_from(used).unwrap_or(usize::MAX))
        .map(|device| rank(deployment, RankPlace::of(device)))
        .collect();
    let least = ranks.iter().map(|rank| rank.pool.unwrap_or(Bytes::ZERO)).min().unwrap_or(Bytes::ZERO);
    for rank in &mut ranks {
        rank.pool = rank.pool.map(|pool| pool.min(least));
    }
    let running = running(deployment, devices, &ranks);
    let (kv, state) = caches(deployment, running);
    for rank in &mut ranks {
        (rank.running, rank.kv, rank.state) = (running, kv, state);
    }
    ranks
}

/// How many of the plan's sequences run at once: as many as the engine is told to take at most and the pool of every rank
/// holds in full, but no more than the device has room for. The others wait.
fn running(deployment: &Deployment<'_>, devices: &[Device<'_>], ranks: &[RankBudget]) -> u32 {
    let asked = deployment.plan.workload.sequences;
    let (settings, one) = (&deployment.settings, caches(deployment, 1));
    let one = (one.0 + one.1).0;
    if !settings.reserves() || one == 0 {
        return asked;
    }
    let told = u32::try_from(settings.max_num_seqs).unwrap_or(u32::MAX);
    let holds = |(rank, device): (&RankBudget, &Device<'_>)| {
        let beside = rank.weights + rank.activations + rank.overhead(0.0).expected;
        let room = rank.pool.unwrap_or_default().min(device.usable.saturating_sub(beside));
        u32::try_from(room.0 / one).unwrap_or(u32::MAX)
    };
    ranks.iter().zip(devices).map(holds).fold(asked.min(told), u32::min).max(1)
}

/// What the one rank takes that runs on the CPU.
pub(super) fn on_host(deployment: &Deployment<'_>) -> RankBudget {
    rank(deployment, RankPlace { total: Bytes::ZERO, unified: false, rocm: false })
}

/// Where a rank lies.
#[derive(Debug, Clone, Copy)]
struct RankPlace {
    total: Bytes,
    unified: bool,
    rocm: bool,
}

impl RankPlace {
    fn of(device: &Device<'_>) -> Self {
        Self { total: device.total, unified: device.unified, rocm: device.backend == Backend::Rocm }
    }
}

fn rank(deployment: &Deployment<'_>, place: RankPlace) -> RankBudget {
    let settings = &deployment.settings;
    let (facts, count) = (settings.facts, settings.ranks);
    let total = place.total;
    let gib = Bytes::from_gib;
    let non_torch = gib(facts.non_torch_gib.of(count) + if place.unified { facts.unified_gib } else { 0.0 });
    let context = gib(facts.context_gib.of(count));
    let graphs = if settings.graphs && settings.reserves() {
        graphs::bytes(&facts.graphs, &deployment.weights.layers, count, settings.max_num_seqs)
    } else {
        Bytes::ZERO
    };
    let (weights, activations) = (weights(deployment, place), activations(deployment));
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
    let running = deployment.plan.workload.sequences;
    let (kv, state) = caches(deployment, running);
    RankBudget {
        total,
        requested,
        weights,
        activations,
        non_torch,
        context,
        graphs,
        pool: settings.reserves().then(|| requested.saturating_sub(spent)),
        short: spent.saturating_sub(requested),
        running,
        kv,
        state,
    }
}

fn weights(deployment: &Deployment<'_>, place: RankPlace) -> Bytes {
    let one = deployment.weights.rank_bytes(deployment.settings.ranks, place.rocm);
    whole(one / f64::from(deployment.stages()))
}

/// Bytes of activations on one rank.
fn activations(deployment: &Deployment<'_>) -> Bytes {
    activations::peak(&working(deployment)) + vision(deployment)
}

/// More at the peak where images are read.
pub(super) fn vision(deployment: &Deployment<'_>) -> Bytes {
    if deployment.model.vision.is_some() { Bytes::from_gib(deployment.settings.facts.vision_gib) } else { Bytes::ZERO }
}

/// What lies on one rank while it works.
pub(super) fn working(deployment: &Deployment<'_>) -> Vec<Term> {
    let (settings, workload) = (&deployment.settings, &deployment.plan.workload);
    let (batch, kernels) = if settings.reserves() {
        let batch = LargestBatch { tokens: settings.max_batched_tokens, sampled: settings.max_num_seqs };
        (batch, Kernels { sampler: settings.facts.sampler_bytes, keep_experts: !deployment.weights.is_padded() })
    } else {
        // The whole prompt of all sequences at once, as `generate` runs it.
        let sequences = u64::from(workload.sequences);
        let tokens = sequences * workload.prompt_tokens.clamp(1, workload.context);
        let sampled = if settings.all_logits() { tokens } else { sequences };
        (LargestBatch { tokens, sampled }, Kernels { sampler: LOGIT_BYTES, keep_experts: true })
    };
    activations::terms(deployment.model, &deployment.weights.layers, batch, kernels, settings.ranks)
}

/// Keys and values, and recurrent states, of so many sequences on one rank, in whole blocks where there are blocks.
fn caches(deployment: &Deployment<'_>, sequences: u32) -> (Bytes, Bytes) {
    let sequences = u64::from(sequences);
    let blocks = deployment.blocks();
    let bytes = |blocks: u64| Bytes(blocks.saturating_mul(deployment.kv_blocks.block_bytes).saturating_mul(sequences));
    let stages = u64::from(deployment.stages());
    (Bytes(bytes(blocks.kv).0 / stages), Bytes(bytes(blocks.state).0 / stages))
}

impl Deployment<'_> {
    /// Blocks of one sequence.
    pub(in crate::estimate) fn blocks(&self) -> super::kv_blocks::Blocks {
        self.kv_blocks.blocks(self.plan.workload.context, self.in_flight())
    }

    /// Tokens under way beside a window: one batch, two since batches overlap (0.26 and later).
    pub(super) fn in_flight(&self) -> u64 {
        let batches = if self.settings.version.is_none_or(|version| version >= OVERLAPPING) { 2 } else { 1 };
        if self.settings.reserves() { batches * self.settings.max_batched_tokens } else { 0 }
    }

    /// Groups of ranks that hold the layers one after the other: Transformers puts whole layers on each card, servers cut
    /// every layer.
    pub(super) fn stages(&self) -> u32 {
        if self.settings.reserves() { 1 } else { self.stages }
    }
}

/// The first version with two batches under way.
const OVERLAPPING: (u32, u32) = (0, 26);

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
fn whole(bytes: f64) -> Bytes {
    Bytes(bytes.round() as u64)
}
