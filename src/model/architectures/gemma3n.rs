//! Gemma 3n: alternating updates of several streams, a learned residual, embeddings for each layer, caches that layers
//! share (`models/gemma3n.cpp`).

use super::prelude::*;
use crate::catalog::model::Altup;
use crate::model::graph::builder::{Block, GraphBuilder};
use crate::model::graph::{TensorId, shape};

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules {
        model_types: &["gemma3n"],
        tied_by_default: true,
        pattern: Pattern::FullEvery(5),
        // `Gemma3nTextConfig`; a GGUF file does not say it, and llama.cpp assumes the same.
        altup: Some(Altup { altup_num_inputs: 4, laurel_rank: 64, sparse_layers: 10 }),
        ..ConfigRules::PLAIN
    },
    tensors: TensorForm {
        norms: BlockNorms::Around,
        projections: Projections { norms: Norms::Head, ..Projections::PLAIN },
        block,
        global,
        ..TensorForm::PLAIN
    },
    graph: GraphForm {
        pick: Pick::BehindLayers,
        scales_embeddings: true,
        norms_values: true,
        block: Some(graph_block),
        streams: Some(Streams {
            spread: |nodes, x, output| nodes.spread(x, output),
            merge: |nodes, x, output| nodes.merged(x, output),
        }),
        ..GraphForm::PLAIN
    },
    server: ServerForm { tables: PositionTables::ForEachKind, ..ServerForm::PLAIN },
    training: TrainingForm::dense(TrainingFamily::Gemma3, false),
    tensor_split: false,
    ..ArchTraits::PLAIN
};

fn global(b: &mut LayoutBuilder<'_>) {
    let hidden = b.hidden();
    own_embeddings(b);
    let others = b.model.altup.map_or(0, |altup| altup.altup_num_inputs.saturating_sub(1));
    b.at(Place::Output, |b| {
        b.tensor(K::AltupProj, [hidden, hidden, others]);
        b.tensor(K::AltupUnembdProj, [hidden, hidden, others]);
    });
}

/// Layers that share a cache still have key and value projections in the file.
fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    let hidden = b.hidden();
    let Altup { altup_num_inputs: inputs, laurel_rank, .. } = b.model.altup?;
    plain(b)?;
    own_embedding(b);
    b.matrix(K::AltupCorrectCoef, inputs, inputs);
    b.vector(K::AltupCorrectScale, hidden);
    b.matrix(K::AltupPredictCoef, inputs, inputs * inputs);
    b.matrix(K::AltupRouter, hidden, inputs);
    b.vector(K::AltupRouterNorm, hidden);
    b.matrix(K::LaurelL, hidden, laurel_rank);
    b.matrix(K::LaurelR, laurel_rank, hidden);
    b.vector(K::LaurelPostNorm, hidden);
    Some(())
}

/// The weights of the router over the streams.
#[derive(Debug, Clone, Copy)]
struct StreamRouter {
    norm: TensorId,
    matrix: TensorId,
}

/// One block of Gemma 3n over all streams.
fn graph_block(nodes: &mut GraphBuilder<'_>, x: TensorId, block: &Block<'_>) -> TensorId {
    let streams = nodes.frame.altup.altup_num_inputs;
    let (hidden, tokens) = (nodes.frame.hidden, nodes.frame.tokens);
    let weight = |builder: &mut GraphBuilder<'_>, kind| {
        builder.weight(block, kind, false).unwrap_or_else(|| builder.graph.weight(0, block.backend))
    };
    let router = StreamRouter { norm: weight(nodes, K::AltupRouterNorm), matrix: weight(nodes, K::AltupRouter) };
    let predictions = nodes.predicted(x, block, router);
    let active = nodes.hidden_rows(predictions, 1);
    let normed = nodes.norm(active, block, K::AttnNorm);
    let laurel = nodes.laurel(normed, block);
    let mixed = nodes.mix(normed, block);
    let mixed = nodes.norm(mixed, block, K::PostAttentionNorm);
    let mixed = nodes.graph.elementwise(&[mixed, active]);
    let mixed = nodes.graph.elementwise(&[mixed, laurel]);
    let mixed = nodes.graph.elementwise(&[mixed]);
    let out = nodes.norm(mixed, block, K::FfnNorm);
    let out = nodes.gemma3n_mlp(out, block);
    let out = nodes.norm(out, block, K::PostFfwNorm);
    let out = nodes.graph.elementwise(&[out, mixed]);
    let corrected = nodes.corrected(predictions, out, block, router);
    let first = nodes.hidden_rows(corrected, 1);
    let first = match nodes.weight(block, K::AltupCorrectScale, false) {
        Some(scale) => nodes.graph.elementwise(&[first, scale]),
        None => first,
    };
    let Some(own) = nodes.own_embedding(first, block) else { return corrected };
    let kept = nodes.hidden_rows(corrected, 1);
    let others = nodes.hidden_rows(corrected, streams - 1);
    let others = nodes.graph.elementwise(&[others, own]);
    nodes.graph.compute(shape(hidden, tokens, streams), &[kept, others])
}

