//! What a model is made of: its layers, its tensors and the graph that runs it, whatever hardware holds them.
//!
//! llama.cpp's placement, the server engines and training all read their shapes from here.

pub mod architectures;
pub mod block_type;
pub mod cache;
pub mod file;
pub mod graph;
pub mod layers;
pub mod layout;
mod normal_form;
pub mod tensor;
pub mod tensor_types;
