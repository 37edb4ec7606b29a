//! Command R7B and Command A: as Command R, with windows; full layers turn nothing by its position.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules {
        model_types: &["cohere2"],
        tied_by_default: true,
        pattern: Pattern::FullEvery(4),
        ..ConfigRules::PLAIN
    },
    tensors: TensorForm { norms: BlockNorms::One, ..TensorForm::PLAIN },
    graph: GraphForm { layer_norm: true, residual: Residual::Parallel, rope: Rope::Windows, ..GraphForm::PLAIN },
    training: TrainingForm::PLAIN.replayed(ProgramForm {
        norm: NormProduct::WideMean,
        turns_wide: true,
        ..ProgramForm::PLAIN
    }),
    ..ArchTraits::PLAIN
};
