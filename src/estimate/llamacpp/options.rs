//! What of a workload decides a placement besides the sizes of its caches. Nothing else of it is at hand where layers are
//! placed, and the whole is the key of what was placed: an input more is part of both.

use crate::catalog::runtime::Backend;
use crate::estimate::device::Device;
use crate::model::graph::builder::{Adapters, BuildAge, GraphOptions, Kernels, RemoteDevices};
use crate::plan::{FIRST_BOX, KvCache, Logits, Runtime, RuntimeVersion, SplitMode, Workload};

/// From here on masks are in F16 from the start (pull request 23764, merged on 29 May 2026), and logits are reserved for the
/// rows that are wanted alone (23861, of the same days): logs of builds before have wider ones.
const NARROW_MASKS: [RuntimeVersion; 2] = [RuntimeVersion::Build(9410), RuntimeVersion::Month { year: 2026, month: 6 }];
/// From here on CUDA weighs and sums the experts' outputs in one kernel (pull request 25952, merged on 1 September 2026).
const SUMS_AT_ONCE: [RuntimeVersion; 2] =
    [RuntimeVersion::Build(10751), RuntimeVersion::Month { year: 2026, month: 9 }];

/// From here on devices of other boxes take work without being waited for (pull request 18626, merged on 26 August 2026; the build
/// is one of 1 September).
const QUEUES: [RuntimeVersion; 2] = [RuntimeVersion::Build(10751), RuntimeVersion::Month { year: 2026, month: 9 }];

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
        let older = |first: &[RuntimeVersion]| workload.runtime_version.is_some_and(|it| it.is_older_than(first));
        let age = BuildAge { wide_mask: older(&NARROW_MASKS), sums_one_by_one: older(&SUMS_AT_ONCE) };
        let remote = devices.iter().filter(|device| device.in_box != FIRST_BOX).count();
        let remote = RemoteDevices { count: u8::try_from(remote).unwrap_or(u8::MAX), queue: !older(&QUEUES) };
        let backend = devices.first().map_or(Backend::Cpu, |device| device.backend);
        Self {
            graph: GraphOptions {
                flash_attention,
                logits: if age.wide_mask { Logits::All } else { logits },
                rows: 1 + u64::from(workload.speculation.ahead(Runtime::LlamaCpp)),
                kernels: Kernels::of(backend, age),
                adapters: workload.server.max_loras.map_or_else(Adapters::default, |count| Adapters {
                    count: count.into(),
                    rank: workload.server.adapter_rank().into(),
                }),
                remote,
            },
            kv_cache,
            cpu_experts: workload.asked_experts(),
            split_mode,
        }
    }
}
