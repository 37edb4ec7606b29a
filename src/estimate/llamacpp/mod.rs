//! llama.cpp: how its loader, its caches and its graph allocator lay a model out.

pub mod layout;
pub mod tensor;
