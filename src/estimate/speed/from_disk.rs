//! How fast a model goes whose file is larger than the RAM: what a token calls and RAM does not hold is read from the disk.
//!
//! The file is mapped, so the system keeps what was called last. Dense weights are called by every token: those that
//! do not fit push each other out. Of experts the system keeps those that are called often, which is more than their
//! part of the RAM. A thread waits for a few pages at once, far fewer than a disk needs to reach its rate.

use crate::estimate::host_rates::HostRates;
use crate::estimate::step::StepFacts;
use crate::units::{Band, BytesPerSecond};

/// What a token waits for, and how many there are in a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::estimate) struct FromDisk {
    /// Bytes that a token reads from the disk.
    pub bytes: Band<f64>,
    /// Tokens a second that one sequence receives.
    pub decode: Band<f64>,
}

/// What `facts` come to where `missing` bytes of the weights in RAM find no room there. `resident` = how fast it would
/// be with room for all; `None` where that is not known, or where more is missing than there are weights.
pub(in crate::estimate) fn from_disk(
    facts: &StepFacts,
    missing: f64,
    resident: Option<Band<f64>>,
    machine: &HostRates<'_>,
) -> Option<FromDisk> {
    let (reads, inference) = (&facts.host.reads, &facts.inference);
    let (dense, experts) = (reads.dense_bytes, reads.expert_bytes);
    let held = dense + experts - missing;
    let resident = resident.filter(|_| held > 0.0 && missing > 0.0)?;
    let law = &machine.speeds.paging;
    let touched = experts * inference.experts_touched(inference.sequences);
    let apart = (held - dense).max(0.0) / experts.max(f64::MIN_POSITIVE);
    // What every token calls and does not fit: all of it where each pushes the next out, else what is missing.
    let pushed = if dense > held { (dense - held, dense) } else { (0.0, 0.0) };
    let of_experts = |kept: f64| touched * (1.0 - apart.min(1.0).powf(kept));
    let bytes = Band {
        low: pushed.0 + of_experts(law.kept.high),
        expected: (pushed.0 * pushed.1).sqrt() + of_experts(law.kept.expected),
        high: pushed.1 + of_experts(law.kept.low),
    };
    let guess = &machine.speeds.disk;
    let rate = machine.disk.map_or(Band { low: guess.low, expected: guess.expected, high: guess.high }, |disk| {
        let gb_s = disk.0 / 1e9;
        Band { low: gb_s, expected: gb_s, high: gb_s }
    });
    let seconds = |bytes: f64, gb_s: f64, reached: f64| BytesPerSecond::from_gb_s(gb_s * reached).time_for(bytes).0;
    let decode = |step: f64, waiting: f64| 1.0 / (1.0 / step + waiting);
    Some(FromDisk {
        bytes,
        decode: Band {
            low: decode(resident.low, seconds(bytes.high, rate.low, law.reached.low)),
            expected: decode(resident.expected, seconds(bytes.expected, rate.expected, law.reached.expected)),
            high: decode(resident.high, seconds(bytes.low, rate.high, law.reached.high)),
        },
    })
}
