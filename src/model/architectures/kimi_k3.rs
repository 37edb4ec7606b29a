//! Kimi K3: Kimi delta attention, every fourth layer latent attention behind a gate; every part reads a mix of the residual
//! streams banked so far (`models/kimi-k3.cpp`).

use super::prelude::*;
use crate::model::graph::builder::{Block, GraphBuilder};
use crate::model::graph::{TensorId, shape};

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules { recurrence: Some(RecurrenceKind::KimiDelta), ..ConfigRules::PLAIN },
    tensors: TensorForm { block, global, ..TensorForm::PLAIN },
    graph: GraphForm {
        rope: Rope::Never,
        situ: true,
        pick: Pick::BehindLayers,
        block: Some(graph_block),
        streams: Some(Streams {
            spread: |_, x, _| x,
            merge: |nodes, x, output| nodes.mixed_residual(x, output, K::OutputResScore),
        }),
        ..GraphForm::PLAIN
    },
    tensor_split: false,
    rolls_back: true,
    ..ArchTraits::PLAIN
};

/// The score of the residual that the output reads.
fn global(b: &mut LayoutBuilder<'_>) {
    b.at(Place::Output, |b| b.norm(K::OutputResScore, false));
}

fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    b.norm(K::AttnNorm, false);
    if b.attention().is_some() {
        mla::projections(b)?;
        let width = b.model.num_attention_heads * b.model.mla?.v_head_dim;
        b.matrix(K::AttnGate, b.hidden(), width);
    } else {
        kimi_delta(b, |b, Recurrent { inner_width, heads, .. }| {
            b.vector(K::SsmA, heads);
            b.matrix(K::SsmG, b.hidden(), inner_width);
        })?;
    }
    b.norm(K::FfnNorm, false);
    b.norm(K::AttnResScore, false);
    b.norm(K::FfnResScore, false);
    latent_experts(b, LatentKinds { down: K::FfnRoutedDown, up: K::FfnRoutedUp, norm: Some(K::FfnRoutedNorm) });
    Some(())
}

/// One block of Kimi K3: where it banks the stream, that begins anew with what the mixer gives.
fn graph_block(nodes: &mut GraphBuilder<'_>, x: TensorId, block: &Block<'_>) -> TensorId {
    let mixed = nodes.mixed_residual(x, block, K::AttnResScore);
    let every = nodes.frame.residual_block;
    let banks = every > 0 && block.index.is_multiple_of(every);
    if banks {
        nodes.bank(x);
    }
    let normed = nodes.norm(mixed, block, K::AttnNorm);
    nodes.graph.expand(normed);
    let out = nodes.mixer(normed, block);
    let x = if banks { out } else { nodes.graph.elementwise(&[x, out]) };
    let mixed = nodes.mixed_residual(x, block, K::FfnResScore);
    let normed = nodes.norm(mixed, block, K::FfnNorm);
    let out = nodes.feed_forward(normed, block);
    nodes.graph.elementwise(&[x, out])
}

impl GraphBuilder<'_> {
    /// Puts the stream `x` behind those that are banked.
    fn bank(&mut self, x: TensorId) {
        let (hidden, tokens) = (self.frame.hidden, self.frame.tokens);
        let one = self.graph.view(x, shape(hidden, 1, tokens));
        self.banked = Some(match self.banked {
            None => (one, 1),
            Some((before, count)) => (self.graph.compute(shape(hidden, count + 1, tokens), &[before, one]), count + 1),
        });
    }

    /// The stream `x` and those that are banked, weighed by their scores; `x` itself while nothing is.
    fn mixed_residual(&mut self, x: TensorId, block: &Block<'_>, score: K) -> TensorId {
        let Some((banked, count)) = self.banked else { return x };
        let (hidden, tokens) = (self.frame.hidden, self.frame.tokens);
        let normed = self.norm(banked, block, score);
        let scores = self.graph.compute(shape(1, count, tokens), &[normed]);
        let scores = self.graph.view(scores, shape(count, tokens, 1));
        let normed = self.norm(x, block, score);
        let own = self.graph.compute(shape(1, tokens, 1), &[normed]);
        let scores = self.graph.compute(shape(count + 1, tokens, 1), &[scores, own]);
        let shares = self.graph.elementwise(&[scores]);
        let of_banked = self.graph.part(shares, shape(count, tokens, 1));
        let of_banked = self.graph.compute(shape(count, tokens, 1), &[of_banked]);
        let of_own = self.graph.part(shares, shape(1, tokens, 1));
        let of_own = self.graph.compute(shape(1, tokens, 1), &[of_own]);
        let sum = self.graph.compute(shape(hidden, tokens, 1), &[banked, of_banked]);
        let own = self.graph.elementwise(&[x, of_own]);
        self.graph.elementwise(&[sum, own])
    }
}
