//! From a model's dimensions to its layers in normal form.

use super::layers::{Attention, Cache, FeedForward, Layer, Mixer, Recurrent, Span};
use crate::catalog::model::{CompressedAttention, Heads, LayerKind, Model, RecurrenceKind};

impl Model {
    /// The layers in order, or `None` where the laws of servers and training do not reach them.
    pub fn common_layers(&self) -> Option<Vec<Layer>> {
        self.layers().filter(|_| self.architecture.traits().layers.told)
    }

    /// The layers in order, or `None` where the dimensions leave a part out.
    pub fn layers(&self) -> Option<Vec<Layer>> {
        (0..self.num_hidden_layers).map(|index| self.layer(index)).collect()
    }

    /// The layer that predicts a further token (MTP): it attends to the whole context, and its feed-forward part is that
    /// of the last layer; `None` where the model has none.
    pub fn next_token_layer(&self) -> Option<Layer> {
        let last = self.num_hidden_layers.checked_sub(1).filter(|_| self.num_nextn_predict_layers > 0)?;
        let mixer = Mixer::Attention(self.attention(last, LayerKind::Full)?);
        let experts = self.experts.is_some_and(|experts| experts.in_layer(last));
        Some(Layer { mixer, feed_forward: if experts { self.mixture()? } else { self.mlp(last) } })
    }

    /// The kind of the layer of that index.
    pub fn layer_kind(&self, index: u64) -> LayerKind {
        self.layer_pattern.as_ref().map_or(LayerKind::Full, |pattern| pattern.kind(index))
    }

    fn layer(&self, index: u64) -> Option<Layer> {
        let kind = self.layer_kind(index);
        let mixer = match kind {
            LayerKind::Full | LayerKind::Window => Mixer::Attention(self.attention(index, kind)?),
            LayerKind::Recurrent => Mixer::Recurrent(self.recurrence()?),
            LayerKind::Mlp | LayerKind::Experts => Mixer::None,
        };
        let feed_forward = match kind {
            LayerKind::Mlp => self.mlp(index),
            LayerKind::Experts => self.mixture()?,
            _ if self.architecture.traits().layers.single_blocks => FeedForward::None,
            _ if self.experts.is_some_and(|experts| experts.in_layer(index)) => self.mixture()?,
            _ => self.mlp(index),
        };
        Some(Layer { mixer, feed_forward })
    }

    fn attention(&self, index: u64, kind: LayerKind) -> Option<Attention> {
        if let Some(mla) = self.mla {
            return Some(Attention {
                span: Span::Full,
                heads: self.num_attention_heads,
                kv_heads: 1,
                key_dim: mla.qk_nope_head_dim + mla.qk_rope_head_dim,
                value_dim: mla.v_head_dim,
                cache: Cache::Latent { width: mla.kv_lora_rank + mla.qk_rope_head_dim, rank: mla.kv_lora_rank },
                index_dim: self.index_dim(index),
            });
        }
        if let Some(compressed) = &self.compressed {
            let ratio = compressed.ratio(index);
            let indexed = ratio == CompressedAttention::RATIOS[0];
            let known = ratio == 0 || CompressedAttention::RATIOS.contains(&ratio);
            return known.then_some(Attention {
                span: Span::Window(self.sliding_window?),
                heads: self.num_attention_heads,
                kv_heads: 1,
                key_dim: self.head_dim,
                value_dim: self.head_dim,
                cache: Cache::Compressed { ratio },
                index_dim: if indexed { self.indexer?.index_head_dim } else { 0 },
            });
        }
        let (span, own) = match kind {
            LayerKind::Window => (Span::Window(self.sliding_window?), self.sliding_attention),
            _ => (Span::Full, self.full_attention),
        };
        let pick = |of: fn(&Heads) -> Option<u64>, common: u64| own.as_ref().and_then(of).unwrap_or(common);
        let key_dim = pick(|heads| heads.head_dim, self.head_dim);
        let heads = pick(|heads| heads.num_attention_heads, self.num_attention_heads);
        let shared = index + self.num_kv_shared_layers >= self.num_hidden_layers;
        // An architecture with compressed caches whose rates are not known has no other form.
        if !self.architecture.traits().layers.told {
            return None;
        }
        (heads > 0 && key_dim > 0).then_some(Attention {
            span,
            heads,
            kv_heads: pick(|heads| heads.num_key_value_heads, self.num_key_value_heads),
            key_dim,
            value_dim: self.v_head_dim.unwrap_or(key_dim),
            cache: if shared { Cache::Shared } else { Cache::KeyValue },
            index_dim: self.index_dim(index),
        })
    }

    fn index_dim(&self, index: u64) -> u64 {
        let indexed = !self.architecture.traits().layers.indexes_experts_only
            || self.experts.is_some_and(|experts| experts.in_layer(index));
        self.indexer.filter(|indexer| indexed && indexer.chooses(index)).map_or(0, |indexer| indexer.index_head_dim)
    }

    /// The engine's `n_embd_r` and `n_embd_s` for every recurrence: a window over the inner channels and whatever
    /// convolves beside them (B and C, or keys and queries), and `state_size` values for each inner channel.
    fn recurrence(&self) -> Option<Recurrent> {
        let shape = self.recurrent?;
        let inner_width = shape.heads * shape.head_dim;
        let convolution_channels = match shape.kind {
            RecurrenceKind::Lightning => 0,
            _ => inner_width + 2 * shape.groups * shape.state_size,
        };
        Some(Recurrent {
            kind: shape.kind,
            convolution_elements: shape.conv_kernel.saturating_sub(1) * convolution_channels,
            state_elements: shape.state_size * inner_width,
            convolution_channels,
            inner_width,
            heads: shape.heads,
            head_dim: shape.head_dim,
            state_size: shape.state_size,
            groups: shape.groups,
        })
    }

    fn mlp(&self, index: u64) -> FeedForward {
        let doubled = self.use_double_wide_mlp && index + self.num_kv_shared_layers >= self.num_hidden_layers;
        let form = self.architecture.traits().layers;
        let own = usize::try_from(index).ok().and_then(|index| self.intermediate_sizes.get(index));
        FeedForward::Dense {
            width: own.copied().unwrap_or(self.intermediate_size * if doubled { 2 } else { 1 }),
            gated: form.gated,
            fused: form.fused_up,
        }
    }

    fn mixture(&self) -> Option<FeedForward> {
        let experts = self.experts?;
        let form = self.architecture.traits().layers;
        let beside = if form.mlp_beside_experts { self.intermediate_size } else { 0 };
        Some(FeedForward::Experts {
            experts: experts.num_experts,
            experts_per_token: experts.num_experts_per_tok,
            width: experts.moe_intermediate_size,
            shared_width: experts.shared_expert_intermediate_size + beside,
            gated: form.gated,
        })
    }
}
