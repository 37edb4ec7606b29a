//! Qwen 3 with experts that sees.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["qwen3_vl_moe"], ..ConfigRules::PLAIN },
    tensors: TensorForm { projections: Projections { norms: Norms::Head, ..Projections::PLAIN }, ..TensorForm::PLAIN },
    graph: GraphForm { positions: 4, ..GraphForm::PLAIN },
    training: TrainingForm::mixture(TrainingFamily::Qwen3Moe, false).replayed(ProgramForm::PLAIN),
    ..ArchTraits::PLAIN
};
