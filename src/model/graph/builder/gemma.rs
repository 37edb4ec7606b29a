//! Gemma 3n and Gemma 4: embeddings of their own for each layer, alternating updates of several streams, a learned
//! residual, and a dense MLP beside the experts (`models/gemma3n.cpp`, `models/gemma4.cpp`).

use super::experts::Shape;
use super::{Block, Builder};
use crate::model::graph::{I32, Id, shape};
use crate::model::layers::{FeedForward, Mixer};
use crate::model::tensor::TensorKind as K;

/// Streams that Gemma 3n updates in turn (`altup_num_inputs`; the engine takes no other).
const STREAMS: u64 = 4;
/// Rank of Gemma 3n's learned residual (`laurel_rank`).
const LAUREL_RANK: u64 = 64;
/// First layers of Gemma 3n whose gates are cut to the largest (`activation_sparsity_pattern`).
const SPARSE_LAYERS: u64 = 10;

/// Embeddings that each layer has of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PerLayer {
    /// Elements a token and layer, 0 without such embeddings (`hidden_size_per_layer_input`).
    pub width: u64,
    /// Layers of the model, whether they are laid out or not.
    pub layers: u64,
}

/// The weights of the router over Gemma 3n's streams.
#[derive(Debug, Clone, Copy)]
struct Router {
    norm: Id,
    matrix: Id,
}

