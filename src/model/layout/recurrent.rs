//! Hybrids: recurrent layers among attention layers, and state-space models alone.

use super::super::tensor::{Place, TensorKind as K};
use super::attention::{Norms, Projections, head_norms, projections, widths};
use super::builder::Builder;
use super::feed_forward::{Mixture, Routed, feed_forward, routed};
use super::mla;
use crate::catalog::model::{Architecture, RecurrenceKind};
use crate::model::layers::{FeedForward, Recurrent};

/// Qwen3-Next and Qwen3.5: gated delta net, every fourth layer attention with a gate beside each query.
pub(super) fn qwen(b: &mut Builder<'_>) -> Option<()> {
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
        delta_net(b)?;
    }
    feed_forward(b, Mixture { shared_gate: true, ..Mixture::default() });
    Some(())
}

fn delta_net(b: &mut Builder<'_>) -> Option<()> {
    let Recurrent { convolution_channels, inner_width, heads, head_dim, .. } = b.recurrent()?;
    let hidden = b.hidden();
    b.matrix(K::AttnQkv, hidden, convolution_channels);
    b.matrix(K::AttnGate, hidden, inner_width);
    b.matrix(K::SsmConv1d, b.model.recurrent?.conv_kernel, convolution_channels);
    b.bias(K::SsmDt, heads);
    b.vector(K::SsmA, heads);
    if b.architecture() == Architecture::Qwen3Next {
        b.matrix(K::SsmBa, hidden, 2 * heads);
    } else {
        b.matrix(K::SsmBeta, hidden, heads);
        b.matrix(K::SsmAlpha, hidden, heads);
    }
    b.vector(K::SsmNorm, head_dim);
    b.matrix(K::SsmOut, inner_width, hidden);
    Some(())
}

/// Kimi Linear and K3: Kimi delta attention, every fourth layer latent attention.
pub(super) fn kimi(b: &mut Builder<'_>) -> Option<()> {
    let k3 = b.architecture() == Architecture::KimiK3;
    b.norm(K::AttnNorm, false);
    if b.attention().is_some() {
        mla::projections(b)?;
        if k3 {
            let width = b.model.num_attention_heads * b.model.mla?.v_head_dim;
            b.matrix(K::AttnGate, b.hidden(), width);
        }
    } else {
        kimi_delta(b, k3)?;
    }
    b.norm(K::FfnNorm, false);
    if k3 {
        b.norm(K::AttnResScore, false);
        b.norm(K::FfnResScore, false);
    }
    latent_experts(b, K::FfnRoutedDown, K::FfnRoutedUp);
    Some(())
}

fn kimi_delta(b: &mut Builder<'_>, k3: bool) -> Option<()> {
    let Recurrent { inner_width, heads, head_dim, .. } = b.recurrent()?;
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
    if k3 {
        b.vector(K::SsmA, heads);
        b.matrix(K::SsmG, hidden, inner_width);
    } else {
        b.matrix(K::SsmA, 1, heads);
        b.matrix(K::SsmGA, hidden, head_dim);
        b.matrix(K::SsmGB, head_dim, inner_width);
    }
    b.vector(K::SsmNorm, head_dim);
    b.matrix(K::AttnOutput, inner_width, hidden);
    Some(())
}

/// The score of the residual that Kimi K3's output reads.
pub(super) fn kimi_k3_global(b: &mut Builder<'_>) {
    b.at(Place::Output, |b| b.norm(K::OutputResScore, false));
}

/// Experts with a corrected choice, which may work in a latent narrower than the residual stream.
fn latent_experts(b: &mut Builder<'_>, down: K, up: K) {
    let latent = b.model.experts.map_or(0, |experts| experts.moe_latent_size);
    let hidden = b.hidden();
    match b.layer_feed_forward() {
        FeedForward::Experts { experts, width, shared_width, gated, .. } if latent > 0 => {
            b.matrix(K::FfnGateInp, hidden, experts);
            b.bias(K::FfnExpProbsB, experts);
            b.matrix(down, hidden, latent);
            b.matrix(up, latent, hidden);
            if b.architecture() == Architecture::KimiK3 {
                b.vector(K::FfnRoutedNorm, latent);
            }
            routed(b, Routed { experts, width, gated, input: latent, biases: false });
            if gated {
                b.matrix(K::FfnGateShexp, hidden, shared_width);
            }
            b.matrix(K::FfnUpShexp, hidden, shared_width);
            b.matrix(K::FfnDownShexp, shared_width, hidden);
        }
        _ => feed_forward(b, Mixture { choice_bias: true, ..Mixture::default() }),
    }
}

/// `MiniMax-Text-01` and M1: lightning attention, every eighth layer softmax attention.
pub(super) fn minimax_01(b: &mut Builder<'_>) -> Option<()> {
    b.norm(K::AttnNorm, false);
    if let Some(Recurrent { inner_width, .. }) = b.recurrent() {
        b.vector(K::AttnNorm2, inner_width);
        b.matrix(K::AttnQkv, b.hidden(), 3 * inner_width);
        b.matrix(K::AttnGate, b.hidden(), inner_width);
        b.matrix(K::AttnOutput, inner_width, b.hidden());
    } else {
        projections(b, Projections::default())?;
    }
    b.norm(K::FfnNorm, false);
    feed_forward(b, Mixture::default());
    Some(())
}

/// Mamba-2 alone, Granite 4, Nemotron-H and Jamba. Nemotron's blocks are single and share one norm; the others norm
/// the feed-forward part besides.
pub(super) fn state_space(b: &mut Builder<'_>) -> Option<()> {
    b.norm(K::AttnNorm, false);
    if let Some(shape) = b.recurrent() {
        match shape.kind {
            RecurrenceKind::Mamba => mamba(b, shape)?,
            _ => mamba2(b, shape)?,
        }
    } else if b.attention().is_some() {
        projections(b, Projections::default())?;
    }
    if b.architecture().single_blocks() {
        latent_experts(b, K::FfnLatentDown, K::FfnLatentUp);
    } else if b.architecture() != Architecture::Mamba2 {
        b.norm(K::FfnNorm, false);
        feed_forward(b, Mixture::default());
    }
    Some(())
}

fn mamba2(b: &mut Builder<'_>, shape: Recurrent) -> Option<()> {
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
fn mamba(b: &mut Builder<'_>, shape: Recurrent) -> Option<()> {
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

/// LFM2: short convolutions among attention layers.
pub(super) fn lfm2(b: &mut Builder<'_>) -> Option<()> {
    let hidden = b.hidden();
    b.norm(K::FfnNorm, false);
    feed_forward(b, Mixture { choice_bias: true, ..Mixture::default() });
    b.norm(K::AttnNorm, false);
    if b.attention().is_some() {
        projections(b, Projections { norms: Norms::Head, ..Projections::default() })?;
    } else {
        b.matrix(K::ShortconvConv, b.model.recurrent?.conv_kernel, hidden);
        b.matrix(K::ShortconvInProj, hidden, 3 * hidden);
        b.matrix(K::ShortconvOutProj, hidden, hidden);
    }
    Some(())
}
