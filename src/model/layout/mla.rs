//! Multi-head latent attention: `DeepSeek` V2 to V3.2, Kimi K2, GLM-4.7 Flash and GLM-5, Mistral Small 4.

use super::builder::LayoutBuilder;
use super::feed_forward::{MixtureExtras, feed_forward};
use crate::catalog::model::Mla;
use crate::model::tensor::TensorKind as K;

/// Norm, latent attention, indexer where there is one, norm, MLP or experts.
pub(in crate::model) fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    b.norm(K::AttnNorm, false);
    projections(b)?;
    b.norm(K::FfnNorm, false);
    indexer(b);
    let choice_bias = b.model.experts.is_some_and(|experts| experts.e_score_correction_bias);
    feed_forward(b, MixtureExtras { choice_bias, ..MixtureExtras::PLAIN });
    Some(())
}

/// The projections in the split form that lets the engine cache the latent alone.
pub(in crate::model) fn projections(b: &mut LayoutBuilder<'_>) -> Option<()> {
    let Mla { kv_lora_rank, q_lora_rank, qk_rope_head_dim, qk_nope_head_dim, v_head_dim } = b.model.mla?;
    let hidden = b.hidden();
    let heads = b.model.num_attention_heads;
    let queries = heads * (qk_nope_head_dim + qk_rope_head_dim);
    if let Some(rank) = q_lora_rank {
        b.vector(K::AttnQANorm, rank);
        b.matrix(K::AttnQA, hidden, rank);
        b.matrix(K::AttnQB, rank, queries);
    } else {
        b.matrix(K::AttnQ, hidden, queries);
    }
    b.vector(K::AttnKvANorm, kv_lora_rank);
    b.matrix(K::AttnKvAMqa, hidden, kv_lora_rank + qk_rope_head_dim);
    b.tensor(K::AttnKB, [qk_nope_head_dim, kv_lora_rank, heads]);
    b.tensor(K::AttnVB, [kv_lora_rank, v_head_dim, heads]);
    b.matrix(K::AttnOutput, heads * v_head_dim, hidden);
    Some(())
}

fn indexer(b: &mut LayoutBuilder<'_>) {
    let (Some(indexer), Some(rank)) = (b.model.indexer, b.model.mla.and_then(|mla| mla.q_lora_rank)) else { return };
    if b.attention().is_none_or(|attention| attention.index_dim == 0) {
        return;
    }
    let hidden = b.hidden();
    b.vector(K::IndexerKNorm, indexer.index_head_dim);
    b.bias(K::IndexerKNorm, indexer.index_head_dim);
    b.matrix(K::IndexerProj, hidden, indexer.index_n_heads);
    b.matrix(K::IndexerAttnK, hidden, indexer.index_head_dim);
    b.matrix(K::IndexerAttnQB, rank, indexer.index_n_heads * indexer.index_head_dim);
}
