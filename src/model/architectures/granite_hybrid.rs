//! Granite 4: Mamba-2 among attention layers that turn nothing by its position.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules {
        model_types: &["granitemoehybrid"],
        tied_by_default: true,
        recurrence: Some(RecurrenceKind::Mamba2),
        ..ConfigRules::PLAIN
    },
    tensors: TensorForm { block: state_space_block, ..TensorForm::PLAIN },
    graph: GraphForm { rope: Rope::Never, scales_embeddings: true, ..GraphForm::PLAIN },
    server: ServerForm { tables: PositionTables::None, ..ServerForm::PLAIN },
    training: TrainingForm::PLAIN.replayed(ProgramForm {
        scales: true,
        joins_mlp: true,
        scan_chunk: Some(256),
        ..ProgramForm::PLAIN
    }),
    tensor_split: false,
    ..ArchTraits::PLAIN
};
