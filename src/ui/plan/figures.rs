//! The figures of a plan as they are printed, for the table, the bars and the sentences alike, so that they add up
//! wherever they stand.

use super::parts::{Amounts, Part};
use crate::estimate::training::Phase;
use crate::estimate::{Balance, DeviceEstimate, Estimate, Judged};
use crate::text::{Column, Rounded, apportion};
use crate::ui::words;
use crate::units::Bytes;

/// Digits of tables and labels of bars, and of sentences.
const FINE: u8 = 2;
const PROSE: u8 = 1;

/// One memory, part by part.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Side {
    amounts: Amounts,
    column: Column,
}

impl Side {
    fn of(amounts: Amounts, balance: Option<Balance>, kept: &[Bytes]) -> Self {
        let parts: Vec<f64> = amounts.iter().map(|(_, bytes)| words::amount(bytes.unwrap_or_default())).collect();
        let kept: Vec<f64> = kept.iter().copied().map(words::amount).collect();
        let room = balance.map_or((0.0, 0.0), |it| (words::amount(it.free), words::amount(it.excess)));
        Self { amounts, column: Column::of(&parts, room, &kept, FINE) }
    }

    /// A part as it is printed; `None` where it cannot be known.
    pub(super) fn part(&self, part: Part) -> Option<Rounded> {
        self.amounts.get(part).and_then(|_| self.column.parts.get(part as usize).copied())
    }

    pub(super) const fn amounts(&self) -> &Amounts {
        &self.amounts
    }

    pub(super) const fn column(&self) -> &Column {
        &self.column
    }

    pub(super) fn is_known(&self) -> bool {
        self.amounts.iter().all(|(_, bytes)| bytes.is_some())
    }
}

/// All figures of a plan.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figures {
    /// Devices together; in training the fullest at the peak. Kept: by a server engine, by the screen, by the driver.
    pub(super) vram: Side,
    /// The RAM. Kept: by the system.
    pub(super) ram: Side,
    /// The fullest device at the optimizer's step.
    pub(super) update: Option<Side>,
    /// Each device; parts add up to those of `vram` where that is all of them.
    pub(super) devices: Vec<Side>,
}

/// What is not offered of a device, from the middle to the end.
pub(super) fn kept(device: &DeviceEstimate) -> [Bytes; 3] {
    [device.outside_share(), device.screen, device.kept_by_driver()]
}

impl Figures {
    pub(super) fn of(estimate: &Estimate) -> Self {
        let step = estimate.training.as_deref();
        let host = Side::of(Amounts::of_host(&estimate.host), estimate.host.balance(), &[estimate.host.os]);
        let of_device = |device| Amounts::of_device(device, step);
        let mut devices: Vec<Side> = estimate
            .devices
            .iter()
            .map(|device| Side::of(of_device(device), device.balance(), &kept(device)))
            .collect();
        if let Some(step) = step {
            let fullest = devices.get(step.device).cloned();
            let overhead = estimate.devices.get(step.device).map_or(Bytes::ZERO, |it| it.overhead.expected);
            let update = step.at(Phase::OptimizerStep).map(|at| Amounts::of_phase(at, overhead, step));
            let update = update.map(|amounts| Side::of(amounts, None, &[]));
            let vram = fullest.unwrap_or_else(|| Side::of(Amounts::of_devices(estimate), None, &[]));
            return Self { vram, ram: host, update, devices };
        }
        let all = (0..3).map(|place| estimate.devices.iter().map(|device| kept(device)[place]).sum());
        let all: Vec<Bytes> = all.collect();
        let vram = Side::of(Amounts::of_devices(estimate), estimate.balance_of_devices(), &all);
        for (place, whole) in vram.column.parts.iter().enumerate() {
            let exact: Vec<f64> = devices.iter().map(|device| words::amount(device.amount(place))).collect();
            for (device, share) in devices.iter_mut().zip(apportion(&exact, *whole)) {
                device.column.parts[place] = share;
            }
        }
        Self { vram, ram: host, update: None, devices }
    }
}

impl Side {
    fn amount(&self, place: usize) -> Bytes {
        Part::ALL.get(place).and_then(|part| self.amounts.get(*part)).unwrap_or_default()
    }
}

/// A balance for prose: what is needed and what is free add up to what is offered.
pub(super) fn prose(balance: &Balance) -> Column {
    let room = (words::amount(balance.free), words::amount(balance.excess));
    Column::of(&[words::amount(balance.needed)], room, &[], PROSE)
}

/// What is free on each device, for prose, adding up to what is free on all of them.
pub(super) fn free_each(estimate: &Estimate) -> Vec<Rounded> {
    let free: Vec<f64> = estimate.devices.iter().map(|device| words::amount(device.free.unwrap_or_default())).collect();
    let together = estimate.balance_of_devices().filter(|_| estimate.training.is_none());
    match together {
        Some(balance) => apportion(&free, prose(&balance).free),
        None => estimate.devices.iter().map(|it| it.balance().map(|it| prose(&it).free).unwrap_or_default()).collect(),
    }
}

/// What a plan needs in VRAM and in RAM, for prose, and both together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Split {
    pub(super) needed: Rounded,
    pub(super) vram: Rounded,
    pub(super) ram: Rounded,
}

impl Split {
    pub(super) fn of(estimate: &Estimate) -> Option<Self> {
        let (vram, ram) = (estimate.needed_in_vram()?, estimate.host.total?);
        let needed = Rounded::of(words::amount(vram + ram), PROSE);
        let vram = Rounded::of(words::amount(vram), PROSE);
        Some(Self { needed, vram, ram: needed - vram })
    }
}

/// What is printed of the memory that decides.
pub(super) fn judged(estimate: &Estimate) -> Option<(Judged, Column)> {
    estimate.judged().map(|judged| (judged, prose(&judged.balance)))
}

/// What of a device nobody is offered, for prose: by the screen, and by the driver.
pub(super) fn kept_prose(device: &DeviceEstimate) -> [Rounded; 2] {
    let [capacity, usable] = [device.capacity, device.usable].map(|it| Rounded::of(words::amount(it), PROSE));
    let exact = [words::amount(device.screen), words::amount(device.kept_by_driver())];
    let kept = apportion(&exact, capacity - usable);
    [kept[0], kept[1]]
}
