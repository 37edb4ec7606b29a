//! Mixtures of experts.

use super::{Block, GraphBuilder, Router};
use crate::model::graph::{F32, GraphRole, I32, Op, TensorId, WeightedSum, shape};
use crate::model::tensor::TensorKind;

/// The most experts that CUDA sums in one kernel (`MOE_WEIGHTED_REDUCTION_MAX_EXPERTS`).
const MOST_SUMMED: u64 = 15;

/// The shape of one mixture.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExpertMixture {
    /// Experts in the layer.
    pub experts: u64,
    /// Experts a token passes through.
    pub experts_per_token: u64,
    /// Width of one expert.
    pub width: u64,
    /// Width of the shared experts, or of a dense MLP beside the experts, 0 for none.
    pub shared_width: u64,
    /// Up and gate, or up alone.
    pub gated: bool,
}

impl GraphBuilder<'_> {
    /// Product of `x` with the chosen experts' matrices.
    fn chosen(&mut self, block: &Block<'_>, kind: TensorKind, x: TensorId, chosen: TensorId, rows: u64) -> TensorId {
        let [used, tokens, ..] = self.graph.ne(chosen);
        let weight = self.weight(block, kind, false).unwrap_or_else(|| self.graph.weight(0, block.experts_backend));
        let product = self.graph.compute(shape(rows, used, tokens), &[weight, x, chosen]);
        self.graph.mark(product, GraphRole::Experts);
        let on_host =
            self.frame.router.form.down_on_host && kind == TensorKind::FfnDownExps || Self::stays_on_host(block, kind);
        self.graph.tensors[product.index()].op = if on_host { Op::OnHost } else { Op::Experts };
        match self.weight(block, kind, true) {
            Some(bias) => self.graph.elementwise(&[product, bias, chosen]),
            None => product,
        }
    }

    /// Router, chosen experts, their weighted sum, shared experts.
    pub(super) fn experts(&mut self, x: TensorId, block: &Block<'_>, of: &ExpertMixture) -> TensorId {
        let routed = self.routed(x, block, of);
        if of.shared_width == 0 || !Self::has(block, TensorKind::FfnDownShexp) {
            return routed;
        }
        let kinds = (TensorKind::FfnUpShexp, TensorKind::FfnGateShexp);
        let shared = self.inner(x, block, of.shared_width, of.gated, kinds);
        let hidden = self.frame.hidden;
        let shared = self.matmul(block, TensorKind::FfnDownShexp, shared, hidden);
        let shared = if Self::has(block, TensorKind::FfnGateInpShexp) {
            let gate = self.matmul(block, TensorKind::FfnGateInpShexp, x, 1);
            let gate = self.graph.elementwise(&[gate]);
            self.graph.elementwise(&[shared, gate])
        } else {
            shared
        };
        self.graph.elementwise(&[routed, shared])
    }

    fn scores(&mut self, logits: TensorId, block: &Block<'_>, of: &ExpertMixture) -> (TensorId, TensorId) {
        let router = self.frame.router;
        let [_, tokens, ..] = self.graph.ne(logits);
        let scores = if router.form.softmax_of_chosen { logits } else { self.graph.elementwise(&[logits]) };
        let scores = if router.form.root_of_softplus { self.graph.elementwise(&[scores]) } else { scores };
        if let Some(table) = self.weight(block, TensorKind::FfnGateTid2eid, false) {
            let chosen = self.graph.get_rows(shape(of.experts_per_token, tokens, 1), table, self.token_ids);
            return (scores, chosen);
        }
        let selection = match self.weight(block, TensorKind::FfnExpProbsB, true) {
            Some(bias) => self.graph.elementwise(&[scores, bias]),
            None if router.form.weighs_inputs => logits,
            None => scores,
        };
        let selection = if router.groups > 1 { self.within_groups(selection, of, tokens) } else { selection };
        let sorted = self.graph.compute_as(shape(of.experts, tokens, 1), I32, &[selection]);
        let chosen = self.graph.view(sorted, shape(of.experts_per_token, tokens, 1));
        // The first of each row: what a copy must span.
        self.graph.tensors[chosen.index()].bytes = I32 * (of.experts * (tokens - 1) + of.experts_per_token);
        (scores, chosen)
    }

    /// `selection` with all experts closed but those of the best groups (by the sum of a group's two best).
    fn within_groups(&mut self, selection: TensorId, of: &ExpertMixture, tokens: u64) -> TensorId {
        let Router { groups, groups_used, .. } = self.frame.router;
        let of_group = of.experts / groups;
        let all = shape(of_group, groups, tokens);
        let by_group = self.graph.view(selection, all);
        let sorted = self.graph.compute_as(all, I32, &[by_group]);
        let best = self.graph.view(sorted, shape(2, groups, tokens));
        let single = self.graph.view(by_group, [1, of_group, groups, tokens]);
        let best = self.graph.get_rows([1, 2, groups, tokens], single, best);
        let best = self.graph.view(best, shape(2, groups, tokens));
        let sums = self.graph.compute(shape(1, groups, tokens), &[best]);
        let sums = self.graph.view(sums, shape(groups, tokens, 1));
        let sorted = self.graph.compute_as(shape(groups, tokens, 1), I32, &[sums]);
        let chosen = self.graph.view(sorted, shape(groups_used, tokens, 1));
        let kept = self.graph.get_rows(shape(of_group, groups_used, tokens), by_group, chosen);
        let closed = self.graph.elementwise(&[by_group]);
        let open = self.graph.store(closed, kept, chosen);
        self.graph.view(open, shape(of.experts, tokens, 1))
    }

    fn weights(&mut self, scores: TensorId, chosen: TensorId, of: &ExpertMixture) -> TensorId {
        let router = self.frame.router;
        let [used, tokens, ..] = self.graph.ne(chosen);
        let scores = self.graph.view(scores, shape(1, of.experts, tokens));
        let mut weights = self.graph.get_rows(shape(1, used, tokens), scores, chosen);
        if router.form.softmax_of_chosen {
            let flat = self.graph.view(weights, shape(used, tokens, 1));
            let normed = self.graph.elementwise(&[flat]);
            weights = self.graph.view(normed, shape(1, used, tokens));
        }
        if router.normed {
            let flat = self.graph.view(weights, shape(used, tokens, 1));
            let sum = self.graph.compute(shape(1, tokens, 1), &[flat]);
            let clamped = self.graph.elementwise(&[sum]);
            let normed = self.graph.elementwise(&[flat, clamped]);
            weights = self.graph.view(normed, shape(1, used, tokens));
        }
        if router.form.scaled {
            weights = self.graph.elementwise(&[weights]);
        }
        self.graph.expand(weights);
        weights
    }

    fn routed(&mut self, x: TensorId, block: &Block<'_>, of: &ExpertMixture) -> TensorId {
        let logits = self.matmul(block, TensorKind::FfnGateInp, x, of.experts);
        self.routed_by(x, logits, block, of)
    }

    /// Weighted sum of the experts that the router's `logits` choose.
    pub(in crate::model) fn routed_by(
        &mut self,
        x: TensorId,
        logits: TensorId,
        block: &Block<'_>,
        of: &ExpertMixture,
    ) -> TensorId {
        let [hidden, tokens, ..] = self.graph.ne(x);
        let (scores, chosen) = self.scores(logits, block, of);
        let weights = self.weights(scores, chosen, of);
        // Experts may work in a latent narrower than the residual stream (Nemotron, Kimi K3).
        let ways = [
            (TensorKind::FfnLatentDown, TensorKind::FfnLatentUp),
            (TensorKind::FfnRoutedDown, TensorKind::FfnRoutedUp),
        ];
        let latent = ways.into_iter().find(|(down, _)| Self::has(block, *down));
        let width = if latent.is_some() { self.frame.router.latent } else { hidden };
        let x = latent.map_or(x, |(down, _)| self.matmul(block, down, x, width));
        let mut rows = self.graph.view(x, shape(width, 1, tokens));
        let weighs_inputs = self.frame.router.form.weighs_inputs;
        if weighs_inputs {
            let repeated = self.graph.compute(shape(width, of.experts_per_token, tokens), &[rows]);
            rows = self.graph.elementwise(&[repeated, weights]);
        }
        let inner = self.chosen_inner(block, rows, chosen, of);
        let mut out = self.chosen(block, TensorKind::FfnDownExps, inner, chosen, width);
        let mut products = Vec::with_capacity(2);
        if let Some(scale) = self.weight(block, TensorKind::FfnDownExpsScale, false) {
            let scale = self.graph.view(scale, shape(1, of.experts, 1));
            let repeated = self.graph.compute(shape(1, of.experts, tokens), &[scale]);
            let picked = self.graph.get_rows(shape(1, of.experts_per_token, tokens), repeated, chosen);
            out = self.graph.elementwise(&[out, picked]);
            products.push(out);
        }
        if !weighs_inputs {
            out = self.graph.elementwise(&[out, weights]);
            products.push(out);
        }
        self.graph.expand(out);
        let sum = self.sum_of_experts(out, width, tokens, of.experts_per_token);
        if let (Some(&first), Some(&last)) = (products.first(), products.last())
            && (2..=MOST_SUMMED).contains(&of.experts_per_token)
        {
            self.graph.weighted_sums.push(WeightedSum { first, last, sum });
        }
        let sum = self.norm(sum, block, TensorKind::FfnRoutedNorm);
        latent.map_or(sum, |(_, up)| self.matmul(block, up, sum, hidden))
    }

    fn chosen_inner(&mut self, block: &Block<'_>, rows: TensorId, chosen: TensorId, of: &ExpertMixture) -> TensorId {
        if Self::has(block, TensorKind::FfnGateUpExps) {
            let both = self.chosen(block, TensorKind::FfnGateUpExps, rows, chosen, 2 * of.width);
            let [_, used, tokens, _] = self.graph.ne(both);
            let gate = self.graph.view(both, shape(of.width, used, tokens));
            let up = self.graph.view(both, shape(of.width, used, tokens));
            return self.graph.compute(shape(of.width, used, tokens), &[gate, up]);
        }
        let up = self.chosen(block, TensorKind::FfnUpExps, rows, chosen, of.width);
        if Self::has(block, TensorKind::FfnGateExps) {
            let gate = self.chosen(block, TensorKind::FfnGateExps, rows, chosen, of.width);
            self.gated_up(gate, up)
        } else {
            self.graph.elementwise(&[up])
        }
    }

    fn sum_of_experts(&mut self, out: TensorId, hidden: u64, tokens: u64, used: u64) -> TensorId {
        let mut parts = Vec::new();
        for _ in 0..used {
            let part = self.graph.view(out, shape(hidden, tokens, 1));
            self.graph.expand(part);
            parts.push(part);
        }
        let mut sum = parts[0];
        if used == 1 {
            return self.graph.compute_as(shape(hidden, tokens, 1), F32, &[sum]);
        }
        for part in &parts[1..] {
            sum = self.graph.elementwise(&[sum, *part]);
            self.graph.expand(sum);
        }
        sum
    }
}
