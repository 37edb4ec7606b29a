//! Qwen 3.5 with experts.

use super::prelude::*;
use super::qwen35;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules {
        model_types: &["qwen3_5_moe"],
        pattern: Pattern::AttentionEvery(4),
        recurrence: Some(RecurrenceKind::DeltaNet),
        ..ConfigRules::PLAIN
    },
    tensors: qwen35::TENSORS,
    graph: qwen35::GRAPH,
    next_token: NextToken::Shared,
    rolls_back: true,
    training: TrainingForm::PLAIN.replayed(qwen35::PROGRAM),
    ..ArchTraits::PLAIN
};
