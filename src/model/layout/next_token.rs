//! The layer that predicts a further token (MTP, `NextN`): one more block behind the model's own, with what joins the last
//! token's embedding and the model's result before it.

use super::builder::LayoutBuilder;
use crate::catalog::model::Model;
use crate::model::architectures::NextToken;
use crate::model::layers::Layer;
use crate::model::tensor::{Tensor, TensorKind as K};

/// The first such layer and its tensors, as the layer behind the model's last; `None` where the model has none.
pub fn next_token(model: &Model) -> Option<(Layer, Vec<Tensor>)> {
    let form = model.architecture.traits();
    let layer = model.next_token_layer()?;
    let mut b = LayoutBuilder::new(model);
    b.enter(u32::try_from(model.num_hidden_layers).ok()?, layer);
    (form.tensors.block)(&mut b)?;
    let (hidden, vocabulary) = (b.hidden(), model.vocab_size);
    b.matrix(K::NextnEhProj, 2 * hidden, hidden);
    for norm in [K::NextnEnorm, K::NextnHnorm, K::NextnSharedHeadNorm] {
        b.vector(norm, hidden);
    }
    if form.next_token == NextToken::Own {
        b.matrix(K::NextnEmbedTokens, hidden, vocabulary);
        b.matrix(K::NextnSharedHeadHead, hidden, vocabulary);
    }
    Some((layer, b.finish()))
}
