//! EXAONE 4: norms behind attention and MLP instead of before them.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["exaone4"], pattern: Pattern::FullEvery(4), ..ConfigRules::PLAIN },
    tensors: TensorForm {
        norms: BlockNorms::After,
        projections: Projections { norms: Norms::Head, ..Projections::PLAIN },
        ..TensorForm::PLAIN
    },
    training: TrainingForm::dense(TrainingFamily::Qwen3, false).replayed(ProgramForm::PLAIN),
    ..ArchTraits::PLAIN
};
