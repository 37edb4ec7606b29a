//! What an engine is told, with its own defaults where the plan says nothing.

use crate::catalog::Catalog;
use crate::catalog::quantization::{KvPrecision, Quantization};
use crate::catalog::server::{ServerEngine, ServerFacts, Version, of_version};
use crate::estimate::EstimateError;
use crate::estimate::Refusal;
use crate::estimate::device::Device;
use crate::plan::{CardChoice, Plan, Runtime, RuntimeVersion};
use crate::units::GIB;

/// The engine, its version and its options.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EngineSettings<'a> {
    /// Which engine.
    pub runtime: Runtime,
    /// Its version, `None` for the current one.
    pub version: Option<Version>,
    /// What is known of the engine.
    pub engine: &'a ServerEngine,
    /// The constants of that version.
    pub facts: &'a ServerFacts,
    /// Share of the device that it may take.
    pub utilization: f64,
    /// Most sequences in one batch.
    pub max_num_seqs: u64,
    /// Most tokens in one batch.
    pub max_batched_tokens: u64,
    /// Ranks that share every layer.
    pub ranks: u64,
    /// Groups of such ranks that the engine splits the layers over.
    pub stages: u32,
    /// Copies of the engine, each with ranks and stages of its own, over which only experts are spread.
    pub copies: u32,
    /// Slots for adapters.
    pub adapter_slots: u64,
    /// Their rank.
    pub adapter_rank: u64,
    /// CUDA graphs are captured.
    pub graphs: bool,
    /// Bytes of an element of the KV cache.
    pub element: u64,
}

/// The first version of Transformers that computes logits of the last token only.
const LAST_LOGITS: Version = (4, 45);

impl<'a> EngineSettings<'a> {
    /// What `plan` tells its engine on `devices`.
    ///
    /// # Errors
    /// Where the engine refuses the cache's precision or has no such number of devices.
    pub(crate) fn of(plan: &Plan, catalog: &'a Catalog, devices: &[Device<'_>]) -> Result<Self, EstimateError> {
        let workload = &plan.workload;
        let version = match workload.runtime_version {
            Some(RuntimeVersion::Number { major, minor }) => Some((major, minor)),
            Some(RuntimeVersion::Month { .. } | RuntimeVersion::Build(_)) | None => None,
        };
        let engine = engine(workload.runtime, catalog).ok_or(Refusal::Engine)?;
        let facts = of_version(&engine.versions, version).ok_or(Refusal::Engine)?;
        let (tokens, seqs) = default_batch(plan, catalog, devices);
        let count = devices.len().max(1) as u64;
        // Transformers puts whole layers on each card unless told otherwise.
        let alone = workload.runtime == Runtime::Transformers;
        let stages = if alone { 1 } else { workload.training.pipeline_parallel.max(1) };
        let copies = if alone { 1 } else { workload.training.data_parallel.unwrap_or(1).max(1) };
        let parts = u64::from(stages) * u64::from(copies);
        let rest = if alone { 1 } else { (count / parts).max(1) };
        let ranks = workload.tensor_parallel.map_or(rest, u64::from);
        if ranks.saturating_mul(parts) > count {
            return Err(Refusal::TooManyRanks.into());
        }
        let server = &workload.server;
        let serves_adapters = matches!(workload.runtime, Runtime::Vllm | Runtime::Sglang);
        Ok(Self {
            runtime: workload.runtime,
            version,
            engine,
            facts,
            utilization: server.gpu_memory_utilization.unwrap_or(facts.utilization),
            max_num_seqs: server.max_num_seqs.map_or(seqs, u64::from),
            max_batched_tokens: server.max_batched_tokens.map_or(tokens, u64::from),
            ranks,
            stages,
            copies,
            adapter_slots: u64::from(server.max_loras.filter(|_| serves_adapters).unwrap_or(0)),
            adapter_rank: u64::from(server.adapter_rank()),
            graphs: !server.enforce_eager,
            element: element(workload.kv_cache.k, workload.kv_cache.v, workload.quantization)?,
        })
    }

    /// A pool is reserved for the KV cache.
    pub(crate) fn reserves(&self) -> bool {
        self.runtime != Runtime::Transformers
    }

    /// Logits of every prompt token are computed.
    pub(crate) fn all_logits(&self) -> bool {
        !self.reserves() && self.version.is_some_and(|version| version < LAST_LOGITS)
    }

    /// The constants are carried over from another engine or version, or rest on very few logs.
    pub(crate) const fn is_thin(&self) -> bool {
        self.facts.rows < ENOUGH_ROWS || !matches!(self.runtime, Runtime::Vllm)
    }
}

/// Logs that make a law of a version.
const ENOUGH_ROWS: u32 = 8;

fn engine(runtime: Runtime, catalog: &Catalog) -> Option<&ServerEngine> {
    let servers = &catalog.runtimes().servers;
    Some(match runtime {
        Runtime::Vllm => &servers.vllm,
        Runtime::Sglang => &servers.sglang,
        Runtime::Tgi => &servers.tgi,
        Runtime::TensorRtLlm => &servers.tensorrt_llm,
        Runtime::Transformers => &servers.transformers,
        Runtime::LlamaCpp => return None,
    })
}

/// Tokens and sequences of a batch by the memory of the first device, as vLLM chooses them.
fn default_batch(plan: &Plan, catalog: &Catalog, devices: &[Device<'_>]) -> (u64, u64) {
    let gib = devices.first().map_or(0, |device| device.capacity.0) as f64 / GIB as f64;
    let card = devices.first().map_or(0, |device| device.card);
    let name = plan.machine.cards.get(card).map_or("", |kind| match &kind.card {
        CardChoice::Catalog(id) => catalog.card(id).map_or("", |card| card.name.as_str()),
        CardChoice::Detected { name, .. } => name.as_str(),
    });
    let batches = &catalog.runtimes().servers.batches;
    let excepted = |except: &[String]| except.iter().any(|part| name.contains(part.as_str()));
    let batch = batches.iter().find(|batch| gib >= batch.least_gib && !excepted(&batch.except));
    batch.map_or((2048, 256), |batch| (u64::from(batch.max_batched_tokens), u64::from(batch.max_num_seqs)))
}

/// Bytes of an element: the model's own 16 bits (32 for FP32), or FP8.
fn element(k: KvPrecision, v: KvPrecision, quantization: Quantization) -> Result<u64, EstimateError> {
    match (k, v) {
        (KvPrecision::fp8, KvPrecision::fp8) => Ok(1),
        (KvPrecision::f32, KvPrecision::f32) => Ok(4),
        (KvPrecision::f16 | KvPrecision::bf16, KvPrecision::f16 | KvPrecision::bf16) => {
            Ok(if quantization == Quantization::fp32 { 4 } else { 2 })
        }
        _ => Err(Refusal::ServerCache.into()),
    }
}
