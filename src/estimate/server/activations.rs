//! The peak of the activations that an engine reserves for: a batch of the most tokens through the model, then the
//! sampler over the whole vocabulary.
//!
//! Source: `profile_run` of vLLM 0.33.0; constants from 43 logs of 0.19.0 on H100 (mean error 0.01 GiB dense, 0.08 GiB
//! with experts). The sampler's peak does not depend on ranks, context or formats.

use crate::catalog::model::Model;
use crate::estimate::explanation::{Quantity as Q, Term};
use crate::model::layers::{FeedForward, Layer};
use crate::text::Key;
use crate::units::{Bytes, GIB};

/// Small buffers, in GiB.
const REST_GIB: f64 = 0.02;
/// Bytes of an element of the residual stream.
const ELEMENT: f64 = 2.0;

/// The largest batch that an engine prepares for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LargestBatch {
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

/// What lies on one of `ranks` ranks at the peak, small buffers left out.
pub(super) fn terms(model: &Model, layers: &[Layer], batch: LargestBatch, kernels: Kernels, ranks: u64) -> Vec<Term> {
    let hidden = model.hidden_size as f64;
    let tokens = Q::Tokens.of(batch.tokens as f64);
    let each = |bytes: f64| Q::ElementBytes.of(bytes);
    let (rows, vocabulary) = (batch.sampled.min(batch.tokens) as f64, Q::Vocabulary.of(model.vocab_size as f64));
    let inputs = Term::of(Key::RoleHidden, [tokens, Q::HiddenSize.of(hidden), each(ELEMENT)]);
    let sampler = Term::of(Key::TermSampler, [Q::Sequences.of(rows), vocabulary, each(kernels.sampler)]);
    let sampled = vec![sampler, inputs];
    let ranks = ranks.max(1) as f64;
    let shared = (ranks > 1.0).then(|| Q::SharedBy.of(ranks));
    let experts = layers.iter().filter_map(experts).max_by(|one, other| {
        let elements = |(count, width): &(u64, u64)| *count as f64 * (3.0 * *width as f64 / ranks + hidden);
        elements(one).total_cmp(&elements(other))
    });
    if let Some((count, width)) = experts {
        let kept = kernels.keep_experts.then(|| {
            let token = [tokens, Q::ExpertsPerToken.of(count as f64)];
            let inside = token.into_iter().chain([Q::ExpertWidth.of(width as f64), each(3.0 * ELEMENT)]).chain(shared);
            let outside = token.into_iter().chain([Q::HiddenSize.of(hidden), each(ELEMENT)]);
            [inside.collect::<Vec<_>>(), outside.collect()].map(|factors| Term::of(Key::TermExperts, factors))
        });
        return sampled.into_iter().chain(kept.into_iter().flatten()).collect();
    }
    let dense = layers.iter().filter_map(dense).max().unwrap_or(0) as f64;
    let inside = [tokens, Q::MlpWidth.of(dense), each(3.0 * ELEMENT)].into_iter().chain(shared);
    let around = [tokens, Q::HiddenSize.of(hidden), each(4.0 * ELEMENT)];
    let mlp = vec![Term::of(Key::TermMlp, inside), Term::of(Key::RoleHidden, around)];
    if bytes(&mlp) > bytes(&sampled) { mlp } else { sampled }
}

/// Bytes of `terms` and of small buffers.
pub(super) fn peak(terms: &[Term]) -> Bytes {
    Bytes::from_gib(REST_GIB + bytes(terms) / GIB as f64)
}

/// Buffers that are not counted one by one.
pub(super) fn small_buffers() -> Bytes {
    Bytes::from_gib(REST_GIB)
}

fn bytes(terms: &[Term]) -> f64 {
    terms.iter().map(Term::multiplied).sum()
}

/// How many experts a token passes through, and their width.
const fn experts(layer: &Layer) -> Option<(u64, u64)> {
    match layer.feed_forward {
        FeedForward::Experts { experts_per_token, width, .. } => Some((experts_per_token, width)),
        FeedForward::None | FeedForward::Dense { .. } => None,
    }
}

const fn dense(layer: &Layer) -> Option<u64> {
    match layer.feed_forward {
        FeedForward::Dense { width, .. } => Some(width),
        FeedForward::None | FeedForward::Experts { .. } => None,
    }
}
