//! Qwen 3 with experts.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["qwen3_moe"], ..ConfigRules::PLAIN },
    tensors: TensorForm { projections: Projections { norms: Norms::Head, ..Projections::PLAIN }, ..TensorForm::PLAIN },
    training: TrainingForm::mixture(TrainingFamily::Qwen3Moe, true).adapting_experts().replayed(ProgramForm::PLAIN),
    ..ArchTraits::PLAIN
};
