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
    /// The compute library that drives it.
    pub backend: Backend,
    /// The components.
    pub parts: Parts,
    /// What a server engine reserves for the KV cache, of which `parts.kv_cache` is what the plan needs; `None` where
    /// no pool is reserved.
    pub kv_pool: Option<Bytes>,
    /// Context, driver and library memory that no buffer line shows.
    pub overhead: Band<Bytes>,
    /// Components and expected overhead.
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
        Self { parts, overhead, layers: 0, kv_pool: None, budget: None }
    }
}

impl DeviceEstimate {
    /// What `device` holds, judged against what it offers and, where the engine has a budget of its own, against that.
    pub(in crate::estimate) fn of(device: &Device<'_>, held: DeviceContents) -> Self {
        let DeviceContents { parts, overhead, layers, kv_pool, budget } = held;
        let margin = parts.total().map(|parts| {
            let room = judge(parts, overhead, device.usable);
            budget.map_or(room, |budget| budget.within(room))
        });
        Self {
            card: device.card,
            capacity: device.capacity,
            usable: device.usable,
            screen: device.total - device.usable,
            usable_is_estimate: device.usable_is_estimate,
            unified: device.unified,
            backend: device.backend,
            parts,
            kv_pool,
            overhead,
            total: parts.total().map(|total| total + overhead.expected),
            free: margin.map(|margin| margin.free),
            excess: margin.map(|margin| margin.excess),
            gpu_layers: layers,
            verdict: margin.map(|margin| margin.verdict),
        }
    }

    /// Whether so much is missing that nothing runs, whatever the driver really offers.
    pub(in crate::estimate) fn is_far_exceeded(&self) -> bool {
        self.excess.is_none_or(|excess| excess.0 as f64 > EDGE * self.usable.0 as f64)
    }
}
