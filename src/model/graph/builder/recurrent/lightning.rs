//! Lightning attention (MiniMax-Text-01, M1): linear attention with a decay of its own for every head.

use super::{Block, Frame, GraphBuilder};
use crate::model::graph::{F32, Graph, TensorId, shape};
use crate::model::layers::Recurrent;
use crate::model::tensor::TensorKind as K;

/// Inputs: how states, and tokens of the batch among each other, fade.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decays {
    slopes: TensorId,
    queries: TensorId,
    keys: TensorId,
    /// Of every token for every other of its sequence and every head.
    pairs: TensorId,
}

impl Decays {
    pub(super) fn new(graph: &mut Graph, frame: &Frame, heads: u64) -> Self {
        let sequences = frame.cells.sequences;
        let tokens = frame.tokens / sequences;
        Self {
            slopes: graph.input(shape(heads, 1, 1), F32),
            queries: graph.input([1, heads, tokens, sequences], F32),
            keys: graph.input([1, heads, tokens, sequences], F32),
            pairs: graph.input([tokens, tokens, heads, sequences], F32),
        }
    }
}

impl GraphBuilder<'_> {
    pub(super) fn lightning(&mut self, x: TensorId, block: &Block<'_>, of: &Recurrent) -> TensorId {
        let &Recurrent { heads, head_dim, inner_width, .. } = of;
        let (tokens, sequences) = (self.sequence_tokens(), self.sequences());
        let empty = self.state(0, block);
        self.read_state(empty);
        let x = self.graph.view(x, [self.frame.hidden, tokens, 1, sequences]);
        let mixed = self.matmul(block, K::AttnQkv, x, 3 * inner_width);
        let mixed = self.graph.elementwise(&[mixed]);
        let [query, key, value] = [(); 3].map(|()| self.by_head(mixed, head_dim, heads));
        let state = self.state(of.state_elements, block);
        let states = self.read_state(state);
        let states = self.graph.view(states, [head_dim, head_dim, heads, sequences]);
        let decays = self.states.decays;
        let by_token = |builder: &mut Self, x: TensorId| builder.graph.view(x, [head_dim, tokens, heads, sequences]);
        let [faded_queries, faded_keys, faded_pairs] =
            [decays.queries, decays.keys, decays.pairs].map(|decay| self.faded(decay));
        let from_states = self.graph.elementwise(&[query, faded_queries]);
        let from_states = by_token(self, from_states);
        let from_states = self.graph.compute([head_dim, tokens, heads, sequences], &[states, from_states]);
        let (queries, keys) = (by_token(self, query), by_token(self, key));
        let scores = self.graph.compute([tokens, tokens, heads, sequences], &[keys, queries]);
        let scores = self.graph.elementwise(&[scores, faded_pairs]);
        let values = self.turned(value);
        let among = self.graph.compute([head_dim, tokens, heads, sequences], &[values, scores]);
        let out = self.graph.elementwise(&[from_states, among]);
        self.graph.expand(out);
        let slopes = self.graph.elementwise(&[decays.slopes]);
        let rate = self.faded(slopes);
        let rate = self.graph.view(rate, shape(1, 1, heads));
        let kept = self.graph.elementwise(&[states, rate]);
        let keys = self.graph.elementwise(&[key, faded_keys]);
        let keys = self.turned(keys);
        let added = self.graph.compute([head_dim, head_dim, heads, sequences], &[keys, values]);
        let new = self.graph.elementwise(&[kept, added]);
        self.write(state, new);
        let out = self.by_head(out, head_dim, heads);
        let out = self.copied(out);
        let out = self.graph.view(out, [inner_width, tokens, 1, sequences]);
        let normed = self.norm(out, block, K::AttnNorm2);
        let gate = self.matmul(block, K::AttnGate, x, inner_width);
        let gate = self.graph.elementwise(&[gate]);
        let gated = self.graph.elementwise(&[gate, normed]);
        self.project(gated, block, K::AttnOutput)
    }

    /// `exp(x × constant)`.
    fn faded(&mut self, x: TensorId) -> TensorId {
        let scaled = self.graph.elementwise(&[x]);
        self.graph.elementwise(&[scaled])
    }

    /// `x` by head with tokens first.
    fn turned(&mut self, x: TensorId) -> TensorId {
        let [dim, heads, tokens, sequences] = self.graph.ne(x);
        let across = self.graph.view(x, [tokens, dim, heads, sequences]);
        self.copied(across)
    }
}
