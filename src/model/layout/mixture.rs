//! Architectures with experts and the usual attention.

use super::super::tensor::TensorKind as K;
use super::attention::{Norms, Projections, projections};
use super::builder::Builder;
use super::feed_forward::{Mixture, feed_forward};
use crate::catalog::model::Architecture;
use crate::model::layers::{FeedForward, Span};

/// Norm, attention, norm, experts.
pub(super) fn plain(b: &mut Builder<'_>) -> Option<()> {
    use Architecture as A;
    let architecture = b.architecture();
    let normed = matches!(architecture, A::Qwen3Moe | A::HunyuanMoe | A::Step35);
    let attention = b.attention()?;
    b.norm(K::AttnNorm, false);
    let norms = if normed { Norms::Head } else { Norms::None };
    projections(b, Projections { norms, ..Projections::default() })?;
    match architecture {
        // A gate for each head.
        A::Step35 => b.matrix(K::AttnGate, b.hidden(), attention.heads),
        A::Mimo2 if attention.span != Span::Full => b.vector(K::AttnSinks, attention.heads),
        _ => {}
    }
    b.norm(K::FfnNorm, false);
    let choice_bias = matches!(architecture, A::Ernie45Moe | A::Mimo2 | A::Step35);
    feed_forward(b, Mixture { choice_bias, ..Mixture::default() });
    Some(())
}

/// Phi-3.5-`MoE`: layer norms and attention with biases.
pub(super) fn phi_moe(b: &mut Builder<'_>) -> Option<()> {
    b.norm(K::AttnNorm, true);
    projections(b, Projections { qkv_bias: true, output_bias: true, ..Projections::default() })?;
    b.norm(K::FfnNorm, true);
    feed_forward(b, Mixture::default());
    Some(())
}

/// gpt-oss: sinks in every layer, biases on all but the norms.
pub(super) fn gpt_oss(b: &mut Builder<'_>) -> Option<()> {
    let heads = b.attention()?.heads;
    b.norm(K::AttnNorm, false);
    projections(b, Projections { qkv_bias: true, output_bias: true, ..Projections::default() })?;
    b.vector(K::AttnSinks, heads);
    b.norm(K::PostAttentionNorm, false);
    feed_forward(b, Mixture { biases: true, ..Mixture::default() });
    Some(())
}

/// GLM-4.5: biases on query, key and value; norms on query and key in the large ones.
pub(super) fn glm4(b: &mut Builder<'_>) -> Option<()> {
    let norms = if b.model.use_qk_norm { Norms::Head } else { Norms::None };
    b.norm(K::AttnNorm, false);
    projections(b, Projections { qkv_bias: true, norms, ..Projections::default() })?;
    b.norm(K::PostAttentionNorm, false);
    feed_forward(b, Mixture { choice_bias: true, ..Mixture::default() });
    Some(())
}

/// `MiniMax` M2 norms query and key over all heads; M3 by head, and indexes its cache in the layers with experts.
pub(super) fn minimax(b: &mut Builder<'_>) -> Option<()> {
    let norms = if b.architecture() == Architecture::MinimaxM2 { Norms::All } else { Norms::Head };
    b.norm(K::AttnNorm, false);
    projections(b, Projections { norms, ..Projections::default() })?;
    b.norm(K::FfnNorm, false);
    feed_forward(b, Mixture { choice_bias: true, ..Mixture::default() });
    if b.architecture() == Architecture::MinimaxM3 && matches!(b.layer_feed_forward(), FeedForward::Experts { .. }) {
        let indexer = b.model.indexer?;
        let hidden = b.hidden();
        b.matrix(K::IndexerQProj, hidden, indexer.index_n_heads * indexer.index_head_dim);
        b.matrix(K::IndexerKProj, hidden, indexer.index_head_dim);
        b.vector(K::IndexerQNorm, indexer.index_head_dim);
        b.vector(K::IndexerKNorm, indexer.index_head_dim);
    }
    Some(())
}
