//! Inverse solving: the largest value of one input that still fits, all else equal.

use crate::catalog::quantization::Quantization;

/// What still fits with all else equal; `None` = not even the smallest does.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Limits {
    /// Largest context for which nothing spills.
    pub context_in_vram: Option<u64>,
    /// Largest context with RAM taking what the plan lets it take.
    pub context_with_ram: Option<u64>,
    /// Most sequences for which nothing spills.
    pub sequences_in_vram: Option<u32>,
    /// Most sequences with RAM.
    pub sequences_with_ram: Option<u32>,
    /// Most layers that the devices hold.
    pub gpu_layers: Option<u32>,
    /// Largest model, in parameters, of a typical shape at this precision.
    pub model_parameters: Option<u64>,
    /// The most precise of the slider's quantizations that fits.
    pub quantization: Option<Quantization>,
}

/// Stand-in.
pub fn limits(_: &crate::plan::Plan, _: &crate::catalog::Catalog) -> Result<Limits, crate::estimate::EstimateError> {
    Ok(Limits::default())
}
