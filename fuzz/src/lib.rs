//! What the targets share.

pub mod bodies;
