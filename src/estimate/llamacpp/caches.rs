//! What answers for llama.cpp have in common, each kept by all that it is made of.

use super::compute::Buffers;
use super::placement_cache::KnownPlacements;
use super::prepared::Prepared;
use super::rules::{KnownRules, RulesId};
use crate::catalog::quantization::Quantization;
use crate::estimate::per_model::PerModel;

/// What is kept from one answer to the next.
#[derive(Debug, Default)]
pub(in crate::estimate) struct Caches {
    pub(super) prepared: PerModel<Quantization, Prepared>,
    /// With tensors elsewhere than their layers.
    pub(super) apart: PerModel<(Quantization, RulesId), Prepared>,
    pub(super) rules: KnownRules,
    pub(super) placements: KnownPlacements,
    pub(super) buffers: Buffers,
}
