//! The one formula: from a plan to what lies where, and whether it fits.

mod answer;
pub mod explain;
pub mod llamacpp;

pub use answer::{DeviceEstimate, Estimate, EstimateError, HostEstimate, Parts, Verdict, Warning};

/// Stand-in.
pub fn estimate(plan: &crate::plan::Plan, _: &crate::catalog::Catalog) -> Result<Estimate, EstimateError> {
    use crate::units::{Band, Bytes};
    let b = Bytes(1 << 30);
    let parts = Parts { weights: Some(b), kv_cache: Some(b), recurrent_state: Some(Bytes(0)), compute: Some(b) };
    Ok(Estimate {
        verdict: Verdict::Fits,
        params: Some(8030261312),
        weights: Some(b),
        bits_per_weight: Some(4.89),
        devices: plan
            .machine
            .cards
            .iter()
            .enumerate()
            .map(|(card, _)| DeviceEstimate {
                card,
                capacity: b,
                usable: b,
                usable_is_estimate: false,
                parts,
                overhead: Band { low: b, expected: b, high: b },
                total: Some(b),
                free: Some(b),
                excess: None,
                gpu_layers: 33,
                verdict: Verdict::Fits,
            })
            .collect(),
        host: HostEstimate {
            capacity: b,
            os: b,
            parts,
            output: Some(b),
            prompt_cache: b,
            total: Some(b),
            free: Some(b),
            excess: None,
            verdict: Verdict::Fits,
        },
        layers: 33,
        warnings: vec![],
    })
}
