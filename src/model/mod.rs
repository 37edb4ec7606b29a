//! What a model is made of: its layers, its tensors and the graph that runs it, whatever hardware holds them.
//!
//! llama.cpp's placement, the server engines and training all read their shapes from here.

pub(crate) mod architectures;
pub(crate) mod block_type;
pub(crate) mod cache;
pub mod file;
pub(crate) mod graph;
pub mod layers;
pub mod layout;
mod normal_form;
pub mod tensor;
pub(crate) mod tensor_types;
