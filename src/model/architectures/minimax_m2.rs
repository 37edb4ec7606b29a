//! `MiniMax` M2: norms over all heads of query and key.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["minimax_m2"], corrected: true, ..ConfigRules::PLAIN },
    tensors: TensorForm {
        projections: Projections { norms: Norms::All, ..Projections::PLAIN },
        mixture: MixtureExtras { choice_bias: true, ..MixtureExtras::PLAIN },
        ..TensorForm::PLAIN
    },
    training: TrainingForm::mixture(TrainingFamily::Qwen3Moe, false).adapting_experts(),
    tensor_split: false,
    ..ArchTraits::PLAIN
};
