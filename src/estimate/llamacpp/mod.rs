//! llama.cpp: how its loader, its caches and its graph allocator lay a model out.

pub mod block;
pub mod cache;
pub mod compute;
pub mod graph;
pub mod layout;
pub mod mix;
pub mod place;
pub mod prepared;
pub mod reads;
pub mod split;
mod style;
pub mod tensor;
pub mod tensor_split;
mod thinning;
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
