//! Several programs on one machine: each is answered by its own engine as a plan of its own, and the plan's model finds what
//! they have left.
//!
//! Programs beside the plan's model start before it and do not know of each other: what each takes follows from itself and
//! the machine alone, so that their order does not matter. They take memory whether they work or wait.

use super::answer::ResidentEstimate;
use super::device::{Device, Found, Hardware, Sees, TakenRam};
use super::server::settings::EngineSettings;
use super::{Estimate, EstimateError, Estimator, Verdict, Warning, device};
use crate::catalog::Catalog;
use crate::plan::{Plan, ResidentPlace, Runtime, Task};
use crate::units::{Band, Bytes};

/// Shares are given in hundredths.
const SHARE_STEPS: f64 = 100.0;

/// The answer to a plan beside whose model others run.
///
/// # Errors
/// What an engine refuses, with the row that it is about.
pub(super) fn estimate(estimator: &mut Estimator, plan: &Plan, catalog: &Catalog) -> Result<Estimate, EstimateError> {
    let machine = machine_devices(plan, catalog)?;
    let mut also = Vec::with_capacity(plan.also.len());
    for row in 0..plan.also.len() {
        let resident = of_row(estimator, plan, row, machine.len(), catalog);
        also.push(resident.map_err(|error| EstimateError::InRow { row, error: Box::new(error) })?);
    }
    let found = Found {
        sees: Sees::All,
        taken: (0..machine.len()).map(|device| taken(&also, device)).collect(),
        taken_ram: TakenRam(also.iter().map(ResidentEstimate::in_ram).sum()),
    };
    let mut answer = estimator.alone(plan, catalog, &found)?;
    answer.speed.at_once = at_once(&answer, &also);
    answer.also = also;
    let mut warnings = collisions(plan, catalog, &answer);
    let unseen = overfull(&answer, &machine);
    if !unseen.is_empty() {
        answer.verdict = Some(Verdict::DoesNotFit);
        warnings.extend(unseen);
    }
    warnings.append(&mut answer.warnings);
    answer.warnings = warnings;
    Ok(answer)
}

/// Devices of the machine, whether the plan's own model sees them or not.
fn machine_devices<'a>(plan: &Plan, catalog: &'a Catalog) -> Result<Vec<Device<'a>>, EstimateError> {
    let plain = Plan { machine: plan.machine.clone(), ..Plan::default() };
    device::devices(&plain, catalog)
}

