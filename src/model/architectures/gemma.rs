//! Gemma: scaled embeddings.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["gemma"], tied_by_default: true, ..ConfigRules::PLAIN },
    graph: GraphForm { scales_embeddings: true, ..GraphForm::PLAIN },
    training: TrainingForm::PLAIN.replayed(ProgramForm { norm: NormProduct::WidePlusOne, ..ProgramForm::PLAIN }),
    ..ArchTraits::PLAIN
};
