//! Throughput and latency against sequences: what serving more users at once gives in all and takes from each.

use crate::catalog::Catalog;
use crate::estimate::{Verdict, estimate};
use crate::plan::Plan;
use crate::units::Band;

/// Sequences that are asked, about evenly on a logarithmic scale.
const ASKED: [u32; 20] = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024];

/// One point of the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SequencesPoint {
    /// Sequences at once.
    pub sequences: u32,
    /// Tokens a second over all sequences.
    pub total: Band<f64>,
    /// Tokens a second that each sequence receives.
    pub each: Band<f64>,
    /// How it fits.
    pub verdict: Verdict,
}

impl SequencesPoint {
    /// Expected seconds from one token of a sequence to its next.
    pub fn seconds_per_token(&self) -> f64 {
        1.0 / self.each.expected
    }
}

/// The curve of `plan`, up to the most sequences that run at once; empty where there is no data.
pub fn throughput_against_sequences(plan: &Plan, catalog: &Catalog) -> Vec<SequencesPoint> {
    let mut trial = plan.clone();
    let mut asked: Vec<u32> = ASKED.into_iter().chain([plan.workload.sequences]).collect();
    asked.sort_unstable();
    asked.dedup();
    let point = |sequences| {
        trial.workload.sequences = sequences;
        let found = estimate(&trial, catalog).ok()?;
        let verdict = found.verdict.filter(|_| found.serves_all())?;
        let (total, each) = (found.speed.decode_total?, found.speed.decode.filter(|each| each.expected > 0.0)?);
        Some(SequencesPoint { sequences, total, each, verdict })
    };
    asked.into_iter().map_while(point).collect()
}
