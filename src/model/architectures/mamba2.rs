//! Mamba-2 alone: state-space layers without feed-forward parts.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules {
        model_types: &["mamba2"],
        pattern: Pattern::Recurrent,
        recurrence: Some(RecurrenceKind::Mamba2),
        ..ConfigRules::PLAIN
    },
    tensors: TensorForm { block: state_space, ..TensorForm::PLAIN },
    server: ServerForm { tables: PositionTables::None, ..ServerForm::PLAIN },
    tensor_split: false,
    ..ArchTraits::PLAIN
};
