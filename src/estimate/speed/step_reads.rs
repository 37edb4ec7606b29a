//! What lies in each place of a llama.cpp placement, as facts for the laws of speed.

use std::ops::Range;

use super::share::{CacheReads, Share};
use super::total::Host;
use crate::catalog::quantization::KvPrecision;
use crate::estimate::llamacpp::place::Job;
use crate::estimate::llamacpp::prepared::Prepared;
use crate::estimate::llamacpp::reads::Read;
use crate::model::block_type::BlockType;
use crate::model::layers::{Attention, Cache, Mixer, Span};

/// What these layers of the job are on a device, the output layer being the last.
pub(in crate::estimate) fn on_device(job: &Job<'_>, range: Range<u32>) -> Share {
    let prepared = job.prepared;
    let repeating = range.start.min(prepared.layer_count())..range.end.min(prepared.layer_count());
    let mut share = share(prepared, repeating.clone(), job.workload.kv_cache.k, job.workload.kv_cache.v);
    let apart = repeating.start..job.workload.cpu_experts.clamp(repeating.start, repeating.end);
    let apart = prepared.reads.layers(apart);
    share.expert_bytes -= apart.expert_bytes as f64;
    share.expert_weights -= apart.expert_weights as f64;
    share.expert_blocks -= apart.expert_layers as f64;
    if range.end > prepared.layer_count() && !range.is_empty() {
        share.add_output(prepared.reads.output());
    }
    share
}

/// What lies on the host with so many layers there, the output layer counted: those, and the experts of further blocks.
pub(in crate::estimate) fn on_host(job: &Job<'_>, host_layers: u32) -> Host {
    let prepared = job.prepared;
    let layers = host_layers.min(prepared.layer_count());
    let mut host = share(prepared, 0..layers, job.workload.kv_cache.k, job.workload.kv_cache.v);
    let cpu_experts = if job.devices.is_empty() { 0 } else { job.workload.cpu_experts };
    let apart = prepared.reads.layers(layers..cpu_experts.clamp(layers, prepared.layer_count()));
    host.expert_bytes += apart.expert_bytes as f64;
    host.expert_weights += apart.expert_weights as f64;
    if host_layers > prepared.layer_count() {
        host.add_output(prepared.reads.output());
    }
    Host { share: host, experts_apart: apart.expert_layers as f64 }
}

/// What these layers are, all in one place.
pub(super) fn share(prepared: &Prepared, layers: Range<u32>, key: KvPrecision, value: KvPrecision) -> Share {
    let Read { dense_bytes, expert_bytes, dense_weights, expert_weights, expert_layers } =
        prepared.reads.layers(layers.clone());
    let mut share = Share {
        blocks: f64::from(layers.end - layers.start) * prepared.block_share,
        expert_blocks: expert_layers as f64,
        dense_bytes: dense_bytes as f64,
        expert_bytes: expert_bytes as f64,
        dense_weights: dense_weights as f64,
        expert_weights: expert_weights as f64,
        ..Share::default()
    };
    for (mixer, count) in prepared.mixers(layers) {
        let count = f64::from(count);
        match mixer {
            Mixer::None => {}
            Mixer::Recurrent(recurrent) => {
                share.recurrent_blocks += count;
                let elements = recurrent.state_elements + recurrent.convolution_elements;
                share.cache.state_bytes += count * elements as f64 * 4.0;
            }
            Mixer::Attention(attention) => {
                share.latent_blocks += if matches!(attention.cache, Cache::Latent { .. }) { count } else { 0.0 };
                share.cache.add(attention, count, (element_bytes(key), element_bytes(value)));
            }
        }
    }
    share
}

fn element_bytes(precision: KvPrecision) -> f64 {
    precision.block_type().map_or(16.0, BlockType::bits) / 8.0
}

impl CacheReads {
    /// Adds layers of this attention. `element` = bytes of an element of keys and of values.
    pub(in crate::estimate) fn add(&mut self, attention: &Attention, count: f64, element: (f64, f64)) {
        let (keys, values, heads) = match attention.cache {
            Cache::Latent { width, rank } => (width, 0, attention.heads * (width + rank)),
            Cache::KeyValue | Cache::Shared => (
                attention.kv_heads * attention.key_dim,
                attention.kv_heads * attention.value_dim,
                attention.heads * (attention.key_dim + attention.value_dim),
            ),
        };
        let bytes = count * ((keys + attention.index_dim) as f64 * element.0 + values as f64 * element.1);
        let operations = count * heads as f64 * 2.0;
        match attention.span {
            Span::Full => {
                self.full_bytes += bytes;
                self.full_operations += operations;
            }
            Span::Window(window) => {
                // Models have one window; of several the widest counts.
                self.window = self.window.max(window as f64);
                self.window_bytes += bytes;
                self.window_operations += operations;
            }
        }
    }
}

impl Share {
    /// The output layer lies here.
    pub(super) fn add_output(&mut self, output: Read) {
        self.dense_bytes += output.dense_bytes as f64;
        self.output_weights += output.dense_weights as f64;
    }

    /// Both together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            blocks: self.blocks + other.blocks,
            expert_blocks: self.expert_blocks + other.expert_blocks,
            recurrent_blocks: self.recurrent_blocks + other.recurrent_blocks,
            latent_blocks: self.latent_blocks + other.latent_blocks,
            dense_bytes: self.dense_bytes + other.dense_bytes,
            expert_bytes: self.expert_bytes + other.expert_bytes,
            dense_weights: self.dense_weights + other.dense_weights,
            expert_weights: self.expert_weights + other.expert_weights,
            output_weights: self.output_weights + other.output_weights,
            cache: self.cache,
        }
    }
}
