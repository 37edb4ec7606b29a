//! Gemma 2: norms before and after each part, every second layer a window.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules {
        model_types: &["gemma2"],
        tied_by_default: true,
        pattern: Pattern::FullEvery(2),
        ..ConfigRules::PLAIN
    },
    tensors: TensorForm { norms: BlockNorms::Around, ..TensorForm::PLAIN },
    graph: GraphForm { scales_embeddings: true, ..GraphForm::PLAIN },
    training: TrainingForm::dense(TrainingFamily::Gemma2, true).replayed(ProgramForm {
        norm: NormProduct::WidePlusOne,
        softcap: true,
        ..ProgramForm::PLAIN
    }),
    ..ArchTraits::PLAIN
};
