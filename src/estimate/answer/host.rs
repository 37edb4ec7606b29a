//! What lies in the machine's RAM, and whether it holds that.

use super::{DeviceEstimate, Parts};
use crate::catalog::Catalog;
use crate::estimate::Verdict;
use crate::estimate::device::Hardware;
use crate::estimate::verdict::{Margin, judge};
use crate::plan::{FIRST_BOX, Plan};
use crate::units::{Band, Bytes};

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

/// The RAM of the box that the engine is started in.
#[derive(Debug, Clone, Copy)]
pub(in crate::estimate) struct HostRoom {
    /// All of it.
    pub(in crate::estimate) capacity: Bytes,
    /// What the operating system takes.
    pub(in crate::estimate) os: Band<Bytes>,
    /// The device whose memory it is, too.
    pub(in crate::estimate) pool: Option<usize>,
    /// What other programs of the plan take; `None` = cannot be known.
    also: Option<Bytes>,
}

impl HostRoom {
    /// That of `plan` on this machine. Unified memory is one pool with its device; further devices have memory of their own.
    pub(in crate::estimate) fn of(plan: &Plan, catalog: &Catalog, machine: &Hardware<'_>) -> Self {
        let pool = machine.iter().position(|device| device.unified && device.in_box == FIRST_BOX);
        let shared = pool.and_then(|pool| machine.get(pool));
        Self {
            capacity: shared.map_or_else(|| Bytes::from_gib(plan.machine.ram_gib), |device| device.capacity),
            os: catalog.system_ram(plan.machine.os, true).bytes(),
            pool,
            also: machine.taken_ram.0,
        }
    }

    /// All that is held of it without the operating system.
    fn total(&self, HostHeld { parts, output }: HostHeld) -> Option<Bytes> {
        Some(parts.total()? + output? + self.also?)
    }

    /// What is left of it, so much lying on the device whose memory it is; `None` = cannot be known.
    pub(in crate::estimate) fn margin(&self, held: HostHeld, on_pool: Option<Bytes>) -> Option<Margin> {
        Some(judge(self.total(held)? + on_pool?, self.os, self.capacity))
    }
}

impl HostEstimate {
    /// The host's share of what lies on the `devices` and in RAM.
    pub(in crate::estimate) fn of(
        plan: &Plan,
        catalog: &Catalog,
        devices: &[DeviceEstimate],
        machine: &Hardware<'_>,
        held: HostHeld,
    ) -> Self {
        let room = HostRoom::of(plan, catalog, machine);
        let on_pool = room.pool.and_then(|pool| devices.get(pool));
        let margin = room.margin(held, on_pool.map_or(Some(Bytes::ZERO), |device| device.total));
        Self {
            capacity: room.capacity,
            os: room.os.expected,
            parts: held.parts,
            output: held.output,
            also: room.also,
            prompt_cache: Bytes::from_gib(plan.workload.prompt_cache_gib),
            total: room.total(held),
            free: margin.map(|margin| margin.free),
            excess: margin.map(|margin| margin.excess),
            verdict: margin.map(|margin| margin.verdict),
        }
    }
}
