//! Hunyuan A13B: norms on query and key.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["hunyuan_v1_moe"], ..ConfigRules::PLAIN },
    tensors: TensorForm { projections: Projections { norms: Norms::Head, ..Projections::PLAIN }, ..TensorForm::PLAIN },
    training: TrainingForm::mixture(TrainingFamily::Qwen3Moe, false).adapting_experts(),
    ..ArchTraits::PLAIN
};
