//! `OLMo` 2 and 3: norms behind attention and MLP instead of before them.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["olmo2", "olmo3"], pattern: Pattern::FullEvery(4), ..ConfigRules::PLAIN },
    tensors: TensorForm {
        norms: BlockNorms::After,
        projections: Projections { norms: Norms::All, ..Projections::PLAIN },
        ..TensorForm::PLAIN
    },
    server: ServerForm { tables: PositionTables::ForEachKind, ..ServerForm::PLAIN },
    training: TrainingForm::dense(TrainingFamily::Qwen3, false)
        .replayed(ProgramForm { norm: NormProduct::Wide, ..ProgramForm::PLAIN }),
    tensor_split: false,
    ..ArchTraits::PLAIN
};
