//! What lies on one device, and whether it holds that.

use super::Parts;
use crate::catalog::runtime::Backend;
use crate::estimate::Verdict;
use crate::estimate::device::Device;
use crate::estimate::verdict::{Margin, judge};
use crate::units::{Band, Bytes};

/// A device that is exceeded by no more than this share may still run: nobody knows its usable memory better.
const EDGE: f64 = 0.05;

/// What lies on one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceEstimate {
    /// Index into `machine.cards` of the plan.
    pub card: usize,
    /// Memory as the driver reports it.
    pub capacity: Bytes,
    /// What a program is offered, a screen subtracted.
    pub usable: Bytes,
    /// What a screen takes of the rest.
    pub screen: Bytes,
    /// `usable` follows a rule instead of a measurement.
    pub usable_is_estimate: bool,
    /// One memory with the host.
    pub unified: bool,
    /// The box that it stands in.
    pub in_box: u32,
    /// The compute library that drives it.
    pub backend: Backend,
    /// The components.
    pub parts: Parts,
    /// What a server engine reserves for the KV cache, of which `parts.kv_cache` is what the plan needs; `None` where
    /// no pool is reserved.
    pub kv_pool: Option<Bytes>,
    /// Context, driver and library memory that no buffer line shows.
    pub overhead: Band<Bytes>,
    /// What an allocator keeps of it beside `total` and gives back before memory is out: free segments of `PyTorch`'s.
    pub cached: Bytes,
    /// What other programs take of it; `None` = cannot be known.
    pub also: Option<Bytes>,
    /// Components, expected overhead, and what other programs take.
    pub total: Option<Bytes>,
    /// `usable - total`, zero where exceeded; with a pool, what of the pool the plan leaves.
    pub free: Option<Bytes>,
    /// `total - usable`, zero where it holds; with a pool, what it lacks.
    pub excess: Option<Bytes>,
    /// Layers on this device, the output layer counted.
    pub gpu_layers: u32,
    /// The judgment over this device.
    pub verdict: Option<Verdict>,
}

/// What an engine puts on a device.
#[derive(Debug, Clone, Copy)]
pub(in crate::estimate) struct DeviceContents {
    /// The components.
    pub(in crate::estimate) parts: Parts,
    /// What no buffer line shows.
    pub(in crate::estimate) overhead: Band<Bytes>,
    /// What an allocator keeps beside both and gives back before memory is out.
    pub(in crate::estimate) cached: Bytes,
    /// Layers, the output layer counted.
    pub(in crate::estimate) layers: u32,
    /// What is reserved for the KV cache.
    pub(in crate::estimate) kv_pool: Option<Bytes>,
    /// How the engine's own budget judges it, where it has one.
    pub(in crate::estimate) budget: Option<Margin>,
}

impl DeviceContents {
    /// Components and overhead without layers or a pool.
    pub(in crate::estimate) const fn only(parts: Parts, overhead: Band<Bytes>) -> Self {
        Self { parts, overhead, cached: Bytes::ZERO, layers: 0, kv_pool: None, budget: None }
    }
}

impl DeviceEstimate {
    /// What `device` holds, judged against what it offers and, where the engine has a budget of its own, against that.
    pub(in crate::estimate) fn of(device: &Device<'_>, held: DeviceContents) -> Self {
        let DeviceContents { parts, overhead, cached, layers, kv_pool, budget } = held;
        let margin = parts.total().zip(device.others).map(|(parts, others)| {
            let beside = Band {
                low: overhead.low + others.low,
                expected: overhead.expected + others.expected,
                high: overhead.high + others.high,
            };
            let room = judge(parts, beside, device.offered);
            budget.map_or(room, |budget| budget.within(room))
        });
        let also = device.others.map(|others| others.expected);
        Self {
            card: device.card,
            capacity: device.capacity,
            usable: device.offered,
            screen: device.total - device.offered,
            usable_is_estimate: device.usable_is_estimate,
            unified: device.unified,
            in_box: device.in_box,
            backend: device.backend,
            parts,
            kv_pool,
            overhead,
            cached,
            also,
            total: parts.total().zip(also).map(|(total, also)| total + overhead.expected + also),
            free: margin.map(|margin| margin.free),
            excess: margin.map(|margin| margin.excess),
            gpu_layers: layers,
            verdict: margin.map(|margin| margin.verdict),
        }
    }

    /// What its programs keep of it, whether they use all of it or not: a server engine the whole of its pool, `PyTorch` the
    /// segments that are free.
    pub fn held(&self) -> Option<Bytes> {
        let unused = self.kv_pool.map_or(Some(Bytes::ZERO), |pool| Some(pool - self.parts.caches()?))?;
        Some(self.total? + unused + self.cached)
    }

    /// Whether so much is missing that nothing runs, whatever the driver really offers.
    pub(in crate::estimate) fn is_far_exceeded(&self) -> bool {
        self.excess.is_none_or(|excess| is_far(excess, self.usable))
    }
}

/// Whether so much is missing beside what programs are offered that nothing runs, whatever the driver really offers.
pub(in crate::estimate) fn is_far(excess: Bytes, usable: Bytes) -> bool {
    excess.0 as f64 > EDGE * usable.0 as f64
}
