//! What lies in the machine's RAM, and whether it holds that.

use super::{DeviceEstimate, Parts};
use crate::catalog::Catalog;
use crate::estimate::Verdict;
use crate::estimate::device::Hardware;
use crate::estimate::verdict::judge;
use crate::plan::{FIRST_BOX, Plan};
use crate::units::Bytes;

/// What lies in the machine's RAM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostEstimate {
    /// RAM of the machine.
    pub capacity: Bytes,
    /// Taken by the operating system and other programs.
    pub os: Bytes,
    /// The components.
    pub parts: Parts,
    /// The output buffer (logits and embeddings handed to the program).
    pub output: Option<Bytes>,
    /// The most that llama-server's prompt cache may take; not part of `total`.
    pub prompt_cache: Bytes,
    /// What other programs of the plan take; `None` = cannot be known.
    pub also: Option<Bytes>,
    /// Components, output buffer and what other programs of the plan take, without the operating system.
    pub total: Option<Bytes>,
    /// What is left of the RAM.
    pub free: Option<Bytes>,
    /// What is missing.
    pub excess: Option<Bytes>,
    /// The judgment over the RAM.
    pub verdict: Option<Verdict>,
}

/// What an engine puts into RAM.
#[derive(Debug, Clone, Copy)]
pub(in crate::estimate) struct HostHeld {
    /// The components.
    pub(in crate::estimate) parts: Parts,
    /// The output buffer.
    pub(in crate::estimate) output: Option<Bytes>,
}

impl HostHeld {
    pub(in crate::estimate) const NOTHING: Self = Self { parts: Parts::NOTHING, output: Some(Bytes::ZERO) };
}

impl HostEstimate {
    /// The host's share, of the box that the engine is started in. Unified memory is one pool: what its device takes is not there
    /// for the host. Further devices have memory of their own.
    pub(in crate::estimate) fn of(
        plan: &Plan,
        catalog: &Catalog,
        devices: &[DeviceEstimate],
        machine: &Hardware<'_>,
        HostHeld { parts, output }: HostHeld,
    ) -> Self {
        let unified = machine.iter().zip(devices).find(|(device, _)| device.unified && device.in_box == FIRST_BOX);
        let capacity = unified.map_or_else(|| Bytes::from_gib(plan.machine.ram_gib), |(device, _)| device.capacity);
        let os = catalog.system_ram(plan.machine.os, true).bytes();
        let also = machine.taken_ram.0;
        let total = parts.total().zip(output).zip(also).map(|((parts, output), also)| parts + output + also);
        let on_device = unified.map_or(Some(Bytes::ZERO), |(_, estimate)| estimate.total);
        let margin = total.zip(on_device).map(|(total, on_device)| judge(total + on_device, os, capacity));
        Self {
            capacity,
            os: os.expected,
            parts,
            output,
            also,
            prompt_cache: Bytes::from_gib(plan.workload.prompt_cache_gib),
            total,
            free: margin.map(|margin| margin.free),
            excess: margin.map(|margin| margin.excess),
            verdict: margin.map(|margin| margin.verdict),
        }
    }
}
