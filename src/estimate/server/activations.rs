//! The peak of the activations that an engine reserves for: a batch of the most tokens through the model, then the
//! sampler over the whole vocabulary.
//!
//! Source: `profile_run` of vLLM 0.33.0; constants from 43 logs of 0.19.0 on H100 (mean error 0.01 GiB dense, 0.08 GiB
//! with experts). The sampler's peak does not depend on ranks, context or formats.

use crate::catalog::model::Model;
use crate::model::layers::{FeedForward, Layer};
use crate::units::{Bytes, GIB};

/// Small buffers, in GiB.
const REST_GIB: f64 = 0.02;
/// Bytes of an element of the residual stream.
const ELEMENT: f64 = 2.0;

/// The largest batch that an engine prepares for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Batch {
    /// Tokens.
    pub tokens: u64,
    /// Sequences that a token is sampled for.
    pub sampled: u64,
}

/// What kernels hold at the peak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Kernels {
    /// Bytes of the sampler for each sampled row and token of the vocabulary.
    pub sampler: f64,
    /// Those of the experts keep their work space until then; those for MXFP4 do not (gpt-oss: 2.87 GiB on one rank and on
    /// two, which is the sampler alone).
    pub keep_experts: bool,
}

/// Bytes at the peak on one of `ranks` ranks.
pub(super) fn peak(model: &Model, layers: &[Layer], batch: Batch, kernels: Kernels, ranks: u64) -> Bytes {
    let (tokens, hidden) = (batch.tokens as f64, model.hidden_size as f64);
    let rows = batch.sampled.min(batch.tokens) as f64;
    let sampled = kernels.sampler * rows * model.vocab_size as f64 + ELEMENT * tokens * hidden;
    let ranks = ranks.max(1) as f64;
    let experts = layers.iter().filter_map(|layer| experts(layer, hidden, ranks)).fold(0.0, f64::max);
    let peak = if experts > 0.0 {
        sampled + if kernels.keep_experts { ELEMENT * tokens * experts } else { 0.0 }
    } else {
        let dense = layers.iter().filter_map(dense).max().unwrap_or(0) as f64;
        sampled.max(ELEMENT * tokens * (4.0 * hidden + 3.0 * dense / ranks))
    };
    Bytes::from_gib(REST_GIB + peak / GIB as f64)
}

/// Elements for each token while it passes through its experts.
fn experts(layer: &Layer, hidden: f64, ranks: f64) -> Option<f64> {
    match layer.feed_forward {
        FeedForward::Experts { experts_per_token, width, .. } => {
            Some(experts_per_token as f64 * (3.0 * width as f64 / ranks + hidden))
        }
        FeedForward::None | FeedForward::Dense { .. } => None,
    }
}

const fn dense(layer: &Layer) -> Option<u64> {
    match layer.feed_forward {
        FeedForward::Dense { width, .. } => Some(width),
        FeedForward::None | FeedForward::Experts { .. } => None,
    }
}
