//! ERNIE 4.5: experts whose choice is corrected.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["ernie4_5_moe"], corrected: true, ..ConfigRules::PLAIN },
    tensors: TensorForm { mixture: MixtureExtras { choice_bias: true, ..MixtureExtras::PLAIN }, ..TensorForm::PLAIN },
    training: TrainingForm::PLAIN.adapting_experts(),
    ..ArchTraits::PLAIN
};
