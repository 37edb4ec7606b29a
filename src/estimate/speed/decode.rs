//! One decode step: what each place takes for it.
//!
//! `t = blocks × c + weights / (η × bandwidth) + cache / (η × bandwidth) + arithmetic of further sequences`. Where
//! unpacking weights or the arithmetic of attention takes longer than reading, the rest of it counts as arithmetic.

use super::StepTimes;
use super::rates::Rates;
use super::share::{Run, Share, Stored};
use crate::catalog::speed::{HostLaw, LinkLaw};

/// Sequences that the matrix units of some chips take in one go.
const TILE: f64 = 32.0;

/// One step on a device. `split` = µs more of each block, where siblings hold
/// other layers.
pub(super) fn on_device(share: &Share, run: &Run, rates: &Rates<'_>, split: f64) -> StepTimes {
    let law = &rates.family.decode;
    let calibration = &rates.calibration;
    let unfused = if run.sequences > 1.0 { law.several_us } else { 0.0 };
    let launched = if run.launched { law.eager_us } else { 0.0 };
    let fixed = share.blocks * (law.layer_us + unfused + launched + split)
        + share.expert_blocks * law.expert_us
        + share.recurrent_blocks * law.recurrent_us
        + share.latent_blocks * law.latent_us;
    let share_reached = if run.stored == Stored::Plain { law.weights_16bit } else { law.weights };
    let reached = share_reached * rates.bandwidth;
    let reached = law.most_gb_s.map_or(reached, |most| reached.min(most * 1e9));
    let touched = run.experts_touched(run.sequences);
    let reading = (share.dense_bytes + share.expert_bytes * touched / law.experts) / reached;
    let weights = share.weights_of_a_token(run) + share.output_weights;
    let unpacking = match (law.unpack, rates.fp32) {
        (Some(part), Some(fp32)) if run.stored != Stored::Plain => weights / (part * fp32),
        _ => 0.0,
    };
    let (bytes, operations) = share.cache.mean(run.decoding);
    let kv_reached = if run.flash_attention { law.kv } else { law.kv_plain } * rates.bandwidth;
    let cache = run.streams * bytes / kv_reached;
    let state = 2.0 * run.sequences * share.cache.state_bytes / reached;
    let attention = rates.fp32.map_or(0.0, |fp32| run.sequences * operations / (law.attention * fp32));
    let compute = batch(weights, run, rates) + (unpacking - reading).max(0.0) + (attention - cache).max(0.0);
    StepTimes {
        layers: fixed * 1e-6 * calibration.fixed,
        vram_weights: reading * calibration.flow,
        vram_kv: (cache + state) * calibration.flow,
        compute: compute * calibration.flow,
        ..StepTimes::default()
    }
}

/// Arithmetic of the sequences beside the first.
fn batch(weights: f64, run: &Run, rates: &Rates<'_>) -> f64 {
    let law = &rates.family.decode;
    let more = run.sequences - 1.0;
    match (law.tile, rates.fp32, rates.matrix) {
        (Some(tile), Some(fp32), _) => {
            let one_by_one = more * 2.0 * weights / (law.batch * fp32);
            let in_tiles = (run.sequences / TILE).ceil() * TILE * 2.0 * weights / (tile * fp32);
            one_by_one.min(in_tiles)
        }
        (_, _, Some(matrix)) => more * 2.0 * weights / (law.batch * matrix * rates.native),
        _ => 0.0,
    }
}

/// One step on the host, whose RAM reaches so many bytes a second on paper.
pub(super) fn on_host(share: &Share, run: &Run, law: &HostLaw, ram: f64) -> StepTimes {
    let touched = run.experts_touched(run.sequences);
    let bytes = host_bytes(share.dense_bytes, share.dense_weights + share.output_weights, run, law)
        + touched * host_bytes(share.expert_bytes, share.expert_weights, run, law);
    let reached = if run.stored == Stored::Plain { law.weights_16bit } else { law.weights } * ram;
    let (cache, _) = share.cache.mean(run.decoding);
    let state = 2.0 * run.sequences * share.cache.state_bytes;
    let weights = share.weights_of_a_token(run) + share.output_weights;
    StepTimes {
        layers: share.blocks * law.layer_us * 1e-6,
        ram_weights: bytes / reached,
        ram_kv: (run.streams * cache + state) / (law.kv * ram),
        compute: (run.sequences - 1.0) * 2.0 * weights / (law.tflops.expected * 1e12),
        ..StepTimes::default()
    }
}

/// Bytes that a processor takes as long for as for these weights: below so many bits a weight, unpacking takes as long
/// as reading more would.
fn host_bytes(bytes: f64, weights: f64, run: &Run, law: &HostLaw) -> f64 {
    match run.stored {
        Stored::Plain => bytes,
        Stored::Quantized => bytes.max(weights * law.least_bits / 8.0),
        Stored::Codebooks => bytes.max(weights * law.least_bits / 8.0 * law.codebooks),
    }
}

/// Handing activations over: to experts in RAM and back for each of their blocks, and once between host and devices.
pub(super) fn handovers(expert_blocks_on_host: f64, meets_host: bool, law: &LinkLaw) -> f64 {
    (expert_blocks_on_host + f64::from(u8::from(meets_host))) * law.handover_us * 1e-6
}
