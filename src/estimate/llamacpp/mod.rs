//! llama.cpp: how its loader, its caches and its graph allocator lay a model out.

mod arch_traits;
mod auto_layers;
pub mod block;
pub mod cache;
mod compute;
mod estimate;
pub mod graph;
pub mod layout;
mod place;
mod placement_cache;
pub mod prepared;
pub mod reads;
mod representative_layers;
mod split;
mod step_reads;
pub mod tensor;
mod tensor_split;
pub mod tensor_types;
pub mod weights;

pub(super) use estimate::{fullest_buffers, lay_out};
pub(super) use step_reads::measured;

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
