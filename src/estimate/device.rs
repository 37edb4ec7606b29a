//! The machine of a plan as the engine sees it: one entry a device, and what other programs have taken of it before.

use super::EstimateError;
use crate::catalog::Catalog;
use crate::catalog::card::{Card, Vendor};
use crate::catalog::memory;
use crate::catalog::own_overhead::OwnOverhead;
use crate::catalog::runtime::Backend;
use crate::plan::{CardChoice, CardCount, FIRST_BOX, Plan, RuntimeVersion};
use crate::units::{Band, Bytes};

/// Month in which driver 555 came out.
const NEW_DRIVER: RuntimeVersion = RuntimeVersion::Month { year: 2024, month: 6 };

/// Nothing else runs.
const NO_OTHERS: Option<Band<Bytes>> = Some(Band { low: Bytes::ZERO, expected: Bytes::ZERO, high: Bytes::ZERO });

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Device<'a> {
    /// Index into `machine.cards` of the plan.
    pub card: usize,
    /// What the catalog knows of it; `None` for a detected card that is not in it.
    pub entry: Option<&'a Card>,
    /// As the driver reports it.
    pub capacity: Bytes,
    /// What a program is offered, a screen subtracted.
    pub offered: Bytes,
    /// What of that is left once the other programs have theirs.
    pub usable: Bytes,
    /// What these take; `None` = cannot be known.
    pub others: Option<Band<Bytes>>,
    /// The whole as the driver tells a program, a screen or not.
    pub total: Bytes,
    /// `usable` follows a rule instead of a measurement.
    pub usable_is_estimate: bool,
    /// One memory with the host.
    pub unified: bool,
    /// The box that it stands in.
    pub in_box: u32,
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
    if plan.machine.boxes.is_some() || devices.iter().filter(|device| device.unified).nth(1).is_some() {
        stand(&mut devices, plan, catalog);
    }
    if let (true, Some(first)) = (plan.machine.screen, devices.first_mut()) {
        first.offered = first.offered - catalog.screen(plan.machine.os).bytes().expected;
        first.usable = first.offered;
    }
    Ok(devices)
}

/// Says in which box each of the devices stands.
fn stand(devices: &mut [Device<'_>], plan: &Plan, catalog: &Catalog) {
    let boxes = plan.machine.boxes_of_cards(catalog);
    let mut first = 0;
    for kind in devices.chunk_by_mut(|one, next| one.card == next.card) {
        let per_card = kind.first().and_then(|device| device.entry).map_or(1, |card| card.devices_per_card.max(1));
        let count = kind.len() / usize::from(per_card);
        for (place, device) in kind.iter_mut().enumerate() {
            device.in_box = boxes.get(first + place / usize::from(per_card)).copied().unwrap_or(FIRST_BOX);
        }
        first += count;
    }
}

/// What of a machine a program finds when it starts.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Which devices it sees.
    pub(super) sees: Sees,
    /// What other programs take of each device; empty where there are none. `None` = cannot be known.
    pub(super) taken: Vec<Option<Band<Bytes>>>,
    /// What they take of the RAM.
    pub(super) taken_ram: TakenRam,
}

/// Which devices a program sees.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Sees {
    #[default]
    All,
    One(usize),
    None,
}

/// What other programs take of the RAM; `None` = cannot be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TakenRam(pub(super) Option<Bytes>);

impl Default for TakenRam {
    fn default() -> Self {
        Self(Some(Bytes::ZERO))
    }
}

/// The devices that a program sees, with what others have left of them, and what they take of the RAM.
#[derive(Debug)]
pub(super) struct Hardware<'a> {
    pub(super) devices: Vec<Device<'a>>,
    pub(super) taken_ram: TakenRam,
}

impl<'a> Hardware<'a> {
    /// The machine of `plan` as a program that finds it so sees it.
    ///
    /// # Errors
    /// A card that the catalog does not have, or not in that size.
    pub(super) fn of(plan: &Plan, catalog: &'a Catalog, found: &Found) -> Result<Self, EstimateError> {
        let mut devices = devices(plan, catalog)?;
        for (device, taken) in devices.iter_mut().zip(&found.taken) {
            device.others = *taken;
            device.usable = device.offered - taken.unwrap_or_default().expected;
        }
        match found.sees {
            Sees::All => {}
            Sees::One(place) => devices = devices.get(place).copied().into_iter().collect(),
            Sees::None => devices.clear(),
        }
        Ok(Self { devices, taken_ram: found.taken_ram })
    }
}

impl<'a> std::ops::Deref for Hardware<'a> {
    type Target = [Device<'a>];

    fn deref(&self) -> &Self::Target {
        &self.devices
    }
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
                offered: usable,
                usable,
                others: NO_OTHERS,
                total: usable,
                usable_is_estimate: memory.usable_is_estimate,
                unified: card.is_unified(),
                in_box: FIRST_BOX,
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
                offered: memory::offered(capacity),
                usable: memory::offered(capacity),
                others: NO_OTHERS,
                total: memory::offered(capacity),
                usable_is_estimate: true,
                unified: false,
                in_box: FIRST_BOX,
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
