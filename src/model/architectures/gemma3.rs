//! Gemma 3: as Gemma 2, with norms on query and key and five windows for each full layer.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules {
        model_types: &["gemma3"],
        tied_by_default: true,
        pattern: Pattern::FullEvery(6),
        ..ConfigRules::PLAIN
    },
    tensors: TensorForm {
        norms: BlockNorms::Around,
        projections: Projections { norms: Norms::Head, ..Projections::PLAIN },
        ..TensorForm::PLAIN
    },
    graph: GraphForm { scales_embeddings: true, ..GraphForm::PLAIN },
    // Positions of the full layers are stretched by this factor (`rope_scaling`), and the table has so many more rows.
    server: ServerForm { tables: PositionTables::ForEachKind, full_stretch: 8, ..ServerForm::PLAIN },
    training: TrainingForm::dense(TrainingFamily::Gemma3, true)
        .replayed(ProgramForm { norm: NormProduct::WidePlusOne, ..ProgramForm::PLAIN }),
    ..ArchTraits::PLAIN
};
