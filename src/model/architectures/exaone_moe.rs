//! EXAONE 4 with experts: full layers turn nothing by its position, the choice of experts is corrected.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules {
        model_types: &["exaone_moe"],
        pattern: Pattern::FullEvery(4),
        corrected: true,
        ..ConfigRules::PLAIN
    },
    tensors: TensorForm {
        projections: Projections { norms: Norms::Head, ..Projections::PLAIN },
        mixture: MixtureExtras { choice_bias: true, ..MixtureExtras::PLAIN },
        ..TensorForm::PLAIN
    },
    graph: GraphForm { rope: Rope::Windows, ..GraphForm::PLAIN },
    router: RouterForm { scaled: true, ..RouterForm::PLAIN },
    training: TrainingForm::PLAIN.adapting_experts(),
    ..ArchTraits::PLAIN
};
