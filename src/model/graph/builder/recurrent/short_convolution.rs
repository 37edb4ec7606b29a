//! Short convolutions (LFM2).

use super::{Block, GraphBuilder};
use crate::model::graph::TensorId;
use crate::model::layers::Recurrent;
use crate::model::tensor::TensorKind as K;

impl GraphBuilder<'_> {
    pub(super) fn short_convolution(&mut self, x: TensorId, block: &Block<'_>, of: &Recurrent) -> TensorId {
        let width = self.frame.hidden;
        let x = self.by_sequence(x, width);
        let parts = self.matmul(block, K::ShortconvInProj, x, 3 * width);
        let [before, after, value] = [(); 3].map(|()| self.part_by_sequence(parts, width));
        let gated = self.graph.elementwise(&[before, value]);
        let window = self.state(of.convolution_elements, block);
        let last = self.read_state(window);
        let kernel = of.convolution_elements / width + 1;
        let entering = self.behind(last, gated, width, kernel);
        self.write_window(window, entering, kernel);
        let convolved = self.convolved(entering, block, K::ShortconvConv, width);
        let out = self.graph.elementwise(&[after, convolved]);
        self.project(out, block, K::ShortconvOutProj)
    }
}
