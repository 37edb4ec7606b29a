//! `OLMoE`: norms over all heads of query and key, experts as wide as `intermediate_size` says.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["olmoe"], plain_expert_width: true, ..ConfigRules::PLAIN },
    tensors: TensorForm { projections: Projections { norms: Norms::All, ..Projections::PLAIN }, ..TensorForm::PLAIN },
    router: RouterForm { normed: Normed::Never, ..RouterForm::PLAIN },
    training: TrainingForm::PLAIN
        .adapting_experts()
        .replayed(ProgramForm { normed_router: false, ..ProgramForm::PLAIN }),
    ..ArchTraits::PLAIN
};
