//! Recurrent layers among attention layers, and alone.

use super::attention::{Projections, head_norms, projections, widths};
use super::builder::LayoutBuilder;
use super::feed_forward::{MixtureExtras, Routed, feed_forward, routed};
use crate::catalog::model::RecurrenceKind;
use crate::model::layers::{FeedForward, Recurrent};
use crate::model::tensor::TensorKind as K;

/// Gated delta net among attention layers with a gate beside each query (Qwen3-Next, Qwen3.5); `rates` lays out what makes
/// its steps and decays.
pub(in crate::model) fn gated_delta(
    b: &mut LayoutBuilder<'_>,
    rates: fn(&mut LayoutBuilder<'_>, Recurrent),
) -> Option<()> {
    let hidden = b.hidden();
    b.norm(K::AttnNorm, false);
    b.norm(K::PostAttentionNorm, false);
    if let Some(attention) = b.attention() {
        let [q, k, v] = widths(&attention);
        b.matrix(K::AttnQ, hidden, 2 * q);
        b.matrix(K::AttnK, hidden, k);
        b.matrix(K::AttnV, hidden, v);
        b.matrix(K::AttnOutput, q, hidden);
        head_norms(b, attention.key_dim);
    } else {
        delta_net(b, rates)?;
    }
    feed_forward(b, MixtureExtras { shared_gate: true, ..MixtureExtras::PLAIN });
    Some(())
}

fn delta_net(b: &mut LayoutBuilder<'_>, rates: fn(&mut LayoutBuilder<'_>, Recurrent)) -> Option<()> {
    let recurrent = b.recurrent()?;
    let Recurrent { convolution_channels, inner_width, heads, head_dim, .. } = recurrent;
    let hidden = b.hidden();
    b.matrix(K::AttnQkv, hidden, convolution_channels);
    b.matrix(K::AttnGate, hidden, inner_width);
    b.matrix(K::SsmConv1d, b.model.recurrent?.conv_kernel, convolution_channels);
    b.bias(K::SsmDt, heads);
    b.vector(K::SsmA, heads);
    rates(b, recurrent);
    b.vector(K::SsmNorm, head_dim);
    b.matrix(K::SsmOut, inner_width, hidden);
    Some(())
}

/// Kimi delta attention; `decay` lays out what makes its decays and its gate.
pub(in crate::model) fn kimi_delta(
    b: &mut LayoutBuilder<'_>,
    decay: fn(&mut LayoutBuilder<'_>, Recurrent),
) -> Option<()> {
    let recurrent = b.recurrent()?;
    let Recurrent { inner_width, heads, head_dim, .. } = recurrent;
    let hidden = b.hidden();
    let kernel = b.model.recurrent?.conv_kernel;
    for kind in [K::SsmConv1dQ, K::SsmConv1dK, K::SsmConv1dV] {
        b.tensor(kind, [kernel, 1, inner_width]);
    }
    for kind in [K::AttnQ, K::AttnK, K::AttnV] {
        b.matrix(kind, hidden, inner_width);
    }
    b.matrix(K::SsmFA, hidden, head_dim);
    b.matrix(K::SsmFB, head_dim, inner_width);
    b.matrix(K::SsmBeta, hidden, heads);
    b.bias(K::SsmDt, inner_width);
    decay(b, recurrent);
    b.vector(K::SsmNorm, head_dim);
    b.matrix(K::AttnOutput, inner_width, hidden);
    Some(())
}

/// What the way into the latent of experts and back is called.
#[derive(Debug, Clone, Copy)]
pub(in crate::model) struct LatentKinds {
    pub down: K,
    pub up: K,
    pub norm: Option<K>,
}

/// Experts with a corrected choice, which may work in a latent narrower than the residual stream.
pub(in crate::model) fn latent_experts(b: &mut LayoutBuilder<'_>, LatentKinds { down, up, norm }: LatentKinds) {
    let latent = b.model.experts.map_or(0, |experts| experts.moe_latent_size);
    let hidden = b.hidden();
    match b.layer_feed_forward() {
        FeedForward::Experts { experts, width, shared_width, gated, .. } if latent > 0 => {
            b.matrix(K::FfnGateInp, hidden, experts);
            b.bias(K::FfnExpProbsB, experts);
            b.matrix(down, hidden, latent);
            b.matrix(up, latent, hidden);
            if let Some(norm) = norm {
                b.vector(norm, latent);
            }
            routed(b, Routed { experts, width, gated, input: latent, biases: false });
            if gated {
                b.matrix(K::FfnGateShexp, hidden, shared_width);
            }
            b.matrix(K::FfnUpShexp, hidden, shared_width);
            b.matrix(K::FfnDownShexp, shared_width, hidden);
        }
        _ => feed_forward(b, MixtureExtras { choice_bias: true, ..MixtureExtras::PLAIN }),
    }
}

/// Norm, and a state-space mixer or attention. Where blocks are single either may be missing.
pub(in crate::model) fn state_space(b: &mut LayoutBuilder<'_>) -> Option<()> {
    b.norm(K::AttnNorm, false);
    if let Some(shape) = b.recurrent() {
        match shape.kind {
            RecurrenceKind::Mamba => mamba(b, shape)?,
            _ => mamba2(b, shape)?,
        }
    } else if b.attention().is_some() {
        projections(b, Projections::PLAIN)?;
    }
    Some(())
}

/// The same, then norm and MLP or experts.
pub(in crate::model) fn state_space_block(b: &mut LayoutBuilder<'_>) -> Option<()> {
    state_space(b)?;
    b.norm(K::FfnNorm, false);
    feed_forward(b, MixtureExtras::PLAIN);
    Some(())
}

fn mamba2(b: &mut LayoutBuilder<'_>, shape: Recurrent) -> Option<()> {
    let Recurrent { convolution_channels, inner_width, heads, groups, .. } = shape;
    let hidden = b.hidden();
    b.matrix(K::SsmIn, hidden, inner_width + convolution_channels + heads);
    b.matrix(K::SsmConv1d, b.model.recurrent?.conv_kernel, convolution_channels);
    b.bias(K::SsmConv1d, convolution_channels);
    b.bias(K::SsmDt, heads);
    b.matrix(K::SsmA, 1, heads);
    b.matrix(K::SsmD, 1, heads);
    b.matrix(K::SsmNorm, inner_width.checked_div(groups)?, groups);
    b.matrix(K::SsmOut, inner_width, hidden);
    Some(())
}

/// Jamba's Mamba, with norms on step size, B and C; the step size has a rank of a sixteenth of the width.
fn mamba(b: &mut LayoutBuilder<'_>, shape: Recurrent) -> Option<()> {
    let Recurrent { inner_width, state_size, .. } = shape;
    let hidden = b.hidden();
    let rank = hidden.div_ceil(16);
    b.matrix(K::SsmIn, hidden, 2 * inner_width);
    b.matrix(K::SsmConv1d, b.model.recurrent?.conv_kernel, inner_width);
    b.bias(K::SsmConv1d, inner_width);
    b.matrix(K::SsmX, inner_width, rank + 2 * state_size);
    b.vector(K::SsmDtNorm, rank);
    b.matrix(K::SsmDt, rank, inner_width);
    b.bias(K::SsmDt, inner_width);
    b.vector(K::SsmBNorm, state_size);
    b.vector(K::SsmCNorm, state_size);
    b.matrix(K::SsmA, state_size, inner_width);
    b.vector(K::SsmD, inner_width);
    b.matrix(K::SsmOut, inner_width, hidden);
    Some(())
}
