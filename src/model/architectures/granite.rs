//! Granite 3: Llama's block over scaled embeddings.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["granite"], ..ConfigRules::PLAIN },
    graph: GraphForm { scales_embeddings: true, ..GraphForm::PLAIN },
    training: TrainingForm::PLAIN.replayed(ProgramForm { scales: true, ..ProgramForm::PLAIN }),
    ..ArchTraits::PLAIN
};
