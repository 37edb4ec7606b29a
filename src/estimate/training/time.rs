//! How fast training runs: arithmetic over a share of the cards' rate, and what links, RAM and disk add.
//!
//! FLOPs as `PaLM` and llm-foundry count them (the matrix of scores whole), since the shares were measured so.

use super::device_share::DeviceShare;
use super::dim::Dim;
use super::method::Keeps;
use super::run::TrainingRun;
use super::tensor_groups::TrainingRole;
use crate::catalog::Catalog;
use crate::catalog::card::Card;
use crate::catalog::price::Rent;
use crate::estimate::answer::{Estimate, JobTime};
use crate::estimate::device;
use crate::estimate::host_rates::{HostRates, named_ram};
use crate::estimate::links;
use crate::estimate::verdict::Verdict;
use crate::plan::{CardChoice, Offload, Plan, Precision, Task};
use crate::units::{Band, BytesPerSecond, Usd};

/// Bytes that CPU Adam reads and writes in RAM for a parameter, and that go to `NVMe` and back.
const ADAM_RAM: f64 = 30.0;
const ADAM_DISK: f64 = 24.0;

/// What the job costs to rent at an offer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JobRent<'a> {
    /// The whole job.
    pub usd: Band<Usd>,
    /// So many cards for an hour.
    pub usd_per_hour: Usd,
    /// The offer, with its date and source.
    pub offer: &'a Rent,
}

/// The cheapest fresh offer for the plan's cards, on demand and as often as it takes to have as many; `None` where the plan
/// has several kinds of card, nobody rents out this one, or the job does not fit on it: that is rented by nobody.
pub fn rent<'a>(plan: &Plan, catalog: &'a Catalog, found: &Estimate) -> Option<JobRent<'a>> {
    let time = found.training.as_ref()?.time?;
    found.verdict.filter(|verdict| *verdict != Verdict::DoesNotFit)?;
    let [kind] = plan.machine.cards.as_slice() else { return None };
    let CardChoice::Catalog(id) = &kind.card else { return None };
    let card = catalog.card(id)?;
    let of_card = || catalog.rents().filter(|rent| rent.card == card.id);
    let counted_on = of_card().any(crate::catalog::price::Rent::leads);
    let offers = of_card().filter(|rent| rent.leads() || !counted_on);
    let priced = offers.filter_map(|offer| {
        let times = kind.count.div_ceil(offer.cards.max(1));
        Some((offer.hourly_usd()? * times, offer))
    });
    let (usd_per_hour, offer) = priced.min_by(|one, other| one.0.total_cmp(&other.0))?;
    Some(JobRent { usd: time.hours.map(|hours| usd_per_hour * hours), usd_per_hour, offer })
}

/// The time of a plan's job; `None` where a rate is not known.
pub(super) fn of(run: &TrainingRun<'_>, plan: &Plan, catalog: &Catalog, shares: &[DeviceShare]) -> Option<JobTime> {
    let (training, grid) = (run.training, run.grid);
    let cards: Vec<(&Card, u32)> = plan
        .machine
        .cards
        .iter()
        .map(|kind| match &kind.card {
            CardChoice::Catalog(id) => Some((catalog.card(id)?, kind.count)),
            CardChoice::Detected { .. } => None,
        })
        .collect::<Option<_>>()?;
    let limit = |place: usize| plan.machine.power_limit_of(place);
    let slowest = cards
        .iter()
        .enumerate()
        .map(|(place, (card, _))| Some(rate(card, training.precision)? * held_clock(card, limit(place), catalog)))
        .reduce(|one, other| Some(one?.min(other?)))??;
    let facts = catalog.training();
    let used = facts.utilization(cards.first()?.0)?;
    let share = if training.checkpointing { &used.checkpointed } else { &used.plain };
    let micro = run.dims.get(Dim::Tokens);
    let tokens = micro * f64::from(training.gradient_accumulation) * grid.data as f64;
    let bubble = grid.bubble(training.gradient_accumulation);
    let arithmetic = flops_per_token(run) * tokens / (slowest * 1e12 * grid.devices() as f64 * (1.0 - bubble));
    let waits = waits(run, plan, catalog, &cards, shares)?;
    let quantized = training.quantized_base(run.task).is_some();
    let unpacking = |low_end: f64| if quantized { low_end } else { 1.0 };
    // Gradients travel while others are calculated: all of it hidden at best, none at worst.
    let seconds = |share: f64, slower: f64, hidden: f64| {
        arithmetic / (share * unpacking(slower)) + waits.fixed + (1.0 - hidden) * waits.hideable
    };
    let per_s = |seconds: f64| tokens / seconds;
    let rates = Band {
        low: per_s(seconds(share.low, facts.unpacking.low, 0.0)),
        expected: per_s(seconds(share.expected, facts.unpacking.expected, 0.5)),
        high: per_s(seconds(share.high, facts.unpacking.high, 1.0)),
    };
    let all = training.dataset_tokens as f64 * f64::from(training.epochs);
    let hours = |rate: f64| all / rate / 3600.0;
    let hours = Band { low: hours(rates.high), expected: hours(rates.expected), high: hours(rates.low) };
    let watts: Option<f64> = cards
        .iter()
        .enumerate()
        .map(|(place, (card, count))| {
            let own = card.tdp_w?;
            Some(f64::from(limit(place).map_or(own, |limit| limit.min(own))) * f64::from(*count))
        })
        .sum();
    let law = &catalog.speeds().power;
    let power_w = watts.map(|watts| Band {
        low: watts * law.computing * (1.0 - law.spread),
        expected: watts * law.computing,
        high: watts,
    });
    // The longer it takes, the less the cards have to do.
    let energy_kwh = power_w.map(|power| hours.map(|hours| hours * power.expected / 1000.0));
    Some(JobTime {
        tokens_per_s: rates,
        hours,
        power_w,
        energy_kwh,
        steps: (all / tokens).ceil(),
        bubble,
        measured: used.measured,
    })
}

