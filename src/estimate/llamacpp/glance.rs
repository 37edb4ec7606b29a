//! What many machines are compared by first, and nothing else of the answers: the judgment, and how fast one sequence is served.

use super::Caches;
use super::asked::{Asked, Runs};
use super::asked_cells::cells;
use super::automatic::Ways;
use super::beside::loads_unasked;
use super::estimate::is_apart;
use super::place::{Placer, Way};
use super::placement_cache::Placements;
use super::prepared::Prepared;
use super::step_reads;
use crate::catalog::Catalog;
use crate::catalog::model::Model;
use crate::estimate::answer::{HostHeld, HostRoom, is_far};
use crate::estimate::device::{Device, Hardware};
use crate::estimate::limits::MOST_DEVICES;
use crate::estimate::speed;
use crate::estimate::standing::{Glance, Standing};
use crate::estimate::step::Inference;
use crate::estimate::timed::Laws;
use crate::estimate::verdict::{HostVerdict, worst};
use crate::estimate::{EstimateError, Refusal, boxes};
use crate::plan::{Drafter, Plan, SplitMode, VisionPlace};
use crate::units::Bytes;

/// How `plan` does on each of these machines, which [`tells_at_a_glance`].
pub(in crate::estimate) fn glances<'m>(
    plan: &Plan,
    catalog: &Catalog,
    model: &Model,
    machines: impl Iterator<Item = &'m (Hardware<'m>, Laws<'m>)>,
    caches: &mut Caches,
) -> Vec<Result<Glance, EstimateError>> {
    let workload = &plan.workload;
    let asks = || Ok((workload.quantization.gguf().ok_or(Refusal::ServerPrecision)?, cells(workload, model)?));
    let (quantization, cells) = match asks() {
        Ok(asks) => asks,
        Err(refused) => return machines.map(|_| Err(EstimateError::clone(&refused))).collect(),
    };
    let Caches { prepared, placements, buffers, .. } = caches;
    let Some(prepared) = prepared.get(model, quantization, Prepared::new) else {
        let unknown = Glance { verdict: None, waiting: 0, decode: None };
        return machines.map(|_| Ok(unknown)).collect();
    };
    let inference = &step_reads::inference(workload, model, prepared);
    let glance = |(machine, laws): &(Hardware<'_>, Laws<'_>)| {
        let placer = &Placer::new(model, prepared, workload, machine, cells).shared_by(machine, workload, None);
        let mut placements = placements.of(placer, buffers);
        let asked = Asked { plan, catalog, quantization, placer, machine, order: None, beside: None };
        let Standing { verdict, decode, .. } = asked.best((laws, inference), &mut placements);
        // The engine takes all sequences or does not start.
        Ok(Glance { verdict, waiting: 0, decode })
    };
    machines.map(glance).collect()
}

/// Whether a glance tells as much as an answer: not of what is guessed ahead or lies beside the model, nor where tensors lie
/// apart from their layers or are cut.
pub(in crate::estimate) fn is_told_at_a_glance(plan: &Plan, model: &Model) -> bool {
    let workload = &plan.workload;
    workload.speculation.drafter == Drafter::None
        && workload.vision.is_none_or(|place| place == VisionPlace::Off)
        && !loads_unasked(workload, model)
        && workload.split_mode == SplitMode::Layer
        && workload.flash_attention
        && !workload.quantization.gguf().is_some_and(|quantization| is_apart(workload, quantization))
}

/// Whether machines like this one can be asked about at a glance: the engine takes all its devices in their own order.
pub(in crate::estimate) fn tells_at_a_glance(machine: &Hardware<'_>) -> bool {
    machine.len() <= MOST_DEVICES && !boxes::several(machine)
}

impl Asked<'_> {
    /// How the better way to place it stands.
    fn best(&self, timed: (&Laws<'_>, &Inference), placements: &mut Placements<'_>) -> Standing {
        match self.given() {
            Some(way) if self.placer.is_far_beyond(way.gpu_layers) => Standing::BEYOND,
            Some(way) => self.standing(&way, timed, placements),
            None if self.is_beyond_all() => Standing::BEYOND,
            None => {
                let Ways { layers, experts, .. } = Ways::of(self, placements);
                let standing = self.standing(&layers, timed, placements);
                let other = experts.map(|way| self.standing(&way, timed, placements));
                other.filter(|other| other.is_no_worse_than(&standing)).unwrap_or(standing)
            }
        }
    }

    /// Whether the weights alone are more than devices and RAM hold together: wherever they are placed, the devices being filled
    /// and not exceeded, some of them are read from the disk. No layout is needed to know it.
    fn is_beyond_all(&self) -> bool {
        let Self { plan, catalog, placer, machine, .. } = self;
        let ram = HostRoom::of(plan, catalog, machine);
        // One pool is not filled twice.
        let pool = ram.pool.and_then(|pool| machine.get(pool)).map_or(Bytes::ZERO, Device::room);
        let own = machine.iter().enumerate().filter(|(place, _)| ram.pool != Some(*place));
        let own: Bytes = own.map(|(_, device)| device.room()).sum();
        placer.prepared.weights.least() > ram.capacity.saturating_sub(ram.os.expected).max(pool) + own
    }

    fn standing(
        &self,
        way: &Way,
        (laws, inference): (&Laws<'_>, &Inference),
        placements: &mut Placements<'_>,
    ) -> Standing {
        let Self { plan, catalog, placer, machine, .. } = self;
        let placement = placements.of(way);
        let ram = HostRoom::of(plan, catalog, machine);
        let (mut missing, mut far, mut on_devices) = (Bytes::ZERO, false, None);
        let mut on_pool = Some(Bytes::ZERO);
        for (place, device) in machine.iter().enumerate() {
            let parts = placement.devices.get(place).map_or(Some(Bytes::ZERO), |here| here.parts.total());
            let margin = device.margin(parts, device.overhead);
            let excess = margin.map(|margin| margin.excess);
            missing += excess.unwrap_or_default();
            far |= excess.is_none_or(|excess| is_far(excess, device.offered));
            on_devices = on_devices.max(margin.map(|margin| margin.verdict));
            if ram.pool == Some(place) {
                let others = device.others.map(|others| others.expected);
                on_pool = parts.zip(others).map(|(parts, others)| parts + device.overhead.expected + others);
            }
        }
        let held = HostHeld { parts: placement.host, output: Some(Bytes(placer.output_bytes())) };
        let host = ram.margin(held, on_pool);
        let of_itself = host.map(|host| host.verdict);
        let offloads = self.offloads(way, placement);
        let decode = match self.runs(placement, far, of_itself) {
            Runs::Steps => {
                let step = (inference, &*placement.reads, &placement.host_reads);
                speed::decode_alone(step, &laws.of_devices(machine), &laws.machine)
            }
            Runs::Pages | Runs::Halts => None,
        };
        let verdict = worst(on_devices, HostVerdict { of_itself, alone: machine.is_empty(), offloads });
        Standing { verdict, missing: missing + host.map(|host| host.excess).unwrap_or_default(), decode }
    }
}
