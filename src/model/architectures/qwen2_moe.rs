//! Qwen 1.5 and 2 with experts: biases on query, key and value, a gate on the shared expert.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["qwen2_moe"], ..ConfigRules::PLAIN },
    tensors: TensorForm {
        projections: Projections { qkv_bias: true, ..Projections::PLAIN },
        mixture: MixtureExtras { shared_gate: true, ..MixtureExtras::PLAIN },
        ..TensorForm::PLAIN
    },
    router: RouterForm { normed: Normed::Never, ..RouterForm::PLAIN },
    training: TrainingForm::PLAIN.replayed(ProgramForm { normed_router: false, ..ProgramForm::PLAIN }),
    ..ArchTraits::PLAIN
};
