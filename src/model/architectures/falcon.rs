//! Falcon: attention and MLP in parallel; the larger ones norm the input of the attention apart.

use super::prelude::*;

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["falcon"], tied_by_default: true, mlp_ratio: 4, ..ConfigRules::PLAIN },
    layers: LayerForm { gated: false, ..LayerForm::PLAIN },
    tensors: TensorForm { output_norm_bias: true, block, ..TensorForm::PLAIN },
    graph: GraphForm { layer_norm: true, residual: Residual::ParallelAttentionFirst, ..GraphForm::PLAIN },
    training: TrainingForm::dense(TrainingFamily::Starcoder2, false),
    ..ArchTraits::PLAIN
};

fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    b.norm(K::AttnNorm, true);
    if b.attention()?.kv_heads > 1 {
        b.norm(K::AttnNorm2, true);
    }
    projections(b, Projections { fused: true, ..Projections::PLAIN })?;
    feed_forward(b, MixtureExtras::PLAIN);
    Some(())
}
