//! What a decode step reads and multiplies of a server's weights.

use crate::model::layers::{FeedForward, Layer, Mixer};
use crate::model::tensor::{Place, Tensor, TensorKind};

/// Sums over a model's tensors, before ranks share them. Figures of the experts count all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct ServerReads {
    /// Bytes that no decode step reads: input embeddings, of which it takes a row.
    pub unread: f64,
    /// Bytes of routed experts, those in MXFP4 aside, which kernels pad.
    pub expert_bytes: f64,
    /// Weights of the matrices but routed experts and the output matrix.
    pub dense_weights: f64,
    /// Weights of all routed experts.
    pub expert_weights: f64,
    /// Weights of the output matrix.
    pub output_weights: f64,
    /// Transformer blocks; a mixer or a feed-forward part alone is half of one.
    pub blocks: f64,
    /// Layers with routed experts.
    pub expert_blocks: f64,
}

impl ServerReads {
    /// The layers are these; no tensor is counted yet.
    pub(crate) fn of(layers: &[Layer]) -> Self {
        let halves = |layer: &Layer| {
            f64::from(u8::from(layer.mixer != Mixer::None) + u8::from(layer.feed_forward != FeedForward::None))
        };
        let experts = layers.iter().filter(|layer| matches!(layer.feed_forward, FeedForward::Experts { .. }));
        Self {
            blocks: layers.iter().map(halves).sum::<f64>() / 2.0,
            expert_blocks: experts.count() as f64,
            ..Self::default()
        }
    }

    /// Adds a tensor of so many bytes. `tied` = the input embeddings serve as output matrix, too.
    pub(crate) fn add(&mut self, tensor: &Tensor, bytes: f64, tied: bool) {
        let matrix = !(tensor.bias || tensor.ne[1] * tensor.ne[2] == 1);
        let weights = if matrix { tensor.elements() as f64 } else { 0.0 };
        match tensor.place {
            Place::Input if tied && tensor.kind == TensorKind::TokenEmbd => self.output_weights += weights,
            Place::Input => self.unread += bytes,
            Place::Output => self.output_weights += weights,
            Place::Layer(_) if tensor.kind.is_expert() => {
                self.expert_weights += weights;
                self.expert_bytes += bytes;
            }
            Place::Layer(_) => self.dense_weights += weights,
        }
    }
}
