//! What no placement of a model is faster than: a decode step told from what it reads at least, with nothing laid out.
//!
//! Each part of the step is counted where it is quickest, devices and host taken together, except for what the devices have
//! no room for. Arithmetic and states of recurrent layers are left out.

use super::decode;
use super::rates::DeviceRates;
use crate::estimate::host_rates::HostRates;
use crate::estimate::step::{Inference, StepReads, Together};
use crate::units::Seconds;

/// Blocks differ in what they read, and a mixer alone is half a block: none reads less than this share of the average.
const LIGHTEST: f64 = 0.1;
/// What a block may cost beside itself: its experts, latent attention, recurrence.
const BESIDES: f64 = 3.0;

/// The same figures added up in another order differ by no more than this share.
const ROUNDING: f64 = 1e-9;

/// What a place takes for parts of a step, in seconds.
#[derive(Debug, Clone, Copy)]
struct Costs {
    /// A byte of dense weights.
    dense: f64,
    /// A byte of experts that are touched.
    experts: f64,
    /// A byte of the caches.
    cache: f64,
    /// A block by itself.
    block: f64,
    /// Its experts.
    expert_block: f64,
    /// Its latent attention.
    latent: f64,
    /// Its recurrence.
    recurrent: f64,
}

impl Costs {
    /// On a device.
    fn on_device(inference: &Inference, rates: &DeviceRates<'_>) -> Self {
        let law = &rates.family.decode;
        let (calibration, slower) = (&rates.calibration, 1.0 / rates.clock.reading);
        let (flow, fixed) = (calibration.flow * slower, 1e-6 * calibration.fixed * slower);
        let dense = decode::weights_rate(inference, rates).time_for(1.0).0 * flow;
        Self {
            dense,
            experts: dense / law.experts,
            cache: decode::cache_rate(inference, rates).time_for(1.0).0 * calibration.flow,
            block: law.layer_us * fixed,
            expert_block: (law.expert_us + decode::routing(inference, rates)) * fixed,
            latent: law.latent_us * fixed,
            recurrent: law.recurrent_us * fixed,
        }
    }

    /// The less of either, part by part.
    fn or(self, other: Self) -> Self {
        Self {
            dense: self.dense.min(other.dense),
            experts: self.experts.min(other.experts),
            cache: self.cache.min(other.cache),
            block: self.block.min(other.block),
            expert_block: self.expert_block.min(other.expert_block),
            latent: self.latent.min(other.latent),
            recurrent: self.recurrent.min(other.recurrent),
        }
    }
}

/// How many bytes of a model's weights lie in RAM at least.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate) struct LeastInRam {
    /// Where all devices hold a part.
    pub(in crate::estimate) beside_all: f64,
    /// Where one device alone holds one.
    pub(in crate::estimate) beside_one: f64,
}

/// What a decode step takes at least of `whole`, all that it reads of a model; `None` = nobody can tell.
pub(in crate::estimate) fn least_step<'a>(
    inference: &Inference,
    whole: &StepReads,
    in_ram: LeastInRam,
    mut devices: impl Iterator<Item = Option<DeviceRates<'a>>>,
    machine: &HostRates<'a>,
) -> Option<Seconds> {
    if inference.together == Together::Tensor {
        return None;
    }
    let first = Costs::on_device(inference, &devices.next()??);
    let on_devices = devices.try_fold(first, |least, rates| Some(least.or(Costs::on_device(inference, &rates?))))?;
    let alone = step(inference, whole, in_ram.beside_one, on_devices, machine);
    let split = machine.speeds.links.split_us * 1e-6;
    let several = Costs { block: on_devices.block + split, ..on_devices };
    let least = alone.min(step(inference, whole, in_ram.beside_all, several, machine));
    Some(Seconds(least * (1.0 - ROUNDING)))
}

fn step(inference: &Inference, whole: &StepReads, in_ram: f64, on_device: Costs, machine: &HostRates<'_>) -> f64 {
    let (host, links) = (&machine.speeds.host, &machine.speeds.links);
    let from_ram = decode::host_weights_rate(inference, machine).time_for(1.0).0;
    let (dense, experts) = (on_device.dense.min(from_ram), on_device.experts.min(from_ram));
    let touched = inference.experts_touched(inference.sequences);
    // Of what lies in RAM, experts are read least of.
    let experts_in_ram = in_ram.min(whole.expert_bytes);
    let dense_in_ram = (in_ram - experts_in_ram).min(whole.dense_bytes);
    let reading = (experts_in_ram * touched + dense_in_ram) * from_ram
        + (whole.expert_bytes - experts_in_ram) * touched * experts
        + (whole.dense_bytes - dense_in_ram) * dense;
    let cached = inference.streams * whole.cache.mean(inference.decoding).bytes;
    let cache = cached * on_device.cache.min((machine.ram * host.kv).time_for(1.0).0);
    // A block on the host costs nothing beside itself, but its weights are read from RAM.
    let slower = LIGHTEST * whole.dense_bytes / whole.blocks.max(1.0) * (from_ram - dense);
    let on_host = LIGHTEST * host.layer_us * 1e-6 + slower;
    let besides = |own: f64| own.min((on_host - on_device.block).max(0.0) / BESIDES);
    let fixed = whole.blocks * on_device.block.min(on_host)
        + whole.expert_blocks * besides(on_device.expert_block.min(links.handover_us * 1e-6))
        + whole.latent_blocks * besides(on_device.latent)
        + whole.recurrent_blocks * besides(on_device.recurrent);
    reading + cache + fixed
}
