//! Curves: one input varied, `estimate` asked at each point.

pub mod layers;
pub mod sequences;

use crate::catalog::Catalog;
use crate::estimate::{EstimateError, Parts, estimate};
use crate::plan::Plan;
use crate::units::Bytes;

/// The shortest context of a curve.
const SHORTEST: u64 = 512;
/// Points for each doubling of the context.
const POINTS_PER_DOUBLING: u32 = 4;

/// What decoding speed does where one input is varied.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SpeedCurves {
    /// Against layers on the GPU.
    pub layers: layers::LayersCurve,
    /// Against sequences at once.
    pub sequences: Vec<sequences::SequencesPoint>,
}

impl SpeedCurves {
    /// Both curves of `plan`; empty where there is no data.
    pub fn of(plan: &Plan, catalog: &Catalog) -> Self {
        Self {
            layers: layers::decode_against_layers(plan, catalog),
            sequences: sequences::throughput_against_sequences(plan, catalog),
        }
    }
}

/// One point of the memory-against-context curve, VRAM and RAM together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContextPoint {
    /// Tokens a sequence.
    pub context: u64,
    /// Components over all devices and the host (compute includes runtime overhead and host buffers).
    pub parts: Parts,
    /// What lies on the devices, overhead included.
    pub in_vram: Option<Bytes>,
    /// What lies in RAM, without the operating system.
    pub in_ram: Option<Bytes>,
}

/// Memory against context, from 512 tokens to `longest`, evenly on a logarithmic scale. In training against the sequence
/// length, on the fullest device alone: each has to hold its own.
///
/// # Errors
/// What [`estimate`] refuses about the plan itself.
pub fn memory_against_context(
    plan: &Plan,
    catalog: &Catalog,
    longest: u64,
) -> Result<Vec<ContextPoint>, EstimateError> {
    let mut trial = plan.clone();
    contexts(longest)
        .into_iter()
        .map(|context| {
            trial.workload.set_length(context);
            point(&trial, catalog, context)
        })
        .collect()
}

/// Contexts from the shortest to `longest`, a fixed number for each doubling, the last one exact.
fn contexts(longest: u64) -> Vec<u64> {
    let longest = longest.max(2 * SHORTEST);
    let doublings = (longest as f64 / SHORTEST as f64).log2();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen points")]
    let count = (doublings * f64::from(POINTS_PER_DOUBLING)).ceil() as u32;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most `longest`")]
    let at = |index: u32| (SHORTEST as f64 * (doublings * f64::from(index) / f64::from(count)).exp2()).round() as u64;
    (0..=count).map(at).collect()
}

fn point(plan: &Plan, catalog: &Catalog, context: u64) -> Result<ContextPoint, EstimateError> {
    let found = estimate(plan, catalog)?;
    if let Some(device) = found.fullest() {
        let compute = device.parts.compute.map(|compute| compute + device.overhead.expected);
        let parts = Parts { compute, ..device.parts };
        return Ok(ContextPoint { context, parts, in_vram: device.total, in_ram: found.host.total });
    }
    let parts = found.parts_in_vram() + found.host.parts;
    let buffers = parts.compute.zip(found.host.output).map(|(compute, output)| compute + output + found.overhead());
    Ok(ContextPoint {
        context,
        parts: Parts { compute: buffers, ..parts },
        in_vram: found.needed_in_vram(),
        in_ram: found.host.total,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_rises_and_ends_at_the_longest() {
        let points = memory_against_context(&Plan::default(), Catalog::embedded(), 131_072).unwrap();
        assert_eq!(points.first().map(|point| point.context), Some(512), "starts at the shortest");
        assert_eq!(points.last().map(|point| point.context), Some(131_072), "ends at the longest");
        assert!(points.windows(2).all(|pair| pair[0].parts.kv_cache <= pair[1].parts.kv_cache), "caches never shrink");
    }
}
