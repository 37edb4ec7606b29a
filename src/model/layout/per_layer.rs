//! Embeddings that each layer has for itself (Gemma 3n and Gemma 4's small ones).

use super::builder::LayoutBuilder;
use crate::model::tensor::{Place, TensorKind as K};

/// What the file keeps for all layers: an embedding for each layer, read by token.
pub(in crate::model) fn own_embeddings(b: &mut LayoutBuilder<'_>) {
    let own = b.model.hidden_size_per_layer_input;
    if own > 0 {
        let all = own * b.model.num_hidden_layers;
        let vocab = b.model.vocab_size;
        b.at(Place::Input, |b| b.matrix(K::PerLayerTokenEmbd, all, vocab));
        b.matrix(K::PerLayerModelProj, b.hidden(), all);
        b.vector(K::PerLayerProjNorm, own);
    }
}

/// What a layer needs to read its own.
pub(in crate::model) fn own_embedding(b: &mut LayoutBuilder<'_>) {
    let own = b.model.hidden_size_per_layer_input;
    if own > 0 {
        b.matrix(K::InpGate, b.hidden(), own);
        b.matrix(K::Proj, own, b.hidden());
        b.norm(K::PostNorm, false);
    }
}
