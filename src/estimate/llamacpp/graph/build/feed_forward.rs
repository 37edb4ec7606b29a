//! Dense feed-forward parts.

use super::{Block, Builder};
use crate::estimate::llamacpp::graph::Id;
use crate::estimate::llamacpp::tensor::TensorKind;

impl Builder<'_> {
    /// Up (and gate), activation, down.
    pub(super) fn dense(&mut self, x: Id, block: &Block<'_>, width: u64, gated: bool, fused: bool) -> Id {
        let hidden = self.frame.hidden;
        let inner = if fused {
            let both = self.matmul(block, TensorKind::FfnUp, x, 2 * width);
            let ne = self.graph.ne(both);
            self.graph.compute([width, ne[1], ne[2], ne[3]], &[both])
        } else {
            self.inner(x, block, width, gated, (TensorKind::FfnUp, TensorKind::FfnGate))
        };
        self.matmul(block, TensorKind::FfnDown, inner, hidden)
    }

    /// Activated inner product of an MLP with these tensors.
    pub(super) fn inner(
        &mut self,
        x: Id,
        block: &Block<'_>,
        width: u64,
        gated: bool,
        (up, gate): (TensorKind, TensorKind),
    ) -> Id {
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
