//! An instant of a step.

use strum::EnumString;

use super::form::Form;

/// When in a step; the table calls it by these names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString)]
#[strum(serialize_all = "snake_case")]
pub(super) enum At {
    #[strum(serialize = "fwd")]
    Forward,
    #[strum(serialize = "loss_fwd")]
    Loss,
    #[strum(serialize = "loss_bwd")]
    LossBackward,
    /// Backward of the last layer, which comes first.
    #[strum(serialize = "bwd_last")]
    Last,
    /// Backward of the first layer.
    #[strum(serialize = "bwd_first")]
    First,
    /// Of either.
    #[strum(serialize = "bwd")]
    Layer,
    #[strum(serialize = "bwd_embedding")]
    Embedding,
}

/// One instant: what lies there besides what layers keep.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Instant {
    pub(super) at: At,
    /// Layers keep what they keep until the loss is known.
    pub(super) until_loss: bool,
    pub(super) kept: Form,
    pub(super) gradients: Form,
    pub(super) temporaries: Form,
}
