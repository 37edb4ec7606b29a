//! The usual feed-forward parts: an MLP, or a router with experts.

use super::builder::LayoutBuilder;
use crate::model::layers::FeedForward;
use crate::model::tensor::TensorKind as K;

/// What stands beside the experts.
#[derive(Debug, Clone, Copy)]
pub struct MixtureExtras {
    /// A correction of the router's choice (`DeepSeek` V3's `e_score_correction_bias`).
    pub choice_bias: bool,
    /// A gate on the shared expert.
    pub shared_gate: bool,
    /// Router and experts have biases.
    pub biases: bool,
}

impl MixtureExtras {
    /// Nothing.
    pub const PLAIN: Self = Self { choice_bias: false, shared_gate: false, biases: false };
}

/// The layer's feed-forward part without its norm; nothing where the layer has none.
pub(in crate::model) fn feed_forward(b: &mut LayoutBuilder<'_>, mixture: MixtureExtras) {
    let hidden = b.hidden();
    match b.layer_feed_forward() {
        FeedForward::None => {}
        FeedForward::Dense { width, fused: true, .. } => mlp(b, 2 * width, width),
        FeedForward::Dense { width, gated: true, .. } => gated_mlp(b, width),
        FeedForward::Dense { width, .. } => mlp(b, width, width),
        FeedForward::Experts { experts, width, shared_width, gated, .. } => {
            b.matrix(K::FfnGateInp, hidden, experts);
            if mixture.biases {
                b.bias(K::FfnGateInp, experts);
            }
            if mixture.choice_bias {
                b.bias(K::FfnExpProbsB, experts);
            }
            routed(b, Routed { experts, width, gated, input: hidden, biases: mixture.biases });
            if mixture.shared_gate {
                b.vector(K::FfnGateInpShexp, hidden);
            }
            if shared_width > 0 {
                if gated {
                    b.matrix(K::FfnGateShexp, hidden, shared_width);
                }
                b.matrix(K::FfnUpShexp, hidden, shared_width);
                b.matrix(K::FfnDownShexp, shared_width, hidden);
            }
        }
    }
}

/// Gate, up and down.
pub(in crate::model) fn gated_mlp(b: &mut LayoutBuilder<'_>, width: u64) {
    b.matrix(K::FfnGate, b.hidden(), width);
    mlp(b, width, width);
}

/// Up, which may hold the gate as well, and down.
fn mlp(b: &mut LayoutBuilder<'_>, up: u64, width: u64) {
    let hidden = b.hidden();
    b.matrix(K::FfnUp, hidden, up);
    b.matrix(K::FfnDown, width, hidden);
}

/// The routed experts of a layer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Routed {
    pub experts: u64,
    pub width: u64,
    pub gated: bool,
    /// Width in which they work: the residual stream's, or the latent's.
    pub input: u64,
    pub biases: bool,
}

pub(super) fn routed(b: &mut LayoutBuilder<'_>, Routed { experts, width, gated, input, biases }: Routed) {
    if gated {
        b.tensor(K::FfnGateExps, [input, width, experts]);
    }
    b.tensor(K::FfnUpExps, [input, width, experts]);
    b.tensor(K::FfnDownExps, [width, input, experts]);
    if biases {
        b.biases(K::FfnGateExps, width, experts);
        b.biases(K::FfnUpExps, width, experts);
        b.biases(K::FfnDownExps, input, experts);
    }
}
