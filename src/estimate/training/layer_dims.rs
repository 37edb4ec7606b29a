//! The dimensions of a layer, averaged over all layers of a model.

use super::dim::{Dim, Dims};
use crate::model::layers::{FeedForward, Layer, Mixer};

/// Dimensions of a layer, averaged over all of them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LayerDims {
    pub(super) query_width: f64,
    key_width: f64,
    heads: f64,
    key_value_heads: f64,
    mlp_width: f64,
    pub(super) experts: f64,
    pub(super) experts_per_token: f64,
    expert_width: f64,
}

impl LayerDims {
    pub(super) fn of(layers: &[Layer]) -> Self {
        let mut sum = Self::default();
        let expert_width = layers.iter().find_map(|layer| match layer.feed_forward {
            FeedForward::Experts { width, .. } => Some(width as f64),
            _ => None,
        });
        for layer in layers {
            match layer.mixer {
                Mixer::Attention(it) => {
                    sum.query_width += (it.heads * it.key_dim) as f64;
                    sum.key_width += (it.kv_heads * (it.key_dim + it.value_dim)) as f64 / 2.0;
                    sum.heads += it.heads as f64;
                    sum.key_value_heads += it.kv_heads as f64;
                }
                // As if its inner activations were queries.
                Mixer::Recurrent(it) => {
                    sum.query_width += it.inner_width as f64;
                    sum.key_width += (it.groups * it.state_size) as f64;
                    sum.heads += it.heads as f64;
                    sum.key_value_heads += it.groups as f64;
                }
                Mixer::None => {}
            }
            match (layer.feed_forward, expert_width) {
                (FeedForward::Dense { width, .. }, None) => sum.mlp_width += width as f64,
                // Beside experts a dense MLP counts as experts that every token passes through, and so do shared ones.
                (FeedForward::Dense { width, .. }, Some(one)) => {
                    sum.experts += width as f64 / one;
                    sum.experts_per_token += width as f64 / one;
                }
                (FeedForward::Experts { experts, experts_per_token, width, shared_width, .. }, _) => {
                    sum.experts += experts as f64;
                    sum.experts_per_token += experts_per_token as f64 + shared_width as f64 / width.max(1) as f64;
                }
                (FeedForward::None, _) => {}
            }
        }
        let count = layers.len().max(1) as f64;
        Self {
            query_width: sum.query_width / count,
            key_width: sum.key_width / count,
            heads: sum.heads / count,
            key_value_heads: sum.key_value_heads / count,
            mlp_width: sum.mlp_width / count,
            experts: sum.experts / count,
            experts_per_token: sum.experts_per_token / count,
            expert_width: expert_width.unwrap_or(0.0),
        }
    }

    /// The same beside the dimensions that are there already.
    pub(super) const fn beside(&self, dims: Dims) -> Dims {
        dims.with(Dim::QueryWidth, self.query_width)
            .with(Dim::KeyWidth, self.key_width)
            .with(Dim::QueryKeyValueWidth, self.query_width + 2.0 * self.key_width)
            .with(Dim::Heads, self.heads)
            .with(Dim::KeyValueHeads, self.key_value_heads)
            .with(Dim::MlpWidth, self.mlp_width)
            .with(Dim::Experts, self.experts)
            .with(Dim::ExpertsPerToken, self.experts_per_token)
            .with(Dim::ExpertWidth, self.expert_width)
    }
}
