//! Architectures with one MLP a layer.

use super::super::tensor::TensorKind as K;
use super::attention::{Norms, Projections, projections};
use super::builder::Builder;
use super::feed_forward::{Mixture, feed_forward};
use crate::catalog::model::Architecture;

/// Llama's block: norm, attention, norm, MLP (or experts: Mixtral).
pub(super) fn plain(b: &mut Builder<'_>) -> Option<()> {
    let style = Projections {
        qkv_bias: b.architecture() == Architecture::Qwen2,
        norms: if b.architecture() == Architecture::Qwen3 { Norms::Head } else { Norms::None },
        ..Projections::default()
    };
    b.norm(K::AttnNorm, false);
    projections(b, style)?;
    b.norm(K::FfnNorm, false);
    feed_forward(b, Mixture::default());
    Some(())
}

/// Seed-OSS names the second norm after the attention.
pub(super) fn seed_oss(b: &mut Builder<'_>) -> Option<()> {
    b.norm(K::AttnNorm, false);
    projections(b, Projections { qkv_bias: true, ..Projections::default() })?;
    b.norm(K::PostAttentionNorm, false);
    feed_forward(b, Mixture::default());
    Some(())
}

/// Phi-3 and Phi-4 keep query, key and value in one matrix, and gate and up in another.
pub(super) fn phi3(b: &mut Builder<'_>) -> Option<()> {
    b.norm(K::AttnNorm, false);
    projections(b, Projections { fused: true, ..Projections::default() })?;
    b.norm(K::FfnNorm, false);
    feed_forward(b, Mixture::default());
    Some(())
}

/// Command R: attention and MLP in parallel behind one norm; the loader wants norms on query and key from 64 layers on.
pub(super) fn cohere(b: &mut Builder<'_>) -> Option<()> {
    let normed = b.architecture() == Architecture::CohereCommandR && b.model.num_hidden_layers >= 64;
    b.norm(K::AttnNorm, false);
    let norms = if normed { Norms::EveryHead } else { Norms::None };
    projections(b, Projections { norms, ..Projections::default() })?;
    feed_forward(b, Mixture::default());
    Some(())
}

/// Falcon: in parallel as well; the larger ones have a second norm, for the attention.
pub(super) fn falcon(b: &mut Builder<'_>) -> Option<()> {
    b.norm(K::AttnNorm, true);
    if b.attention()?.kv_heads > 1 {
        b.norm(K::AttnNorm2, true);
    }
    projections(b, Projections { fused: true, ..Projections::default() })?;
    feed_forward(b, Mixture::default());
    Some(())
}

/// `StarCoder2` has a bias on everything.
pub(super) fn starcoder2(b: &mut Builder<'_>) -> Option<()> {
    b.norm(K::AttnNorm, true);
    projections(b, Projections { qkv_bias: true, output_bias: true, ..Projections::default() })?;
    b.norm(K::FfnNorm, true);
    feed_forward(b, Mixture::default());
    b.bias(K::FfnUp, b.model.intermediate_size);
    b.bias(K::FfnDown, b.hidden());
    Some(())
}

/// `OLMo` 2 and 3 norm what comes out of attention and MLP instead of what goes in.
pub(super) fn olmo2(b: &mut Builder<'_>) -> Option<()> {
    normed_after(b, Norms::All)
}

/// EXAONE 4 as well.
pub(super) fn exaone4(b: &mut Builder<'_>) -> Option<()> {
    normed_after(b, Norms::Head)
}

fn normed_after(b: &mut Builder<'_>, norms: Norms) -> Option<()> {
    projections(b, Projections { norms, ..Projections::default() })?;
    b.norm(K::PostAttentionNorm, false);
    feed_forward(b, Mixture::default());
    b.norm(K::PostFfwNorm, false);
    Some(())
}