impl GraphBuilder<'_> {
    /// Root of the sum of squares of each row.
    fn magnitude(&mut self, x: TensorId) -> TensorId {
        let [_, tokens, streams, _] = self.graph.ne(x);
        let squares = self.graph.elementwise(&[x]);
        let sum = self.graph.compute(shape(1, tokens, streams), &[squares]);
        self.graph.elementwise(&[sum])
    }

    fn at_magnitude(&mut self, x: TensorId, target: TensorId) -> TensorId {
        let own = self.magnitude(x);
        let scaled = self.graph.elementwise(&[x, target]);
        self.graph.elementwise(&[scaled, own])
    }

    fn hidden_rows(&mut self, x: TensorId, streams: u64) -> TensorId {
        self.graph.view(x, shape(self.frame.hidden, self.frame.tokens, streams))
    }

    /// Spreads `x` over the streams.
    fn spread(&mut self, x: TensorId, output: &Block<'_>) -> TensorId {
        let streams = self.frame.altup.altup_num_inputs;
        let (hidden, tokens) = (self.frame.hidden, self.frame.tokens);
        let target = self.magnitude(x);
        let repeated = self.graph.compute(shape(hidden, tokens, streams - 1), &[x]);
        let others = self.matmul(output, K::AltupProj, repeated, hidden);
        let others = self.at_magnitude(others, target);
        self.graph.compute(shape(hidden, tokens, streams), &[x, others])
    }

    /// Merges the streams again.
    fn merged(&mut self, x: TensorId, output: &Block<'_>) -> TensorId {
        let streams = self.frame.altup.altup_num_inputs;
        let active = self.hidden_rows(x, 1);
        let target = self.magnitude(active);
        let others = self.hidden_rows(x, streams - 1);
        let others = self.matmul(output, K::AltupUnembdProj, others, self.frame.hidden);
        let others = self.at_magnitude(others, target);
        let mut sum = self.hidden_rows(x, 1);
        for _ in 1..streams {
            let other = self.hidden_rows(others, 1);
            sum = self.graph.elementwise(&[sum, other]);
        }
        self.graph.elementwise(&[sum])
    }

    /// How much of each stream the router takes for `x`. It runs twice in a layer, over the same weights.
    fn modalities(&mut self, x: TensorId, router: StreamRouter) -> TensorId {
        let streams = self.frame.altup.altup_num_inputs;
        let normed = self.bare_norm(x);
        let normed = self.graph.elementwise(&[normed, router.norm]);
        let scaled = self.graph.elementwise(&[normed]);
        let routed = self.graph.compute(shape(streams, self.frame.tokens, 1), &[router.matrix, scaled]);
        self.graph.elementwise(&[routed])
    }

    fn predicted(&mut self, x: TensorId, block: &Block<'_>, router: StreamRouter) -> TensorId {
        let streams = self.frame.altup.altup_num_inputs;
        let (hidden, tokens) = (self.frame.hidden, self.frame.tokens);
        let active = self.hidden_rows(x, 1);
        let modalities = self.modalities(active, router);
        let factors = self.matmul(block, K::AltupPredictCoef, modalities, streams * streams);
        let factors = self.graph.view(factors, shape(streams, streams, tokens));
        let turned = self.graph.view(x, shape(streams, hidden, tokens));
        let turned = self.graph.compute(shape(streams, hidden, tokens), &[turned]);
        let product = self.graph.compute(shape(hidden, streams, tokens), &[turned, factors]);
        let product = self.hidden_rows(product, streams);
        let product = self.graph.compute(shape(hidden, tokens, streams), &[product]);
        self.graph.elementwise(&[product, x])
    }

    fn corrected(
        &mut self,
        predictions: TensorId,
        activated: TensorId,
        block: &Block<'_>,
        router: StreamRouter,
    ) -> TensorId {
        let streams = self.frame.altup.altup_num_inputs;
        let (hidden, tokens) = (self.frame.hidden, self.frame.tokens);
        let modalities = self.modalities(activated, router);
        let active = self.hidden_rows(predictions, 1);
        let innovation = self.graph.elementwise(&[activated, active]);
        let factors = self.matmul(block, K::AltupCorrectCoef, modalities, streams);
        let factors = self.graph.elementwise(&[factors]);
        let factors = self.graph.view(factors, shape(tokens, streams, 1));
        let factors = self.graph.compute(shape(1, tokens, streams), &[factors]);
        let innovation = self.graph.compute(shape(hidden, tokens, streams), &[innovation]);
        let corrected = self.graph.elementwise(&[innovation, factors]);
        self.graph.elementwise(&[corrected, predictions])
    }

    fn laurel(&mut self, x: TensorId, block: &Block<'_>) -> TensorId {
        let low = self.matmul(block, K::LaurelL, x, self.frame.altup.laurel_rank);
        let high = self.matmul(block, K::LaurelR, low, self.frame.hidden);
        let high = self.norm(high, block, K::LaurelPostNorm);
        self.graph.elementwise(&[high, x])
    }

    /// Only what stands out of a normal distribution of the gate's elements.
    fn largest(&mut self, gate: TensorId) -> TensorId {
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

    fn gemma3n_mlp(&mut self, x: TensorId, block: &Block<'_>) -> TensorId {
        let FeedForward::Dense { width, .. } = block.layer.feed_forward else { return x };
        let up = self.matmul(block, K::FfnUp, x, width);
        let gate = self.matmul(block, K::FfnGate, x, width);
        let gate = if block.index < self.frame.altup.sparse_layers { self.largest(gate) } else { gate };
        let gate = self.graph.elementwise(&[gate]);
        let inner = self.graph.elementwise(&[up, gate]);
        self.matmul(block, K::FfnDown, inner, self.frame.hidden)
    }
}
