//! Bands: how far a speed may lie from its expected value, and what follows from speeds.

use super::machine::Machine;
use super::share::{Run, Share, Together};
use crate::catalog::speed::Speeds;
use crate::units::Band;

/// `expected`, and what lies `half` above and as many times below: 0.25 gives from 0.8 to 1.25.
pub(super) fn around(expected: f64, half: f64) -> Band<f64> {
    Band { low: expected / (1.0 + half), expected, high: expected * (1.0 + half) }
}

/// Half the band of decoding, from that of the places and what else makes it less sure. `cache` = share of the time
/// that the caches take.
pub(super) fn decode_half(places: f64, cache: f64, run: &Run, all: &Share, speeds: &Speeds) -> f64 {
    let spreads = &speeds.spreads;
    let when = |condition: bool, spread: f64| if condition { spread } else { 0.0 };
    let several = run.sequences > 1.0;
    let parts = [
        places,
        when(all.expert_blocks > 0.0, spreads.experts),
        when(all.recurrent_blocks > 0.0, spreads.recurrent),
        when(all.latent_blocks > 0.0, spreads.latent),
        when(several, if all.expert_blocks > 0.0 { spreads.batch_experts } else { spreads.batch }),
        when(run.together == Together::Tensor, spreads.tensor),
        spreads.cache * cache,
    ];
    parts.iter().map(|part| part * part).sum::<f64>().sqrt()
}

/// Half the band of prompts.
pub(super) fn prefill_half(places: f64, run: &Run, all: &Share, speeds: &Speeds) -> f64 {
    let spreads = &speeds.spreads;
    let mixed = if all.expert_blocks > 0.0 { spreads.experts } else { 0.0 };
    let recurrent = if all.recurrent_blocks > 0.0 { spreads.recurrent } else { 0.0 };
    let tensor = if run.together == Together::Tensor { spreads.tensor } else { 0.0 };
    (places * places + mixed * mixed + recurrent * recurrent + tensor * tensor).sqrt()
}

/// Seconds from the disk to the first use: the slower of disk and PCI Express, one feeding the other.
pub(super) fn load(machine: &Machine<'_>) -> Option<Band<f64>> {
    let copy = match machine.pcie {
        Some(rate) => machine.copied_bytes / rate,
        None if machine.copied_bytes > 0.0 => return None,
        None => 0.0,
    };
    let guess = &machine.speeds.disk;
    let disk = machine
        .disk
        .map_or(Band { low: guess.low * 1e9, expected: guess.expected * 1e9, high: guess.high * 1e9 }, |rate| {
            around(rate, 0.2)
        });
    let seconds = |rate: f64| (machine.file_bytes / rate).max(copy);
    Some(Band { low: seconds(disk.high), expected: seconds(disk.expected), high: seconds(disk.low) })
}

/// kWh for a million tokens, from W and tokens a second.
pub(super) fn energy(power: Band<f64>, tokens_per_s: Band<f64>) -> Band<f64> {
    let joules_a_kwh = 3.6e6;
    let of = |watts: f64, rate: f64| watts / rate * 1e6 / joules_a_kwh;
    Band {
        low: of(power.low, tokens_per_s.high),
        expected: of(power.expected, tokens_per_s.expected),
        high: of(power.high, tokens_per_s.low),
    }
}
