//! Which weight tensors a GGUF file of a model holds: the pieces that architectures share.
//!
//! Shapes are those that llama.cpp's loader demands and its converter writes (llama.cpp 0.5.0-dev, commit 0c1e57098:
//! `src/models/*.cpp`, `conversion/*.py`). Layers that predict further tokens (MTP, `NextN`) are laid out apart: the
//! loader skips them unless told otherwise. Vision towers are files of their own.

mod attention;
mod builder;
mod feed_forward;
pub(crate) mod file;
pub(super) mod mla;
mod next_token;
mod per_layer;
mod plain;
mod recurrent;

pub use attention::{Norms, Projections};
pub(super) use attention::{head_norms, projections, widths};
pub use builder::LayoutBuilder;
pub use feed_forward::MixtureExtras;
pub(super) use feed_forward::{feed_forward, gated_mlp};
pub use next_token::next_token;
pub(super) use per_layer::{own_embedding, own_embeddings};
pub(super) use plain::{plain, plain_with};
pub(super) use recurrent::{LatentKinds, gated_delta, kimi_delta, latent_experts, state_space, state_space_block};

use super::tensor::Tensor;
use crate::catalog::model::Model;

/// Every weight tensor, layer by layer, or `None` where the known facts do not tell the layout.
pub fn tensors(model: &Model) -> Option<Vec<Tensor>> {
    let layers = model.layers()?;
    let form = model.architecture.traits().tensors;
    let mut b = LayoutBuilder::new(model);
    b.input();
    (form.global)(&mut b);
    for (index, layer) in layers.into_iter().enumerate() {
        b.enter(u32::try_from(index).ok()?, layer);
        (form.block)(&mut b)?;
    }
    Some(b.finish())
}

/// All parameters of the file, as the engine counts them: norms, biases and position factors included.
pub fn parameters(model: &Model) -> Option<u64> {
    Some(tensors(model)?.iter().map(Tensor::elements).sum())
}
