//! From what an engine laid out to the whole answer: its facts meet the laws of speed.

use std::cell::RefCell;

use super::answer::{NetworkShare, Speed};
use super::device::Device;
use super::host_rates::HostRates;
use super::laid_out::{LaidOut, Placed};
use super::speed::{self, DeviceRates, calibration, engine_kind, rates};
use super::standing::Standing;
use super::step::RunState;
use super::{Estimate, Verdict, Warning, links, llamacpp, server};
use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::plan::{OperatingSystem, Plan, Runtime};

/// What everything that is laid out on one machine is timed with.
#[derive(Debug)]
pub(super) struct Laws<'a> {
    pub(super) machine: HostRates<'a>,
    /// The rates of each kind of card, in the order of the plan.
    kinds: Vec<Option<DeviceRates<'a>>>,
}

impl<'a> Laws<'a> {
    pub(super) fn of(plan: &Plan, catalog: &'a Catalog, devices: &[Device<'a>], caches: &mut llamacpp::Caches) -> Self {
        let machine = HostRates::of(&plan.machine, catalog, devices).under(&plan.workload);
        let rates_of = match plan.workload.runtime {
            Runtime::LlamaCpp => calibrated,
            _ => in_own_format,
        };
        // The rates are asked for one after the other, by more than one reader.
        let caches = &RefCell::new(caches);
        let mut kinds = vec![None; plan.machine.cards.len()];
        for alike in devices.chunk_by(|one, next| one.card == next.card) {
            if let Some(device) = alike.first()
                && let Some(kind) = kinds.get_mut(device.card)
            {
                *kind = rates_of(plan, catalog, device, caches);
            }
        }
        Self { machine, kinds }
    }

    /// The rates of these devices, in order.
    pub(super) fn of_devices<'d>(
        &'d self,
        devices: &'d [Device<'_>],
    ) -> impl Iterator<Item = Option<&'d DeviceRates<'a>>> + Clone {
        devices.iter().map(|device| self.kinds.get(device.card)?.as_ref())
    }
}

impl<'a> LaidOut<'a> {
    /// The answer, with how fast the plan runs.
    pub(super) fn timed(self, plan: &Plan, catalog: &'a Catalog, caches: &mut llamacpp::Caches) -> Estimate {
        let Self { placed, devices, other, fitted } = self;
        let runs = |way: &Placed| matches!(way.running, RunState::Steps(_) | RunState::Paging(Some(_)));
        let any = runs(&placed) || other.as_deref().is_some_and(runs) || fitted.as_deref().is_some_and(runs);
        let laws = any.then(|| Laws::of(plan, catalog, &devices, caches));
        let timed = |placed: Box<Placed>| placed.timed(&devices, plan, catalog, laws.as_ref());
        let mut answer = timed(placed);
        if let Some(other) = other.map(timed)
            && Standing::of(&other).is_no_worse_than(&Standing::of(&answer))
        {
            answer = other;
        }
        if let Some(fitted) = fitted.map(timed) {
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
    fn timed(
        self: Box<Self>,
        devices: &[Device<'_>],
        plan: &Plan,
        catalog: &Catalog,
        laws: Option<&Laws<'_>>,
    ) -> Estimate {
        let Self { mut estimate, running } = *self;
        let (facts, missing, laws) = match (&running, laws) {
            (RunState::Steps(facts), Some(laws)) => (facts, None, laws),
            (RunState::Paging(Some(paged)), Some(laws)) => (&paged.facts, Some(paged.missing), laws),
            (RunState::Paging(_), _) => {
                estimate.speed = Speed { pages: true, ..Speed::default() };
                return estimate;
            }
            (RunState::Halted | RunState::Steps(_), _) => return estimate,
        };
        let rates = laws.of_devices(devices);
        let plain = speed::of(facts, &rates, &laws.machine);
        if let Some(missing) = missing {
            estimate.speed = Speed { pages: true, ..Speed::default() };
            let streamed = speed::from_disk(facts, missing, plain.decode, &laws.machine);
            let told =
                |it: speed::FromDisk| Warning::FromDisk { gb: it.bytes.map(|bytes| bytes / 1e9), decode: it.decode };
            estimate.warnings.extend(streamed.map(told));
            return estimate;
        }
        estimate.speed = match facts.guesses {
            Some(_) => speed::with_guesses(&plain, facts, &rates, &laws.machine),
            None => plain,
        };
        estimate.speed.sustained = estimate.speed.with_prompts(&plan.workload);
        estimate.speed.queued_first_token = estimate.speed.of_last_in_line(estimate.queue, &plan.workload);
        if let Some((crossing, network)) = estimate.speed.network.zip(laws.machine.network) {
            let boxes = devices.iter().map(|device| device.in_box).max().map_or(1, |last| last + 1);
            let NetworkShare { bytes, seconds } = crossing;
            estimate.warnings.push(Warning::OverNetwork { link: network.law.link, boxes, bytes, seconds });
        }
        if estimate.speed.unpredictable {
            estimate.warnings.insert(0, Warning::UnpredictableSpeed);
        }
        let reads_ram = estimate.speed.times.ram_weights > 0.0 && plan.workload.runtime == Runtime::LlamaCpp;
        if reads_ram && laws.machine.ram_assumed {
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
