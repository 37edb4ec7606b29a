//! Qwen 3 that sees: positions over text, images and time; what is seen is added to the first layers, too.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["qwen3_vl"], ..ConfigRules::PLAIN },
    tensors: TensorForm { projections: Projections { norms: Norms::Head, ..Projections::PLAIN }, ..TensorForm::PLAIN },
    graph: GraphForm { positions: 4, ..GraphForm::PLAIN },
    training: TrainingForm::dense(TrainingFamily::Qwen3, false).replayed(ProgramForm::PLAIN),
    ..ArchTraits::PLAIN
};
