//! The machine of a plan as the engine sees it: one entry a device.

use super::EstimateError;
use crate::catalog::Catalog;
use crate::catalog::card::{Card, Vendor};
use crate::catalog::memory;
use crate::catalog::own_overhead::OwnOverhead;
use crate::catalog::runtime::Backend;
use crate::plan::{CardChoice, CardCount, Plan, RuntimeVersion};
use crate::units::{Band, Bytes};

/// Month in which driver 555 came out.
const NEW_DRIVER: RuntimeVersion = RuntimeVersion::Month { year: 2024, month: 6 };

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Device<'a> {
    /// Index into `machine.cards` of the plan.
    pub card: usize,
    /// What the catalog knows of it; `None` for a detected card that is not in it.
    pub entry: Option<&'a Card>,
    /// As the driver reports it.
    pub capacity: Bytes,
    /// What a program is offered, a screen subtracted.
    pub usable: Bytes,
    /// The whole as the driver tells a program, a screen or not.
    pub total: Bytes,
    /// `usable` follows a rule instead of a measurement.
    pub usable_is_estimate: bool,
    /// One memory with the host.
    pub unified: bool,
    /// The compute library that drives it.
    pub backend: Backend,
    /// Context and driver memory.
    pub overhead: Band<Bytes>,
    /// That was measured by the user.
    pub overhead_is_own: bool,
}

/// The devices of a plan, in order; none where it runs on the CPU.
pub(crate) fn devices<'a>(plan: &Plan, catalog: &'a Catalog) -> Result<Vec<Device<'a>>, EstimateError> {
    let mut devices = Vec::with_capacity(plan.machine.cards.iter().map(|card| card.count as usize).sum());
    if plan.workload.backend == Some(Backend::Cpu) {
        return Ok(devices);
    }
    for (index, kind) in plan.machine.cards.iter().enumerate() {
        let (device, per_card) = one(index, kind, plan, catalog)?;
        let count = kind.count as usize * usize::from(per_card);
        devices.extend(std::iter::repeat_n(device, count));
    }
    if let (true, Some(first)) = (plan.machine.screen, devices.first_mut()) {
        first.usable = first.usable - catalog.screen(plan.machine.os).bytes().expected;
    }
    Ok(devices)
}

fn one<'a>(
    index: usize,
    kind: &CardCount,
    plan: &Plan,
    catalog: &'a Catalog,
) -> Result<(Device<'a>, u8), EstimateError> {
    match &kind.card {
        CardChoice::Catalog(id) => {
            let card = catalog
                .card(id)
                .ok_or_else(|| EstimateError::UnknownCard { id: id.clone(), nearest: catalog.nearest_cards(id) })?;
            let memory = card.device_memory(kind.memory_gib)?;
            let memory = match plan.machine.unified_gib.filter(|_| card.is_unified()) {
                Some(gib) => memory.given(gib),
                None => memory,
            };
            let backend = plan.workload.backend.unwrap_or_else(|| default_backend(card));
            // A build of that time ran on a driver of that time.
            let older = match plan.workload.runtime_version.and_then(|version| version.is_before(NEW_DRIVER)) {
                Some(true) => card.offered_more_before_2024(),
                _ => Bytes::ZERO,
            };
            let own = catalog.own_overhead(id, backend);
            let usable = (memory.usable + older).min(memory.capacity);
            let device = Device {
                card: index,
                entry: Some(card),
                capacity: memory.capacity,
                usable,
                total: usable,
                usable_is_estimate: memory.usable_is_estimate,
                unified: card.is_unified(),
                backend,
                overhead: own
                    .map_or_else(|| catalog.overhead(backend).on_chip(card.resident_threads()), OwnOverhead::band),
                overhead_is_own: own.is_some(),
            };
            Ok((device, card.devices_per_card))
        }
        CardChoice::Detected { memory_bytes, .. } => {
            let backend = plan.workload.backend.unwrap_or(Backend::Cuda);
            let capacity = Bytes(*memory_bytes);
            let device = Device {
                card: index,
                entry: None,
                capacity,
                usable: memory::offered(capacity),
                total: memory::offered(capacity),
                usable_is_estimate: true,
                unified: false,
                backend,
                overhead: catalog.overhead(backend).on_chip(None),
                overhead_is_own: false,
            };
            Ok((device, 1))
        }
    }
}

/// The compute library that llama.cpp is built with for a maker's cards.
pub(crate) const fn default_backend(card: &Card) -> Backend {
    match card.vendor {
        Vendor::Nvidia => Backend::Cuda,
        Vendor::Amd => Backend::Rocm,
        Vendor::Intel => Backend::Sycl,
        Vendor::Apple => Backend::Metal,
        Vendor::Huawei | Vendor::Cambricon => Backend::Vulkan,
    }
}

impl Device<'_> {
    /// What is left for the engine's buffers beside the expected overhead.
    pub(crate) const fn room(&self) -> Bytes {
        self.usable.saturating_sub(self.overhead.expected)
    }

    /// Rows of quantized tensors are padded: Metal and Vulkan store them as the file has them.
    pub(crate) const fn pads(&self) -> bool {
        matches!(self.backend, Backend::Cuda | Backend::Rocm | Backend::Sycl)
    }
}
