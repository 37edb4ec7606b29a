//! KV cache and recurrent state: how many cells llama.cpp reserves, and what a layer's cells weigh.
//!
//! Laws of `llama-kv-cache.cpp`, `llama-kv-cache-iswa.cpp` and `llama-memory-recurrent.cpp` (llama.cpp 0.5.0-dev,
//! commit 0c1e57098), exact against the engine's own figures.

use super::block_type::BlockType;
use crate::catalog::model::CompressedAttention;
use crate::model::layers::{Attention, Cache, Layer, Mixer, Recurrent, Span};
use crate::plan::Workload;

/// Caches grow in steps of so many cells.
const CELL_STEP: u64 = 256;
/// Bytes of one element of recurrent state (always F32).
const STATE_BYTES: u64 = 4;

/// How many cells the caches of a plan have, and of which types they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Cells {
    /// Cells a stream of a layer that sees the whole context.
    pub full: u64,
    /// One stream for all sequences, or one each.
    pub streams: u64,
    /// Sequences: slots of recurrent state.
    pub sequences: u64,
    /// Copies of each recurrent state: one, and one for each token that is guessed ahead and may be taken back.
    pub snapshots: u64,
    /// Sequences that share one stream.
    sequences_per_stream: u64,
    /// Tokens of one physical batch.
    ubatch: u64,
    /// Sliding-window layers keep the whole context.
    swa_full: bool,
    /// Elements a token that the widest layer's values take, where all layers' caches are made for it: without flash
    /// attention values are stored transposed, and in one width. 0 where each layer has its own.
    value_width: u64,
    /// The same for layers without attention: a cache that is not a hybrid's is made for every layer, its keys 0 wide.
    idle_width: u64,
    pub key: BlockType,
    pub value: BlockType,
}

/// Bytes that are cached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct CacheBytes {
    /// Keys and values.
    pub kv: u64,
    /// Recurrent state.
    pub recurrent: u64,
}

/// Where a cache lies: devices pad quantized tensors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Side {
    Device,
    /// In RAM.
    Host,
}

impl Cells {
    /// The cells of `workload`, whose KV types are `key` and `value`.
    pub(crate) fn of(workload: &Workload, key: BlockType, value: BlockType) -> Self {
        let sequences = u64::from(workload.sequences);
        let full = workload.context.next_multiple_of(CELL_STEP);
        Self {
            full,
            streams: if workload.unified_kv { 1 } else { sequences },
            sequences,
            snapshots: 1,
            sequences_per_stream: if workload.unified_kv { sequences } else { 1 },
            ubatch: u64::from(workload.ubatch),
            swa_full: workload.swa_full,
            value_width: 0,
            idle_width: 0,
            key,
            value,
        }
    }

    /// The same cells with so many copies of each recurrent state.
    #[must_use]
    pub(crate) const fn with_snapshots(self, snapshots: u64) -> Self {
        Self { snapshots, ..self }
    }

    /// The same cells for these layers: without flash attention the widest one's values count for all of them.
    #[must_use]
    pub(crate) fn for_layers(self, layers: &[Layer], flash_attention: bool) -> Self {
        if flash_attention {
            return Self { value_width: 0, idle_width: 0, ..self };
        }
        let width = |layer: &Layer| match layer.mixer {
            Mixer::Attention(attention) if matches!(attention.cache, Cache::Compressed { .. }) => 0,
            Mixer::Attention(attention) => attention.kv_heads * attention.value_dim,
            Mixer::None | Mixer::Recurrent(_) => 0,
        };
        let widest = layers.iter().map(width).max().unwrap_or(0);
        let hybrid = layers.iter().any(|layer| matches!(layer.mixer, Mixer::Recurrent(_)));
        Self { value_width: widest, idle_width: if hybrid { 0 } else { widest }, ..self }
    }

    /// The same with a stream for every sequence, as compressed caches always have.
    #[must_use]
    pub(crate) const fn apart(self) -> Self {
        Self { streams: self.sequences, sequences_per_stream: 1, ..self }
    }

    /// Cells a stream of a cache that keeps so many tokens as one.
    pub(crate) fn compressed(&self, ratio: u64) -> u64 {
        self.full.div_ceil(ratio).next_multiple_of(CELL_STEP)
    }

    /// Elements a token that this layer's values take.
    pub(crate) fn value_elements(&self, attention: &Attention) -> u64 {
        self.value_width.max(attention.kv_heads * attention.value_dim)
    }

    /// Cells a stream of a layer with this span: a window keeps itself and one physical batch for every sequence.
    pub(crate) fn per_stream(&self, span: Span) -> u64 {
        match span {
            Span::Full => self.full,
            Span::Window(_) if self.swa_full => self.full,
            Span::Window(window) => self
                .full
                .min(window.saturating_mul(self.sequences_per_stream) + self.ubatch)
                .next_multiple_of(CELL_STEP),
        }
    }

