//! llama.cpp: how its loader, its caches and its graph allocator lay a model out.

mod arch_traits;
pub mod block;
pub mod cache;
pub mod compute;
pub mod graph;
pub mod layout;
pub mod place;
pub mod prepared;
pub mod reads;
mod representative_layers;
pub mod split;
pub mod tensor;
pub mod tensor_split;
pub mod tensor_types;
pub mod weights;

use super::Parts;
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
