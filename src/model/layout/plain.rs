//! The usual block: norm, attention, norm, MLP or experts.

use super::attention::{Projections, projections};
use super::builder::LayoutBuilder;
use super::feed_forward::feed_forward;
use crate::model::architectures::BlockNorms;
use crate::model::tensor::TensorKind as K;

/// The block that the architecture's traits describe.
pub(in crate::model) fn plain(b: &mut LayoutBuilder<'_>) -> Option<()> {
    plain_with(b, b.model.architecture.traits().tensors.projections)
}

/// The same with other projections.
pub(in crate::model) fn plain_with(b: &mut LayoutBuilder<'_>, attention: Projections) -> Option<()> {
    let form = b.model.architecture.traits().tensors;
    if form.norms != BlockNorms::After {
        b.norm(K::AttnNorm, form.biased_norms);
    }
    projections(b, attention)?;
    match form.norms {
        BlockNorms::Before => b.norm(K::FfnNorm, form.biased_norms),
        BlockNorms::BeforeAsPostAttention | BlockNorms::After => b.norm(K::PostAttentionNorm, form.biased_norms),
        BlockNorms::Around => {
            b.norm(K::PostAttentionNorm, form.biased_norms);
            b.norm(K::FfnNorm, form.biased_norms);
        }
        BlockNorms::One => {}
    }
    feed_forward(b, form.mixture);
    if matches!(form.norms, BlockNorms::After | BlockNorms::Around) {
        b.norm(K::PostFfwNorm, form.biased_norms);
    }
    Some(())
}