    /// Tokens that one physical batch holds at most.
    pub(crate) fn batch_tokens(&self) -> u64 {
        self.ubatch.min(self.full.saturating_mul(self.streams))
    }

    /// Bytes of one layer's keys and values, the indexer's cache included: one key head, and with it (`MiniMax` M3,
    /// `llama-kv-cache-msa.cpp`) one value head that nothing reads; latent caches (`llama-kv-cache-dsa.cpp`) have keys only.
    pub(crate) fn attention_bytes(&self, attention: &Attention, side: Side) -> u64 {
        let cells = self.per_stream(attention.span);
        let tensor = |block: BlockType, width: u64| self.tensor_bytes(block, width, cells, side);
        let index_key = tensor(self.key, attention.index_dim);
        match attention.cache {
            Cache::KeyValue => {
                let index_value = if attention.index_dim == 0 { 0 } else { tensor(self.value, attention.value_dim) };
                tensor(self.key, attention.kv_heads * attention.key_dim)
                    + tensor(self.value, self.value_elements(attention))
                    + index_key
                    + index_value
            }
            Cache::Latent { width, .. } => tensor(self.key, width) + index_key,
            Cache::Compressed { ratio } => {
                let apart = self.apart();
                let tensor = |width: u64, cells: u64| apart.tensor_bytes(self.key, width, cells, side);
                let groups = if ratio == 0 { 0 } else { self.compressed(ratio) };
                tensor(attention.key_dim, apart.per_stream(attention.span))
                    + if groups == 0 {
                        0
                    } else {
                        tensor(attention.key_dim, groups) + tensor(attention.index_dim, groups)
                    }
            }
            Cache::Shared => 0,
        }
    }

    /// Bytes of one tensor of a cache, whose rows have so many elements.
    fn tensor_bytes(&self, block: BlockType, width: u64, cells: u64, side: Side) -> u64 {
        match side {
            _ if width == 0 => 0,
            Side::Device => block.device_bytes([width, cells, self.streams]),
            Side::Host => block.tensor_bytes([width, cells, self.streams]),
        }
    }

    /// Elements that one layer's compressors keep of a sequence from batch to batch: rows and their scores.
    pub(crate) const fn compressor_elements(attention: &Attention) -> u64 {
        match attention.cache {
            Cache::Compressed { ratio } if ratio > 0 => {
                let width = CompressedAttention::overlap(ratio) * (attention.key_dim + attention.index_dim);
                2 * width * CompressedAttention::state_rows(ratio)
            }
            _ => 0,
        }
    }

    /// Bytes of one recurrent layer's state, all sequences.
    pub(crate) fn recurrent_bytes(&self, recurrent: &Recurrent) -> u64 {
        (recurrent.convolution_elements + recurrent.state_elements) * STATE_BYTES * self.sequences * self.snapshots
    }

    /// What one layer with this mixer caches.
    pub(crate) fn mixer_bytes(&self, mixer: &Mixer, side: Side) -> CacheBytes {
        match mixer {
            Mixer::None => {
                CacheBytes { kv: self.tensor_bytes(self.value, self.idle_width, self.full, side), recurrent: 0 }
            }
            Mixer::Attention(attention) => CacheBytes {
                kv: self.attention_bytes(attention, side),
                recurrent: Self::compressor_elements(attention) * STATE_BYTES * self.sequences,
            },
            Mixer::Recurrent(recurrent) => CacheBytes { kv: 0, recurrent: self.recurrent_bytes(recurrent) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn caches_are_those_of_the_engine() {
        // Bytes on a device in F16, 8192 tokens, batches of 512; figures of the engine itself (commit 0c1e57098).
        for (id, flash_attention, bytes) in [
            ("gemma-4-26b-a4b", true, 482_344_960),
            ("gemma-4-26b-a4b", false, 566_231_040),
            ("gemma-4-e4b", true, 176_160_768),
            ("gemma-4-e4b", false, 197_132_288),
            ("gemma-4-31b", true, 1_929_379_840),
            ("gemma-4-31b", false, 2_264_924_160),
            ("gemma-3n-e2b", true, 100_663_296),
            ("gemma-3n-e2b", false, 100_663_296),
        ] {
            let layers = Catalog::embedded().model(id).and_then(crate::catalog::model::Model::layers).expect(id);
            let workload = Workload { context: 8192, sequences: 1, ubatch: 512, ..Workload::default() };
            let cells = Cells::of(&workload, BlockType::f16, BlockType::f16).for_layers(&layers, flash_attention);
            let found: u64 = layers.iter().map(|layer| cells.mixer_bytes(&layer.mixer, Side::Device).kv).sum();
            assert_eq!(found, bytes, "{id}, flash attention {flash_attention}");
        }
    }
}
