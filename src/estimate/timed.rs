//! From what an engine laid out to the whole answer: its facts meet the laws of speed.

use std::cell::RefCell;

use super::answer::Speed;
use super::device::Device;
use super::host_rates::{HostRates, named_ram};
use super::laid_out::{LaidOut, Placed};
use super::speed::{self, DeviceRates, calibration, engine_kind, rates};
use super::step::RunState;
use super::{Estimate, Verdict, Warning, links, llamacpp, server};
use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::plan::{OperatingSystem, Plan, Runtime};

impl<'a> LaidOut<'a> {
    /// The answer, with how fast the plan runs.
    pub(super) fn timed(self, plan: &Plan, catalog: &'a Catalog, caches: &mut llamacpp::Caches) -> Estimate {
        let Self { placed, devices, other, fitted } = self;
        let answer = placed.timed(&devices, plan, catalog, caches);
        let other = other.map(|other| other.timed(&devices, plan, catalog, caches));
        let mut answer = match other {
            Some(other) if other.is_no_worse_than(&answer) => other,
            _ => answer,
        };
        if let Some(fitted) = fitted.map(|fitted| fitted.timed(&devices, plan, catalog, caches)) {
            let margin = catalog.runtimes().llama_cpp.fit.margin();
            // What costs speed comes before what is assumed.
            answer.warnings.insert(0, Warning::of_fit(&fitted, &answer, margin));
        }
        let snapshots = catalog.runtimes().llama_cpp.snapshots.most;
        answer.warnings.extend(Warning::of_snapshots(&answer, plan, snapshots));
        let unified = devices.iter().any(|device| device.entry.is_some_and(Card::is_unified));
        if unified {
            let needed = answer.devices.iter().map(|device| device.total.unwrap_or_default());
            let told =
                devices.iter().zip(needed).find_map(|(device, needed)| Warning::of_setting(device, plan, needed));
            answer.warnings.extend(told);
        }
        if plan.machine.os == OperatingSystem::Windows && answer.verdict == Some(Verdict::Tight) && !unified {
            answer.warnings.insert(0, Warning::SharedMemory);
        }
        answer
    }
}

impl Placed {
    fn timed(self, devices: &[Device<'_>], plan: &Plan, catalog: &Catalog, caches: &mut llamacpp::Caches) -> Estimate {
        let Self { mut estimate, running } = self;
        // What of it finds no room in the RAM.
        let mut missing = None;
        let facts = match running {
            RunState::Steps(facts) => facts,
            RunState::Paging(Some(paged)) => {
                missing = Some(paged.missing);
                paged.facts
            }
            RunState::Paging(None) => {
                estimate.speed = Speed { pages: true, ..Speed::default() };
                return estimate;
            }
            RunState::Halted => return estimate,
        };
        let machine = HostRates::of(&plan.machine, catalog, devices).under(&plan.workload);
        let rates_of = match plan.workload.runtime {
            Runtime::LlamaCpp => calibrated,
            _ => in_own_format,
        };
        // The rates are asked for one after the other, by more than one reader.
        let caches = &RefCell::new(caches);
        // Cards of one kind follow each other and share their rates.
        let mut known: Option<(usize, Option<DeviceRates<'_>>)> = None;
        let rates = devices.iter().map(move |device| {
            let rates = match known {
                Some((card, rates)) if card == device.card => rates,
                _ => rates_of(plan, catalog, device, caches),
            };
            known = Some((device.card, rates));
            rates
        });
        let plain = speed::of(&facts, &rates, &machine);
        if let Some(missing) = missing {
            estimate.speed = Speed { pages: true, ..Speed::default() };
            let streamed = speed::from_disk(&facts, missing, plain.decode, &machine);
            let told =
                |it: speed::FromDisk| Warning::FromDisk { gb: it.bytes.map(|bytes| bytes / 1e9), decode: it.decode };
            estimate.warnings.extend(streamed.map(told));
            return estimate;
        }
        estimate.speed = speed::with_guesses(&plain, &facts, &rates, &machine);
        estimate.speed.sustained = estimate.speed.with_prompts(&plan.workload);
        estimate.speed.queued_first_token = estimate.speed.of_last_in_line(estimate.queue, &plan.workload);
        if estimate.speed.unpredictable {
            estimate.warnings.insert(0, Warning::UnpredictableSpeed);
        }
        let reads_ram = estimate.speed.times.ram_weights > 0.0 && plan.workload.runtime == Runtime::LlamaCpp;
        if reads_ram && named_ram(&plan.machine, catalog).is_none() {
            estimate.warnings.push(Warning::RamSpeedAssumed { gb_s: catalog.speeds().host.ram_gb_s.expected });
        }
        estimate
    }
}

/// The rates of a device as the user's own measurements change them.
pub(super) fn calibrated<'a>(
    plan: &Plan,
    catalog: &'a Catalog,
    device: &Device<'_>,
    caches: &RefCell<&mut llamacpp::Caches>,
) -> Option<DeviceRates<'a>> {
    let card = device.entry?;
    let limit = plan.machine.power_limit_of(device.card);
    let rates = rates(card, engine_kind(&plan.workload), device.backend, limit, catalog)?;
    let rates = rates.linked(links::direct(card, &plan.machine));
    let ran = |row: &_| llamacpp::measured(row, catalog, &mut caches.borrow_mut());
    Some(DeviceRates { calibration: calibration(card, &rates, device.backend, catalog, ran), ..rates })
}

/// The rates of a device, its arithmetic being that of the weights' own format where it has such.
fn in_own_format<'a>(
    plan: &Plan,
    catalog: &'a Catalog,
    device: &Device<'_>,
    _caches: &RefCell<&mut llamacpp::Caches>,
) -> Option<DeviceRates<'a>> {
    let card = device.entry?;
    let limit = plan.machine.power_limit_of(device.card);
    let rates = rates(card, engine_kind(&plan.workload), device.backend, limit, catalog)?;
    let rates = rates.linked(links::direct(card, &plan.machine));
    Some(DeviceRates { native: server::native_gain(card, device.backend, &plan.workload), ..rates })
}
