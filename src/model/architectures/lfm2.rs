//! LFM2: short convolutions among attention layers.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules {
        model_types: &["lfm2"],
        tied_by_default: true,
        recurrence: Some(RecurrenceKind::ShortConvolution),
        ..ConfigRules::PLAIN
    },
    tensors: TENSORS,
    graph: GRAPH,
    rolls_back: true,
    ..ArchTraits::PLAIN
};

/// The output norm goes by the name of a norm of the embedding.
pub(super) const TENSORS: TensorForm = TensorForm { output_norm: K::TokenEmbdNorm, block, ..TensorForm::PLAIN };

pub(super) const GRAPH: GraphForm =
    GraphForm { residual_first: true, residual_first_at_mixer: true, ..GraphForm::PLAIN };

fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    let hidden = b.hidden();
    b.norm(K::FfnNorm, false);
    feed_forward(b, MixtureExtras { choice_bias: true, ..MixtureExtras::PLAIN });
    b.norm(K::AttnNorm, false);
    if b.attention().is_some() {
        projections(b, Projections { norms: Norms::Head, ..Projections::PLAIN })?;
    } else {
        b.matrix(K::ShortconvConv, b.model.recurrent?.conv_kernel, hidden);
        b.matrix(K::ShortconvInProj, hidden, 3 * hidden);
        b.matrix(K::ShortconvOutProj, hidden, hidden);
    }
    Some(())
}
