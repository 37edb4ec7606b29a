//! Gemma 2 to 4: norms before and after each part, caches that layers share, embeddings for each layer.

use super::super::tensor::{Place, TensorKind as K};
use super::attention::{Norms, Projections, head_norms, projections, widths};
use super::builder::Builder;
use super::feed_forward::{Mixture, feed_forward, gated_mlp};
use crate::catalog::model::Architecture;
use crate::model::layers::{FeedForward, Span};

/// Inputs of the alternating updates, and the rank of the learned residual (Gemma 3n's `altup_num_inputs`,
/// `laurel_rank`: the converter takes no other, the loader assumes these).
const ALTUP_INPUTS: u64 = 4;
const LAUREL_RANK: u64 = 64;

/// Gemma 2, and Gemma 3 with norms on query and key.
pub(super) fn gemma2(b: &mut Builder<'_>) -> Option<()> {
    let norms = if b.architecture() == Architecture::Gemma2 { Norms::None } else { Norms::Head };
    b.norm(K::AttnNorm, false);
    projections(b, Projections { norms, ..Projections::default() })?;
    b.norm(K::PostAttentionNorm, false);
    b.norm(K::FfnNorm, false);
    feed_forward(b, Mixture::default());
    b.norm(K::PostFfwNorm, false);
    Some(())
}

/// What Gemma 3n and Gemma 4's small ones keep for all layers: an embedding for each layer, read by token.
pub(super) fn per_layer_global(b: &mut Builder<'_>) {
    // Gemma 4 stretches the positions of its full layers by factors in the file.
    if let (Architecture::Gemma4, Some(width)) =
        (b.architecture(), b.model.full_attention.and_then(|heads| heads.head_dim))
    {
        b.vector(K::RopeFreqs, width / 2);
    }
    let own = b.model.hidden_size_per_layer_input;
    if own > 0 {
        let all = own * b.model.num_hidden_layers;
        let vocab = b.model.vocab_size;
        b.at(Place::Input, |b| b.matrix(K::PerLayerTokenEmbd, all, vocab));
        b.matrix(K::PerLayerModelProj, b.hidden(), all);
        b.vector(K::PerLayerProjNorm, own);
    }
}

/// Gemma 3n's alternating updates besides.
pub(super) fn altup_global(b: &mut Builder<'_>) {
    let hidden = b.hidden();
    per_layer_global(b);
    b.at(Place::Output, |b| {
        b.tensor(K::AltupProj, [hidden, hidden, ALTUP_INPUTS - 1]);
        b.tensor(K::AltupUnembdProj, [hidden, hidden, ALTUP_INPUTS - 1]);
    });
}

/// Gemma 3n. Layers that share a cache still have key and value projections in the file.
pub(super) fn gemma3n(b: &mut Builder<'_>) -> Option<()> {
    let hidden = b.hidden();
    gemma2(b)?;
    per_layer(b);
    b.matrix(K::AltupCorrectCoef, ALTUP_INPUTS, ALTUP_INPUTS);
    b.vector(K::AltupCorrectScale, hidden);
    b.matrix(K::AltupPredictCoef, ALTUP_INPUTS, ALTUP_INPUTS * ALTUP_INPUTS);
    b.matrix(K::AltupRouter, hidden, ALTUP_INPUTS);
    b.vector(K::AltupRouterNorm, hidden);
    b.matrix(K::LaurelL, hidden, LAUREL_RANK);
    b.matrix(K::LaurelR, LAUREL_RANK, hidden);
    b.vector(K::LaurelPostNorm, hidden);
    Some(())
}

/// Gemma 4: the dense MLP stands beside the experts; values are the keys in some full layers.
pub(super) fn gemma4(b: &mut Builder<'_>) -> Option<()> {
    let hidden = b.hidden();
    let attention = b.attention()?;
    let [q, k, v] = widths(&attention);
    b.norm(K::AttnNorm, false);
    b.matrix(K::AttnQ, hidden, q);
    b.matrix(K::AttnK, hidden, k);
    if !(b.model.attention_k_eq_v && attention.span == Span::Full) {
        b.matrix(K::AttnV, hidden, v);
    }
    b.matrix(K::AttnOutput, q, hidden);
    head_norms(b, attention.key_dim);
    b.norm(K::PostAttentionNorm, false);
    b.vector(K::LayerOutputScale, 1);
    b.norm(K::FfnNorm, false);
    match b.layer_feed_forward() {
        FeedForward::Experts { experts, width, .. } => {
            gated_mlp(b, b.model.intermediate_size);
            experts4(b, experts, width);
        }
        _ => feed_forward(b, Mixture::default()),
    }
    b.norm(K::PostFfwNorm, false);
    per_layer(b);
    Some(())
}

fn experts4(b: &mut Builder<'_>, experts: u64, width: u64) {
    let hidden = b.hidden();
    b.matrix(K::FfnGateInp, hidden, experts);
    b.vector(K::FfnGateInpScale, hidden);
    for norm in [K::PreFfwNorm2, K::PostFfwNorm1, K::PostFfwNorm2] {
        b.norm(norm, false);
    }
    b.tensor(K::FfnGateUpExps, [hidden, 2 * width, experts]);
    b.tensor(K::FfnDownExps, [width, hidden, experts]);
    b.vector(K::FfnDownExpsScale, experts);
}

fn per_layer(b: &mut Builder<'_>) {
    let own = b.model.hidden_size_per_layer_input;
    if own > 0 {
        b.matrix(K::InpGate, b.hidden(), own);
        b.matrix(K::Proj, own, b.hidden());
        b.norm(K::PostNorm, false);
    }
}
