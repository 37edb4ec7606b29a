//! The architecture behind a configuration, and windows by their period.

use crate::catalog::model::Architecture;

/// Whether a layer looks back a window only; a period of 1 or 0 has no windows.
pub(super) const fn windowed(layer: u64, period: u64) -> bool {
    period > 1 && !(layer + 1).is_multiple_of(period)
}

/// The architecture behind a `model_type` of Hugging Face.
pub(super) fn architecture(model_type: &str, has_experts: bool) -> Option<Architecture> {
    let model_type = model_type.strip_suffix("_text").unwrap_or(model_type);
    Architecture::ALL.iter().copied().find(|architecture| {
        let rules = architecture.traits().config;
        rules.model_types.contains(&model_type) && rules.with_experts.is_none_or(|with| with == has_experts)
    })
}
