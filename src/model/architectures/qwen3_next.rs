//! Qwen3-Next: gated delta net, every fourth layer attention with a gate beside each query.

use super::prelude::*;
use super::qwen35;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules {
        model_types: &["qwen3_next"],
        pattern: Pattern::AttentionEvery(4),
        recurrence: Some(RecurrenceKind::DeltaNet),
        ..ConfigRules::PLAIN
    },
    tensors: TensorForm { block, heads_of_all_layers: true, ..TensorForm::PLAIN },
    graph: GraphForm { pick: Pick::BehindNorm, gated_attention: true, ..GraphForm::PLAIN },
    server: ServerForm { half_state: true, ..ServerForm::PLAIN },
    next_token: NextToken::Shared,
    training: TrainingForm::PLAIN
        .adapting_experts()
        .replayed(ProgramForm { joins_projections: true, ..qwen35::PROGRAM }),
    ..ArchTraits::PLAIN
};

fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    gated_delta(b, |b, Recurrent { heads, .. }| b.matrix(K::SsmBa, b.hidden(), 2 * heads))
}