/// Share of its clock that a card holds while it trains, where it may draw no more than so many W.
fn held_clock(card: &Card, limit_w: Option<u32>, catalog: &Catalog) -> f64 {
    let law = &catalog.speeds().power.limit;
    limit_w.zip(card.tdp_w).map_or(1.0, |(limit, own)| law.clock(f64::from(limit.min(own)), f64::from(own), 1.0))
}

/// TFLOPS of one device.
fn rate(card: &Card, precision: Precision) -> Option<f64> {
    match precision {
        Precision::Fp32 => card.rates.fp32,
        _ => card.rates.bf16.or(card.rates.fp16),
    }
}

/// FLOPs of one trained token, recomputation counted: two a weight for each pass, frozen weights having no gradient.
fn flops_per_token(run: &TrainingRun<'_>) -> f64 {
    let layer = &run.model.layer;
    let (experts, chosen) = (layer.experts, layer.experts_per_token);
    let active: f64 = run
        .model
        .groups
        .iter()
        .map(|group| match group.role {
            TrainingRole::Embedding if !run.model.tied => 0.0,
            TrainingRole::Experts { .. } => {
                (group.count * group.elements()) as f64 * (chosen / experts.max(1.0)).min(1.0)
            }
            _ => (group.count * group.elements()) as f64,
        })
        .sum();
    let attention = 4.0 * run.model.layers as f64 * layer.query_width * run.training.sequence_length as f64;
    let (passes, adapters) = if run.task == Task::Full { (3.0, 0.0) } else { (2.0, 6.0 * run.states.trained as f64) };
    let again = match run.keeps {
        Keeps::Input => 2.0 * active + attention,
        Keeps::AllButScores => attention,
        Keeps::All => 0.0,
    };
    passes * 2.0 * active + adapters + 3.0 * attention + again
}

/// Seconds of a step besides arithmetic: what nothing hides, and what calculating may hide.
struct StepWaits {
    fixed: f64,
    hideable: f64,
}

fn waits(
    run: &TrainingRun<'_>,
    plan: &Plan,
    catalog: &Catalog,
    cards: &[(&Card, u32)],
    shares: &[DeviceShare],
) -> Option<StepWaits> {
    let (training, grid) = (run.training, run.grid);
    let devices = device::devices(plan, catalog).ok()?;
    let machine = HostRates::of(&plan.machine, catalog, &devices);
    // One direction of the cards' own link, or PCI Express.
    let direct = cards
        .iter()
        .map(|(card, _)| links::direct(card, &plan.machine).and_then(|link| link.gb_s))
        .reduce(|one, other| Some(one?.min(other?)));
    let link =
        direct.flatten().map(|gb_s| BytesPerSecond::from_gb_s(gb_s / 2.0) * machine.speeds.links.pcie).or(machine.pcie);
    // Of cards in several boxes the slowest way counts.
    let network = machine.network.as_ref().map(|network| network.rate().expected);
    let link = match (link, network) {
        (Some(link), Some(network)) => Some(link.min(network)),
        (link, network) => network.or(link),
    };
    let layer_tokens = run.dims.get(Dim::Tokens) * run.dims.get(Dim::HiddenSize) * 2.0;
    let micro_batches = f64::from(training.gradient_accumulation);
    let (tensor, data) = (grid.tensor as f64, grid.data as f64);
    // Four reductions a layer, two more where it is run again.
    let reductions = if training.checkpointing { 6.0 } else { 4.0 };
    let layers = run.model.layers as f64 / grid.pipeline as f64;
    let cut = reductions * layers * 2.0 * (tensor - 1.0) / tensor * layer_tokens * micro_batches;
    let gradients = run.states.gradients as f64 / tensor / grid.pipeline as f64;
    let weights = run.states.weights as f64 / tensor / grid.pipeline as f64;
    // Rings: reduced and spread; with weights shared out they are gathered for both passes of each micro-batch.
    let ring = (data - 1.0) / data;
    let shared = if training.zero_stage >= 3 {
        (gradients + 2.0 * weights * micro_batches) * ring
    } else {
        2.0 * gradients * ring
    };
    let handed = if grid.pipeline > 1 { 2.0 * layer_tokens * micro_batches } else { 0.0 };
    let mut waits = StepWaits { fixed: 0.0, hideable: 0.0 };
    if cut + shared + handed > 0.0 {
        let link = link?;
        waits.fixed += link.time_for(cut + handed).0;
        waits.hideable += link.time_for(shared).0;
    }
    if training.offload != Offload::None {
        let trained = run.states.trained as f64;
        let pcie = machine.pcie?;
        let ram = named_ram(&plan.machine, catalog).map_or(machine.ram, BytesPerSecond::from_gb_s);
        waits.fixed += pcie.time_for(4.0 * trained / grid.devices() as f64).0 + ram.time_for(ADAM_RAM * trained).0;
        let moved: f64 = shares.iter().map(|share| share.in_ram.weights).fold(0.0, f64::max);
        waits.hideable += pcie.time_for(2.0 * moved * micro_batches).0;
        if training.offload == Offload::Nvme {
            waits.fixed += machine.disk?.time_for(ADAM_DISK * trained).0;
        }
    }
    Some(waits)
}
