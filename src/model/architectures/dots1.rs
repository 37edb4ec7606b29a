//! dots.llm1: norms on query and key, experts whose choice is corrected.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["dots1"], corrected: true, ..ConfigRules::PLAIN },
    tensors: TensorForm {
        projections: Projections { norms: Norms::Head, ..Projections::PLAIN },
        mixture: MixtureExtras { choice_bias: true, ..MixtureExtras::PLAIN },
        ..TensorForm::PLAIN
    },
    router: RouterForm { scaled: true, ..RouterForm::PLAIN },
    training: TrainingForm::PLAIN.adapting_experts(),
    ..ArchTraits::PLAIN
};
