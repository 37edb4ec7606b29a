//! Nemotron 3: as Nemotron-H, with experts.

use super::nemotron_h;
use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules {
        model_types: &["nemotron_h"],
        with_experts: Some(true),
        recurrence: Some(RecurrenceKind::Mamba2),
        corrected: true,
        ..ConfigRules::PLAIN
    },
    layers: nemotron_h::LAYERS,
    tensors: nemotron_h::TENSORS,
    graph: nemotron_h::GRAPH,
    router: RouterForm { scaled: true, ..RouterForm::PLAIN },
    server: ServerForm { tables: PositionTables::None, ..ServerForm::PLAIN },
    tensor_split: false,
    rolls_back: true,
    ..ArchTraits::PLAIN
};