/// Devices that the plan's own model does not see and what runs beside it exceeds.
fn overfull(answer: &Estimate, machine: &[Device<'_>]) -> Vec<Warning> {
    let unseen = machine.iter().enumerate().skip(answer.devices.len());
    let exceeded = unseen.filter_map(|(place, device)| {
        let reserved = taken(&answer.also, place)?.expected;
        let told = Warning::SharesCollide { device: place, reserved, offered: device.offered, solved: None };
        (reserved > device.offered).then_some(told)
    });
    exceeded.collect()
}

/// What the model of one row comes to with the machine to itself.
fn of_row(
    estimator: &mut Estimator,
    plan: &Plan,
    row: usize,
    devices: usize,
    catalog: &Catalog,
) -> Result<ResidentEstimate, EstimateError> {
    let place = plan.also.get(row).map_or(ResidentPlace::Off, |resident| resident.place);
    let (sees, first) = match place {
        ResidentPlace::AllDevices => (Sees::All, 0),
        ResidentPlace::Ram | ResidentPlace::Off => (Sees::None, 0),
        ResidentPlace::Device(device) if (device as usize) < devices => (Sees::One(device as usize), device as usize),
        ResidentPlace::Device(device) => return Err(EstimateError::NoDevice { device, devices }),
    };
    let alone = match plan.of_resident(row).filter(|_| place != ResidentPlace::Off) {
        Some(mut own) => {
            own.workload.task = Task::Serve;
            let found = Found { sees, ..Found::default() };
            Some(Box::new(estimator.alone(&own, catalog, &found)?))
        }
        None => None,
    };
    Ok(ResidentEstimate { place, alone, first })
}

/// What all of them take of a device; `None` = cannot be known.
fn taken(also: &[ResidentEstimate], device: usize) -> Option<Band<Bytes>> {
    also.iter().try_fold(Band::default(), |sum: Band<Bytes>, resident| {
        let one = resident.band_on(device)?;
        Some(Band { low: sum.low + one.low, expected: sum.expected + one.expected, high: sum.high + one.high })
    })
}

/// Tokens a second of one sequence while all programs work: those that share a device, or the RAM that the plan reads, take
/// turns there, each as long as the others.
fn at_once(answer: &Estimate, also: &[ResidentEstimate]) -> Option<Band<f64>> {
    let decode = answer.speed.decode?;
    let used = answer.devices.iter().enumerate().filter(|(_, device)| device.gpu_layers > 0);
    let on_devices = used.map(|(place, _)| also.iter().filter(|resident| resident.works_on(place)).count());
    let reads_ram = answer.devices.is_empty() || answer.speed.times.ram_weights > 0.0;
    let in_ram = also.iter().filter(|resident| reads_ram && resident.runs_in_ram()).count();
    let others = on_devices.chain([in_ram]).max().unwrap_or_default();
    (others > 0).then(|| decode.map(|rate| rate / (others as f64 + 1.0)))
}

/// What is to be said where programs reserve more of a device than there is: which share solves it.
fn collisions(plan: &Plan, catalog: &Catalog, answer: &Estimate) -> Vec<Warning> {
    let short = |place: usize| {
        let device = answer.devices.get(place)?;
        let also = device.also.filter(|also| *also > Bytes::ZERO)?;
        let excess = device.excess.filter(|excess| *excess > Bytes::ZERO)?;
        // The plan's own model asks for its whole share, whatever it needs of it.
        let reserved = device.held()?.max(also);
        let programs = programs(plan, catalog, answer, place);
        if programs.is_empty() {
            return None;
        }
        let solved = programs.iter().find_map(|program| program.without(excess).map(|share| (program.row, share)));
        Some(Warning::SharesCollide { device: place, reserved, offered: device.usable, solved })
    };
    (0..answer.devices.len()).filter_map(short).collect()
}

/// A program that reserves a share of a device.
struct Reserving {
    /// Its row; `None` = the plan's own model.
    row: Option<usize>,
    /// The share.
    share: f64,
    /// Memory that it is a share of.
    of: Bytes,
    /// What of what it reserves it can do without.
    spare: Bytes,
}

impl Reserving {
    /// The share that leaves so much more free; `None` where it cannot.
    fn without(&self, excess: Bytes) -> Option<f64> {
        if excess > self.spare || self.of == Bytes::ZERO {
            return None;
        }
        let share = self.share - excess.0 as f64 / self.of.0 as f64;
        let share = (share * SHARE_STEPS).floor() / SHARE_STEPS;
        (share > 0.0).then_some(share)
    }
}

/// The programs that reserve a share of this device; those beside the plan's model first, since they need less.
fn programs(plan: &Plan, catalog: &Catalog, answer: &Estimate, place: usize) -> Vec<Reserving> {
    let rows = answer.also.iter().enumerate().filter_map(|(row, resident)| {
        let (own, alone) = (plan.of_resident(row)?, resident.alone.as_deref()?);
        reserving(Some(row), &own, catalog, alone, place.checked_sub(resident.first)?, resident.sees())
    });
    rows.chain(reserving(None, plan, catalog, answer, place, Sees::All)).collect()
}

fn reserving(
    row: Option<usize>,
    plan: &Plan,
    catalog: &Catalog,
    found: &Estimate,
    place: usize,
    sees: Sees,
) -> Option<Reserving> {
    let device = found.devices.get(place)?;
    if !matches!(plan.workload.runtime, Runtime::Vllm | Runtime::Sglang) {
        return None;
    }
    let (pool, need) = (device.kv_pool?, device.parts.caches()?);
    let hardware = Hardware::of(plan, catalog, &Found { sees, ..Found::default() }).ok()?;
    let settings = EngineSettings::of(plan, catalog, &hardware).ok()?;
    let of = hardware.get(place)?.total;
    Some(Reserving { row, share: settings.utilization, of, spare: pool - need })
}

impl ResidentEstimate {
    const fn sees(&self) -> Sees {
        match self.place {
            ResidentPlace::AllDevices => Sees::All,
            ResidentPlace::Device(device) => Sees::One(device as usize),
            ResidentPlace::Ram | ResidentPlace::Off => Sees::None,
        }
    }
}

impl Estimate {
    /// How the machine was found that this was worked out for.
    pub(super) fn finds(&self) -> Found {
        if self.also.is_empty() {
            return Found::default();
        }
        let taken = (0..self.devices.len()).map(|device| taken(&self.also, device)).collect();
        Found { sees: Sees::All, taken, taken_ram: TakenRam(self.host.also) }
    }
}
