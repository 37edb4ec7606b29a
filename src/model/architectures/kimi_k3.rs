//! Kimi K3: Kimi delta attention, every fourth layer latent attention behind a gate; scores on the residuals.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    tensors: TensorForm { block, global, ..TensorForm::PLAIN },
    graph: GraphForm { rope: Rope::Never, ..GraphForm::PLAIN },
    rolls_back: true,
    ..ArchTraits::PLAIN
};

/// The score of the residual that the output reads.
fn global(b: &mut LayoutBuilder<'_>) {
    b.at(Place::Output, |b| b.norm(K::OutputResScore, false));
}

fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    b.norm(K::AttnNorm, false);
    if b.attention().is_some() {
        mla::projections(b)?;
        let width = b.model.num_attention_heads * b.model.mla?.v_head_dim;
        b.matrix(K::AttnGate, b.hidden(), width);
    } else {
        kimi_delta(b, |b, Recurrent { inner_width, heads, .. }| {
            b.vector(K::SsmA, heads);
            b.matrix(K::SsmG, b.hidden(), inner_width);
        })?;
    }
    b.norm(K::FfnNorm, false);
    b.norm(K::AttnResScore, false);
    b.norm(K::FfnResScore, false);
    latent_experts(b, LatentKinds { down: K::FfnRoutedDown, up: K::FfnRoutedUp, norm: Some(K::FfnRoutedNorm) });
    Some(())
}
