//! One decode step: what each place takes for it.
//!
//! `t = blocks × c + weights / (η × bandwidth) + cache / (η × bandwidth) + arithmetic of further sequences`. Where
//! unpacking weights or the arithmetic of attention takes longer than reading, the rest of it counts as arithmetic.
//!
//! A device that may not take the power it wants runs at a lower clock: its small kernels take longer, and the units that
//! ask for memory ask less often. The memory itself keeps its rate.

use super::rates::DeviceRates;
use crate::catalog::speed::{HostLaw, LinkLaw};
use crate::estimate::answer::StepTimes;
use crate::estimate::host_rates::HostRates;
use crate::estimate::step::{Inference, StepReads, WeightStorage};
use crate::units::{BytesPerSecond, OpsPerSecond};

/// Sequences that the matrix units of some chips take in one go.
const TILE: f64 = 32.0;

/// One step on a device. `split` = µs more of each block, where siblings hold
/// other layers.
pub(super) fn on_device(reads: &StepReads, inference: &Inference, rates: &DeviceRates<'_>, split: f64) -> StepTimes {
    let law = &rates.family.decode;
    let calibration = &rates.calibration;
    let unfused = if inference.sequences > 1.0 { law.several_us } else { 0.0 };
    let launched = if inference.launched { law.eager_us } else { 0.0 };
    let fixed = reads.blocks * (law.layer_us + unfused + launched + split)
        + reads.expert_blocks * (law.expert_us + routing(inference, rates))
        + reads.shared_blocks * law.shared_us
        + reads.recurrent_blocks * law.recurrent_us
        + reads.latent_blocks * law.latent_us;
    let reached = weights_rate(inference, rates);
    let touched = inference.experts_touched(inference.sequences);
    let reading = reached.time_for(reads.dense_bytes + reads.expert_bytes * touched / law.experts).0;
    let weights = reads.weights_of_a_token(inference) + reads.output_weights;
    let unpacking = match (law.unpack, rates.fp32) {
        (Some(part), Some(fp32)) if inference.stored != WeightStorage::Plain => (fp32 * part).time_for(weights).0,
        _ => 0.0,
    };
    let token = reads.cache.mean(inference.decoding);
    let cache = cache_rate(inference, rates).time_for(inference.streams * token.bytes).0;
    let state = reached.time_for(2.0 * inference.sequences * reads.cache.state_bytes).0;
    let attention =
        rates.fp32.map_or(0.0, |fp32| (fp32 * law.attention).time_for(inference.sequences * token.operations).0);
    let compute = batch(weights, inference, rates) + (unpacking - reading).max(0.0) + (attention - cache).max(0.0);
    let slower = 1.0 / rates.clock.reading;
    StepTimes {
        layers: fixed * 1e-6 * calibration.fixed * slower,
        vram_weights: reading * calibration.flow * slower,
        vram_kv: (cache + state) * calibration.flow * slower,
        compute: compute * calibration.flow / rates.clock.computing,
        ..StepTimes::default()
    }
}

/// The rate at which a device reads weights.
pub(super) fn weights_rate(inference: &Inference, rates: &DeviceRates<'_>) -> BytesPerSecond {
    let law = &rates.family.decode;
    let reached_share = if inference.stored == WeightStorage::Plain { law.weights_16bit } else { law.weights };
    let general = rates.general_kernels(inference).map_or(1.0, |general| general.weights);
    let reached = rates.bandwidth * (reached_share * general);
    law.most_gb_s.map_or(reached, |most| reached.min(BytesPerSecond::from_gb_s(most)))
}

/// The rate at which a device reads its caches.
pub(super) fn cache_rate(inference: &Inference, rates: &DeviceRates<'_>) -> BytesPerSecond {
    let law = &rates.family.decode;
    rates.bandwidth * if inference.flash_attention { law.kv } else { law.kv_plain }
}

/// The rate at which a processor reads weights from RAM.
pub(super) fn host_weights_rate(inference: &Inference, machine: &HostRates<'_>) -> BytesPerSecond {
    let law = &machine.speeds.host;
    machine.ram * if inference.stored == WeightStorage::Plain { law.weights_16bit } else { law.weights }
}

/// What the experts of a block cost besides, in µs: gathering and adding them up, and unpacking them.
pub(super) fn routing(inference: &Inference, rates: &DeviceRates<'_>) -> f64 {
    let law = &rates.family.decode;
    let used = inference.experts.map_or(0.0, |experts| experts.used);
    law.routed_us * used + rates.general_kernels(inference).map_or(0.0, |general| general.expert_us)
}

/// Arithmetic of the sequences beside the first.
fn batch(weights: f64, inference: &Inference, rates: &DeviceRates<'_>) -> f64 {
    let law = &rates.family.decode;
    let more = inference.sequences - 1.0;
    match (law.tile, rates.fp32, rates.matrix) {
        (Some(tile), Some(fp32), _) => {
            let one_by_one = (fp32 * law.batch).time_for(more * 2.0 * weights);
            let in_tiles = (fp32 * tile).time_for((inference.sequences / TILE).ceil() * TILE * 2.0 * weights);
            one_by_one.min(in_tiles).0
        }
        (_, _, Some(matrix)) => (matrix * law.batch * rates.native).time_for(more * 2.0 * weights).0,
        _ => 0.0,
    }
}

/// One step on the host of this machine.
pub(super) fn on_host(reads: &StepReads, inference: &Inference, machine: &HostRates<'_>) -> StepTimes {
    let HostRates { ram, unfused, .. } = *machine;
    let law = &machine.speeds.host;
    let reached = host_weights_rate(inference, machine);
    let touched = inference.experts_touched(inference.sequences);
    let bytes = host_bytes(reads.dense_bytes, reads.dense_weights + reads.output_weights, inference, law)
        + touched * host_bytes(reads.expert_bytes, reads.expert_weights, inference, law);
    let cache = reads.cache.mean(inference.decoding).bytes;
    let state = inference.sequences * reads.cache.state_bytes;
    let weights = reads.weights_of_a_token(inference) + reads.output_weights;
    let stepping = unfused.map_or(0.0, |rate| rate.time_for(state).0);
    StepTimes {
        layers: reads.blocks * law.layer_us * 1e-6 + stepping,
        ram_weights: reached.time_for(bytes).0,
        ram_kv: (ram * law.kv).time_for(inference.streams * cache + 2.0 * state).0,
        compute: OpsPerSecond::from_tflops(law.tflops.expected).time_for((inference.sequences - 1.0) * 2.0 * weights).0,
        ..StepTimes::default()
    }
}

/// Bytes that a processor takes as long for as for these weights: below so many bits a weight, unpacking takes as long
/// as reading more would.
fn host_bytes(bytes: f64, weights: f64, inference: &Inference, law: &HostLaw) -> f64 {
    match inference.stored {
        WeightStorage::Plain => bytes,
        WeightStorage::Quantized => bytes.max(weights * law.least_bits / 8.0),
        WeightStorage::Codebooks => bytes.max(weights * law.least_bits / 8.0 * law.codebooks),
    }
}

/// Handing activations over: to experts in RAM and back for each of their blocks, and once between host and devices.
pub(super) fn handovers(expert_blocks_on_host: f64, meets_host: bool, law: &LinkLaw) -> f64 {
    (expert_blocks_on_host + f64::from(u8::from(meets_host))) * law.handover_us * 1e-6
}
