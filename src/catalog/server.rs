//! What server engines take of a device besides weights and KV cache, by version: constants read from their logs.

use crate::catalog::origin::Origin;
use serde::{Deserialize, Serialize};

/// A version as `(major, minor)`.
pub(crate) type Version = (u32, u32);

/// What is known of every server engine.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "proper names")]
pub struct Servers {
    pub vllm: ServerEngine,
    pub sglang: ServerEngine,
    pub tgi: ServerEngine,
    pub tensorrt_llm: ServerEngine,
    pub transformers: ServerEngine,
    /// Batches that vLLM takes by the memory of the device, largest first.
    pub batches: Vec<Batch>,
}

/// What is known of one engine.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerEngine {
    /// Where the law of weights comes from.
    pub weights: Origin,
    /// Where that of the caches comes from.
    pub kv_cache: Origin,
    /// Since when it does not start where its pool holds fewer recurrent states than it may run sequences; `None` = it does.
    #[serde(default)]
    pub state_blocks: Option<StateBlockRule>,
    /// A work space of its attention on AMD's accelerators that no pool leaves room for; `None` = it has none.
    #[serde(default)]
    pub aiter: Option<AiterWorkspace>,
    /// Its constants, oldest version first.
    pub versions: Vec<ServerFacts>,
}

/// An engine with recurrent layers captures its graphs for as many sequences as it may run, each with a state of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateBlockRule {
    /// The first version that refuses.
    pub since: Version,
    /// Where that is written.
    pub source: Origin,
}

/// Partial results of paged attention, set aside for every sequence, head and partition of the context once the pool is
/// allocated: `sequences × heads × ⌈context ÷ partition⌉ × (4 × head size + 8)` bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AiterWorkspace {
    /// Tokens of a partition.
    pub partition: u64,
    /// Sequences for each context's worth of tokens in the pool, and the least and most of them.
    pub sequences: (u64, u64, u64),
    /// Where that is written.
    pub source: Origin,
}

/// The constants of one engine from one version on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerFacts {
    /// The first version they hold for.
    pub since: Version,
    /// Share of the device that the engine takes by default.
    pub utilization: f64,
    /// Bytes at the sampler's peak for each sampled row and token of the vocabulary.
    pub sampler_bytes: f64,
    /// More at the peak where images are read, in GiB.
    pub vision_gib: f64,
    /// The same where its sampler sorts whole rows, by the first digits of a compute capability.
    #[serde(default)]
    pub sorting: Vec<SortingSampler>,
    /// Memory outside the allocator that counts against the budget, in GiB: between modules that are joined by NVLink.
    pub non_torch_gib: ByRanks,
    /// The same between cards in slots, oldest chips first; as between modules where there is no row.
    #[serde(default)]
    pub slots: Vec<SlotRanks>,
    /// The same on top where GPU and CPU share one memory, in GiB: pages of files and other programs count.
    pub unified_gib: f64,
    /// Context and communication buffers that exist before the engine looks at the device, in GiB.
    pub context_gib: ByRanks,
    /// Captured graphs.
    pub graphs: Graphs,
    /// How far overhead lies from these figures, as a share of it.
    pub spread: f64,
    /// Logs of this engine and version that were compared; few means that the figures are carried over.
    pub rows: u32,
    /// Where the figures come from.
    pub source: Origin,
}

/// A figure by how many ranks share a layer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByRanks {
    /// One rank.
    pub one: f64,
    /// Two ranks.
    pub two: f64,
    /// Four and more.
    pub more: f64,
}

impl ByRanks {
    /// The figure for this many ranks.
    pub const fn of(&self, ranks: u64) -> f64 {
        match ranks {
            0 | 1 => self.one,
            2 | 3 => self.two,
            _ => self.more,
        }
    }
}

/// What ranks in slots take outside the allocator: they exchange through few channels over PCI Express, where modules with
/// NVLink and a switch hold buffers for each of two dozen channels, and those of reductions inside the switch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotRanks {
    /// Chips below this compute capability, as tenths; `None` = any.
    #[serde(default)]
    pub below: Option<u32>,
    /// Against the budget, in GiB.
    pub non_torch_gib: ByRanks,
    /// Before the engine looks at the device, in GiB.
    pub context_gib: ByRanks,
    /// How far that lies from these figures, as a share.
    pub spread: f64,
}

/// A sampler that sorts the whole vocabulary of each row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SortingSampler {
    /// How the compute capabilities begin.
    pub capability: String,
    /// Bytes for each sampled row and token of the vocabulary.
    pub bytes: f64,
}

/// Memory of captured graphs: a linear law in GiB, for all sizes that the engine captures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Graphs {
    /// Of any model.
    pub base_gib: f64,
    pub layer_gib: f64,
    /// More with experts or latent attention.
    pub experts_gib: f64,
    /// Less with several ranks.
    pub parallel_gib: f64,
    /// Taken from the budget, or on top of it.
    pub in_budget: bool,
}

/// The batches that a server takes on devices of at least this size.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The least memory, in GiB.
    pub least_gib: f64,
    /// Cards that do not count, by a part of their name.
    #[serde(default)]
    pub except: Vec<String>,
    /// Most tokens in one batch.
    pub max_batched_tokens: u32,
    /// Most sequences in one batch.
    pub max_num_seqs: u32,
}

/// The constants for `version`, the current ones where it is `None`; the oldest known for older ones.
pub(crate) fn of_version(facts: &[ServerFacts], version: Option<Version>) -> Option<&ServerFacts> {
    let known = facts.iter().rev().find(|facts| version.is_none_or(|version| facts.since <= version));
    known.or_else(|| facts.first())
}
