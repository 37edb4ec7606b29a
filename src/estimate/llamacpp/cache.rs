//! KV cache and recurrent state: how many cells llama.cpp reserves, and what a layer's cells weigh.
//!
//! Laws of `llama-kv-cache.cpp`, `llama-kv-cache-iswa.cpp` and `llama-memory-recurrent.cpp` (llama.cpp 0.5.0-dev,
//! commit 0c1e57098), exact against the engine's own figures.

use super::block::BlockType;
use crate::catalog::layers::{Attention, Cache, Mixer, Recurrent, Span};
use crate::plan::Workload;

/// Caches grow in steps of so many cells.
const CELL_STEP: u64 = 256;
/// Bytes of one element of recurrent state (always F32).
const STATE_BYTES: u64 = 4;

/// How many cells the caches of a plan have, and of which types they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cells {
    /// Cells a stream of a layer that sees the whole context.
    pub full: u64,
    /// One stream for all sequences, or one each.
    pub streams: u64,
    /// Sequences: slots of recurrent state.
    pub sequences: u64,
    /// Sequences that share one stream.
    sequences_per_stream: u64,
    /// Tokens of one physical batch.
    ubatch: u64,
    /// Sliding-window layers keep the whole context.
    swa_full: bool,
    /// Type of the keys.
    pub key: BlockType,
    /// Type of the values.
    pub value: BlockType,
}

/// Where a cache lies: devices pad quantized tensors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// On a device.
    Device,
    /// In RAM.
    Host,
}

impl Cells {
    /// The cells of `workload`, whose KV types are `key` and `value`.
    pub fn of(workload: &Workload, key: BlockType, value: BlockType) -> Self {
        let sequences = u64::from(workload.sequences);
        let full = workload.context.next_multiple_of(CELL_STEP);
        Self {
            full,
            streams: if workload.unified_kv { 1 } else { sequences },
            sequences,
            sequences_per_stream: if workload.unified_kv { sequences } else { 1 },
            ubatch: u64::from(workload.ubatch),
            swa_full: workload.swa_full,
            key,
            value,
        }
    }

    /// Cells a stream of a layer with this span: a window keeps itself and one physical batch for every sequence.
    pub fn per_stream(&self, span: Span) -> u64 {
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
    pub fn batch_tokens(&self) -> u64 {
        self.ubatch.min(self.full.saturating_mul(self.streams))
    }

    /// Bytes of one layer's keys and values.
    pub fn attention_bytes(&self, attention: &Attention, side: Side) -> u64 {
        let cells = self.per_stream(attention.span);
        let tensor = |block: BlockType, width: u64| match side {
            _ if width == 0 => 0,
            Side::Device => block.device_bytes([width, cells, self.streams]),
            Side::Host => block.tensor_bytes([width, cells, self.streams]),
        };
        match attention.cache {
            Cache::KeyValue => {
                tensor(self.key, attention.kv_heads * attention.key_dim)
                    + tensor(self.value, attention.kv_heads * attention.value_dim)
            }
            Cache::Latent { width, .. } => tensor(self.key, width),
            Cache::Shared => 0,
        }
    }

    /// Bytes of one recurrent layer's state, all sequences.
    pub fn recurrent_bytes(&self, recurrent: &Recurrent) -> u64 {
        (recurrent.convolution_elements + recurrent.state_elements) * STATE_BYTES * self.sequences
    }

    /// Bytes that one layer with this mixer caches: keys and values, recurrent state.
    pub fn mixer_bytes(&self, mixer: &Mixer, side: Side) -> (u64, u64) {
        match mixer {
            Mixer::None => (0, 0),
            Mixer::Attention(attention) => (self.attention_bytes(attention, side), 0),
            Mixer::Recurrent(recurrent) => (0, self.recurrent_bytes(recurrent)),
        }
    }
}
