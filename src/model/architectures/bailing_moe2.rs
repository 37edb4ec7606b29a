//! Ling and Ring 2: query, key and value in one matrix, experts in groups whose choice is corrected.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["bailing_moe_v2"], corrected: true, ..ConfigRules::PLAIN },
    tensors: TensorForm {
        projections: Projections { fused: true, norms: Norms::Head, ..Projections::PLAIN },
        mixture: MixtureExtras { choice_bias: true, ..MixtureExtras::PLAIN },
        ..TensorForm::PLAIN
    },
    router: RouterForm { scaled: true, ..RouterForm::PLAIN },
    ..ArchTraits::PLAIN
};
