//! `MiniMax` M3: an indexer in the layers with experts.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    layers: LayerForm { indexes_experts_only: true, ..LayerForm::PLAIN },
    tensors: TensorForm {
        projections: Projections { norms: Norms::Head, ..Projections::PLAIN },
        mixture: MixtureExtras { choice_bias: true, ..MixtureExtras::PLAIN },
        block,
        ..TensorForm::PLAIN
    },
    ..ArchTraits::PLAIN
};

fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    plain(b)?;
    if matches!(b.layer_feed_forward(), FeedForward::Experts { .. }) {
        let indexer = b.model.indexer?;
        let hidden = b.hidden();
        b.matrix(K::IndexerQProj, hidden, indexer.index_n_heads * indexer.index_head_dim);
        b.matrix(K::IndexerKProj, hidden, indexer.index_head_dim);
        b.vector(K::IndexerQNorm, indexer.index_head_dim);
        b.vector(K::IndexerKNorm, indexer.index_head_dim);
    }
    Some(())
}
