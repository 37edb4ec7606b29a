//! llama.cpp: how its loader, its caches and its graph allocator lay a model out.

pub mod block;
pub mod cache;
pub mod compute;
pub mod graph;
pub mod layout;
pub mod mix;
pub mod split;
pub mod tensor;
pub mod weights;
