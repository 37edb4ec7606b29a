//! llama.cpp: how its loader and its graph allocator place a model on devices and in RAM.

pub mod allocate;
pub mod compute;
pub mod place;
pub mod prepared;
pub mod reads;
mod representative_layers;
pub mod schedule;
pub mod split;
pub mod tensor_split;
pub mod weights;

use super::Parts;
use crate::model::{block_type as block, cache, graph, layout, tensor, tensor_types};
use crate::units::Bytes;
use prepared::CacheBytes;

const fn device_parts(weights: Bytes, caches: CacheBytes, compute: u64) -> Parts {
    Parts {
        weights: Some(weights),
        kv_cache: Some(Bytes(caches.kv)),
        recurrent_state: Some(Bytes(caches.recurrent)),
        compute: Some(Bytes(compute)),
        ..Parts::NOTHING
    }
}
