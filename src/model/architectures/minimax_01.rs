//! `MiniMax-Text-01` and M1: lightning attention, every eighth layer softmax attention.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules {
        model_types: &["minimax", "minimax_m1", "minimax_text_01"],
        recurrence: Some(RecurrenceKind::Lightning),
        ..ConfigRules::PLAIN
    },
    tensors: TensorForm { block, heads_of_all_layers: true, ..TensorForm::PLAIN },
    graph: GraphForm { residual: Residual::Normed, ..GraphForm::PLAIN },
    training: TrainingForm::PLAIN.adapting_experts(),
    ..ArchTraits::PLAIN
};

fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    b.norm(K::AttnNorm, false);
    if let Some(Recurrent { inner_width, .. }) = b.recurrent() {
        b.vector(K::AttnNorm2, inner_width);
        b.matrix(K::AttnQkv, b.hidden(), 3 * inner_width);
        b.matrix(K::AttnGate, b.hidden(), inner_width);
        b.matrix(K::AttnOutput, inner_width, b.hidden());
    } else {
        projections(b, Projections::PLAIN)?;
    }
    b.norm(K::FfnNorm, false);
    feed_forward(b, MixtureExtras::PLAIN);
    Some(())
}
