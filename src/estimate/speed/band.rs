//! Bands: how far a speed may lie from its expected value, and what follows from speeds.

use crate::catalog::speed::Speeds;
use crate::estimate::answer::Spread;
use crate::estimate::boxes::Network;
use crate::estimate::host_rates::HostRates;
use crate::estimate::step::{Inference, StepFacts, StepReads, Together};
use crate::units::{Band, BytesPerSecond, Seconds};

/// `expected`, and what lies `half` above and as many times below: 0.25 gives from 0.8 to 1.25.
pub(super) fn around(expected: f64, half: f64) -> Band<f64> {
    Band { low: expected / (1.0 + half), expected, high: expected * (1.0 + half) }
}

impl Spread {
    /// The band around `expected`: layers that the engine may leave in RAM only slow it down.
    pub(super) fn around(&self, expected: f64) -> Band<f64> {
        let wide = around(expected, self.half());
        Band { low: wide.low / (1.0 + self.placement), ..wide }
    }
}

/// How unsure the places are, as shares of their time.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlacesSpread {
    /// The widest of the devices' own.
    pub(super) widest: f64,
    /// Devices and host together, weighed by their time.
    pub(super) all: f64,
    /// What of that is the host's.
    pub(super) host: f64,
    /// A device unpacks its weights with general kernels.
    pub(super) unpacks: bool,
    /// The widest of the doubts about what limits of power cost.
    pub(super) limit: f64,
}

/// What makes decoding less sure. `cache` = share of the time that the caches take.
pub(super) fn decode_spread(
    places: PlacesSpread,
    cache: f64,
    inference: &Inference,
    all: &StepReads,
    speeds: &Speeds,
) -> Spread {
    let spreads = &speeds.spreads;
    // Several sequences touch more experts than one, and how many of the same is anyone's guess.
    let batch = if all.expert_blocks > 0.0 { spreads.batch_experts } else { spreads.batch };
    Spread {
        latent: when(all.latent_blocks > 0.0, spreads.latent),
        sequences: when(inference.sequences > 1.0, batch),
        cache: spreads.cache * cache,
        ..prefill_spread(places, inference, all, speeds)
    }
}

/// What makes prompts less sure.
pub(super) fn prefill_spread(places: PlacesSpread, inference: &Inference, all: &StepReads, speeds: &Speeds) -> Spread {
    let spreads = &speeds.spreads;
    Spread {
        cards: places.widest,
        places: places.all,
        host: places.host,
        experts: when(all.expert_blocks > 0.0, spreads.experts),
        recurrent: when(all.recurrent_blocks > 0.0, spreads.recurrent),
        tensor: when(inference.together == Together::Tensor, spreads.tensor),
        unpacked: when(places.unpacks, spreads.unpacked),
        limit: places.limit,
        ..Spread::default()
    }
}

fn when(condition: bool, spread: f64) -> f64 {
    if condition { spread } else { 0.0 }
}

/// Seconds from the disk to the first use: the slower of disk and PCI Express, one feeding the other.
pub(super) fn load(facts: &StepFacts, around_it: &HostRates<'_>) -> Option<Band<f64>> {
    let copied = if around_it.unified { 0.0 } else { facts.device_bytes };
    let copy = match around_it.pcie {
        Some(rate) => rate.time_for(copied),
        None if copied > 0.0 => return None,
        None => Seconds::ZERO,
    };
    // Weights of other boxes are read here and sent there.
    let sent = facts.inference.crossing.loaded_bytes;
    let rate = around_it.network.as_ref().filter(|_| sent > 0.0).map(Network::rate);
    let sending = |rate: BytesPerSecond| rate.time_for(sent);
    let sent = rate.map_or_else(Band::default, |rate| rate.map(sending));
    let guess = &around_it.speeds.disk;
    let disk = around_it
        .disk
        .map_or(Band { low: guess.low * 1e9, expected: guess.expected * 1e9, high: guess.high * 1e9 }, |rate| {
            around(rate.0, 0.2)
        });
    let seconds = |rate: f64, sent: Seconds| BytesPerSecond(rate).time_for(facts.file_bytes).max(copy).max(sent).0;
    Some(Band {
        low: seconds(disk.high, sent.high),
        expected: seconds(disk.expected, sent.expected),
        high: seconds(disk.low, sent.low),
    })
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
