//! Jamba: Mamba among attention layers that turn nothing by its position.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["jamba"], recurrence: Some(RecurrenceKind::Mamba), ..ConfigRules::PLAIN },
    tensors: TensorForm { block: state_space_block, ..TensorForm::PLAIN },
    graph: GraphForm { rope: Rope::Never, residual_first: true, residual_first_at_mixer: true, ..GraphForm::PLAIN },
    router: RouterForm { normed: Normed::Never, ..RouterForm::PLAIN },
    server: ServerForm { tables: PositionTables::None, ..ServerForm::PLAIN },
    tensor_split: false,
    ..ArchTraits::PLAIN
};
