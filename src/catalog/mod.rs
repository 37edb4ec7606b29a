//! Plain data: models, cards, quantizations, platforms, each with its source.

pub mod layers;
pub mod memo;
pub mod model;
pub mod quantization;
