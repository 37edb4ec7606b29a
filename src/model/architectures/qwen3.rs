//! Qwen 3: norms on query and key.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["qwen3"], ..ConfigRules::PLAIN },
    tensors: TensorForm { projections: Projections { norms: Norms::Head, ..Projections::PLAIN }, ..TensorForm::PLAIN },
    training: TrainingForm::dense(TrainingFamily::Qwen3, true).replayed(ProgramForm::PLAIN),
    ..ArchTraits::PLAIN
};
