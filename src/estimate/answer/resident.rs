//! What runs beside a plan's own model, and what that leaves of the machine.

use super::{DeviceEstimate, Estimate};
use crate::estimate::Verdict;
use crate::plan::ResidentPlace;
use crate::units::{Band, Bytes};

/// A model beside the plan's own, as a plan of its own comes out where nothing else runs.
#[derive(Debug, Clone, PartialEq)]
pub struct ResidentEstimate {
    /// Where it lies.
    pub place: ResidentPlace,
    /// What it comes to; `None` where it is not loaded.
    pub alone: Option<Box<Estimate>>,
    /// The device of the machine that its first one is.
    pub first: usize,
}

impl ResidentEstimate {
    /// Whether it would run with the machine to itself; `None` where it is not loaded or cannot be known.
    pub fn verdict(&self) -> Option<Verdict> {
        self.alone.as_ref()?.verdict
    }

    /// What it has on a device of the machine; `None` where it does not see that one.
    pub fn on(&self, device: usize) -> Option<&DeviceEstimate> {
        self.alone.as_ref()?.devices.get(device.checked_sub(self.first)?)
    }

    /// What it keeps of a device, whether it uses all of it or not; `None` = cannot be known.
    pub fn held_on(&self, device: usize) -> Option<Bytes> {
        self.on(device).map_or(Some(Bytes::ZERO), DeviceEstimate::held)
    }

    /// The same with its band.
    pub(in crate::estimate) fn band_on(&self, device: usize) -> Option<Band<Bytes>> {
        let Some(held) = self.on(device) else { return Some(Band::default()) };
        let (total, expected) = (held.held()?, held.overhead.expected);
        Some(held.overhead.map(|overhead| (total + overhead).saturating_sub(expected)))
    }

    /// What it takes of the RAM; `None` = cannot be known.
    pub fn in_ram(&self) -> Option<Bytes> {
        self.alone.as_ref().map_or(Some(Bytes::ZERO), |alone| alone.host.total)
    }

    /// What it takes of everything together; `None` = cannot be known.
    pub fn held(&self) -> Option<Bytes> {
        let Some(alone) = &self.alone else { return Some(Bytes::ZERO) };
        Some(alone.devices.iter().map(DeviceEstimate::held).sum::<Option<Bytes>>()? + alone.host.total?)
    }

    /// Whether it works on this device, or, where it sees none, in RAM.
    pub(in crate::estimate) fn works_on(&self, device: usize) -> bool {
        self.on(device).is_some_and(|it| it.parts.total() > Some(Bytes::ZERO))
    }

    /// Whether the processor runs it.
    pub fn runs_in_ram(&self) -> bool {
        self.alone.as_ref().is_some_and(|alone| alone.devices.is_empty())
    }
}

impl Estimate {
    /// Whether anything runs beside the plan's own model.
    pub fn has_company(&self) -> bool {
        self.also.iter().any(|resident| resident.alone.is_some())
    }
}
