//! `DeepSeek` V4: windows beside caches of compressed tokens at two rates, hyper-connections of several residual streams,
//! and first layers whose experts a table chooses by token (`models/deepseek4.cpp`). What servers make of it is not known.

use super::prelude::*;
use crate::catalog::model::{CompressedAttention, Indexer};

#[expect(clippy::redundant_closure_for_method_calls, reason = "the method is not general over the builder's lifetime")]
pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { model_types: &["deepseek_v4"], corrected: true, ..ConfigRules::PLAIN },
    layers: LayerForm { told: false, ..LayerForm::PLAIN },
    tensors: TensorForm { block, global, ..TensorForm::PLAIN },
    graph: GraphForm {
        pick: Pick::Merged,
        block: Some(|nodes, x, block| nodes.hyper_block(x, block)),
        streams: Some(Streams {
            spread: |nodes, x, _| nodes.hyper_spread(x),
            merge: |nodes, x, output| nodes.hyper_merged(x, output),
        }),
        ..GraphForm::PLAIN
    },
    router: RouterForm { scaled: true, root_of_softplus: true, ..RouterForm::PLAIN },
    tensor_split: false,
    ..ArchTraits::PLAIN
};

/// What mixes the streams for the output.
fn global(b: &mut LayoutBuilder<'_>) {
    let Some(streams) = b.model.compressed.as_ref().map(|own| own.hc_mult) else { return };
    let width = streams * b.hidden();
    b.at(Place::Output, |b| {
        b.matrix(K::OutputHcFn, width, streams);
        b.vector(K::OutputHcBase, streams);
        b.vector(K::OutputHcScale, 1);
    });
}

fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    let own = b.model.compressed.as_ref()?;
    let &CompressedAttention { q_lora_rank, o_lora_rank, o_groups, hc_mult, .. } = own;
    let attention = b.attention()?;
    let (hidden, heads, dim) = (b.hidden(), attention.heads, attention.key_dim);
    b.norm(K::AttnNorm, false);
    b.vector(K::AttnSinks, heads);
    b.matrix(K::AttnQA, hidden, q_lora_rank);
    b.vector(K::AttnQANorm, q_lora_rank);
    b.matrix(K::AttnQB, q_lora_rank, heads * dim);
    b.matrix(K::AttnKv, hidden, dim);
    b.vector(K::AttnKvANorm, dim);
    b.matrix(K::AttnOutputA, (heads * dim).checked_div(o_groups)?, o_lora_rank * o_groups);
    b.matrix(K::AttnOutputB, o_groups * o_lora_rank, hidden);
    let mixes = (2 + hc_mult) * hc_mult;
    for [matrix, base, scale] in
        [[K::HcAttnFn, K::HcAttnBase, K::HcAttnScale], [K::HcFfnFn, K::HcFfnBase, K::HcFfnScale]]
    {
        b.matrix(matrix, hc_mult * hidden, mixes);
        b.vector(base, mixes);
        b.vector(scale, 3);
    }
    compressors(b)?;
    b.norm(K::FfnNorm, false);
    let hashed = b.index() < b.model.compressed.as_ref()?.num_hash_layers;
    if hashed {
        let (chosen, vocabulary) = (b.model.experts?.num_experts_per_tok, b.model.vocab_size);
        b.matrix(K::FfnGateTid2eid, chosen, vocabulary);
    }
    feed_forward(b, MixtureExtras { choice_bias: !hashed, ..MixtureExtras::PLAIN });
    Some(())
}

/// What compresses tokens for the layer's caches.
fn compressors(b: &mut LayoutBuilder<'_>) -> Option<()> {
    let Cache::Compressed { ratio } = b.attention()?.cache else { return None };
    let (hidden, dim) = (b.hidden(), b.attention()?.key_dim);
    if ratio == 0 {
        return Some(());
    }
    let overlaps = CompressedAttention::overlap(ratio);
    b.matrix(K::AttnCompressorKv, hidden, overlaps * dim);
    b.matrix(K::AttnCompressorGate, hidden, overlaps * dim);
    b.matrix(K::AttnCompressorApe, overlaps * dim, ratio);
    b.vector(K::AttnCompressorNorm, dim);
    if b.attention()?.index_dim > 0 {
        let Indexer { index_n_heads: heads, index_head_dim: dim, .. } = b.model.indexer?;
        let rank = b.model.compressed.as_ref()?.q_lora_rank;
        b.matrix(K::IndexerProj, hidden, heads);
        b.matrix(K::IndexerAttnQB, rank, heads * dim);
        b.matrix(K::IndexerCompressorKv, hidden, overlaps * dim);
        b.matrix(K::IndexerCompressorGate, hidden, overlaps * dim);
        b.matrix(K::IndexerCompressorApe, overlaps * dim, ratio);
        b.vector(K::IndexerCompressorNorm, dim);
    }
    Some(())
}
