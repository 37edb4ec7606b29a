//! Gemma 4: norms around both parts, a dense MLP beside the experts, values that are keys in some full layers, and in the
//! small ones embeddings for each layer (`models/gemma4.cpp`).

use super::prelude::*;
use crate::model::graph::TensorId;
use crate::model::graph::builder::{Block, ExpertMixture, GraphBuilder};

pub(super) const TRAITS: ArchTraits = ArchTraits {
    config: ConfigRules {
        model_types: &["gemma4"],
        tied_by_default: true,
        pattern: Pattern::FullEvery(6),
        keys_as_values: true,
        own_rope_factors: true,
        ..ConfigRules::PLAIN
    },
    layers: LayerForm { mlp_beside_experts: true, ..LayerForm::PLAIN },
    tensors: TensorForm { block, global, ..TensorForm::PLAIN },
    graph: GraphForm {
        pick: Pick::BehindNorm,
        scales_embeddings: true,
        norms_values: true,
        block: Some(graph_block),
        ..GraphForm::PLAIN
    },
    server: ServerForm { tables: PositionTables::ForEachKind, ..ServerForm::PLAIN },
    training: TrainingForm::dense(TrainingFamily::Gemma3, false).replayed(ProgramForm {
        norm: NormProduct::Wide,
        head_norms: Some(Norms::Head),
        placed: Some(BlockNorms::Around),
        ..ProgramForm::PLAIN
    }),
    ..ArchTraits::PLAIN
};

/// Factors in the file stretch the positions of the full layers.
fn global(b: &mut LayoutBuilder<'_>) {
    if let Some(width) = b.model.full_attention.and_then(|heads| heads.head_dim) {
        b.vector(K::RopeFreqs, width / 2);
    }
    own_embeddings(b);
}

fn block(b: &mut LayoutBuilder<'_>) -> Option<()> {
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
            mixture(b, experts, width);
        }
        _ => feed_forward(b, MixtureExtras::PLAIN),
    }
    b.norm(K::PostFfwNorm, false);
    own_embedding(b);
    Some(())
}

fn mixture(b: &mut LayoutBuilder<'_>, experts: u64, width: u64) {
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

/// One block of Gemma 4.
fn graph_block(nodes: &mut GraphBuilder<'_>, x: TensorId, block: &Block<'_>) -> TensorId {
    let normed = nodes.norm(x, block, K::AttnNorm);
    let mixed = nodes.mix(normed, block);
    let mixed = nodes.norm(mixed, block, K::PostAttentionNorm);
    let x = nodes.graph.elementwise(&[mixed, x]);
    let out = match block.layer.feed_forward {
        FeedForward::Experts { experts, experts_per_token, width, shared_width, gated } => {
            nodes.gemma4_experts(x, block, &ExpertMixture { experts, experts_per_token, width, shared_width, gated })
        }
        FeedForward::None | FeedForward::Dense { .. } => {
            let normed = nodes.norm(x, block, K::FfnNorm);
            nodes.feed_forward(normed, block)
        }
    };
    let out = nodes.norm(out, block, K::PostFfwNorm);
    let mut x = nodes.graph.elementwise(&[out, x]);
    if let Some(own) = nodes.own_embedding(x, block) {
        x = nodes.graph.elementwise(&[x, own]);
    }
    match nodes.weight(block, K::LayerOutputScale, false) {
        Some(scale) => nodes.graph.elementwise(&[x, scale]),
        None => x,
    }
}

impl GraphBuilder<'_> {
    /// A dense MLP and experts, both over `x` with norms of their own; the router norms `x` without a weight.
    fn gemma4_experts(&mut self, x: TensorId, block: &Block<'_>, of: &ExpertMixture) -> TensorId {
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
}
