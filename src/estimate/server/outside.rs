//! What lies on a device outside the engine's allocator: context, communication, and work spaces that no pool leaves room
//! for.
//!
//! Ranks exchange through buffers that grow with the channels of their link. Modules with NVLink hold two dozen channels and
//! buffers for reductions inside the switch: about 2 GiB on H100. Cards in slots have few channels: 0 to 0.4 GiB.

use super::Deployment;
use crate::catalog::card::{FormFactor, Link};
use crate::catalog::server::ServerFacts;
use crate::estimate::device::Device;
use crate::model::layers::{Cache, Mixer};
use crate::units::Bytes;

/// How a rank reaches the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Linked {
    /// Over PCI Express, through slots.
    pub by_slots: bool,
    /// Compute capability as tenths; `None` = not NVIDIA's, or not known.
    pub capability: Option<u32>,
}

impl Linked {
    /// How `device` reaches its siblings.
    pub(super) fn of(device: &Device<'_>) -> Self {
        let joined = device.entry.is_some_and(|card| {
            let linked = card.interconnect.is_some_and(|link| link.kind != Link::Absent);
            linked && !matches!(card.form, FormFactor::Slots(_))
        });
        let capability = device.entry.and_then(|card| card.compute_capability.as_deref());
        Self { by_slots: !joined, capability: capability.and_then(super::kernels::tenths) }
    }
}

/// Memory outside the allocator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Outside {
    /// Counts against the engine's budget.
    pub non_torch: Bytes,
    /// Is there before the engine looks.
    pub context: Bytes,
    /// How far the first lies from its figure, as a share.
    pub spread: f64,
}

/// What one of so many ranks takes.
pub(super) fn of(facts: &ServerFacts, link: Linked, ranks: u64) -> Outside {
    let fits = |below: Option<u32>| match (below, link.capability) {
        (None, _) => true,
        (Some(below), Some(capability)) => capability < below,
        (Some(_), None) => false,
    };
    let slots = facts.slots.iter().find(|row| fits(row.below)).filter(|_| link.by_slots && ranks > 1);
    let (non_torch, context, spread) = match slots {
        Some(row) => (row.non_torch_gib, row.context_gib, row.spread),
        None => (facts.non_torch_gib, facts.context_gib, facts.spread),
    };
    let gib = |gib: f64| Bytes::from_gib(gib);
    Outside { non_torch: gib(non_torch.of(ranks)), context: gib(context.of(ranks)), spread }
}

/// The work space of paged attention beside a pool of this size on one rank of a stage.
pub(super) fn aiter(deployment: &Deployment<'_>, stage: usize, pool: Bytes) -> Bytes {
    let Some(law) = &deployment.settings.engine.aiter else { return Bytes::ZERO };
    let ranks = deployment.settings.ranks.max(1);
    let row = |heads: u64, width: u64| heads.div_ceil(ranks) * (4 * width + 8);
    let widest = deployment.stage(stage).layers.iter().filter_map(|layer| match layer.mixer {
        Mixer::Attention(it) if it.cache == Cache::KeyValue => Some(row(it.heads, it.value_dim)),
        _ => None,
    });
    let context = deployment.plan.workload.context.max(1);
    let held = pool.0 as f64 / deployment.cache(stage).token_bytes().max(1.0);
    let (each, least, most) = law.sequences;
    let sequences = (held / context as f64 * each as f64).clamp(least as f64, most as f64);
    let bytes = sequences * (widest.max().unwrap_or(0) * context.div_ceil(law.partition.max(1))) as f64;
    Bytes::from_gib(bytes / crate::units::GIB as f64)
}
