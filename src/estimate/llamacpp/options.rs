//! What of a workload decides a placement besides the sizes of its caches. Nothing else of it is at hand where layers are
//! placed, and the whole is the key of what was placed: an input more is part of both.

use crate::catalog::runtime::Backend;
use crate::estimate::device::Device;
use crate::model::graph::builder::{GraphOptions, Kernels};
use crate::plan::{KvCache, Logits, Runtime, RuntimeVersion, SplitMode, Workload};

/// From this month on masks are in F16 from the start, and logits are reserved for the rows that are wanted alone: logs of
/// builds up to May 2026 have wider ones, those from August 2026 on have not.
const NARROW_MASKS: RuntimeVersion = RuntimeVersion::Month { year: 2026, month: 7 };

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
    pub(super) fn of(workload: &Workload, devices: &[Device<'_>]) -> Self {
        let Workload { kv_cache, split_mode, flash_attention, logits, .. } = *workload;
        let old = workload.runtime_version.is_some_and(|version| version.is_before(NARROW_MASKS) == Some(true));
        let backend = devices.first().map_or(Backend::Cpu, |device| device.backend);
        Self {
            graph: GraphOptions {
                flash_attention,
                logits: if old { Logits::All } else { logits },
                rows: 1 + u64::from(workload.speculation.ahead(Runtime::LlamaCpp)),
                kernels: Kernels::of(backend, old),
            },
            kv_cache,
            cpu_experts: workload.asked_experts(),
            split_mode,
        }
    }
}
