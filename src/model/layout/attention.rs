//! The usual attention: query, key, value and output projections, and the norms on them.

use super::super::tensor::TensorKind as K;
use super::builder::Builder;
use crate::model::layers::Attention;

/// What stands around the projections.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Projections {
    /// Query, key and value have biases.
    pub(super) qkv_bias: bool,
    /// The output has a bias.
    pub(super) output_bias: bool,
    /// One matrix for query, key and value.
    pub(super) fused: bool,
    /// Norms on query and key.
    pub(super) norms: Norms,
}

/// Norms on query and key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Norms {
    #[default]
    None,
    /// One for all heads, as long as a head.
    Head,
    /// One as long as all heads together.
    All,
    /// As many as heads, each as long as a head.
    EveryHead,
}

/// Projections and norms of the layer's attention.
pub(super) fn projections(b: &mut Builder<'_>, style: Projections) -> Option<()> {
    let attention = b.attention()?;
    let hidden = b.hidden();
    let [q, k, v] = widths(&attention);
    if style.fused {
        b.matrix(K::AttnQkv, hidden, q + k + v);
    } else {
        for (kind, width) in [(K::AttnQ, q), (K::AttnK, k), (K::AttnV, v)] {
            b.matrix(kind, hidden, width);
            if style.qkv_bias {
                b.bias(kind, width);
            }
        }
    }
    b.matrix(K::AttnOutput, attention.heads * attention.value_dim, hidden);
    if style.output_bias {
        b.bias(K::AttnOutput, hidden);
    }
    let Attention { heads, kv_heads, key_dim, .. } = attention;
    match style.norms {
        Norms::None => {}
        Norms::Head => head_norms(b, key_dim),
        Norms::All => {
            b.vector(K::AttnQNorm, q);
            b.vector(K::AttnKNorm, k);
        }
        Norms::EveryHead => {
            b.matrix(K::AttnQNorm, key_dim, heads);
            b.matrix(K::AttnKNorm, key_dim, kv_heads);
        }
    }
    Some(())
}

/// Norms of query and key, one head long.
pub(super) fn head_norms(b: &mut Builder<'_>, key_dim: u64) {
    b.vector(K::AttnQNorm, key_dim);
    b.vector(K::AttnKNorm, key_dim);
}

/// Widths of query, key and value over all heads.
pub(super) const fn widths(attention: &Attention) -> [u64; 3] {
    let Attention { heads, kv_heads, key_dim, value_dim, .. } = *attention;
    [heads * key_dim, kv_heads * key_dim, kv_heads * value_dim]
}
