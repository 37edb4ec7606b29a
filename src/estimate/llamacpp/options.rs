//! What of a workload decides a placement besides the sizes of its caches. Nothing else of it is at hand where layers are
//! placed, and the whole is the key of what was placed: an input more is part of both.

use crate::model::graph::builder::GraphOptions;
use crate::plan::{KvCache, SplitMode, Workload};

/// What decides a placement besides the model, the cells and the devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PlacementOptions {
    /// What decides the graph.
    pub(super) graph: GraphOptions,
    /// How the cache is stored.
    pub(super) kv_cache: KvCache,
    /// The experts of the first so many layers stay in RAM.
    pub(super) cpu_experts: u32,
    /// How several devices share the layers.
    pub(super) split_mode: SplitMode,
}

impl PlacementOptions {
    pub(super) const fn of(workload: &Workload) -> Self {
        let Workload { kv_cache, split_mode, flash_attention, logits, .. } = *workload;
        Self {
            graph: GraphOptions { flash_attention, logits },
            kv_cache,
            cpu_experts: workload.asked_experts(),
            split_mode,
        }
    }
}
