//! Llama 1 to 3, Mistral and Mixtral: norm, attention, norm, MLP or experts.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["llama", "mistral", "mixtral"], ..ConfigRules::PLAIN },
    training: TrainingForm {
        dense: Kin { family: TrainingFamily::Llama, traced: true },
        mixture: Kin { family: TrainingFamily::Mixtral, traced: true },
        latent: false,
        adapts_experts: true,
        program: Some(ProgramForm { router: RouterProduct::SoftmaxWide, ..ProgramForm::PLAIN }),
    },
    ..ArchTraits::PLAIN
};
