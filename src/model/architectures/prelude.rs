//! What the files of architectures speak of.

pub(super) use super::training_form::{Kin, NormProduct, ProgramForm, RouterProduct, TrainingFamily, TrainingForm};
pub(super) use super::traits::{
    ArchTraits, BlockNorms, ConfigRules, GraphForm, LayerForm, NextToken, Normed, Pattern, Pick, PositionTables,
    Residual, Rope, RouterForm, ServerForm, Streams, Temperature, TensorForm,
};
pub(super) use crate::catalog::model::RecurrenceKind;
pub(super) use crate::model::layers::{Cache, FeedForward, Recurrent, Span};
pub(super) use crate::model::layout::{
    LatentKinds, LayoutBuilder, MixtureExtras, Norms, Projections, feed_forward, gated_delta, gated_mlp, head_norms,
    kimi_delta, latent_experts, mla, own_embedding, own_embeddings, plain, plain_with, projections, state_space,
    state_space_block, widths,
};
pub(super) use crate::model::tensor::{Place, TensorKind as K};
