//! llama.cpp: how its loader and its graph allocator place a model on devices and in RAM.

mod allocate;
mod asked;
mod asked_cells;
mod auto_layers;
mod automatic;
mod beside;
mod caches;
mod compute;
mod crossing;
mod estimate;
mod experts_way;
pub(super) mod explain;
mod glance;
mod next_token;
mod options;
mod place;
mod place_layers;
mod placement_cache;
mod pool;
mod prepared;
mod reads;
mod representative_layers;
mod rules;
mod schedule;
mod split;
mod step_reads;
mod tensor_split;
mod warnings;
mod weights;

pub(super) use caches::Caches;
use estimate::fullest_buffers;
pub(super) use estimate::lay_out;
pub(super) use glance::{glances, is_told_at_a_glance, tells_at_a_glance};
pub(super) use step_reads::{measured, whole};

use super::Parts;
use crate::model::{block_type as block, cache, graph, layout, tensor, tensor_types};
use crate::units::Bytes;
use cache::CacheBytes;

const fn device_parts(weights: Bytes, caches: CacheBytes, compute: u64) -> Parts {
    Parts {
        weights: Some(weights),
        kv_cache: Some(Bytes(caches.kv)),
        recurrent_state: Some(Bytes(caches.recurrent)),
        compute: Some(Bytes(compute)),
        ..Parts::NOTHING
    }
}
