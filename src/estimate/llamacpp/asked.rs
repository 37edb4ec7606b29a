//! What a plan asks of a placer, and what comes of the ways to place it.

use super::automatic::fits_itself;
use super::beside::Beside;
use super::place::{Placement, Placer, Way};
use super::placement_cache::Placements;
use super::prepared::Prepared;
use super::warnings::warnings;
use super::{crossing, step_reads};
use crate::catalog::Catalog;
use crate::catalog::quantization::Quantization;
use crate::estimate::answer::{
    DeviceContents, DeviceEstimate, Estimate, ExpertsInRam, HostEstimate, HostHeld, Queue, Speed,
};
use crate::estimate::device::Hardware;
use crate::estimate::laid_out::Placed;
use crate::estimate::step::{DeviceReads, Inference, Paged, RunState, StepFacts};
use crate::estimate::{Parts, Verdict, Warning, verdict};
use crate::plan::{GpuLayers, Plan};
use crate::units::Bytes;

/// What a plan asks of a placer.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) plan: &'a Plan,
    pub(super) catalog: &'a Catalog,
    pub(super) quantization: Quantization,
    pub(super) placer: &'a Placer<'a>,
    /// The whole devices, all of them.
    pub(super) machine: &'a Hardware<'a>,
    /// Which of them the engine takes, in its own order; `None` = all, as the plan lists them.
    pub(super) order: Option<&'a [usize]>,
    /// What lies there beside the model.
    pub(super) beside: Option<&'a Beside>,
}

/// Where everything lies when layers and experts are placed one way.
#[derive(Debug)]
pub(super) struct Laid {
    /// What lies on the devices.
    pub(super) devices: Vec<DeviceEstimate>,
    /// What lies in RAM.
    pub(super) host: HostEstimate,
    /// The judgment.
    pub(super) verdict: Option<Verdict>,
    /// Whether it runs.
    pub(super) runs: Runs,
}

/// Whether what was laid out runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Runs {
    /// It does.
    Steps,
    /// From the disk.
    Pages,
    /// It does not.
    Halts,
}

