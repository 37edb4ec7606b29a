//! llama.cpp: how its loader, its caches and its graph allocator lay a model out.

pub mod block;
pub mod layout;
pub mod mix;
pub mod tensor;
pub mod weights;
