//! Dense feed-forward parts.

use super::{Block, GraphBuilder};
use crate::model::graph::TensorId;
use crate::model::tensor::TensorKind;

impl GraphBuilder<'_> {
    /// Up (and gate), activation, down.
    pub(in crate::model) fn dense(&mut self, x: TensorId, block: &Block<'_>, width: u64, gated: bool) -> TensorId {
        let inner = self.inner(x, block, width, gated, (TensorKind::FfnUp, TensorKind::FfnGate));
        self.matmul(block, TensorKind::FfnDown, inner, self.frame.hidden)
    }

    /// The same with up and gate in one matrix.
    pub(super) fn dense_fused(&mut self, x: TensorId, block: &Block<'_>, width: u64) -> TensorId {
        let both = self.matmul(block, TensorKind::FfnUp, x, 2 * width);
        let [_, tokens, more, rest] = self.graph.ne(both);
        let inner = self.graph.compute([width, tokens, more, rest], &[both]);
        self.matmul(block, TensorKind::FfnDown, inner, self.frame.hidden)
    }

    /// `up` times the activated `gate`: one operation, or step by step.
    pub(super) fn gated_up(&mut self, gate: TensorId, up: TensorId) -> TensorId {
        if !self.frame.form.situ {
            let ne = self.graph.ne(gate);
            return self.graph.compute(ne, &[gate, up]);
        }
        let bent = self.bent(gate);
        let open = self.graph.elementwise(&[gate]);
        let open = self.graph.elementwise(&[bent, open]);
        let up = self.bent(up);
        self.graph.elementwise(&[open, up])
    }

    /// `tanh` of the scaled `x`, scaled back.
    fn bent(&mut self, x: TensorId) -> TensorId {
        (0..3).fold(x, |x, _| self.graph.elementwise(&[x]))
    }

    /// Activated inner product of an MLP with these tensors.
    pub(super) fn inner(
        &mut self,
        x: TensorId,
        block: &Block<'_>,
        width: u64,
        gated: bool,
        (up, gate): (TensorKind, TensorKind),
    ) -> TensorId {
        let raised = self.matmul(block, up, x, width);
        if gated {
            let gate = self.matmul(block, gate, x, width);
            self.gated_up(gate, raised)
        } else {
            self.graph.elementwise(&[raised])
        }
    }
}
