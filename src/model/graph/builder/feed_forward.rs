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
            let ne = self.graph.ne(gate);
            self.graph.compute(ne, &[gate, raised])
        } else {
            self.graph.elementwise(&[raised])
        }
    }
}