impl Asked<'_> {
    /// The way that the plan asks for; `None` where it leaves the placement to the engine.
    pub(super) fn given(&self) -> Option<Way> {
        let all = self.placer.all_layers();
        let gpu_layers = match self.plan.workload.gpu_layers {
            _ if self.machine.is_empty() => 0,
            GpuLayers::All => all,
            GpuLayers::Count(count) => count.min(all),
            GpuLayers::Auto => return None,
        };
        Some(Way { gpu_layers, cpu_experts: self.placer.options.cpu_experts, counts: None })
    }

    /// What comes of it when layers and experts are placed this way.
    pub(super) fn answer(&self, way: &Way, placements: &mut Placements<'_>) -> Box<Placed> {
        let Self { plan, placer, beside, .. } = self;
        let placement = placements.of(way);
        let laid = self.lay(way, placement);
        let running = match laid.runs {
            Runs::Halts => RunState::Halted,
            Runs::Steps => RunState::Steps(self.facts(&laid.devices, placement)),
            // The engine maps its file: the system reads what is missing when it is called.
            Runs::Pages => {
                let paged = |missing: Bytes| Paged { facts: self.placed_facts(placement), missing: missing.0 as f64 };
                RunState::Paging(laid.host.excess.map(|missing| Box::new(paged(missing))))
            }
        };
        let experts = if laid.devices.is_empty() {
            ExpertsInRam::default()
        } else {
            experts_in_ram(placer.prepared, placement.host_layers, way)
        };
        let weights = &placer.prepared.weights;
        let in_file = beside.map_or((Bytes::ZERO, 0), |beside| beside.in_file);
        let estimate = Estimate {
            verdict: laid.verdict,
            params: Some(weights.parameters + in_file.1),
            weights: Some(weights.file + in_file.0),
            bits_per_weight: Some(weights.bits_per_weight()),
            devices: laid.devices,
            host: laid.host,
            layers: placer.all_layers(),
            experts,
            drafter: beside.and_then(|beside| beside.drafter),
            queue: Queue::none(plan.workload.sequences),
            speed: Speed::default(),
            training: None,
            also: Vec::new(),
            warnings: self.warnings(),
        };
        Box::new(Placed { estimate, running })
    }

    /// Where everything lies when layers and experts are placed this way, which comes to this `placement`.
    pub(super) fn lay(&self, way: &Way, placement: &Placement) -> Laid {
        let Self { plan, catalog, placer, machine, beside, .. } = self;
        let all = machine.iter().enumerate();
        let devices: Vec<DeviceEstimate> = all
            .map(|(index, device)| {
                let placed_as = self.placed_as(index);
                let here = placed_as.and_then(|index| placement.devices.get(index));
                let more = placed_as.and_then(|index| beside.and_then(|beside| beside.devices.get(index)).copied());
                let parts = here.map_or(Parts::NOTHING, |here| here.parts) + more.unwrap_or(Parts::NOTHING);
                let layers = here.map_or(0, |here| here.layers);
                DeviceEstimate::of(device, DeviceContents { layers, ..DeviceContents::only(parts, device.overhead) })
            })
            .collect();
        let parts = placement.host + beside.map_or(Parts::NOTHING, |beside| beside.host);
        let held = HostHeld { parts, output: Some(Bytes(placer.output_bytes())) };
        let host = HostEstimate::of(plan, catalog, &devices, machine, held);
        let far = devices.iter().any(DeviceEstimate::is_far_exceeded);
        let runs = self.runs(placement, far, host.verdict);
        Laid { verdict: verdict::overall(&devices, &host, self.offloads(way, placement)), devices, host, runs }
    }

    /// Whether parts lie in RAM that devices would read.
    pub(super) fn offloads(&self, way: &Way, placement: &Placement) -> bool {
        let Self { placer, machine, .. } = self;
        !machine.is_empty()
            && (placement.host_layers > 0
                || way.cpu_experts > 0 && placer.model.experts.is_some()
                || placer.prepared.sent.in_ram())
    }

    /// Whether it runs where devices are exceeded by `far` or not, and the RAM is judged so.
    pub(super) fn runs(&self, placement: &Placement, far: bool, host: Option<Verdict>) -> Runs {
        let reads_host = placement.host_layers > 0
            || placement.host_reads.experts_apart > 0.0
            || self.placer.prepared.sent.in_ram()
            || self.machine.is_empty();
        match () {
            () if far => Runs::Halts,
            () if host == Some(Verdict::DoesNotFit) && reads_host => Runs::Pages,
            () => Runs::Steps,
        }
    }

    /// What the speed follows from, where this lies on the `devices`.
    pub(super) fn facts(&self, devices: &[DeviceEstimate], placement: &Placement) -> StepFacts {
        let Self { plan, placer, beside, .. } = self;
        let placed = self.placed_facts(placement);
        let may_spill = if placement.host_layers > 0 { self.may_spill() } else { Bytes::ZERO };
        let crossing = crossing::of(plan, placer, devices);
        let guesses = beside.and_then(|beside| beside.guesses.as_ref());
        StepFacts {
            devices: self.listed(&placed.devices),
            device_bytes: placed.device_bytes + beside.map_or(0.0, |beside| beside.loaded().0 as f64),
            may_spill_bytes: may_spill.0 as f64,
            guesses: guesses.map(|guesses| guesses.listed(|reads| self.listed(reads), crossing)),
            inference: Inference { crossing, ..placed.inference },
            ..placed
        }
    }

    /// What the devices read, in the order of the plan.
    fn listed(&self, reads: &DeviceReads) -> DeviceReads {
        match (self.order, reads) {
            (Some(_), DeviceReads::Each(each)) => {
                let of = |index: usize| self.placed_as(index).and_then(|index| each.get(index)).copied();
                DeviceReads::Each((0..self.machine.len()).map(|index| of(index).unwrap_or_default()).collect())
            }
            _ => reads.clone(),
        }
    }

    /// The same of what is placed alone, in the engine's order.
    fn placed_facts(&self, placement: &Placement) -> StepFacts {
        let Self { plan, placer, .. } = self;
        let on_devices: u64 = placement.devices.iter().map(|device| device.parts.weights.unwrap_or_default().0).sum();
        StepFacts {
            inference: step_reads::inference(&plan.workload, placer.model, placer.prepared),
            devices: DeviceReads::Each(placement.reads.clone()),
            host: placement.host_reads,
            file_bytes: placer.prepared.weights.file.0 as f64,
            device_bytes: on_devices as f64,
            may_spill_bytes: 0.0,
            guesses: None,
        }
    }

    /// Where in the engine's order the device of this index stands; `None` where it is not taken.
    fn placed_as(&self, index: usize) -> Option<usize> {
        match self.order {
            Some(order) => order.iter().position(|place| *place == index),
            None => Some(index),
        }
    }

    /// What is unwise or assumed, wherever it lies.
    pub(super) fn warnings(&self) -> Vec<Warning> {
        let mut found = warnings(&self.plan.workload, self.placer.model, self.quantization, self.machine);
        found.extend(self.beside.and_then(|beside| beside.warning.clone()));
        found
    }

    /// What the engine's own fit may leave free on the devices beyond what it is asked to.
    fn may_spill(&self) -> Bytes {
        let Self { plan, catalog, placer, .. } = self;
        let fit = &catalog.runtimes().llama_cpp.fit;
        let by_itself = plan.workload.gpu_layers == GpuLayers::Auto && fits_itself(&plan.workload, fit);
        if by_itself { Bytes(fit.unsure().0 * placer.devices.len() as u64) } else { Bytes::ZERO }
    }
}

/// The experts that lie apart from their layers, which are on the devices.
fn experts_in_ram(prepared: &Prepared, host_layers: u32, way: &Way) -> ExpertsInRam {
    let first = way.cpu_experts.min(prepared.layer_count());
    let apart = host_layers.min(first)..first;
    let layers = prepared.reads.layers(apart.clone()).expert_layers;
    ExpertsInRam {
        first: if prepared.reads.layers(0..first).expert_layers > 0 { first } else { 0 },
        layers: u32::try_from(layers + prepared.sent.host.expert_layers(host_layers) as u64).unwrap_or(u32::MAX),
        bytes: prepared.weights.sums(apart).expert_host + prepared.sent.host.sums.expert_host,
        own_split: way.counts.is_some(),
    }
}
