//! Gated delta net (Qwen3-Next, Qwen3.5) and Kimi delta attention.
//!
//! The engine runs the recurrence in one fused operation on every backend (`build_delta_net_fused`).

use super::{Block, GraphBuilder, State};
use crate::model::graph::{TensorId, shape};
use crate::model::layers::Recurrent;
use crate::model::tensor::TensorKind as K;

/// What the fused operation reads beside the state.
struct Inputs {
    query: TensorId,
    key: TensorId,
    value: TensorId,
    decay: TensorId,
    strength: TensorId,
}

impl GraphBuilder<'_> {
    pub(super) fn delta_net(&mut self, x: TensorId, block: &Block<'_>, of: &Recurrent) -> TensorId {
        let &Recurrent { heads, head_dim, groups, state_size, inner_width, convolution_channels: channels, .. } = of;
        self.graph.expand(x);
        let mixed = self.matmul(block, K::AttnQkv, x, channels);
        let mixed = self.by_sequence(mixed, channels);
        let gate = self.matmul(block, K::AttnGate, x, inner_width);
        let (decay, strength) = self.delta_gates(x, block, of);
        let window = self.state(of.convolution_elements, block);
        let last = self.read_state(window);
        let kernel = of.convolution_elements / channels + 1;
        let entering = self.behind(last, mixed, channels, kernel);
        self.write_window(window, entering, kernel);
        let state = self.state(of.state_elements, block);
        let states = self.read_state(state);
        let states = self.graph.view(states, [head_dim, head_dim, heads, self.sequences()]);
        let convolved = self.convolved(entering, block, K::SsmConv1d, channels);
        let convolved = self.graph.elementwise(&[convolved]);
        let query = self.part_by_head(convolved, state_size, groups);
        let key = self.part_by_head(convolved, state_size, groups);
        let value = self.part_by_head(convolved, head_dim, heads);
        let query = self.unit(query);
        let key = self.unit(key);
        let separate = Self::has(block, K::SsmBa) && groups != heads;
        let (query, key) = if separate {
            (self.repeated(query, groups, heads), self.repeated(key, groups, heads))
        } else {
            (query, key)
        };
        let out = self.fused(&Inputs { query, key, value, decay, strength }, states, of);
        self.write_end(state, out);
        let out = self.by_head(out, head_dim, heads);
        let normed = self.norm(out, block, K::SsmNorm);
        let gate = self.by_head(gate, head_dim, heads);
        let gate = self.graph.elementwise(&[gate]);
        let gated = self.graph.elementwise(&[normed, gate]);
        let gated = self.by_sequence(gated, inner_width);
        self.project(gated, block, K::SsmOut)
    }

    /// How fast the state decays, and how strongly a token writes.
    fn delta_gates(&mut self, x: TensorId, block: &Block<'_>, of: &Recurrent) -> (TensorId, TensorId) {
        let heads = of.heads;
        let (decay, strength) = if Self::has(block, K::SsmBa) {
            let both = self.matmul(block, K::SsmBa, x, 2 * heads);
            let strength = self.by_head(both, heads / of.groups, of.groups);
            let decay = self.by_head(both, heads / of.groups, of.groups);
            let strength = self.copied(strength);
            let ne = shape(heads, self.sequence_tokens(), self.sequences());
            (self.graph.compute(ne, &[decay]), strength)
        } else {
            let strength = self.matmul(block, K::SsmBeta, x, heads);
            let strength = self.by_head(strength, 1, heads);
            let decay = self.matmul(block, K::SsmAlpha, x, heads);
            (self.by_sequence(decay, heads), strength)
        };
        let strength = self.graph.elementwise(&[strength]);
        let strength = self.by_head(strength, 1, heads);
        let decay = self.with(decay, block, K::SsmDt, true);
        let decay = self.graph.elementwise(&[decay]);
        let decay = self.with(decay, block, K::SsmA, false);
        (self.by_head(decay, 1, heads), strength)
    }

    pub(super) fn kimi_delta(&mut self, x: TensorId, block: &Block<'_>, of: &Recurrent) -> TensorId {
        let &Recurrent { heads, head_dim, inner_width, .. } = of;
        let tokens = self.frame.tokens;
        self.graph.expand(x);
        let window = self.state(of.convolution_elements, block);
        let last = self.read_state(window);
        let query = self.kimi_convolution(x, (window, last), block, of, (K::AttnQ, K::SsmConv1dQ));
        let key = self.kimi_convolution(x, (window, last), block, of, (K::AttnK, K::SsmConv1dK));
        let value = self.kimi_convolution(x, (window, last), block, of, (K::AttnV, K::SsmConv1dV));
        let decay = self.matmul(block, K::SsmFA, x, head_dim);
        let decay = self.matmul(block, K::SsmFB, decay, inner_width);
        let decay = self.with(decay, block, K::SsmDt, true);
        let decay = self.graph.elementwise(&[decay]);
        let decay = self.graph.view(decay, shape(head_dim, heads, tokens));
        let decay = self.with(decay, block, K::SsmA, false);
        let decay = self.by_head(decay, head_dim, heads);
        let strength = self.matmul(block, K::SsmBeta, x, heads);
        let strength = self.by_head(strength, 1, heads);
        let strength = self.graph.elementwise(&[strength]);
        let state = self.state(of.state_elements, block);
        let states = self.read_state(state);
        let states = self.graph.view(states, [head_dim, head_dim, heads, self.sequences()]);
        let query = self.unit(query);
        let key = self.unit(key);
        let fused = self.fused(&Inputs { query, key, value, decay, strength }, states, of);
        let out = self.by_head(fused, head_dim, heads);
        let out = self.copied(out);
        self.write_end(state, fused);
        let gate = if Self::has(block, K::SsmG) {
            self.matmul(block, K::SsmG, x, inner_width)
        } else {
            let gate = self.matmul(block, K::SsmGA, x, head_dim);
            self.matmul(block, K::SsmGB, gate, inner_width)
        };
        let gate = self.graph.view(gate, shape(head_dim, heads, tokens));
        let out = self.graph.view(out, shape(head_dim, heads, tokens));
        let normed = self.norm(out, block, K::SsmNorm);
        let gate = self.graph.elementwise(&[gate]);
        let gated = self.graph.elementwise(&[normed, gate]);
        let gated = self.graph.compute(shape(inner_width, tokens, 1), &[gated]);
        self.matmul(block, K::AttnOutput, gated, self.frame.hidden)
    }

    /// Projection of `x` by one matrix and its convolution, by head.
    fn kimi_convolution(
        &mut self,
        x: TensorId,
        (window, last): (State, TensorId),
        block: &Block<'_>,
        of: &Recurrent,
        (projection, kernel): (K, K),
    ) -> TensorId {
        let width = of.inner_width;
        let projected = self.matmul(block, projection, x, width);
        let projected = self.by_sequence(projected, width);
        let taps = of.convolution_elements / of.convolution_channels + 1;
        let entering = self.behind(last, projected, width, taps);
        self.write_window(window, entering, taps);
        let convolved = self.convolved(entering, block, kernel, width);
        let convolved = self.graph.view(convolved, shape(width, self.frame.tokens, 1));
        let convolved = self.graph.elementwise(&[convolved]);
        self.by_head(convolved, of.head_dim, of.heads)
    }

    /// The recurrence: its result is the output of every token and, behind it, the new states.
    fn fused(&mut self, of: &Inputs, states: TensorId, shape_of: &Recurrent) -> TensorId {
        let &Recurrent { heads, head_dim, .. } = shape_of;
        let rows = self.frame.tokens + head_dim * self.sequences() * self.frame.cells.snapshots;
        let ne = shape(head_dim * heads, rows, 1);
        let sources = [of.query, of.key, of.value, of.decay, of.strength, states];
        self.graph.compute(ne, &sources)
    }

    /// `x` at length one.
    fn unit(&mut self, x: TensorId) -> TensorId {
        let normed = self.graph.elementwise(&[x]);
        self.graph.elementwise(&[normed])
    }

    /// The heads of `x`, each as often as value heads share it.
    fn repeated(&mut self, x: TensorId, groups: u64, heads: u64) -> TensorId {
        let [dim, ..] = self.graph.ne(x);
        let tokens = self.frame.tokens;
        let single = self.graph.view(x, [dim, 1, groups, tokens]);
        let repeated = self.graph.compute([dim, heads / groups, groups, tokens], &[single]);
        self.by_head(repeated, dim, heads)
    }
}
