//! Qwen 3.5: gated delta net, every fourth layer attention; positions over text, images and time.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules {
        model_types: &["qwen3_5"],
        pattern: Pattern::AttentionEvery(4),
        recurrence: Some(RecurrenceKind::DeltaNet),
        ..ConfigRules::PLAIN
    },
    tensors: TENSORS,
    graph: GRAPH,
    next_token: NextToken::Shared,
    rolls_back: true,
    training: TrainingForm::PLAIN.replayed(PROGRAM),
    ..ArchTraits::PLAIN
};

/// Norms count from one, as Gemma's.
pub(super) const PROGRAM: ProgramForm = ProgramForm {
    norm: NormProduct::WidePlusOne,
    head_norms: Some(Norms::Head),
    shared_gate: true,
    ..ProgramForm::PLAIN
};

pub(super) const TENSORS: TensorForm = TensorForm { block, heads_of_all_layers: true, ..TensorForm::PLAIN };
pub(super) const GRAPH: GraphForm =
    GraphForm { pick: Pick::BehindNorm, gated_attention: true, positions: 4, ..GraphForm::PLAIN };

fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    gated_delta(b, |b, Recurrent { heads, .. }| {
        b.matrix(K::SsmBeta, b.hidden(), heads);
        b.matrix(K::SsmAlpha, b.hidden(), heads);
    })
}
