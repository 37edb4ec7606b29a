//! The figures of a plan as they are printed, for the table, the bars and the sentences alike, so that they add up
//! wherever they stand.

use super::parts::{PartAmounts, PlanPart};
use crate::estimate::training::TrainingPhase;
use crate::estimate::{Balance, DeviceEstimate, Estimate, JudgedRoom};
use crate::text::{FigureColumn, PrintedFigure, apportion};
use crate::units::Bytes;

/// Digits of tables and labels of bars, and of sentences.
const FINE: u8 = 2;
const PROSE: u8 = 1;

/// One memory, part by part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryFigures {
    amounts: PartAmounts,
    column: FigureColumn,
}

impl MemoryFigures {
    fn of(amounts: PartAmounts, balance: Option<Balance>, kept: &[Bytes]) -> Self {
        let parts: Vec<f64> = amounts.iter().map(|(_, bytes)| bytes.unwrap_or_default().gib()).collect();
        let kept: Vec<f64> = kept.iter().copied().map(Bytes::gib).collect();
        let room = balance.map_or((0.0, 0.0), |it| (it.free.gib(), it.excess.gib()));
        Self { amounts, column: FigureColumn::of(&parts, room, &kept, FINE) }
    }

    /// A part as it is printed; `None` where it cannot be known.
    pub fn part(&self, part: PlanPart) -> Option<PrintedFigure> {
        self.amounts.get(part).and_then(|_| self.column.parts.get(part as usize).copied())
    }

    /// How much of each part, exactly.
    pub const fn amounts(&self) -> &PartAmounts {
        &self.amounts
    }

    /// The figures that add up.
    pub const fn column(&self) -> &FigureColumn {
        &self.column
    }

    /// Whether every part is known.
    pub fn is_known(&self) -> bool {
        self.amounts.iter().all(|(_, bytes)| bytes.is_some())
    }
}

/// All figures of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFigures {
    /// Devices together; in training the fullest at the peak. Kept: by a server engine, by the screen, by the driver.
    pub vram: MemoryFigures,
    /// The RAM. Kept: by the system.
    pub ram: MemoryFigures,
    /// The fullest device at the optimizer's step.
    pub update: Option<MemoryFigures>,
    /// Each device; parts add up to those of `vram` where that is all of them.
    pub devices: Vec<MemoryFigures>,
}

/// What is not offered of a device, from the middle to the end.
pub fn kept(device: &DeviceEstimate) -> [Bytes; 3] {
    [device.outside_share(), device.screen, device.kept_by_driver()]
}

impl PlanFigures {
    /// The figures of an answer.
    pub fn of(estimate: &Estimate) -> Self {
        let step = estimate.training.as_deref();
        let host =
            MemoryFigures::of(PartAmounts::of_host(&estimate.host), estimate.host.balance(), &[estimate.host.os]);
        let of_device = |device| PartAmounts::of_device(device, step);
        let mut devices: Vec<MemoryFigures> = estimate
            .devices
            .iter()
            .map(|device| MemoryFigures::of(of_device(device), device.balance(), &kept(device)))
            .collect();
        if let Some(step) = step {
            let fullest = devices.get(step.device).cloned();
            let overhead = estimate.devices.get(step.device).map_or(Bytes::ZERO, |it| it.overhead.expected);
            let update = step.at(TrainingPhase::OptimizerStep).map(|at| PartAmounts::of_phase(at, overhead, step));
            let update = update.map(|amounts| MemoryFigures::of(amounts, None, &[]));
            let vram = fullest.unwrap_or_else(|| MemoryFigures::of(PartAmounts::of_devices(estimate), None, &[]));
            return Self { vram, ram: host, update, devices };
        }
        let all = (0..3).map(|place| estimate.devices.iter().map(|device| kept(device)[place]).sum());
        let all: Vec<Bytes> = all.collect();
        let vram = MemoryFigures::of(PartAmounts::of_devices(estimate), estimate.balance_of_devices(), &all);
        for (place, whole) in vram.column.parts.iter().enumerate() {
            let exact: Vec<f64> = devices.iter().map(|device| device.amount(place).gib()).collect();
            for (device, share) in devices.iter_mut().zip(apportion(&exact, *whole)) {
                device.column.parts[place] = share;
            }
        }
        Self { vram, ram: host, update: None, devices }
    }
}

impl PlanFigures {
    /// What devices and RAM hold together where they are one memory; `None` where they are not.
    pub fn pool(&self, estimate: &Estimate) -> Option<MemoryFigures> {
        if !estimate.is_unified() {
            return None;
        }
        let mut amounts = *self.ram.amounts();
        for (part, bytes) in self.devices.iter().flat_map(|device| device.amounts().iter()) {
            amounts.set(part, amounts.get(part).zip(bytes).map(|(one, other)| one + other));
        }
        // What is left is that of the part which ends first.
        let balance = estimate.judged().map(|judged| judged.balance);
        Some(MemoryFigures::of(amounts, balance, &[estimate.host.os]))
    }
}

impl MemoryFigures {
    fn amount(&self, place: usize) -> Bytes {
        PlanPart::ALL.get(place).and_then(|part| self.amounts.get(*part)).unwrap_or_default()
    }
}

/// A balance for prose: what is needed and what is free add up to what is offered.
pub fn prose(balance: &Balance) -> FigureColumn {
    let room = (balance.free.gib(), balance.excess.gib());
    FigureColumn::of(&[balance.needed.gib()], room, &[], PROSE)
}

/// What is free on each device, for prose, adding up to what is free on all of them.
pub fn free_each(estimate: &Estimate) -> Vec<PrintedFigure> {
    let free: Vec<f64> = estimate.devices.iter().map(|device| (device.free.unwrap_or_default()).gib()).collect();
    let together = estimate.balance_of_devices().filter(|_| estimate.training.is_none());
    match together {
        Some(balance) => apportion(&free, prose(&balance).free),
        None => estimate.devices.iter().map(|it| it.balance().map(|it| prose(&it).free).unwrap_or_default()).collect(),
    }
}

/// What a plan needs in VRAM and in RAM, for prose, and both together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NeededSplit {
    /// Both together.
    pub needed: PrintedFigure,
    /// In VRAM.
    pub vram: PrintedFigure,
    /// In RAM.
    pub ram: PrintedFigure,
}

impl NeededSplit {
    /// `None` where a part cannot be known.
    pub fn of(estimate: &Estimate) -> Option<Self> {
        let (vram, ram) = (estimate.needed_in_vram()?, estimate.host.total?);
        let needed = PrintedFigure::of((vram + ram).gib(), PROSE);
        let vram = PrintedFigure::of(vram.gib(), PROSE);
        Some(Self { needed, vram, ram: needed - vram })
    }
}

/// What is printed of the memory that decides.
pub fn judged(estimate: &Estimate) -> Option<(JudgedRoom, FigureColumn)> {
    estimate.judged().map(|judged| (judged, prose(&judged.balance)))
}

/// What of a device nobody is offered, for prose: by the screen, and by the driver.
pub fn kept_prose(device: &DeviceEstimate) -> [PrintedFigure; 2] {
    let [capacity, usable] = [device.capacity, device.usable].map(|it| PrintedFigure::of(it.gib(), PROSE));
    let exact = [device.screen.gib(), device.kept_by_driver().gib()];
    let kept = apportion(&exact, capacity - usable);
    [kept[0], kept[1]]
}
