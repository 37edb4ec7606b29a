//! Multi-head latent attention (MLA) beside experts, as the laws see it: `DeepSeek` V2 and V3 and what is shaped like them.

use super::dim::{Dim, Dims};
use crate::catalog::model::Model;
use crate::model::layers::{FeedForward, Layer, Mixer};

/// Dimensions of a layer with latent attention, averaged over all layers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LatentDims {
    /// Width of the queries' latent, 0 where they have none; and of the keys' and values'.
    queries: f64,
    keys: f64,
    /// Width of all queries (and keys), and of all values.
    query_width: f64,
    value_width: f64,
    /// Width of what every token passes through: dense MLPs and shared experts.
    dense: f64,
    /// Routed experts, how many a token passes through, and the share of layers that have them.
    experts: f64,
    experts_per_token: f64,
    share: f64,
}

impl LatentDims {
    /// `None` for other attention, and without experts.
    pub(super) fn of(model: &Model, layers: &[Layer]) -> Option<Self> {
        let mla = model.mla.filter(|_| model.recurrent.is_none() && model.experts.is_some())?;
        let mut sum = Self {
            queries: mla.q_lora_rank.unwrap_or(0) as f64,
            keys: mla.kv_lora_rank as f64,
            query_width: 0.0,
            value_width: 0.0,
            dense: 0.0,
            experts: 0.0,
            experts_per_token: 0.0,
            share: 0.0,
        };
        let one = 1.0 / layers.len().max(1) as f64;
        for layer in layers {
            if let Mixer::Attention(it) = layer.mixer {
                sum.query_width += one * (it.heads * it.key_dim) as f64;
                sum.value_width += one * (it.heads * it.value_dim) as f64;
            }
            match layer.feed_forward {
                FeedForward::Dense { width, .. } => sum.dense += one * width as f64,
                FeedForward::Experts { experts, experts_per_token, shared_width, .. } => {
                    sum.dense += one * shared_width as f64;
                    sum.experts += one * experts as f64;
                    sum.experts_per_token += one * experts_per_token as f64;
                    sum.share += one;
                }
                FeedForward::None => {}
            }
        }
        Some(sum)
    }

    /// The same in place of what other attention has.
    pub(super) const fn instead_of(&self, dims: Dims) -> Dims {
        dims.with(Dim::QueryLatent, self.queries)
            .with(Dim::KeyValueLatent, self.keys)
            // Every head has keys of its own once the latent is unfolded.
            .with(Dim::QueryWidth, self.query_width)
            .with(Dim::KeyWidth, self.query_width)
            .with(Dim::ValueWidth, self.value_width)
            .with(Dim::MlpWidth, self.dense)
            .with(Dim::Experts, self.experts)
            .with(Dim::ExpertsPerToken, self.experts_per_token)
            .with(Dim::ExpertLayers, self.share)
    }
}

/// Whether the laws were read off a model of just this kind: flash attention pads values that are narrower than keys, and
/// keeps the padded ones; where they are as wide it keeps others.
pub(super) fn derived(model: &Model) -> bool {
    let padded = model.mla.is_some_and(|mla| mla.v_head_dim < mla.qk_nope_head_dim + mla.qk_rope_head_dim);
    let plain = model.experts.is_some_and(|experts| experts.moe_latent_size == 0 && experts.decoder_sparse_step <= 1);
    model.indexer.is_none() && padded && plain
}
