//! The words of the headless face, which speaks English whatever the window speaks: scripts read it.

use std::borrow::Cow;

use crate::estimate::training::Moment;
use crate::estimate::{Reader, Verdict, Warning};
use crate::text::Locale;

/// The verdict as a person reads it.
pub(super) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fits => "Fits",
        Verdict::Tight => "Tight",
        Verdict::Offload => "Runs with offload",
        Verdict::DoesNotFit => "Does not fit",
    }
}

/// A moment of a training step, after "most lies there".
pub(super) const fn moment(moment: Moment) -> &'static str {
    match moment {
        Moment::Forward => "in the forward pass",
        Moment::Loss => "while the loss is calculated",
        Moment::LossBackward => "in the backward pass of the loss",
        Moment::LastLayerBackward => "in the backward pass of the last layer",
        Moment::FirstLayerBackward => "in the backward pass of the first layer",
        Moment::EmbeddingBackward => "in the backward pass of the embedding",
        Moment::OptimizerStep => "at the optimizer's step",
    }
}

/// A warning as one sentence.
pub(super) fn warning(warning: &Warning) -> Cow<'static, str> {
    warning.say(Locale::En, Reader::Script)
}