impl Builder<'_> {
    /// Embeddings for all layers: picked by token on the host, added to a projection of the stream `x`.
    pub(super) fn per_layer_inputs(&mut self, x: Id, first: &Block<'_>) -> Option<Id> {
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
    fn own_embedding(&mut self, x: Id, block: &Block<'_>) -> Option<Id> {
        let (inputs, PerLayer { width, .. }) = (self.per_layer?, self.frame.per_layer);
        let gate = self.matmul(block, K::InpGate, x, width);
        let gate = self.graph.elementwise(&[gate]);
        let own = self.graph.view(inputs, shape(width, self.frame.tokens, 1));
        let gated = self.graph.elementwise(&[gate, own]);
        let out = self.matmul(block, K::Proj, gated, self.frame.hidden);
        Some(self.norm(out, block, K::PostNorm))
    }

    fn mix(&mut self, normed: Id, block: &Block<'_>) -> Id {
        match block.layer.mixer {
            Mixer::Attention(attention) => self.attention(normed, block, &attention),
            Mixer::None | Mixer::Recurrent(_) => normed,
        }
    }

    /// One block of Gemma 4.
    pub(super) fn gemma4_block(&mut self, x: Id, block: &Block<'_>) -> Id {
        let normed = self.norm(x, block, K::AttnNorm);
        let mixed = self.mix(normed, block);
        let mixed = self.norm(mixed, block, K::PostAttentionNorm);
        let x = self.graph.elementwise(&[mixed, x]);
        let out = match block.layer.feed_forward {
            FeedForward::Experts { experts, experts_per_token, width, shared_width, gated } => {
                self.gemma4_experts(x, block, &Shape { experts, experts_per_token, width, shared_width, gated })
            }
            FeedForward::None | FeedForward::Dense { .. } => {
                let normed = self.norm(x, block, K::FfnNorm);
                self.feed_forward(normed, block)
            }
        };
        let out = self.norm(out, block, K::PostFfwNorm);
        let mut x = self.graph.elementwise(&[out, x]);
        if let Some(own) = self.own_embedding(x, block) {
            x = self.graph.elementwise(&[x, own]);
        }
        match self.weight(block, K::LayerOutputScale, false) {
            Some(scale) => self.graph.elementwise(&[x, scale]),
            None => x,
        }
    }

    /// A dense MLP and experts, both over `x` with norms of their own; the router norms `x` without a weight.
    fn gemma4_experts(&mut self, x: Id, block: &Block<'_>, of: &Shape) -> Id {
        let dense = self.norm(x, block, K::FfnNorm);
        let dense = self.dense(dense, block, of.shared_width, of.gated);
        let dense = self.norm(dense, block, K::PostFfwNorm1);
        let rows = self.norm(x, block, K::PreFfwNorm2);
        let routed = self.bare_norm(x);
        let mut routed = self.graph.elementwise(&[routed]);
        if let Some(scale) = self.weight(block, K::FfnGateInpScale, false) {
            routed = self.graph.elementwise(&[routed, scale]);
        }
        let logits = self.matmul(block, K::FfnGateInp, routed, of.experts);
        let chosen = self.routed_by(rows, logits, block, of);
        let chosen = self.norm(chosen, block, K::PostFfwNorm2);
        self.graph.elementwise(&[dense, chosen])
    }

    /// Root of the sum of squares of each row.
    fn magnitude(&mut self, x: Id) -> Id {
        let [_, tokens, streams, _] = self.graph.ne(x);
        let squares = self.graph.elementwise(&[x]);
        let sum = self.graph.compute(shape(1, tokens, streams), &[squares]);
        self.graph.elementwise(&[sum])
    }

    /// `x` at the magnitude `target`.
    fn at_magnitude(&mut self, x: Id, target: Id) -> Id {
        let own = self.magnitude(x);
        let scaled = self.graph.elementwise(&[x, target]);
        self.graph.elementwise(&[scaled, own])
    }

    fn hidden_rows(&mut self, x: Id, streams: u64) -> Id {
        self.graph.view(x, shape(self.frame.hidden, self.frame.tokens, streams))
    }

    /// Spreads `x` over the streams (Gemma 3n).
    pub(super) fn spread(&mut self, x: Id, output: &Block<'_>) -> Id {
        let (hidden, tokens) = (self.frame.hidden, self.frame.tokens);
        let target = self.magnitude(x);
        let repeated = self.graph.compute(shape(hidden, tokens, STREAMS - 1), &[x]);
        let others = self.matmul(output, K::AltupProj, repeated, hidden);
        let others = self.at_magnitude(others, target);
        self.graph.compute(shape(hidden, tokens, STREAMS), &[x, others])
    }

    /// Merges the streams again (Gemma 3n).
    pub(super) fn merged(&mut self, x: Id, output: &Block<'_>) -> Id {
        let active = self.hidden_rows(x, 1);
        let target = self.magnitude(active);
        let others = self.hidden_rows(x, STREAMS - 1);
        let others = self.matmul(output, K::AltupUnembdProj, others, self.frame.hidden);
        let others = self.at_magnitude(others, target);
        let mut sum = self.hidden_rows(x, 1);
        for _ in 1..STREAMS {
            let other = self.hidden_rows(others, 1);
            sum = self.graph.elementwise(&[sum, other]);
        }
        self.graph.elementwise(&[sum])
    }

    /// How much of each stream the router takes for `x`. It runs twice in a layer, over the same weights.
    fn modalities(&mut self, x: Id, router: Router) -> Id {
        let normed = self.bare_norm(x);
        let normed = self.graph.elementwise(&[normed, router.norm]);
        let scaled = self.graph.elementwise(&[normed]);
        let routed = self.graph.compute(shape(STREAMS, self.frame.tokens, 1), &[router.matrix, scaled]);
        self.graph.elementwise(&[routed])
    }

    fn predicted(&mut self, x: Id, block: &Block<'_>, router: Router) -> Id {
        let (hidden, tokens) = (self.frame.hidden, self.frame.tokens);
        let active = self.hidden_rows(x, 1);
        let modalities = self.modalities(active, router);
        let factors = self.matmul(block, K::AltupPredictCoef, modalities, STREAMS * STREAMS);
        let factors = self.graph.view(factors, shape(STREAMS, STREAMS, tokens));
        let turned = self.graph.view(x, shape(STREAMS, hidden, tokens));
        let turned = self.graph.compute(shape(STREAMS, hidden, tokens), &[turned]);
        let product = self.graph.compute(shape(hidden, STREAMS, tokens), &[turned, factors]);
        let product = self.hidden_rows(product, STREAMS);
        let product = self.graph.compute(shape(hidden, tokens, STREAMS), &[product]);
        self.graph.elementwise(&[product, x])
    }

    fn corrected(&mut self, predictions: Id, activated: Id, block: &Block<'_>, router: Router) -> Id {
        let (hidden, tokens) = (self.frame.hidden, self.frame.tokens);
        let modalities = self.modalities(activated, router);
        let active = self.hidden_rows(predictions, 1);
        let innovation = self.graph.elementwise(&[activated, active]);
        let factors = self.matmul(block, K::AltupCorrectCoef, modalities, STREAMS);
        let factors = self.graph.elementwise(&[factors]);
        let factors = self.graph.view(factors, shape(tokens, STREAMS, 1));
        let factors = self.graph.compute(shape(1, tokens, STREAMS), &[factors]);
        let innovation = self.graph.compute(shape(hidden, tokens, STREAMS), &[innovation]);
        let corrected = self.graph.elementwise(&[innovation, factors]);
        self.graph.elementwise(&[corrected, predictions])
    }

    fn laurel(&mut self, x: Id, block: &Block<'_>) -> Id {
        let low = self.matmul(block, K::LaurelL, x, LAUREL_RANK);
        let high = self.matmul(block, K::LaurelR, low, self.frame.hidden);
        let high = self.norm(high, block, K::LaurelPostNorm);
        self.graph.elementwise(&[high, x])
    }

    /// Only what stands out of a normal distribution of the gate's elements.
    fn largest(&mut self, gate: Id) -> Id {
        let tokens = self.frame.tokens;
        let mean = self.graph.compute(shape(1, tokens, 1), &[gate]);
        let distance = self.graph.elementwise(&[gate, mean]);
        let squares = self.graph.elementwise(&[distance]);
        let sum = self.graph.compute(shape(1, tokens, 1), &[squares]);
        let deviation = self.graph.elementwise(&[sum]);
        let cutoff = self.graph.elementwise(&[mean, deviation]);
        let above = self.graph.elementwise(&[gate, cutoff]);
        self.graph.elementwise(&[above])
    }

    fn gemma3n_mlp(&mut self, x: Id, block: &Block<'_>) -> Id {
        let FeedForward::Dense { width, .. } = block.layer.feed_forward else { return x };
        let up = self.matmul(block, K::FfnUp, x, width);
        let gate = self.matmul(block, K::FfnGate, x, width);
        let gate = if block.index < SPARSE_LAYERS { self.largest(gate) } else { gate };
        let gate = self.graph.elementwise(&[gate]);
        let inner = self.graph.elementwise(&[up, gate]);
        self.matmul(block, K::FfnDown, inner, self.frame.hidden)
    }

    /// One block of Gemma 3n over all streams.
    pub(super) fn gemma3n_block(&mut self, x: Id, block: &Block<'_>) -> Id {
        let (hidden, tokens) = (self.frame.hidden, self.frame.tokens);
        let weight = |builder: &mut Self, kind| {
            builder.weight(block, kind, false).unwrap_or_else(|| builder.graph.weight(0, block.backend))
        };
        let router = Router { norm: weight(self, K::AltupRouterNorm), matrix: weight(self, K::AltupRouter) };
        let predictions = self.predicted(x, block, router);
        let active = self.hidden_rows(predictions, 1);
        let normed = self.norm(active, block, K::AttnNorm);
        let laurel = self.laurel(normed, block);
        let mixed = self.mix(normed, block);
        let mixed = self.norm(mixed, block, K::PostAttentionNorm);
        let mixed = self.graph.elementwise(&[mixed, active]);
        let mixed = self.graph.elementwise(&[mixed, laurel]);
        let mixed = self.graph.elementwise(&[mixed]);
        let out = self.norm(mixed, block, K::FfnNorm);
        let out = self.gemma3n_mlp(out, block);
        let out = self.norm(out, block, K::PostFfwNorm);
        let out = self.graph.elementwise(&[out, mixed]);
        let corrected = self.corrected(predictions, out, block, router);
        let first = self.hidden_rows(corrected, 1);
        let first = match self.weight(block, K::AltupCorrectScale, false) {
            Some(scale) => self.graph.elementwise(&[first, scale]),
            None => first,
        };
        let Some(own) = self.own_embedding(first, block) else { return corrected };
        let kept = self.hidden_rows(corrected, 1);
        let others = self.hidden_rows(corrected, STREAMS - 1);
        let others = self.graph.elementwise(&[others, own]);
        self.graph.compute(shape(hidden, tokens, STREAMS), &[kept, others])
    }
}
