//! The usual attention: query, key, value and output projections, and the norms on them.

use super::builder::LayoutBuilder;
use crate::model::layers::Attention;
use crate::model::tensor::TensorKind as K;

/// What stands around the projections.
#[derive(Debug, Clone, Copy)]
pub struct Projections {
    /// Query, key and value have biases.
    pub qkv_bias: bool,
    /// The output has a bias.
    pub output_bias: bool,
    /// One matrix for query, key and value.
    pub fused: bool,
    /// Norms on query and key.
    pub norms: Norms,
}

impl Projections {
    /// Three matrices and the output's, without biases and norms.
    pub const PLAIN: Self = Self { qkv_bias: false, output_bias: false, fused: false, norms: Norms::None };
}

/// Norms on query and key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Norms {
    /// None.
    None,
    /// One for all heads, as long as a head.
    Head,
    /// One as long as all heads together.
    All,
    /// As many as heads, each as long as a head.
    EveryHead,
}

/// Projections and norms of the layer's attention.
pub(in crate::model) fn projections(b: &mut LayoutBuilder<'_>, form: Projections) -> Option<()> {
    let attention = b.attention()?;
    let hidden = b.hidden();
    let [q, k, v] = widths(&attention);
    if form.fused {
        b.matrix(K::AttnQkv, hidden, q + k + v);
    } else {
        for (kind, width) in [(K::AttnQ, q), (K::AttnK, k), (K::AttnV, v)] {
            b.matrix(kind, hidden, width);
            if form.qkv_bias {
                b.bias(kind, width);
            }
        }
    }
    b.matrix(K::AttnOutput, attention.heads * attention.value_dim, hidden);
    if form.output_bias {
        b.bias(K::AttnOutput, hidden);
    }
    let Attention { heads, kv_heads, key_dim, .. } = attention;
    match form.norms {
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
pub(in crate::model) fn head_norms(b: &mut LayoutBuilder<'_>, key_dim: u64) {
    b.vector(K::AttnQNorm, key_dim);
    b.vector(K::AttnKNorm, key_dim);
}

/// Widths of query, key and value over all heads.
pub(in crate::model) const fn widths(attention: &Attention) -> [u64; 3] {
    let Attention { heads, kv_heads, key_dim, value_dim, .. } = *attention;
    [heads * key_dim, kv_heads * key_dim, kv_heads * value_dim]
}
