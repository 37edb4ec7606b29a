//! State-space layers: Mamba (every channel its own, as in Jamba) and Mamba-2 (by head).

use super::{Block, GraphBuilder};
use crate::model::graph::{TensorId, shape};
use crate::model::layers::Recurrent;
use crate::model::tensor::TensorKind as K;

impl GraphBuilder<'_> {
    pub(super) fn mamba2(&mut self, x: TensorId, block: &Block<'_>, of: &Recurrent) -> TensorId {
        let &Recurrent { heads, head_dim, groups, state_size, inner_width, convolution_channels: channels, .. } = of;
        let window = self.state(of.convolution_elements, block);
        let last = self.read_state(window);
        let all = inner_width + channels + heads;
        let projected = self.matmul(block, K::SsmIn, x, all);
        let projected = self.by_sequence(projected, all);
        let gate = self.part_by_head(projected, head_dim, heads);
        let mixed = self.part_by_sequence(projected, channels);
        let step = self.part_by_sequence(projected, heads);
        let kernel = of.convolution_elements / channels + 1;
        let entering = self.behind(last, mixed, channels, kernel);
        self.write_window(window, entering, kernel);
        let mixed = self.convolved(entering, block, K::SsmConv1d, channels);
        let mixed = self.with(mixed, block, K::SsmConv1d, true);
        let mixed = self.graph.elementwise(&[mixed]);
        let values = self.part_by_head(mixed, head_dim, heads);
        let write = self.part_by_head(mixed, state_size, groups);
        let read = self.part_by_head(mixed, state_size, groups);
        let step = self.copied(step);
        let step = self.with(step, block, K::SsmDt, true);
        let scanned = self.scan([values, step, write, read], block, of);
        let out = self.by_head(scanned, head_dim, heads);
        let skipped = self.with(values, block, K::SsmD, false);
        let out = self.graph.elementwise(&[out, skipped]);
        let gate = self.copied(gate);
        let ne = self.graph.ne(gate);
        let mut out = self.graph.compute(ne, &[gate, out]);
        if Self::has(block, K::SsmNorm) {
            out = self.by_head(out, inner_width / groups, groups);
            out = self.norm(out, block, K::SsmNorm);
        }
        let out = self.graph.view(out, shape(inner_width, self.frame.tokens, 1));
        self.matmul(block, K::SsmOut, out, self.frame.hidden)
    }

    pub(super) fn mamba(&mut self, x: TensorId, block: &Block<'_>, of: &Recurrent) -> TensorId {
        let &Recurrent { state_size, inner_width: width, .. } = of;
        let window = self.state(of.convolution_elements, block);
        let last = self.read_state(window);
        let hidden = self.frame.hidden;
        let x = self.by_sequence(x, hidden);
        let projected = self.matmul(block, K::SsmIn, x, 2 * width);
        let mixed = self.part_by_sequence(projected, width);
        let gate = self.part_by_sequence(projected, width);
        let kernel = of.convolution_elements / width + 1;
        let entering = self.behind(last, mixed, width, kernel);
        self.write_window(window, entering, kernel);
        let mixed = self.convolved(entering, block, K::SsmConv1d, width);
        let mixed = self.with(mixed, block, K::SsmConv1d, true);
        let mixed = self.graph.elementwise(&[mixed]);
        // The step size has a rank of a sixteenth of the hidden size.
        let rank = hidden.div_ceil(16);
        let chosen = self.matmul(block, K::SsmX, mixed, rank + 2 * state_size);
        let step = self.part_by_sequence(chosen, rank);
        let write = self.part_by_head(chosen, state_size, 1);
        let read = self.part_by_head(chosen, state_size, 1);
        let (step, write, read) = if Self::has(block, K::SsmDtNorm) {
            let step = self.norm(step, block, K::SsmDtNorm);
            let write = self.norm(write, block, K::SsmBNorm);
            (step, write, self.norm(read, block, K::SsmCNorm))
        } else {
            (self.copied(step), write, read)
        };
        let step = self.matmul(block, K::SsmDt, step, width);
        let values = self.by_head(mixed, 1, width);
        let scanned = self.scan([values, step, write, read], block, of);
        let out = self.by_sequence(scanned, width);
        let skipped = self.with(mixed, block, K::SsmD, false);
        let out = self.graph.elementwise(&[out, skipped]);
        let gate = self.copied(gate);
        let ne = self.graph.ne(gate);
        let out = self.graph.compute(ne, &[gate, out]);
        self.project(out, block, K::SsmOut)
    }

    /// The recurrence over `[values, step, write, read]`: its result is the output of every token and, behind it, the
    /// new states, which go into the cache.
    fn scan(&mut self, [values, step, write, read]: [TensorId; 4], block: &Block<'_>, of: &Recurrent) -> TensorId {
        let state = self.state(of.state_elements, block);
        let decay = self.given(block, K::SsmA, false);
        let scanned = self.read_by(state, |builder, states, chosen| {
            let elements = of.inner_width * builder.frame.tokens + of.state_elements * builder.sequences();
            let states = builder.graph.view(states, [1; 4]);
            builder.graph.compute(shape(elements, 1, 1), &[states, values, step, decay, write, read, chosen])
        });
        self.write_end(state, scanned);
        scanned
    }
}
