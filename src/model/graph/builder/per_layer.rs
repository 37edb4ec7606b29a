//! Embeddings that each layer has for itself (Gemma 3n, Gemma 4).

use super::{Block, GraphBuilder};
use crate::model::graph::{I32, TensorId, shape};
use crate::model::layers::Mixer;
use crate::model::tensor::TensorKind as K;

/// Embeddings that each layer has of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PerLayer {
    /// Elements a token and layer, 0 without such embeddings (`hidden_size_per_layer_input`).
    pub width: u64,
    /// Layers of the model, whether they are laid out or not.
    pub layers: u64,
}

impl GraphBuilder<'_> {
    /// Embeddings for all layers: picked by token on the host, added to a projection of the stream `x`.
    pub(super) fn per_layer_inputs(&mut self, x: TensorId, first: &Block<'_>) -> Option<TensorId> {
        let PerLayer { width, layers } = self.frame.per_layer;
        if width == 0 {
            return None;
        }
        let tokens = self.frame.tokens;
        let by_layer = shape(width, layers, tokens);
        let table = self.graph.weight(0, self.frame.cpu);
        let token_ids = self.graph.input(shape(tokens, 1, 1), I32);
        let rows = self.graph.get_rows(shape(width * layers, tokens, 1), table, token_ids);
        let rows = self.graph.view(rows, by_layer);
        let rows = self.graph.elementwise(&[rows]);
        self.graph.expand(rows);
        let projected = self.matmul(first, K::PerLayerModelProj, x, width * layers);
        let projected = self.graph.elementwise(&[projected]);
        let projected = self.graph.view(projected, by_layer);
        let projected = self.norm(projected, first, K::PerLayerProjNorm);
        let sum = self.graph.elementwise(&[projected, rows]);
        let sum = self.graph.elementwise(&[sum]);
        let by_token = self.graph.view(sum, shape(width, tokens, layers));
        Some(self.graph.compute(shape(width, tokens, layers), &[by_token]))
    }

    /// The layer's own embedding, gated by `x`: what is to be added to the stream.
    pub(in crate::model) fn own_embedding(&mut self, x: TensorId, block: &Block<'_>) -> Option<TensorId> {
        let (inputs, PerLayer { width, .. }) = (self.per_layer?, self.frame.per_layer);
        let gate = self.matmul(block, K::InpGate, x, width);
        let gate = self.graph.elementwise(&[gate]);
        let own = self.graph.view(inputs, shape(width, self.frame.tokens, 1));
        let gated = self.graph.elementwise(&[gate, own]);
        let out = self.matmul(block, K::Proj, gated, self.frame.hidden);
        Some(self.norm(out, block, K::PostNorm))
    }

    /// Attention over `normed`.
    pub(in crate::model) fn mix(&mut self, normed: TensorId, block: &Block<'_>) -> TensorId {
        match block.layer.mixer {
            Mixer::Attention(attention) => self.attention(normed, block, &attention),
            Mixer::None | Mixer::Recurrent(_) => normed,
        }
    }
}
